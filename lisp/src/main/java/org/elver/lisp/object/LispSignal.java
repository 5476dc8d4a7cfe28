package org.elver.lisp.object;

/**
 * A Lisp condition on its way to its handler: an error symbol and its data, or a whole error object
 * given to {@code signal} as data with nil as symbol.
 *
 * <p>Java code throws it; the data are given as Java values and become a list when a handler wants
 * it, so that it can be thrown where there is no context to make pairs in.
 */
public final class LispSignal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Object symbol;

  /** The elements of the data list; null when {@link #data} is the data already. */
  private final transient Object[] items;

  private final transient Object data;

  /** See {@link #isAsked}. Set before anybody else has it. */
  private transient boolean asked;

  /** Whether the debugger was offered this condition already. The one thread unwinding uses it. */
  private transient boolean offered;

  /** See {@link #backtrace}. The one thread unwinding uses it. */
  private transient String backtrace;

  /** A condition with these data elements; Java strings among them become Lisp strings. */
  public LispSignal(Symbol symbol, Object... items) {
    super(symbol.name(), null, false, false);
    this.symbol = symbol;
    this.items = items;
    this.data = null;
  }

  private LispSignal(Object symbol, Object data, Void unused) {
    super(null, null, false, false);
    this.symbol = symbol;
    this.items = null;
    this.data = data;
  }

  /** The condition that {@code (signal symbol data)} signals. */
  public static LispSignal of(Object symbol, Object data) {
    return new LispSignal(symbol, data, null);
  }

  /** An {@code error} with a message. */
  public static LispSignal error(String message) {
    return new LispSignal(Q.ERROR, message);
  }

  /** A {@code wrong-type-argument}. */
  public static LispSignal wrongType(Symbol predicate, Object value) {
    return new LispSignal(Q.WRONG_TYPE_ARGUMENT, predicate, value);
  }

  /** An {@code args-out-of-range}. */
  public static LispSignal outOfRange(Object... items) {
    return new LispSignal(Q.ARGS_OUT_OF_RANGE, items);
  }

  /** This one, as what somebody else asks a task to be ended with. */
  public LispSignal asAsked() {
    asked = true;
    return this;
  }

  /**
   * Whether somebody else has asked for it: then it is no error of what runs, whatever its symbol,
   * and who goes on after errors is to let it pass.
   */
  public boolean isAsked() {
    return asked;
  }

  /** The error symbol, or nil when {@link #data} is a whole error object. */
  public Object symbol() {
    return symbol;
  }

  /** Element {@code i} of the data; null when there is none, or the data are a list already. */
  public Object item(int i) {
    return items != null && i < items.length ? items[i] : null;
  }

  /** Whether it has left a call of Lisp: see {@link #isOld}. The one thread unwinding uses it. */
  private transient boolean old;

  /** Whether it comes from a call of Lisp, and not from the primitive that was called itself. */
  public boolean isOld() {
    return old;
  }

  /** It leaves a call of Lisp. */
  public void setOld() {
    old = true;
  }

  /** The data as a list. */
  public Object data(org.elver.heap.version.Context c) {
    if (items == null) {
      return data;
    }
    Object list = Symbol.NIL;
    for (int i = items.length - 1; i >= 0; i--) {
      Object x = items[i];
      list =
          new org.elver.heap.object.Pair(c, x instanceof String s ? LispString.of(c, s) : x, list);
    }
    return list;
  }

  /** Where it was signaled, if anybody noted it; else null. */
  public String backtrace() {
    return backtrace;
  }

  /** Notes where it was signaled. */
  public void setBacktrace(String text) {
    backtrace = text;
  }

  /** Whether the debugger had its chance. */
  public boolean isOffered() {
    return offered;
  }

  /** The debugger had its chance. */
  public void setOffered() {
    offered = true;
  }

  @Override
  public String getMessage() {
    return symbol + (items == null ? "" : " " + java.util.Arrays.toString(items));
  }
}
