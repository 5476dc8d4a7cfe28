package org.elver.lisp.isolate;

import org.elver.kernel.task.Kernel;
import org.elver.lisp.file.FileLocks;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.process.Channels;

/** A program: the main isolate of a VM, from its first call to the end of it all. */
public final class Program {
  /** So many isolates may be run at once: each takes a thread. */
  public static final int MAX_CARRIERS = 1024;

  private final Task t;
  private final Kernel kernel;
  private final LispIsolate main;

  /**
   * A program that has not begun.
   *
   * @param t the main task of a VM that nothing runs in
   * @param carriers how many isolates may run at once
   * @param stack the size of Java's stack of what runs them, in bytes
   */
  public Program(Task t, int carriers, long stack) {
    this.t = t;
    this.kernel = new Kernel(carriers, stack);
    this.main = new LispIsolate(kernel, t);
  }

  /**
   * Calls a function in the main isolate and waits until it has returned or the program is ended.
   *
   * @return the exit status
   * @throws LispSignal what nobody handled, with data as a list of the main task's context
   */
  public int run(Symbol function) {
    kernel.onStall(() -> Deadlocks.report(main));
    main.begin(new LispFiber(main, t.currentBuffer, function));
    try {
      kernel.await(main);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 255;
    } finally {
      kernel.close();
      Channels.of(t).close();
      FileLocks.of(t.vm()).release(null);
    }
    t.abandon();
    t.setScheduling(null);
    t.c.setDriver(t);
    for (Leavings l : main.roster().unreported()) {
      l.reportIn(t);
    }
    if (!main.isFailed()) {
      return 0;
    }
    return switch (main.outcome()) {
      case Shutdown s -> s.status();
      case LispFiber.Failed f ->
          throw LispSignal.of(Lisp.car(t.c, f.error()), Lisp.cdr(t.c, f.error()));
      default -> 255;
    };
  }

  /**
   * Ends the program with this exit status as {@code kill-emacs} does, in a task of its own:
   * whatever the others wait for or do. Any thread.
   */
  public void end(int status) {
    main.post(new LispFiber(main, null, Symbol.known("kill-emacs"), (long) status));
  }

  /** Whether it has ended. Any thread. */
  public boolean isEnded() {
    return main.isDone();
  }
}
