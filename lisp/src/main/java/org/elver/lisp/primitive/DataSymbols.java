package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The cells of symbols: values, functions, property lists; watchers; interactive forms. */
final class DataSymbols {
  private static final Symbol DEFALIAS_FSET_FUNCTION = Symbol.known("defalias-fset-function");
  private static final Symbol WATCHERS = Symbol.known("watchers");
  private static final Symbol MAKUNBOUND = Symbol.known("makunbound");
  private static final Symbol INTERACTIVE_FORM = Symbol.known("interactive-form");
  private static final Symbol COMMAND_MODES = Symbol.known("command-modes");
  private static final Symbol AUTOLOAD_DO_LOAD = Symbol.known("autoload-do-load");

  private static final Symbol ISOLATE_DEAD = Symbol.known("isolate-dead");
  private static final Symbol NOT_TRANSFERABLE = Symbol.known("not-transferable");

  private DataSymbols() {}

  // ---- Values -----------------------------------------------------------------------------------

  @Primitive(value = "boundp", doc = "Return t if SYMBOL has a value as a variable.")
  static boolean boundp(Task t, Object symbol) {
    Symbol s = Lisp.symbol(symbol);
    return isThere(() -> Variables.get(t, s) != Symbol.UNBOUND);
  }

  /** What another isolate has, and cannot be copied when it is asked for, is there. */
  private static boolean isThere(java.util.function.BooleanSupplier test) {
    try {
      return test.getAsBoolean();
    } catch (LispSignal e) {
      if (e.symbol() == NOT_TRANSFERABLE) {
        return true;
      }
      if (e.symbol() == ISOLATE_DEAD) {
        return false;
      }
      throw e;
    }
  }

  @Primitive(value = "symbol-value", doc = "Return SYMBOL's value as a variable.")
  static Object symbolValue(Task t, Object symbol) {
    return Variables.value(t, Lisp.symbol(symbol));
  }

  @Primitive(value = "set", doc = "Set SYMBOL's value to NEWVAL, which is returned.")
  static Object set(Task t, Object symbol, Object newval) {
    Variables.set(t, Lisp.symbol(symbol), newval);
    return newval;
  }

  @Primitive(value = "makunbound", doc = "Make SYMBOL's value void; return SYMBOL.")
  static Object makunbound(Task t, Object symbol) {
    Symbol s = Lisp.symbol(symbol);
    if ((s.flags(t) & Symbol.CONSTANT) != 0) {
      throw new LispSignal(Q.SETTING_CONSTANT, s);
    }
    Symbol v = Variables.indirect(t, s);
    if ((v.flags(t) & Symbol.WATCHED) != 0) {
      Variables.notify(t, v, Symbol.NIL, MAKUNBOUND);
      int flags = v.flags(t);
      v.setFlags(t, flags & ~Symbol.WATCHED);
      try {
        Variables.set(t, v, Symbol.UNBOUND);
      } finally {
        v.setFlags(t, flags);
      }
    } else {
      Variables.set(t, v, Symbol.UNBOUND);
    }
    return symbol;
  }

  @Primitive(
      value = "indirect-variable",
      doc = "Return the variable that OBJECT is an alias of, or OBJECT.")
  static Object indirectVariable(Task t, Object object) {
    return object instanceof Symbol s ? Variables.indirect(t, s) : object;
  }

  @Primitive(value = "default-boundp", doc = "Return t if SYMBOL has a default value.")
  static boolean defaultBoundp(Task t, Object symbol) {
    Symbol s = Lisp.symbol(symbol);
    return isThere(() -> Variables.getDefault(t, s) != Symbol.UNBOUND);
  }

  @Primitive(value = "default-value", doc = "Return SYMBOL's default value.")
  static Object defaultValue(Task t, Object symbol) {
    Object v = Variables.getDefault(t, Lisp.symbol(symbol));
    if (v == Symbol.UNBOUND) {
      throw new LispSignal(Q.VOID_VARIABLE, symbol);
    }
    return v;
  }

  @Primitive(value = "set-default", doc = "Set SYMBOL's default value to VALUE, which is returned.")
  static Object setDefault(Task t, Object symbol, Object value) {
    Variables.setDefault(t, Lisp.symbol(symbol), value);
    return value;
  }

  // ---- Watchers ---------------------------------------------------------------------------------

  private static Object watchers(Task t, Symbol s) {
    return Fns.plistGet(t, s.plist(t), WATCHERS);
  }

