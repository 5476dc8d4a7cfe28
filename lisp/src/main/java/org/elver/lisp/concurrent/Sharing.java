package org.elver.lisp.concurrent;

import java.util.Arrays;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;

/** Proxies: objects of one isolate that others read and, when they say so, write. */
public final class Sharing {
  private static final Symbol PROXYP = Symbol.known("proxyp");
  private static final Symbol FUNCTIONP = Symbol.known("functionp");

  private Sharing() {}

  static void variables(Task t) {
    Vm.defvar(t, ProxyWrites.TIMEOUT, 10L);
  }

  private static LispProxy proxy(Object x) {
    if (x instanceof LispProxy p && !p.isDirect()) {
      return p;
    }
    throw LispSignal.wrongType(PROXYP, x);
  }

  // ---- For Java -------------------------------------------------------------------------------

  /**
   * A proxy of {@code object}, whose operations {@code handler} answers in other isolates.
   *
   * @param t a task of the object's isolate
   * @throws LispSignal when {@code object} is one that passes by itself, such as a number
   */
  public static Object share(Task t, Object object, ProxyHandler handler) {
    LispIsolate me = Tasks.isolate(t);
    if (Values.isShared(object)) {
      throw LispSignal.wrongType(Symbol.known("elver--mutable-p"), object);
    }
    return LispProxy.handled(me, object, handler);
  }

  /**
   * What {@code operation} gives where no handler is asked: see {@link ProxyHandler#operate}.
   *
   * @return a value of the isolate of {@code t}
   */
  public static Object operate(Task t, String operation, Object proxy, Object... args) {
    return operate(t, operation, proxy(proxy), args, false);
  }

  /** A value of a variable of {@code owner}, as a locked proxy where it is mutable. */
  static Object wrapped(LispIsolate owner, Symbol variable, Object value) {
    return LispProxy.of(owner, variable, LispProxy.Way.VARIABLE, null).wrap(value);
  }

  // ---- Sharing --------------------------------------------------------------------------------

  @Primitive(
      value = "share",
      min = 1,
      doc =
          "Return a proxy of OBJECT, through which other isolates read it.\n"
              + "It is locked: see `proxy-unlock'.  There is one proxy of an object.  What never"
              + " changes\n"
              + "(a number, a keyword), or is the same everywhere (a channel), is returned as it"
              + " is.\n"
              + "HANDLER, if non-nil, makes another proxy, on which each operation in another"
              + " isolate\n"
              + "calls a copy of HANDLER there: (HANDLER OPERATION PROXY ARGS...).  OPERATION is"
              + " the\n"
              + "function called, or `copy' for those that know no proxies and want all of OBJECT;"
              + " ARGS\n"
              + "are its other arguments.  See `proxy-default'.")
  static Object share(Task t, Object object, Object handler) {
    LispIsolate me = Tasks.isolate(t);
    Object packed = null;
    if (handler != Symbol.NIL) {
      if (!Lisp.isTrue(t.call(FUNCTIONP, handler))) {
        throw LispSignal.wrongType(FUNCTIONP, handler);
      }
      packed = Values.pack(t, handler);
    }
    if (object instanceof LispProxy p) {
      return packed == null ? p : LispProxy.handled(p.owner(), p.object(), packed);
    }
    boolean constant = object instanceof Symbol s && (s.flags(t) & Symbol.CONSTANT) != 0;
    if (constant || (Values.isShared(object) && !(object instanceof Symbol))) {
      return object;
    }
    return packed == null
        ? LispProxy.of(me, object, LispProxy.Way.OBJECT, null)
        : LispProxy.handled(me, object, packed);
  }

  @Primitive(
      value = "share-variable",
      doc =
          "Return a proxy of the global variable SYMBOL, locked.\n"
              + "`symbol-value' of it is the variable's global value in this isolate, whatever"
              + " tasks have\n"
              + "bound it to; `set' sets that, once the proxy is unlocked.")
  static Object shareVariable(Task t, Object symbol) {
    Symbol s = Lisp.symbol(symbol);
    return LispProxy.of(Tasks.isolate(t), s, LispProxy.Way.VARIABLE, null);
  }

  @Primitive(
      value = "unshare",
      doc =
          "Return what PROXY stands for.\n"
              + "In its own isolate that is the object.  Elsewhere it is a direct reference: what"
              + " is read\n"
              + "and written through it are the object's data, without locks and messages, in the"
              + " middle\n"
              + "of whatever the owner does with them.")
  static Object unshare(Task t, Object proxy) {
    LispProxy p = proxy(proxy);
    return p.isHome(t) ? p.object() : p.direct();
  }

  @Primitive(value = "proxyp", doc = "Return t if OBJECT is a proxy.")
  static boolean proxyp(Task t, Object object) {
    return object instanceof LispProxy p && !p.isDirect();
  }

