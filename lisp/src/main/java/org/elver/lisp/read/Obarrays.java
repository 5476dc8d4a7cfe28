package org.elver.lisp.read;

import java.util.function.Consumer;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Tables of symbols by name. The main one is a vector for Lisp's eyes only: its symbols are in the
 * VM's symbol table. Others are vectors whose elements are 0, a symbol, or a list of symbols.
 */
public final class Obarrays {
  /** Holds the vector that stands for the main obarray, whatever {@code obarray} is bound to. */
  private static final Symbol MAIN = Symbol.known(" main-obarray");

  private Obarrays() {}

  /** Defines {@code obarray}. */
  public static void define(Task t) {
    Vector main = Vector.filled(t.c, 15121, 0L);
    MAIN.setRawValue(t, main);
    Vm.defvar(t, Q.OBARRAY, main);
  }

  /** The obarray that an argument means; null for the main one. */
  public static Vector of(Task t, Object argument) {
    Object o = argument == Symbol.NIL ? Q.OBARRAY.rawValue(t) : argument;
    if (o == MAIN.rawValue(t)) {
      return null;
    }
    if (o instanceof Vector v && v.length(t.c) > 0) {
      return v;
    }
    throw LispSignal.wrongType(Q.VECTORP, o);
  }

  private static int index(Task t, Vector v, String name) {
    return Math.floorMod(name.hashCode(), v.length(t.c));
  }

  /** The symbol of this name in {@code v} (null: the main obarray); null when it has none. */
  public static Symbol find(Task t, Vector v, String name) {
    if (v == null) {
      return t.symbols().findInterned(t, name);
    }
    Object bucket = v.get(t.c, index(t, v, name));
    while (bucket instanceof Pair p) {
      if (p.first(t.c) instanceof Symbol s && s.name().equals(name)) {
        return s;
      }
      bucket = p.second(t.c);
    }
    return bucket instanceof Symbol s && bucket != Symbol.NIL && s.name().equals(name) ? s : null;
  }

  /** The symbol of this name in {@code v} (null: the main obarray), made if need be. */
  public static Symbol intern(Task t, Vector v, String name) {
    if (v == null) {
      return t.symbols().intern(t, name);
    }
    Symbol s = find(t, v, name);
    if (s == null) {
      s = Symbol.uninterned(t, name);
      int i = index(t, v, name);
      Object bucket = v.get(t.c, i);
      Object next = s;
      if (bucket instanceof Pair) {
        next = t.cons(s, bucket);
      } else if (bucket instanceof Symbol old) {
        next = t.list(s, old);
      }
      v.set(t.c, i, next);
    }
    return s;
  }

  /** Removes a symbol; false when the obarray has another one of that name, or none. */
  public static boolean remove(Task t, Vector v, String name, Object only) {
    Symbol s = find(t, v, name);
    if (s == null || (only instanceof Symbol && only != s)) {
      return false;
    }
    if (v == null) {
      s.setInterned(t, false);
      return true;
    }
    int i = index(t, v, name);
    Object bucket = v.get(t.c, i);
    Object left = Symbol.NIL;
    while (bucket instanceof Pair p) {
      if (p.first(t.c) != s) {
        left = t.cons(p.first(t.c), left);
      }
      bucket = p.second(t.c);
    }
    v.set(t.c, i, left == Symbol.NIL ? (Object) 0L : left);
    return true;
  }

  /** Shows each symbol to {@code action}. */
  public static void forEach(Task t, Vector v, Consumer<Symbol> action) {
    if (v == null) {
      t.symbols().forEach(t, action);
      return;
    }
    for (int i = v.length(t.c) - 1; i >= 0; i--) {
      Object bucket = v.get(t.c, i);
      while (bucket instanceof Pair p) {
        if (p.first(t.c) instanceof Symbol s) {
          action.accept(s);
        }
        bucket = p.second(t.c);
      }
      if (bucket instanceof Symbol s && bucket != Symbol.NIL) {
        action.accept(s);
      }
    }
  }

  /** The name a string stands for as an argument of {@code intern}. */
  public static String name(Task t, Object string) {
    return Lisp.string(string).toJava(t.c);
  }
}