  @Primitive(
      value = "add-variable-watcher",
      doc =
          "Have WATCH-FUNCTION called with SYMBOL, NEWVAL, OPERATION, WHERE when it is to be set.")
  static Object addVariableWatcher(Task t, Object symbol, Object watchFunction) {
    Symbol s = Variables.indirect(t, Lisp.symbol(symbol));
    s.setFlags(t, s.flags(t) | Symbol.WATCHED);
    Object all = watchers(t, s);
    if (Fns.member(t, watchFunction, all) == Symbol.NIL) {
      Fns.put(t, s, WATCHERS, t.cons(watchFunction, all));
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "remove-variable-watcher",
      doc = "Undo `add-variable-watcher' with the same arguments.")
  static Object removeVariableWatcher(Task t, Object symbol, Object watchFunction) {
    Symbol s = Variables.indirect(t, Lisp.symbol(symbol));
    Object all = Fns.delete(t, watchFunction, watchers(t, s));
    if (all == Symbol.NIL && (s.flags(t) & (Variables.INTEGER | Variables.BOOLEAN)) == 0) {
      s.setFlags(t, s.flags(t) & ~Symbol.WATCHED);
    }
    Fns.put(t, s, WATCHERS, all);
    return Symbol.NIL;
  }

  @Primitive(value = "get-variable-watchers", doc = "Return the functions that watch SYMBOL.")
  static Object getVariableWatchers(Task t, Object symbol) {
    Symbol s = Variables.indirect(t, Lisp.symbol(symbol));
    return (s.flags(t) & Symbol.WATCHED) != 0 ? watchers(t, s) : Symbol.NIL;
  }

  // ---- Names and property lists
  // -------------------------------------------------------------------

  @Primitive(value = "symbol-name", doc = "Return SYMBOL's name.")
  static Object symbolName(Task t, Object symbol) {
    return LispString.of(t.c, Lisp.symbol(symbol).name());
  }

  @Primitive(value = "symbol-plist", doc = "Return SYMBOL's property list.")
  static Object symbolPlist(Task t, Object symbol) {
    return Lisp.symbol(symbol).plist(t);
  }

  @Primitive(value = "setplist", doc = "Make NEWPLIST SYMBOL's property list; return NEWPLIST.")
  static Object setplist(Task t, Object symbol, Object newplist) {
    Lisp.symbol(symbol).setPlist(t, newplist);
    return newplist;
  }

  // ---- Functions --------------------------------------------------------------------------------

  @Primitive(value = "fboundp", doc = "Return t if SYMBOL has a function definition.")
  static boolean fboundp(Task t, Object symbol) {
    Symbol s = Lisp.symbol(symbol);
    return isThere(() -> s.function(t) != Symbol.NIL);
  }

  @Primitive(value = "symbol-function", doc = "Return SYMBOL's function definition; nil if none.")
  static Object symbolFunction(Task t, Object symbol) {
    return Lisp.symbol(symbol).function(t);
  }

  @Primitive(value = "fmakunbound", doc = "Remove SYMBOL's function definition; return SYMBOL.")
  static Object fmakunbound(Task t, Object symbol) {
    Symbol s = Lisp.symbol(symbol);
    if (s == Symbol.NIL || s == Symbol.T) {
      throw new LispSignal(Q.SETTING_CONSTANT, s);
    }
    s.setFunction(t, Symbol.NIL);
    return symbol;
  }

  @Primitive(value = "fset", doc = "Make DEFINITION SYMBOL's function definition; return it.")
  static Object fset(Task t, Object symbol, Object definition) {
    Symbol s = Lisp.symbol(symbol);
    if (s == Symbol.NIL && definition != Symbol.NIL) {
      throw new LispSignal(Q.SETTING_CONSTANT, s);
    }
    if (s.function(t) instanceof Pair p && p.first(t.c) == Q.AUTOLOAD) {
      Fns.put(t, s, Q.AUTOLOAD, p.second(t.c));
    }
    s.setFunction(t, definition);
    return definition;
  }

  private static boolean isAutoload(Task t, Object f) {
    return f instanceof Pair p && p.first(t.c) == Q.AUTOLOAD;
  }

  private static void noteLoaded(Task t, Object what) {
    Object list = Variables.orNil(t, Q.CURRENT_LOAD_LIST);
    Variables.set(t, Q.CURRENT_LOAD_LIST, t.cons(what, list));
  }

  @Primitive(
      value = "defalias",
      min = 2,
      doc = "Make DEFINITION SYMBOL's function definition, noting which file does; return SYMBOL.")
  static Object defalias(Task t, Object symbol, Object definition, Object docstring) {
    Symbol s = Lisp.symbol(symbol);
    boolean autoload = isAutoload(t, definition);
    if (!autoload && isAutoload(t, s.function(t))) {
      noteLoaded(t, t.cons(Symbol.T, s));
    }
    noteLoaded(t, t.cons(autoload ? Q.AUTOLOAD : Q.DEFUN, s));
    Object hook = Fns.get(t, s, DEFALIAS_FSET_FUNCTION);
    if (hook != Symbol.NIL) {
      t.call(hook, s, definition);
    } else {
      fset(t, s, definition);
    }
    if (docstring != Symbol.NIL) {
      Fns.put(t, s, Q.FUNCTION_DOCUMENTATION, docstring);
    }
    return symbol;
  }

  /** The function at the end of a chain of symbols; signals when it is circular. */
  private static Object indirect(Task t, Object object) {
    Object hare = object;
    Object tortoise = object;
    while (true) {
      if (!(hare instanceof Symbol s) || s == Symbol.NIL) {
        return hare;
      }
      hare = s.function(t);
      if (!(hare instanceof Symbol r) || r == Symbol.NIL) {
        return hare;
      }
      hare = r.function(t);
      tortoise = ((Symbol) tortoise).function(t);
      if (hare == tortoise) {
        if (hare == Symbol.NIL) {
          return hare;
        }
        throw new LispSignal(Q.CYCLIC_FUNCTION_INDIRECTION, object);
      }
    }
  }

  @Primitive(
      value = "indirect-function",
      min = 1,
      doc = "Return OBJECT's function, through all symbols; nil when there is none.")
  static Object indirectFunction(Task t, Object object, Object noerror) {
    if (object instanceof Symbol s && s != Symbol.NIL) {
      return indirect(t, s.function(t));
    }
    return object;
  }

  // ---- Interactive forms
  // ----------------------------------------------------------------------------

  /** What follows {@code interactive} in a function: a list; null when it is no command. */
  private static Object interactive(Task t, Object function) {
    if (function instanceof Subr s) {
      String spec = t.vm().interactive(s);
      return spec == null ? null : spec.isEmpty() ? Symbol.NIL : t.list(subrSpec(t, spec));
    }
    if (function instanceof ByteCode b) {
      return b.extra().length > 1 ? t.list(b.extra()[1]) : null;
    }
    if (!(function instanceof Pair p)) {
      return null;
    }
    Object head = p.first(t.c);
    Object body = Lisp.cdrSafe(t.c, p.second(t.c));
    if (head == Q.CLOSURE) {
      body = Lisp.cdrSafe(t.c, body);
    } else if (head != Q.LAMBDA) {
      return null;
    }
    while (body instanceof Pair q) {
      if (q.first(t.c) instanceof Pair form && form.first(t.c) == Q.INTERACTIVE) {
        return form.second(t.c);
      }
      body = q.second(t.c);
    }
    return null;
  }

  /** A specification that begins with a parenthesis is a form. */
  private static Object subrSpec(Task t, String spec) {
    LispString s = LispString.of(t.c, spec);
    return spec.startsWith("(") ? Lisp.car(t.c, t.callNamed("read-from-string", s)) : s;
  }

  /**
   * The function of {@code cmd}; {@code found} is the first value of {@code property} on the way.
   */
  private static Object commandFunction(Task t, Object cmd, Symbol property, Object[] found) {
    Object f = cmd;
    int steps = 0;
    while (f instanceof Symbol s && s != Symbol.NIL && steps++ < 1000) {
      Object v = Fns.get(t, s, property);
      if (v != Symbol.NIL) {
        found[0] = v;
        return f;
      }
      f = s.function(t);
    }
    return f;
  }

  @Primitive(
      value = "interactive-form",
      doc = "Return the form `(interactive SPEC)' of CMD, or nil if it is no command.")
  static Object interactiveForm(Task t, Object cmd) {
    indirect(t, cmd);
    Object[] found = new Object[1];
    Object f = commandFunction(t, cmd, INTERACTIVE_FORM, found);
    if (found[0] != null) {
      return found[0];
    }
    if (isAutoload(t, f)) {
      return interactiveForm(t, t.call(AUTOLOAD_DO_LOAD, f, cmd, Symbol.NIL));
    }
    Object spec = interactive(t, f);
    if (spec == null) {
      return Symbol.NIL;
    }
    if (spec instanceof Pair p) {
      Object first = p.first(t.c);
      if (f instanceof ByteCode && first instanceof Vector v && v.length(t.c) > 0) {
        first = v.get(t.c, 0);
      }
      return t.list(Q.INTERACTIVE, first);
    }
    return t.list(Q.INTERACTIVE);
  }

  @Primitive(
      value = "command-modes",
      doc = "Return the modes that COMMAND is meant for, nil for any.")
  static Object commandModes(Task t, Object command) {
    indirect(t, command);
    Object[] found = new Object[1];
    Object f = commandFunction(t, command, COMMAND_MODES, found);
    if (found[0] != null) {
      return found[0];
    }
    if (f instanceof ByteCode) {
      Object spec = Lisp.carSafe(t.c, interactive(t, f) == null ? Symbol.NIL : interactive(t, f));
      return spec instanceof Vector v && v.length(t.c) > 1 ? v.get(t.c, 1) : Symbol.NIL;
    }
    Object spec = interactive(t, f);
    return spec == null || f instanceof Subr ? Symbol.NIL : Lisp.cdrSafe(t.c, spec);
  }
}
