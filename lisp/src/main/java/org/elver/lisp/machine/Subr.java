package org.elver.lisp.machine;

import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * A primitive: a function written in Java. Immutable, the same in all VMs.
 *
 * <p>Subclasses are generated, one per class of primitives (see {@link Primitive}): they dispatch
 * by the primitive's number there.
 */
public abstract class Subr {
  /** {@link #maxArgs} of a primitive that takes any number. */
  public static final int MANY = -2;

  /** {@link #maxArgs} of a special form. */
  public static final int UNEVALLED = -1;

  /**
   * The static method that a primitive is, for compiled code, which calls it without a dispatch.
   *
   * @param owner the name of its class, which is public, as the method is
   * @param method its name; it takes the task and {@link #maxArgs} objects, or an array of any
   *     number, and returns an object
   */
  public record Direct(String owner, String method) {}

  private final String name;
  private final int minArgs;
  private final int maxArgs;

  protected Subr(String name, int minArgs, int maxArgs) {
    this.name = name;
    this.minArgs = minArgs;
    this.maxArgs = maxArgs;
  }

  /** The Lisp name. */
  public final String name() {
    return name;
  }

  /** The least number of arguments. */
  public final int minArgs() {
    return minArgs;
  }

  /** The greatest number of arguments, or {@link #MANY} or {@link #UNEVALLED}. */
  public final int maxArgs() {
    return maxArgs;
  }

  /** How compiled code calls it; null: as everybody does. Not of special forms. */
  public Direct direct() {
    return null;
  }

  /** Whether it takes {@code n} arguments. */
  public final boolean takes(int n) {
    return n >= minArgs && (n <= maxArgs || maxArgs == MANY);
  }

  /**
   * Calls the primitive with {@code n} arguments that lie on {@code stack} from {@code at}.
   *
   * @return its value, or {@link Task#CALL} when Lisp is to be called before there is one
   */
  public final Object call(Task t, Object[] stack, int at, int n) {
    if (n < minArgs || (n > maxArgs && maxArgs >= 0)) { // UNEVALLED: below.
      throw wrongNumber(n);
    }
    return switch (maxArgs) {
      case 0 -> call0(t);
      case 1 -> call1(t, n > 0 ? stack[at] : Symbol.NIL);
      case 2 -> call2(t, arg(stack, at, n, 0), arg(stack, at, n, 1));
      case 3 -> call3(t, arg(stack, at, n, 0), arg(stack, at, n, 1), arg(stack, at, n, 2));
      case 4 ->
          call4(
              t,
              arg(stack, at, n, 0),
              arg(stack, at, n, 1),
              arg(stack, at, n, 2),
              arg(stack, at, n, 3));
      case 5, 6, 7, 8 ->
          callUpTo8(
              t,
              arg(stack, at, n, 0),
              arg(stack, at, n, 1),
              arg(stack, at, n, 2),
              arg(stack, at, n, 3),
              arg(stack, at, n, 4),
              arg(stack, at, n, 5),
              arg(stack, at, n, 6),
              arg(stack, at, n, 7));
      case MANY -> callMany(t, java.util.Arrays.copyOfRange(stack, at, at + n));
      default -> throw new LispSignal(Q.INVALID_FUNCTION, this);
    };
  }

  private static Object arg(Object[] stack, int at, int n, int i) {
    return i < n ? stack[at + i] : Symbol.NIL;
  }

  private LispSignal wrongNumber(int n) {
    return maxArgs == UNEVALLED
        ? new LispSignal(Q.INVALID_FUNCTION, this)
        : new LispSignal(Q.WRONG_NUMBER_OF_ARGUMENTS, this, (long) n);
  }

  /** Calls a primitive of no arguments; and so on below. */
  protected Object call0(Task t) {
    throw unknown();
  }

  protected Object call1(Task t, Object a) {
    throw unknown();
  }

  protected Object call2(Task t, Object a, Object b) {
    throw unknown();
  }

  protected Object call3(Task t, Object a, Object b, Object c) {
    throw unknown();
  }

  protected Object call4(Task t, Object a, Object b, Object c, Object d) {
    throw unknown();
  }

  protected Object callUpTo8(
      Task t, Object a, Object b, Object c, Object d, Object e, Object f, Object g, Object h) {
    throw unknown();
  }

  protected Object callMany(Task t, Object[] args) {
    throw unknown();
  }

  private IllegalStateException unknown() {
    return new IllegalStateException("primitive " + name + " is not in the generated dispatch");
  }

  @Override
  public String toString() {
    return "#<subr " + name + ">";
  }
}
