package org.elver.lisp.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What other threads ask of the machines of one isolate, of which one runs at a time: it is found
 * by whichever looks next.
 */
public final class Requests {
  private static final VarHandle PENDING;

  static {
    try {
      PENDING = MethodHandles.lookup().findVarHandle(Requests.class, "pending", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Bits of {@link Safepoint}. Written by any thread, atomically; read opaquely: a hint. */
  @SuppressWarnings("unused") // through PENDING
  private int pending;

  /** The exit status, when the program is to end. Written before that is asked for. */
  volatile int endStatus;

  /** Asks for what {@code bits} say. Any thread. */
  void add(int bits) {
    PENDING.getAndBitwiseOr(this, bits);
  }

  /** Whether anything is asked for. Any thread. */
  boolean any() {
    return (int) PENDING.getOpaque(this) != 0;
  }

  /** Whether what {@code bits} say is asked for. */
  boolean has(int bits) {
    return ((int) PENDING.getOpaque(this) & bits) != 0;
  }

  /** Takes a request away; true: it was there. All that was written before it is seen then. */
  boolean take(int bits) {
    return ((int) PENDING.getAndBitwiseAnd(this, ~bits) & bits) != 0;
  }
}
