package org.elver.lisp.text;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.Redirect;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * A variable that has local values in some buffers, kept there in the {@link Locals}; the default
 * value is in the symbol's value slot. And what {@code make-local-variable} and its kin do.
 */
public final class LocalVariable implements Redirect {
  private static final LocalVariable MANUAL = new LocalVariable(false);
  private static final LocalVariable AUTOMATIC = new LocalVariable(true);
  private static final Symbol MAKUNBOUND = Symbol.known("makunbound");

  private static final Symbol PERMANENT = Symbol.known("permanent-local");
  private static final Symbol PERMANENT_HOOK = Symbol.known("permanent-local-hook");
  private static final Symbol FUNDAMENTAL_MODE = Symbol.known("fundamental-mode");

  /** Whether setting it makes it local. */
  private final boolean automatic;

  private LocalVariable(boolean automatic) {
    this.automatic = automatic;
  }

  /** What another isolate, which has none of the local values, gets of {@code redirect}. */
  public static Redirect copied(Object redirect) {
    return redirect == AUTOMATIC ? AUTOMATIC : null;
  }

  private static Pair cell(Task t, Buffer b, Symbol s) {
    return ((Locals) b.slot(t.c, Buffer.LOCALS)).find(s);
  }

  private static void add(Task t, Buffer b, Symbol s, Object value) {
    b.setSlot(t.c, Buffer.LOCALS, ((Locals) b.slot(t.c, Buffer.LOCALS)).with(t.c, s, value));
  }

  @Override
  public Object get(Task t, Symbol s) {
    Pair p = cell(t, Buffer.current(t), s);
    return p == null ? s.rawValue(t) : p.second(t.c);
  }

  @Override
  public void set(Task t, Symbol s, Object value) {
    Pair p = cell(t, Buffer.current(t), s);
    if (p != null) {
      p.setSecond(t.c, value);
    } else if (automatic && !isDefaultBound(t, s)) {
      add(t, Buffer.current(t), s, value);
    } else {
      s.setRawValue(t, value);
    }
  }

  /**
   * Whether the default value was bound while the present buffer was current: setting sets it then.
   */
  private static boolean isDefaultBound(Task t, Symbol s) {
    Buffer b = Buffer.current(t);
    return t.anyCleanup(
        x -> x instanceof Restore r && r.symbol == s && r.buffer == null && r.current == b);
  }

  @Override
  public Object where(Task t, Symbol s, boolean setting) {
    Buffer b = Buffer.current(t);
    boolean local = cell(t, b, s) != null || (setting && automatic && !isDefaultBound(t, s));
    return local ? b : Symbol.NIL;
  }

  @Override
  public Object getDefault(Task t, Symbol s) {
    return s.rawValue(t);
  }

  @Override
  public void setDefault(Task t, Symbol s, Object value) {
    s.setRawValue(t, value);
  }

  @Override
  public void bind(Task t, Symbol s, Object value) {
    Buffer b = Buffer.current(t);
    Pair p = cell(t, b, s);
    if (p != null) {
      t.onUnbind(new Restore(s, b, b, p.second(t.c)));
      p.setSecond(t.c, value);
    } else {
      t.onUnbind(new Restore(s, null, b, s.rawValue(t)));
      s.setRawValue(t, value);
    }
  }

  /**
   * Takes a binding back: in a buffer, or the default one's.
   *
   * @param symbol the variable
   * @param buffer where it was bound; null: the default value was
   * @param current the buffer that was current
   * @param old the value before
   */
  private record Restore(Symbol symbol, Buffer buffer, Buffer current, Object old)
      implements Cleanup {
    @Override
    public void run(Task t) {
      if (buffer == null) {
        Variables.notifyUnbound(t, symbol, old, Symbol.NIL);
        symbol.setRawValue(t, old);
      } else if (buffer.isLive(t.c)) {
        Pair p = cell(t, buffer, symbol);
        if (p != null) {
          Variables.notifyUnbound(t, symbol, old, buffer);
          p.setSecond(t.c, old);
        }
      }
    }

    @Override
    public Cleanup swapped(Task t) {
      if (buffer == null) {
        Object now = symbol.rawValue(t);
        symbol.setRawValue(t, old);
        return new Restore(symbol, null, current, now);
      }
      Pair p = buffer.isLive(t.c) ? cell(t, buffer, symbol) : null;
      if (p != null) {
        Object now = p.second(t.c);
        p.setSecond(t.c, old);
        return new Restore(symbol, buffer, current, now);
      }
      return this;
    }
  }