  // ---- Locks ----------------------------------------------------------------------------------

  @Primitive(
      value = "proxy-unlock",
      min = 1,
      doc =
          "Let the current isolate write through PROXY; return PROXY.\n"
              + "And through what is read through it.  A write is a message to the owner, applied"
              + " between\n"
              + "its tasks.  MODE nil or `sync': it waits until that is done, `proxy-timeout'"
              + " seconds at\n"
              + "most, and returns the value; `async': it returns nil at once; a function: so does"
              + " it, and\n"
              + "the function is called with the value later, in a task of the current isolate.")
  static Object proxyUnlock(Task t, Object proxy, Object mode) {
    LispProxy p = proxy(proxy);
    Object m = mode == Symbol.NIL ? ProxyWrites.SYNC : mode;
    if (m != ProxyWrites.SYNC && m != ProxyWrites.ASYNC && !Lisp.isTrue(t.call(FUNCTIONP, m))) {
      throw LispSignal.wrongType(FUNCTIONP, m);
    }
    p.setMode(t, m);
    return p;
  }

  @Primitive(
      value = "proxy-lock",
      doc =
          "Have writes through PROXY in the current isolate signal `proxy-locked'.\n"
              + "So it is at first.  Return PROXY.")
  static Object proxyLock(Task t, Object proxy) {
    LispProxy p = proxy(proxy);
    p.setMode(t, LispProxy.LOCKED);
    return p;
  }

  // ---- Operations -----------------------------------------------------------------------------

  @Primitive(
      value = "proxy-default",
      min = 2,
      args = "(OPERATION PROXY &rest ARGS)",
      doc =
          "Do OPERATION on PROXY as if it had no handler, and return the value.\n"
              + "OPERATION and ARGS are as the handler got them: see `share'.")
  static Object proxyDefault(Task t, Object[] args) {
    Symbol operation = Lisp.symbol(args[0]);
    Object[] rest = Arrays.copyOfRange(args, 2, args.length);
    return operate(t, operation.name(), proxy(args[1]), rest, true);
  }

  private static Object operate(
      Task t, String operation, LispProxy p, Object[] args, boolean resumable) {
    if (operation.equals(ProxyReads.COPY)) {
      return p.isHome(t) ? p.object() : ProxyReads.copy(t, p);
    }
    Subr s = t.vm().subr(operation);
    if (s == null) {
      throw LispSignal.error("No operation on proxies: " + operation);
    }
    ProxyOperation op = ProxyOperation.of(operation);
    int at = op == null ? 0 : op.subject();
    Object[] all = new Object[Math.max(args.length, at) + 1];
    Arrays.fill(all, Symbol.NIL);
    System.arraycopy(args, 0, all, 0, Math.min(at, args.length));
    all[at] = p;
    if (args.length > at) {
      System.arraycopy(args, at, all, at + 1, args.length - at);
    }
    return p.call(t, s, all, at, resumable, true);
  }

  @Primitive(
      value = "proxy-update",
      doc =
          "Have the owner of PROXY call FUNCTION with the object, without preemption.\n"
              + "Others see all that FUNCTION changes at once, when it has returned.  FUNCTION is"
              + " copied.\n"
              + "PROXY must be unlocked; its mode says whether the value is waited for.")
  static Object proxyUpdate(Task t, Object proxy, Object function) {
    LispProxy p = proxy(proxy);
    Subr update = t.vm().subr("elver--proxy-update");
    if (p.isHome(t)) {
      return t.tail(update, p.object(), function);
    }
    ProxyWrites.checkUnlocked(t, p);
    Object[] given = ProxyWrites.given(t, p, new Object[] {p, function});
    return ProxyWrites.send(t, p, p.mode(t), "proxy-update", update, given, true);
  }

  @Primitive(
      value = "elver--proxy-update",
      doc = "Call FUNCTION with OBJECT, as a unit that others see when it is done.")
  static Object update(Task t, Object object, Object function) {
    LispIsolate me = Tasks.isolate(t);
    int mark = t.bindingMark();
    t.onUnbind(Rollbacks.Preemptible.begin(t));
    me.seal(t);
    t.onUnbind(new Unit(me));
    return t.invoke(new Updating(mark), function, object);
  }

  /** Ends an update. */
  private record Unit(LispIsolate of) implements Cleanup {
    @Override
    public void run(Task t) {
      of.unseal();
    }
  }

  /** Waits for an update's function. */
  private static final class Updating extends NativeFrame {
    private final int mark;

    Updating(int mark) {
      this.mark = mark;
    }

    @Override
    public Object resume(Task t, Object value) {
      t.unbindTo(mark);
      return value;
    }
  }
}
