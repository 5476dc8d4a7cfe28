package org.elver.lisp.isolate;

import org.elver.kernel.task.Kernel;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;

/** A program: the main isolate of a VM, from its first call to the end of it all. */
public final class Program {
  private Program() {}

  /**
   * Calls a function in the main isolate and waits until it has returned or the program is ended.
   *
   * @param t the main task of a VM that nothing runs in
   * @param carriers how many isolates may run at once
   * @param stack the size of Java's stack of what runs them, in bytes
   * @return the exit status
   * @throws LispSignal what nobody handled, with data as a list of {@code t}'s context
   */
  public static int run(Task t, int carriers, long stack, String function) {
    Kernel kernel = new Kernel(carriers, stack);
    LispIsolate main = new LispIsolate(kernel, t);
    main.begin(new LispFiber(main, t.currentBuffer, t.symbols().intern(t, function)));
    try {
      kernel.await(main);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 255;
    } finally {
      kernel.close();
    }
    if (!main.isFailed()) {
      return 0;
    }
    return switch (main.outcome()) {
      case Shutdown s -> s.status();
      case LispFiber.Failed f -> throw LispSignal.of(
          org.elver.lisp.machine.Lisp.car(t.c, f.error()),
          org.elver.lisp.machine.Lisp.cdr(t.c, f.error()));
      default -> 255;
    };
  }
}