  // ---- What Lisp does with local variables
  // -------------------------------------------------------

  private static Symbol settable(Task t, Symbol variable) {
    Symbol s = Variables.indirect(t, variable);
    if ((s.flags(t) & Symbol.CONSTANT) != 0) {
      throw new LispSignal(Q.SETTING_CONSTANT, s);
    }
    return s;
  }

  /** {@code make-local-variable}. */
  public static void makeLocal(Task t, Symbol variable) {
    Symbol s = Variables.indirect(t, variable);
    Buffer b = Buffer.current(t);
    if (s.redirect(t) instanceof BufferVariable v) {
      if (!v.isLocal(t, b)) {
        v.setIn(t, b, s.rawValue(t));
      }
      return;
    }
    settable(t, s);
    if (!(s.redirect(t) instanceof LocalVariable)) {
      s.setRedirect(t, MANUAL);
    }
    if (cell(t, b, s) == null) {
      add(t, b, s, s.rawValue(t));
    }
  }

  /** {@code make-variable-buffer-local}. */
  public static void makeAutomatic(Task t, Symbol variable) {
    Symbol s = Variables.indirect(t, variable);
    if (s.redirect(t) instanceof BufferVariable) {
      return;
    }
    settable(t, s);
    if (s.rawValue(t) == Symbol.UNBOUND) {
      s.setRawValue(t, Symbol.NIL);
    }
    s.setRedirect(t, AUTOMATIC);
  }

  /** {@code kill-local-variable}. */
  public static void kill(Task t, Symbol variable) {
    Symbol s = Variables.indirect(t, variable);
    Buffer b = Buffer.current(t);
    if (s.redirect(t) instanceof BufferVariable v) {
      if (!v.isAlways()) {
        v.reset(t, b);
      }
      return;
    }
    Locals all = (Locals) b.slot(t.c, Buffer.LOCALS);
    if (all.find(s) != null) {
      Variables.notify(t, s, Symbol.NIL, MAKUNBOUND, b);
      b.setSlot(t.c, Buffer.LOCALS, all.without(s));
    }
  }

  /** {@code local-variable-p}. */
  public static boolean isLocal(Task t, Symbol variable, Buffer b) {
    Symbol s = Variables.indirect(t, variable);
    return s.redirect(t) instanceof BufferVariable v ? v.isLocal(t, b) : cell(t, b, s) != null;
  }

  /** {@code local-variable-if-set-p}. */
  public static boolean isLocalIfSet(Task t, Symbol variable, Buffer b) {
    Symbol s = Variables.indirect(t, variable);
    Object r = s.redirect(t);
    return r instanceof BufferVariable
        || (r instanceof LocalVariable v && v.automatic)
        || cell(t, b, s) != null;
  }

  /** The value in a buffer: the local or the default one; {@link Symbol#UNBOUND} included. */
  public static Object valueIn(Task t, Symbol variable, Buffer b) {
    Symbol s = Variables.indirect(t, variable);
    if (s.redirect(t) instanceof BufferVariable v) {
      return v.in(t, b);
    }
    Pair p = cell(t, b, s);
    return p == null ? Variables.getDefault(t, s) : p.second(t.c);
  }

  /** Sets the value in a buffer: its local one where there is one, else the default. */
  public static void setIn(Task t, Symbol variable, Buffer b, Object value) {
    Buffer old = Buffer.current(t);
    b.select(t);
    try {
      Variables.set(t, variable, value);
    } finally {
      old.select(t);
    }
  }

