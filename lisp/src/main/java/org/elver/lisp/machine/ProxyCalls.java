package org.elver.lisp.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Where primitives and instructions meet proxies. They test for their own kinds first, and know
 * nothing of proxies: only when one signals that an argument is of the wrong type, or says nil of
 * one, somebody looks whether that is a proxy.
 */
public final class ProxyCalls {
  private ProxyCalls() {}

  /** As {@link Subr#call}, with proxies among the arguments perhaps. */
  static Object call(Task t, Subr s, Object[] stack, int at, int n, boolean resumable) {
    int bindings = t.bp;
    int sp = t.sp;
    Object value;
    try {
      value = s.call(t, stack, at, n);
    } catch (LispSignal e) {
      return failed(t, s, stack, at, n, sp, bindings, e, resumable);
    }
    return value == Symbol.NIL ? nil(t, s, stack, at, n, resumable) : value;
  }

  /**
   * After {@code s} has signaled {@code e}: its value, if a proxy was the reason.
   *
   * @param sp the height of the stack when it was called
   * @param bindings that of the bindings
   */
  static Object failed(
      Task t,
      Subr s,
      Object[] stack,
      int at,
      int n,
      int sp,
      int bindings,
      LispSignal e,
      boolean resumable) {
    if (culprit(e) == null) {
      throw e;
    }
    t.sp = sp;
    return retry(t, s, Arrays.copyOfRange(stack, at, at + n), bindings, e, resumable);
  }

  /** After {@code s} has returned nil: its value, if that was because of a proxy. */
  static Object nil(Task t, Subr s, Object[] stack, int at, int n, boolean resumable) {
    return n > 0 && stack[at] instanceof ProxyObject p
        ? ask(t, s, p, Arrays.copyOfRange(stack, at, at + n), resumable)
        : Symbol.NIL;
  }

  /** Calls a primitive that calls no Lisp, with proxies among the arguments perhaps. */
  public static Object call(Task t, String primitive, Object... args) {
    return call(t, t.vm().subr(primitive), args, 0, args.length, false);
  }

  private static Object ask(Task t, Subr s, ProxyObject p, Object[] args, boolean resumable) {
    return p.isAskedBy(s) ? p.call(t, s, args, 0, resumable) : Symbol.NIL;
  }

  private static Object retry(
      Task t, Subr s, Object[] args, int bindings, LispSignal e, boolean resumable) {
    ProxyObject p = culprit(e);
    t.unbindTo(bindings);
    int index = position(p, args);
    if (index >= 0) {
      return p.call(t, s, args, index, resumable);
    }
    return call(t, s, spliced(t, p, args, e), 0, args.length, resumable);
  }

  /** {@code args} with the list that ends in {@code p} ending in what {@code p} stands for. */
  private static Object[] spliced(Task t, ProxyObject p, Object[] args, LispSignal e) {
    for (int i = 0; i < args.length; i++) {
      List<Object> items = new ArrayList<>();
      Object tail = args[i];
      for (; tail instanceof Pair q && items.size() < 1_000_000; tail = q.second(t.c)) {
        items.add(q.first(t.c));
      }
      if (tail == p && p.object() instanceof Pair) {
        Object list = p.elements(t);
        for (int k = items.size() - 1; k >= 0; k--) {
          list = t.cons(items.get(k), list);
        }
        args[i] = list;
        return args;
      }
    }
    throw e;
  }

  /** The proxy that a primitive does not accept, as {@code e} says; null: {@code e} is another. */
  public static ProxyObject culprit(LispSignal e) {
    return e.symbol() == Q.WRONG_TYPE_ARGUMENT && e.item(1) instanceof ProxyObject p && !e.isOld()
        ? p
        : null;
  }

  /** Where {@code p} is among {@code args}; -1: nowhere. */
  public static int position(ProxyObject p, Object[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i] == p) {
        return i;
      }
    }
    return -1;
  }

  /** {@code car} of what is no list of this isolate. */
  static Object car(Task t, Object x) {
    return x instanceof ProxyObject p ? one(t, p, "car") : Lisp.car(t.c, x);
  }

  /** {@code cdr} of what is no list of this isolate. */
  static Object cdr(Task t, Object x) {
    return x instanceof ProxyObject p ? one(t, p, "cdr") : Lisp.cdr(t.c, x);
  }

  /** The car of {@code x} if that is a pair or stands for one; else null. */
  public static Object carOfPair(Task t, Object x) {
    if (x instanceof Pair p) {
      return p.first(t.c);
    }
    return x instanceof ProxyObject p && p.object() instanceof Pair ? one(t, p, "car") : null;
  }

  /** The cdr of {@code x} if that is a pair or stands for one; else null. */
  public static Object cdrOfPair(Task t, Object x) {
    if (x instanceof Pair p) {
      return p.second(t.c);
    }
    return x instanceof ProxyObject p && p.object() instanceof Pair ? one(t, p, "cdr") : null;
  }

  /** The part of a pair that {@code name} says, or nil of anything else. */
  static Object safe(Task t, Object x, String name) {
    return x instanceof ProxyObject p && p.object() instanceof Pair ? one(t, p, name) : Symbol.NIL;
  }

  private static Object one(Task t, ProxyObject p, String name) {
    return p.call(t, t.vm().subr(name), new Object[] {p}, 0, false);
  }

  /** {@code setcar} or {@code setcdr} of what is no pair of this isolate. */
  static Object set(Task t, Object x, Object value, String name) {
    if (x instanceof ProxyObject p) {
      return p.call(t, t.vm().subr(name), new Object[] {p, value}, 0, false);
    }
    throw LispSignal.wrongType(Q.CONSP, x);
  }

  /** Whether what {@code x} stands for is of a kind. */
  static Object isKind(Object x, Class<?> kind) {
    return Lisp.bool(kind.isInstance(Proxy.target(x)));
  }
}
