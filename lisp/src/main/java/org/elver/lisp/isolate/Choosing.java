package org.elver.lisp.isolate;

import java.util.function.Consumer;
import org.elver.lisp.machine.Scheduling;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;

/**
 * What schedules the machine of an isolate while a function of Lisp chooses the next task: no task
 * runs then, so that nothing can wait or be preempted; but the isolate can be ended, limited and
 * looked into, whatever the function does.
 */
final class Choosing implements Scheduling {
  private final LispIsolate isolate;

  Choosing(LispIsolate isolate) {
    this.isolate = isolate;
  }

  /** Whose tasks are chosen from. */
  LispIsolate isolate() {
    return isolate;
  }

  @Override
  public boolean attend(Task t) {
    isolate.serve();
    isolate.checkMemory(t);
    if (isolate.killReason() != null) {
      throw new Shutdown(LispIsolate.KILLED);
    }
    return false;
  }

  @Override
  public void irrevocable(Task t) {
    isolate.irrevocable();
  }

  @Override
  public void yieldHere(Task t) {}

  @Override
  public Object waitHere(Task t) {
    throw new LispSignal(Conditions.WAIT_FORBIDDEN);
  }

  @Override
  public void prepare(long nanos, Consumer<Runnable> source) {
    throw new LispSignal(Conditions.WAIT_FORBIDDEN);
  }

  @Override
  public boolean mayWait() {
    return false;
  }

  @Override
  public void unhandled(Task t, LispSignal s) {}

  @Override
  public <T> T inPlaceOf(Class<T> service) {
    return isolate.inPlaceOf(service);
  }

  @Override
  public void outOfMemory() {
    isolate.outOfMemory();
  }
}
