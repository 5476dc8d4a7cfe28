package org.elver.lisp.machine;

import java.util.function.Consumer;

/**
 * What a task asks of whoever schedules it. All is called by the thread that runs the task, in the
 * middle of what it does.
 */
public interface Scheduling {
  /**
   * Somebody has asked the task to look: whether it is cancelled, to be ended, or has run for long.
   *
   * @return whether others are to run now: the task returns to the scheduler if it can
   * @throws RuntimeException what it is cancelled with
   */
  boolean attend(Task t);

  /** See {@link Task#irrevocable}. */
  default void irrevocable(Task t) {}

  /** Lets others run while the task's Java stack stays as it is. */
  void yieldHere(Task t);

  /**
   * Waits for what the running fiber has been registered with, while the task's Java stack stays as
   * it is.
   *
   * @return what it was woken with
   */
  Object waitHere(Task t);

  /**
   * A condition is being signaled that nothing in the task handles; nothing has been unwound yet.
   */
  void unhandled(Task t, org.elver.lisp.object.LispSignal s);

  /**
   * Whether a throw to {@code tag} that nothing in the task catches ends it, to go on elsewhere.
   */
  default boolean catchesOutside(Object tag) {
    return false;
  }

  /** Whether the task may wait at all now. */
  boolean mayWait();

  /**
   * Has the running fiber wait, once it is suspended or {@link #waitHere} is called, until what
   * {@code source} is given is run, by any thread, but not longer than {@code nanos}.
   */
  void prepare(long nanos, Consumer<Runnable> source);

  /** What to throw in a task that refuses to call Lisp: see {@link Task#refuseCalls}. */
  default RuntimeException refusal() {
    return org.elver.lisp.object.LispSignal.error("Lisp cannot be called here");
  }

  /**
   * What the running isolate has of this kind in place of the VM's service; null: nothing, it uses
   * that.
   */
  default <T> T inPlaceOf(Class<T> service) {
    return null;
  }

  /**
   * Whether a throw to {@code top-level} that nobody catches ends no more than the present call.
   */
  default boolean catchesTopLevel() {
    return false;
  }

  /** Memory is exhausted; {@code memory-full} is about to be signaled in the task. */
  void outOfMemory();
}
