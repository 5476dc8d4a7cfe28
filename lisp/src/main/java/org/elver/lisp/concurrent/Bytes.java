package org.elver.lisp.concurrent;

import java.math.BigInteger;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.SharedBytes;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Bytes that isolates share. */
final class Bytes {
  private static final Symbol SHARED_BYTES_P = Symbol.known("shared-bytes-p");
  private static final Symbol INTEGERP = Symbol.known("integerp");

  private Bytes() {}

  private static SharedBytes bytes(Task t, Object x) {
    t.irrevocable();
    if (x instanceof SharedBytes b) {
      return b;
    }
    throw LispSignal.wrongType(SHARED_BYTES_P, x);
  }

  private static int bits(Object bits) {
    if (bits == Symbol.NIL) {
      return 8;
    }
    long n = Lisp.fixnum(bits);
    if (n != 8 && n != 32 && n != 64) {
      throw new LispSignal(Q.ARGS_OUT_OF_RANGE, bits, 8L, 32L, 64L);
    }
    return (int) n;
  }

  private static int index(SharedBytes b, Object index, int bits) {
    long i = Lisp.fixnum(index);
    if (i < 0 || i > b.length() - bits / 8 || i % (bits / 8) != 0) {
      throw new LispSignal(Q.ARGS_OUT_OF_RANGE, b, index);
    }
    return (int) i;
  }

  /** The lowest bits of a number that fits into a field, signed or not. */
  private static long value(Object x, int bits) {
    BigInteger n =
        switch (x) {
          case Long l -> BigInteger.valueOf(l);
          case BigInteger b -> b;
          default -> throw LispSignal.wrongType(INTEGERP, x);
        };
    if (n.bitLength() > (n.signum() < 0 ? bits - 1 : bits)) {
      throw new LispSignal(Q.ARGS_OUT_OF_RANGE, x, (long) bits);
    }
    return n.longValue();
  }

  @Primitive(
      value = "make-shared-bytes",
      doc =
          "Return N zero bytes that all isolates share.\n"
              + "They pass by reference; every operation on them is atomic.")
  static Object makeSharedBytes(Task t, Object n) {
    long length = Lisp.natnum(n);
    if (length > Integer.MAX_VALUE - 8) {
      throw new LispSignal(Q.ARGS_OUT_OF_RANGE, n);
    }
    return new SharedBytes((int) length);
  }

  @Primitive(value = "shared-bytes-p", doc = "Return t if OBJECT was made by `make-shared-bytes'.")
  static boolean sharedBytesP(Task t, Object object) {
    return object instanceof SharedBytes;
  }

  @Primitive(value = "shared-bytes-length", doc = "Return the number of bytes of BYTES.")
  static Object sharedBytesLength(Task t, Object bytes) {
    return (long) bytes(t, bytes).length();
  }

  @Primitive(
      value = "shared-bytes-ref",
      min = 2,
      doc =
          "Return the field of BYTES that begins at byte INDEX.\n"
              + "It has BITS bits: 8 (also when nil), unsigned, or 32 or 64, signed; INDEX is a\n"
              + "multiple of its size.")
  static Object ref(Task t, Object bytes, Object index, Object bits) {
    SharedBytes b = bytes(t, bytes);
    int n = bits(bits);
    return Lisp.integer(b.get(index(b, index, n), n));
  }

  @Primitive(
      value = "shared-bytes-set",
      min = 3,
      doc =
          "Set the field of BYTES at byte INDEX to VALUE, and return VALUE.\n"
              + "VALUE must fit into BITS bits, with a sign or without; see `shared-bytes-ref'.")
  static Object set(Task t, Object bytes, Object index, Object value, Object bits) {
    SharedBytes b = bytes(t, bytes);
    int n = bits(bits);
    int i = index(b, index, n);
    long x = value(value, n);
    b.update(i, n, old -> x);
    return value;
  }

  @Primitive(
      value = "shared-bytes-cas",
      min = 4,
      doc =
          "Set the field of BYTES at byte INDEX to REPLACEMENT if it is OLD.\n"
              + "Return t if it was.  For BITS see `shared-bytes-ref'.")
  static boolean cas(
      Task t, Object bytes, Object index, Object old, Object replacement, Object bits) {
    SharedBytes b = bytes(t, bytes);
    int n = bits(bits);
    return b.replace(index(b, index, n), n, value(old, n), value(replacement, n));
  }

  @Primitive(
      value = "shared-bytes-add",
      min = 3,
      doc =
          "Add N to the field of BYTES at byte INDEX; return the new value.\n"
              + "What does not fit into the field is lost.  For BITS see `shared-bytes-ref'.")
  static Object add(Task t, Object bytes, Object index, Object n, Object bits) {
    SharedBytes b = bytes(t, bytes);
    int size = bits(bits);
    int i = index(b, index, size);
    if (!Lisp.isInteger(n)) {
      throw LispSignal.wrongType(INTEGERP, n);
    }
    long x = n instanceof Long l ? l : ((BigInteger) n).longValue();
    return Lisp.integer(b.update(i, size, old -> old + x));
  }

  @Primitive(
      value = "shared-bytes-wait",
      min = 3,
      doc =
          "Wait until `shared-bytes-notify' is called for byte INDEX of BYTES; return t.\n"
              + "If the field there is not VALUE, return nil at once.  Wait TIMEOUT seconds at"
              + " most\n"
              + "(nil: no limit), then signal `operation-timeout'.  For BITS see\n"
              + "`shared-bytes-ref'.")
  static Object waitFor(
      Task t, Object bytes, Object index, Object value, Object timeout, Object bits) {
    SharedBytes b = bytes(t, bytes);
    int n = bits(bits);
    int i = index(b, index, n);
    long x = value(value, n);
    long nanos = Waits.nanos(timeout);
    LispFiber f = Waits.waiter(t);
    if (!b.await(f, i, n, x)) {
      return Symbol.NIL;
    }
    return Waits.park(t, f, nanos, Waiting.FRAME);
  }

  private static final class Waiting extends NativeFrame {
    static final Waiting FRAME = new Waiting();

    @Override
    public Object resume(Task t, Object woken) {
      Waits.checkTimeout(t, woken, "shared-bytes-wait");
      return Symbol.T;
    }
  }

  @Primitive(
      value = "shared-bytes-notify",
      min = 2,
      doc =
          "Wake those that wait for byte INDEX of BYTES, at most COUNT (nil: all).\n"
              + "Return how many there were.")
  static Object notify(Task t, Object bytes, Object index, Object count) {
    SharedBytes b = bytes(t, bytes);
    int i = index(b, index, 8);
    return (long) b.notify(i, count == Symbol.NIL ? Long.MAX_VALUE : Lisp.natnum(count));
  }
}