  /** The value of a hook-like variable in a buffer, nil when void. */
  public static Object valueOrNil(Task t, Symbol variable, Buffer b) {
    Object v = valueIn(t, variable, b);
    return v == Symbol.UNBOUND ? Symbol.NIL : v;
  }

  /** Gives a variable's symbol the property that {@link #killAll} respects. */
  public static void makePermanent(Task t, Symbol s) {
    s.setPlist(t, t.cons(PERMANENT, t.cons(Symbol.T, s.plist(t))));
  }

  /** The local variables as {@code buffer-local-variables} tells. */
  public static Object list(Task t, Buffer b) {
    Object result = Symbol.NIL;
    Locals all = (Locals) b.slot(t.c, Buffer.LOCALS);
    for (int i = all.size() - 1; i >= 0; i--) {
      result = t.cons(shown(t, all.name(i), all.cell(i).second(t.c)), result);
    }
    for (BufferVariable v : BufferVariable.all()) {
      if (v.isLocal(t, b)) {
        result = t.cons(shown(t, v.symbol(), v.in(t, b)), result);
      }
    }
    return result;
  }

  private static Object shown(Task t, Symbol s, Object value) {
    return value == Symbol.UNBOUND ? s : t.cons(s, value);
  }

  /** {@code kill-all-local-variables} but for its hook. */
  public static void killAll(Task t, Buffer b) {
    b.setSlot(t.c, Buffer.KEYMAP, Symbol.NIL);
    b.setSlot(t.c, Buffer.SYNTAX_TABLE, Symbol.NIL);
    b.setSlot(t.c, Buffer.CATEGORY_TABLE, Symbol.NIL);
    b.setSlot(t.c, Buffer.CASE_TABLE, Symbol.NIL);
    b.setSlot(t.c, Buffer.CASE_CANON, Symbol.NIL);
    for (BufferVariable v : BufferVariable.all()) {
      if (!v.isPermanent()) {
        if (v.isLocal(t, b)) {
          Variables.notify(t, v.symbol(), Symbol.NIL, MAKUNBOUND, b);
        }
        v.reset(t, b);
      }
    }
    BufferVariable.MAJOR_MODE.setIn(t, b, FUNDAMENTAL_MODE);
    BufferVariable.MODE_NAME.setIn(t, b, LispString.of(t.c, "Fundamental"));
    BufferVariable.LOCAL_MINOR_MODES.setIn(t, b, Symbol.NIL);
    BufferVariable.INVISIBILITY_SPEC.setIn(t, b, Symbol.T);
    Locals all = (Locals) b.slot(t.c, Buffer.LOCALS);
    Locals rest = all;
    for (int i = 0; i < all.size(); i++) {
      Symbol s = all.name(i);
      Object permanent = Properties.plistValue(t, s.plist(t), PERMANENT);
      if (permanent == Symbol.NIL) {
        Variables.notify(t, s, Symbol.NIL, MAKUNBOUND, b);
        rest = rest.without(s);
      } else if (permanent == PERMANENT_HOOK) {
        all.cell(i).setSecond(t.c, permanentFunctions(t, all.cell(i).second(t.c)));
      }
    }
    b.setSlot(t.c, Buffer.LOCALS, rest);
  }

  /** Those functions of a hook that are to survive a change of the major mode. */
  private static Object permanentFunctions(Task t, Object value) {
    if (!(value instanceof Pair)) {
      return value;
    }
    java.util.List<Object> kept = new java.util.ArrayList<>();
    for (Object l = value; l instanceof Pair p; l = p.second(t.c)) {
      Object f = p.first(t.c);
      if (f == Symbol.T
          || (f instanceof Symbol s
              && Properties.plistValue(t, s.plist(t), PERMANENT_HOOK) != Symbol.NIL)) {
        kept.add(f);
      }
    }
    return org.elver.lisp.machine.Lisp.list(t.c, kept);
  }
}
