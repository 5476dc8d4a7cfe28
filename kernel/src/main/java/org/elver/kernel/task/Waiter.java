package org.elver.kernel.task;

/**
 * A registration with something that a fiber waits for, or that a callback is to be run for. Links
 * are the business of what it is registered with, under its lock or other protection.
 */
public abstract class Waiter {
  /** Who waits; null for a callback. */
  public final Fiber fiber;

  /** Links in the list of what it is registered with. */
  public Waiter next;

  public Waiter previous;

  protected Waiter(Fiber fiber) {
    this.fiber = fiber;
  }

  /** The token of the wait that this belongs to: itself, unless several registrations share one. */
  public Object token() {
    return this;
  }

  /** What is waited for to happen with the {@link #subject}: for people; null: nothing to name. */
  public String operation() {
    return null;
  }

  /** What it is registered with: for people; null: nothing to name. */
  public Object subject() {
    return null;
  }

  /** Takes the registration back: the wait is over for another reason. Any thread. */
  public abstract void withdraw();
}
