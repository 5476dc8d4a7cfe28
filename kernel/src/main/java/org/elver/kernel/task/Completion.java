package org.elver.kernel.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Something that ends once, with a value or a failure, and that many may wait for: a fiber, an
 * isolate, a promise.
 *
 * <pre>
 * state              means
 * null               pending, nobody waits
 * a Waiter           pending; those linked from it wait (newest first)
 * a Done             ended
 * </pre>
 */
public class Completion {
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Completion.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How it ended: {@code value}, which is the failure if {@code failed}. */
  private record Done(Object value, boolean failed) {}

  /**
   * Written by compare-and-set by any thread; a waiter's link is written before the waiter is
   * published here, and an outcome before its Done is: readers acquire it.
   */
  private volatile Object state;

  /** What gets the outcome without being a fiber that waits. */
  public abstract static class Callback extends Waiter {
    /** As {@link Joiner#gone}. */
    private volatile boolean gone;

    protected Callback() {
      super(null);
    }

    /** The end has come; runs on the thread that brought it, and must not wait. */
    public abstract void done(Object value, boolean failed);

    @Override
    public void withdraw() {}
  }

  /** A fiber's wait for an end: woken with the value, or with a {@link Failure}. */
  private static final class Joiner extends Waiter {
    private final Completion of;

    /**
     * It has been taken back: whoever has it in his hands at that moment does not put it back. By
     * who takes it back.
     */
    private volatile boolean gone;

    Joiner(Fiber fiber, Completion of) {
      super(fiber);
      this.of = of;
    }

    @Override
    public String operation() {
      return "await";
    }

    @Override
    public Object subject() {
      return of;
    }

    @Override
    public void withdraw() {
      of.remove(this);
    }
  }

  /** What a fiber is woken with when what it waited for failed. */
  public record Failure(Object reason) {}

  /** Whether it has ended. */
  public final boolean isDone() {
    return state instanceof Done;
  }

  /** Whether who came last waits for the end as a fiber, and not as a callback. Any thread. */
  public final boolean isAwaited() {
    return state instanceof Waiter w && w.fiber != null;
  }

  /** Whether it has ended by failing. */
  public final boolean isFailed() {
    return state instanceof Done d && d.failed;
  }

  /** The value or the failure; null while pending. */
  public final Object outcome() {
    return state instanceof Done d ? d.value : null;
  }

  /** Ends it; false when it had ended before. Any thread. */
  public final boolean complete(Object value) {
    return end(new Done(value, false));
  }

  /** Ends it with a failure; false when it had ended before. Any thread. */
  public final boolean fail(Object reason) {
    return end(new Done(reason, true));
  }

  private boolean end(Done done) {
    for (; ; ) {
      Object s = state;
      if (s instanceof Done) {
        return false;
      }
      if (STATE.compareAndSet(this, s, done)) {
        Waiter oldest = null;
        Waiter w = (Waiter) s;
        while (w != null) {
          Waiter after = w.next;
          w.next = oldest;
          oldest = w;
          w = after;
        }
        while (oldest != null) {
          Waiter after = oldest.next;
          if (oldest instanceof Callback c) {
            c.done(done.value, done.failed);
          } else if (oldest.fiber.claim(oldest.token())) {
            oldest.fiber.wake(done.failed ? new Failure(done.value) : done.value);
          }
          oldest = after;
        }
        return true;
      }
    }
  }

  /** Has {@code callback} run at the end: now, when that has come. Any thread. */
  public final void whenDone(Callback callback) {
    if (!push(callback)) {
      Done d = (Done) state;
      callback.done(d.value, d.failed);
    }
  }

  /**
   * Forgets {@code callback}, for good, so that it is not kept until the end. It may run all the
   * same where the end comes at that moment. Any thread.
   */
  public final void forget(Callback callback) {
    remove(callback);
  }

  /**
   * Has {@code fiber}, which is running, wait for the end.
   *
   * @return false when it has come already: nothing is registered then
   */
  public final boolean await(Fiber fiber) {
    if (state instanceof Done) {
      return false;
    }
    Joiner j = new Joiner(fiber, this);
    fiber.beginWait(j);
    if (push(j)) {
      return true;
    }
    if (fiber.claim(j)) {
      return false;
    }
    return true; // Woken by something else in the meantime.
  }

  private boolean push(Waiter w) {
    for (; ; ) {
      Object s = state;
      if (s instanceof Done) {
        return false;
      }
      w.next = (Waiter) s;
      if (STATE.compareAndSet(this, s, w)) {
        return true;
      }
    }
  }

  private void remove(Waiter gone) {
    if (gone instanceof Callback c) {
      c.gone = true;
    } else {
      ((Joiner) gone).gone = true;
    }
    takeOutGone();
  }

  private static boolean isGone(Waiter w) {
    return w instanceof Callback c ? c.gone : ((Joiner) w).gone;
  }

  /** Takes who is gone out; links are only changed by who has taken the whole list. */
  private void takeOutGone() {
    Object s = state;
    while (!(s instanceof Done)) {
      if (STATE.compareAndSet(this, s, null)) {
        // The list is ours: put back all but who is gone.
        Waiter w = (Waiter) s;
        while (w != null) {
          Waiter after = w.next;
          if (!isGone(w)) {
            putBack(w);
          }
          w = after;
        }
        return;
      }
      s = state;
    }
  }

  private void putBack(Waiter w) {
    if (push(w)) {
      if (isGone(w)) {
        takeOutGone(); // It was not there when it was looked for.
      }
    } else {
      Done d = (Done) state;
      if (w instanceof Callback c) {
        c.done(d.value, d.failed);
      } else if (w.fiber.claim(w.token())) {
        w.fiber.wake(d.failed ? new Failure(d.value) : d.value);
      }
    }
  }
}
