package org.elver.lisp.primitive;

import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.code.Code;
import org.elver.lisp.machine.Alias;
import org.elver.lisp.machine.Bindings;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Evaluation, calls, variables' definitions, leaving code otherwise than by returning. */
final class Eval {
  private static final Symbol DEFALIAS = Symbol.known("defalias");
  private static final Symbol LOAD = Symbol.known("load");
  private static final Symbol MANY = Symbol.known("many");
  private static final Symbol UNEVALLED = Symbol.known("unevalled");
  private static final Symbol INTERACTIVE_FORM = Symbol.known("interactive-form");
  private static final Symbol DEFVARALIAS = Symbol.known("defvaralias");

  private Eval() {}

  static void variables(Task t) {
    Vm.defvar(t, Q.MAX_LISP_EVAL_DEPTH, 1600L);
    Vm.defvar(t, Q.MAX_SPECPDL_SIZE, 2500L);
    Vm.defvar(t, Q.QUIT_FLAG, Symbol.NIL);
    Vm.defvar(t, Q.INHIBIT_QUIT, Symbol.NIL);
    Vm.defvar(t, Q.INHIBIT_DEBUGGER, Symbol.NIL);
    Vm.defvar(t, Q.DEBUG_ON_ERROR, Symbol.NIL);
    Vm.defvar(t, Q.DEBUG_IGNORED_ERRORS, Symbol.NIL);
    Vm.defvar(t, Q.DEBUG_ON_QUIT, Symbol.NIL);
    Vm.defvar(t, Q.DEBUG_ON_SIGNAL, Symbol.NIL);
    Vm.defvar(t, Q.DEBUGGER, Symbol.known("debug"));
    Vm.defvar(t, Q.SIGNAL_HOOK_FUNCTION, Symbol.NIL);
    Vm.defvar(t, "debug-on-next-call", Symbol.NIL);
    Vm.defvar(t, "debugger-may-continue", Symbol.T);
    Vm.defvar(t, "debugger-stack-frame-as-list", Symbol.NIL);
    Vm.defvar(t, "backtrace-on-error-noninteractive", Symbol.T);
    Vm.defvar(t, Q.INTERNAL_INTERPRETER_ENVIRONMENT, Symbol.NIL);
    Q.INTERNAL_INTERPRETER_ENVIRONMENT.setFlags(
        t, Q.INTERNAL_INTERPRETER_ENVIRONMENT.flags(t) | Symbol.SPECIAL);
  }

  // ---- Special forms: compiled, never called ----------------------------------------------

  @Primitive(
      value = "and",
      special = true,
      args = "(CONDITIONS...)",
      doc = "Evaluate CONDITIONS until one is nil; return the value of the last one evaluated.")
  static void and() {}

  @Primitive(
      value = "or",
      special = true,
      args = "(CONDITIONS...)",
      doc = "Evaluate CONDITIONS until one is non-nil, and return its value.")
  static void or() {}

  @Primitive(
      value = "if",
      min = 2,
      special = true,
      args = "(COND THEN ELSE...)",
      doc = "If COND is non-nil evaluate THEN, otherwise the forms of ELSE.")
  static void ifForm() {}

  @Primitive(
      value = "cond",
      special = true,
      args = "(CLAUSES...)",
      doc = "Evaluate the body of the first of CLAUSES whose condition is non-nil.")
  static void cond() {}

  @Primitive(
      value = "while",
      min = 1,
      special = true,
      args = "(TEST BODY...)",
      doc = "Evaluate BODY again and again as long as TEST is non-nil.  Return nil.")
  static void whileForm() {}

  @Primitive(
      value = "progn",
      special = true,
      args = "(BODY...)",
      doc = "Evaluate the forms of BODY in order; return the value of the last.")
  static void progn() {}

  @Primitive(
      value = "inline",
      special = true,
      args = "(BODY...)",
      doc = "Like `progn'; the byte-compiler may open-code the calls in BODY.")
  static void inline() {}

  @Primitive(
      value = "prog1",
      min = 1,
      special = true,
      args = "(FIRST BODY...)",
      doc = "Evaluate FIRST and the forms of BODY in order; return the value of FIRST.")
  static void prog1() {}

  @Primitive(
      value = "setq",
      special = true,
      args = "([SYM VAL]...)",
      doc = "Set each variable SYM to the value of the form VAL after it.")
  static void setq() {}

  @Primitive(
      value = "quote",
      min = 1,
      special = true,
      args = "(ARG)",
      doc = "Return ARG, unevaluated.")
  static void quote() {}

  @Primitive(
      value = "function",
      min = 1,
      special = true,
      args = "(ARG)",
      doc = "Like `quote', for functions: a lambda expression ARG becomes a closure.")
  static void function() {}

  @Primitive(
      value = "let",
      min = 1,
      special = true,
      args = "(VARLIST BODY...)",
      doc = "Bind the variables in VARLIST, all at once, and evaluate BODY.")
  static void let() {}

  @Primitive(
      value = "let*",
      min = 1,
      special = true,
      args = "(VARLIST BODY...)",
      doc = "Bind the variables in VARLIST one after another and evaluate BODY.")
  static void letStar() {}

  @Primitive(
      value = "defvar",
      min = 1,
      special = true,
      args = "(SYMBOL &optional INITVALUE DOCSTRING)",
      doc = "Define SYMBOL as a special variable, set to INITVALUE if it has no value yet.")
  static void defvar() {}

  @Primitive(
      value = "defconst",
      min = 2,
      special = true,
      args = "(SYMBOL INITVALUE [DOCSTRING])",
      doc = "Define SYMBOL as a special variable that programs should not change.")
  static void defconst() {}

  @Primitive(
      value = "catch",
      min = 1,
      special = true,
      args = "(TAG BODY...)",
      doc = "Evaluate BODY; a `throw' to TAG in it returns its value from here at once.")
  static void catchForm() {}

  @Primitive(
      value = "unwind-protect",
      min = 1,
      special = true,
      args = "(BODYFORM UNWINDFORMS...)",
      doc = "Evaluate BODYFORM, and then UNWINDFORMS however it ends.")
  static void unwindProtect() {}

  @Primitive(
      value = "condition-case",
      min = 2,
      special = true,
      args = "(VAR BODYFORM &rest HANDLERS)",
      doc = "Evaluate BODYFORM; a condition in it is handled by the first of HANDLERS for it.")
  static void conditionCase() {}

  @Primitive(
      value = "save-excursion",
      special = true,
      args = "(&rest BODY)",
      doc = "Evaluate BODY and then restore the current buffer and its point.")
  static void saveExcursion() {}

  @Primitive(
      value = "save-current-buffer",
      special = true,
      args = "(&rest BODY)",
      doc = "Evaluate BODY and then restore which buffer is current.")
  static void saveCurrentBuffer() {}

  @Primitive(
      value = "save-restriction",
      special = true,
      args = "(&rest BODY)",
      doc = "Evaluate BODY and then restore the narrowing of the current buffer.")
  static void saveRestriction() {}

  @Primitive(
      value = "interactive",
      special = true,
      args = "(&optional ARG-DESCRIPTOR &rest MODES)",
      doc = "Say how a function is called as a command.  Does nothing itself.")
  static void interactive() {}

  // ---- Calls --------------------------------------------------------------------------------

  @Primitive(
      value = "funcall",
      min = 1,
      args = "(FUNCTION &rest ARGUMENTS)",
      doc = "Call FUNCTION with ARGUMENTS.")
  static Object funcall(Task t, Object[] args) {
    return t.tail(args[0], java.util.Arrays.copyOfRange(args, 1, args.length));
  }

  /** A call whose value is the primitive's, but which backtraces are to show. */
  static final class Passing extends NativeFrame {
    @Override
    public Object resume(Task t, Object value) {
      return value;
    }
  }

  @Primitive(
      value = "apply",
      min = 1,
      args = "(FUNCTION &rest ARGUMENTS)",
      doc = "Call FUNCTION with ARGUMENTS, the last of which is a list of further ones.")
  static Object apply(Task t, Object[] args) {
    Object lastArg = args[args.length - 1];
    Lisp.list(lastArg);
    List<Object> last = Lisp.elements(t.c, lastArg);
    if (args.length == 1) {
      if (last.isEmpty()) {
        throw LispSignal.wrongType(Q.LISTP, Symbol.NIL);
      }
      return t.invoke(new Passing(), last.get(0), last.subList(1, last.size()).toArray());
    }
    Object[] all = new Object[args.length - 2 + last.size()];
    System.arraycopy(args, 1, all, 0, args.length - 2);
    for (int i = 0; i < last.size(); i++) {
      all[args.length - 2 + i] = last.get(i);
    }
    return t.invoke(new Passing(), args[0], all);
  }

  @Primitive(
      value = "eval",
      min = 1,
      doc = "Evaluate FORM; LEXICAL non-nil: with lexical binding, in that environment if a list.")
  static Object eval(Task t, Object form, Object lexical) {
    if (!(form instanceof Pair) && !(form instanceof Symbol)) {
      return form;
    }
    return t.tail(t.vm().evaluator().compileForm(t, form, lexical));
  }

  @Primitive(
      value = "elver--eval-late",
      doc = "Evaluate FORM, whose function had no definition when the code was compiled, in ENV.")
  static Object evalLate(Task t, Object form, Object env) {
    Object name = Lisp.carSafe(t.c, form);
    if (name instanceof Symbol s && functionOf(t, s) == Symbol.NIL) {
      throw new LispSignal(Q.VOID_FUNCTION, s);
    }
    return t.tail(t.vm().evaluator().compileLate(t, Lisp.cons(form), env), env);
  }

  @Primitive(
      value = "elver--signal-in",
      doc = "Signal ERROR-SYMBOL with DATA, which evaluating FORM does; backtraces show FORM.")
  static Object signalIn(Task t, Object form, Object errorSymbol, Object data) {
    return t.unwind(LispSignal.of(errorSymbol, data));
  }

  @Primitive(value = "signal", doc = "Signal the condition ERROR-SYMBOL with DATA.  Never returns.")
  static Object signal(Task t, Object errorSymbol, Object data) {
    if (errorSymbol == Symbol.NIL && data == Symbol.NIL) {
      return t.unwind(new LispSignal(Q.ERROR));
    }
    Lisp.symbol(errorSymbol == Symbol.NIL ? Lisp.carSafe(t.c, data) : errorSymbol);
    return t.unwind(LispSignal.of(errorSymbol, data));
  }

  @Primitive(value = "throw", doc = "Leave the innermost `catch' for TAG, which returns VALUE.")
  static Object throwTo(Task t, Object tag, Object value) {
    return t.unwind(t.thrower(tag, value));
  }

  @Primitive(
      value = "byte-code",
      doc = "Run BYTESTR, a string of byte-code, with constants VECTOR and stack size MAXDEPTH.")
  static Object byteCode(Task t, Object bytestr, Object vector, Object maxdepth) {
    if (!(bytestr instanceof LispString
        && vector instanceof Vector
        && maxdepth instanceof Long depth
        && depth >= 0)) {
      throw LispSignal.error("Invalid byte-code");
    }
    return t.tail(byteCode(t, 0L, bytestr, vector, maxdepth, new Object[0]));
  }

  /** A function object made of its parts; signals when they are no byte-code. */
  static ByteCode byteCode(
      Task t, Object args, Object bytestr, Object vector, Object maxdepth, Object[] extra) {
    LispString s = Lisp.string(bytestr);
    if (!(vector instanceof Vector v)) {
      throw LispSignal.wrongType(Q.VECTORP, vector);
    }
    long depth = Lisp.natnum(maxdepth);
    if (depth > 100_000) {
      throw LispSignal.outOfRange(maxdepth);
    }
    byte[] bytes = new byte[s.length(t.c)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) s.get(t.c, i);
    }
    Object[] constants = new Object[v.length(t.c)];
    v.copyInto(t.c, 0, constants, 0, constants.length);
    try {
      Code code = Code.decode(bytes, (int) depth, false);
      return new ByteCode(t.c, args, code, constants, (int) depth, extra).withText(s);
    } catch (IllegalArgumentException e) {
      throw LispSignal.error("Invalid byte code: " + e.getMessage());
    }
  }

  // ---- Variables ----------------------------------------------------------------------------

  @Primitive(
      value = "elver--defvar",
      doc = "Make SYMBOL special, for `defvar'; non-nil if it needs an initial value.")
  static boolean defvarBegin(Task t, Object symbol) {
    Symbol s = Lisp.symbol(symbol);
    declare(t, s);
    return Variables.getDefault(t, s) == Symbol.UNBOUND;
  }

  private static void declare(Task t, Symbol s) {
    s.setFlags(t, s.flags(t) | Symbol.SPECIAL);
    Object history = Variables.orNil(t, Q.CURRENT_LOAD_LIST);
    Variables.set(t, Q.CURRENT_LOAD_LIST, t.cons(s, history));
  }

  @Primitive(value = "elver--defvar-value", doc = "Set SYMBOL to VALUE, its first, for `defvar'.")
  static Object defvarValue(Task t, Object symbol, Object value) {
    Variables.setDefault(t, Lisp.symbol(symbol), value);
    return symbol;
  }

  @Primitive(value = "elver--defvar-doc", doc = "Note that DOC documents SYMBOL, for `defvar'.")
  static Object defvarDoc(Task t, Object symbol, Object doc) {
    if (doc != Symbol.NIL) {
      t.callNamed("put", symbol, Q.VARIABLE_DOCUMENTATION, doc);
    }
    return symbol;
  }

  @Primitive(
      value = "elver--defvar-local",
      doc = "Treat SYMBOL as special in the rest of what is being evaluated or loaded.")
  static Object defvarLocal(Task t, Object symbol) {
    Object env = Variables.orNil(t, Q.INTERNAL_INTERPRETER_ENVIRONMENT);
    if (env != Symbol.NIL && !Lisp.symbol(symbol).isSpecial(t)) {
      Variables.set(t, Q.INTERNAL_INTERPRETER_ENVIRONMENT, t.cons(symbol, env));
    }
    return symbol;
  }

  @Primitive(value = "elver--defconst", doc = "Define SYMBOL with VALUE and DOC, for `defconst'.")
  static Object defconstDefine(Task t, Object symbol, Object value, Object doc) {
    Symbol s = Lisp.symbol(symbol);
    declare(t, s);
    defvarDoc(t, s, doc);
    Variables.setDefault(t, s, value);
    t.callNamed("put", s, Q.RISKY_LOCAL_VARIABLE, Symbol.T);
    return s;
  }

  @Primitive(
      value = "internal--define-uninitialized-variable",
      min = 1,
      doc = "Make SYMBOL special, with documentation DOC.")
  static Object defineUninitialized(Task t, Object symbol, Object doc) {
    declare(t, Lisp.symbol(symbol));
    defvarDoc(t, symbol, doc);
    return Symbol.NIL;
  }

  @Primitive(value = "internal-make-var-non-special", doc = "Make SYMBOL no longer special.")
  static Object makeNonSpecial(Task t, Object symbol) {
    Symbol s = Lisp.symbol(symbol);
    s.setFlags(t, s.flags(t) & ~Symbol.SPECIAL);
    return Symbol.NIL;
  }

  @Primitive(value = "special-variable-p", doc = "Whether SYMBOL is always bound dynamically.")
  static boolean specialVariableP(Task t, Object symbol) {
    return Lisp.symbol(symbol).isSpecial(t);
  }

  @Primitive(
      value = "default-toplevel-value",
      doc = "Return SYMBOL's default value outside of any `let'.")
  static Object defaultToplevelValue(Task t, Object symbol) {
    Symbol s = Variables.indirect(t, Lisp.symbol(symbol));
    Object v = Bindings.outermost(t, s);
    if (v == null) {
      v = Variables.getDefault(t, s);
    }
    if (v == Symbol.UNBOUND) {
      throw new LispSignal(Q.VOID_VARIABLE, symbol);
    }
    return v;
  }

  @Primitive(
      value = "set-default-toplevel-value",
      doc = "Set SYMBOL's default value outside of any `let' to VALUE.")
  static Object setDefaultToplevelValue(Task t, Object symbol, Object value) {
    Symbol s = Variables.indirect(t, Lisp.symbol(symbol));
    if (!Bindings.setOutermost(t, s, value)) {
      Variables.setDefault(t, s, value);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "defvaralias",
      min = 2,
      doc = "Make NEW-ALIAS another name of the variable BASE-VARIABLE.  DOCSTRING documents it.")
  static Object defvaralias(Task t, Object newAlias, Object baseVariable, Object docstring) {
    Symbol alias = Lisp.symbol(newAlias);
    Symbol base = Lisp.symbol(baseVariable);
    if ((alias.flags(t) & Symbol.CONSTANT) != 0) {
      throw LispSignal.error("Cannot make a constant an alias");
    }
    if (alias.redirect(t) != null && !(alias.redirect(t) instanceof Alias)) {
      throw LispSignal.error(
          alias.redirect(t).getClass().getSimpleName().contains("Field")
              ? "Cannot make an internal variable an alias"
              : "Don’t know how to make a buffer-local variable an alias");
    }
    Symbol s = base;
    for (int i = 0; ; i++) {
      if (s == alias || i > 1000) {
        throw new LispSignal(Symbol.known("cyclic-variable-indirection"), base);
      }
      if (!(s.redirect(t) instanceof Alias a)) {
        break;
      }
      s = a.target();
    }
    if (Bindings.outermost(t, alias) != null) {
      throw LispSignal.error("Don’t know how to make a let-bound variable an alias");
    }
    Object lost = Variables.get(t, alias);
    if (lost != Symbol.UNBOUND) {
      if (Variables.get(t, base) == Symbol.UNBOUND) {
        Variables.set(t, base, lost);
      } else if (!Lisp.eq(lost, Variables.get(t, base))) {
        t.callNamed(
            "display-warning",
            t.list(DEFVARALIAS, Symbol.known("losing-value"), alias),
            t.callNamed(
                "format-message",
                LispString.of(t.c, "Overwriting value of `%s' by aliasing to `%s'"),
                alias,
                base));
      }
    }
    Variables.notify(t, alias, base, DEFVARALIAS);
    base.setFlags(t, base.flags(t) | Symbol.SPECIAL);
    alias.setRedirect(t, new Alias(base));
    alias.setFlags(t, alias.flags(t) | Symbol.SPECIAL);
    Object history = Variables.orNil(t, Q.CURRENT_LOAD_LIST);
    Variables.set(t, Q.CURRENT_LOAD_LIST, t.cons(alias, history));
    t.callNamed("put", alias, Q.VARIABLE_DOCUMENTATION, docstring);
    return base;
  }

  // ---- Functions ----------------------------------------------------------------------------

  /** The end of a chain of symbols' functions; nil when there is none. */
  static Object functionOf(Task t, Object function) {
    Object f = function;
    for (int i = 0; f instanceof Symbol s && f != Symbol.NIL && i < 1000; i++) {
      f = s.function(t);
    }
    return f instanceof Symbol ? Symbol.NIL : f;
  }

  @Primitive(value = "functionp", doc = "Whether OBJECT can be called as a function.")
  static boolean functionp(Task t, Object object) {
    Object f = object;
    if (f instanceof Symbol) {
      f = functionOf(t, f);
    }
    if (f instanceof Subr s) {
      return s.maxArgs() != Subr.UNEVALLED;
    }
    if (f instanceof ByteCode) {
      return true;
    }
    if (f instanceof Pair p) {
      Object head = p.first(t.c);
      if (head == Q.AUTOLOAD && object instanceof Symbol) {
        Object kind = nth(t, p, 4);
        return kind == Symbol.NIL;
      }
      return head == Q.LAMBDA || head == Q.CLOSURE;
    }
    return false;
  }

  private static Object nth(Task t, Object list, int n) {
    Object x = list;
    for (int i = 0; i < n; i++) {
      x = Lisp.cdrSafe(t.c, x);
    }
    return Lisp.carSafe(t.c, x);
  }

  @Primitive(
      value = "commandp",
      min = 1,
      doc = "Whether FUNCTION is a command.  FOR-CALL-INTERACTIVELY: no keyboard macro, then.")
  static boolean commandp(Task t, Object function, Object forCallInteractively) {
    Object f = functionOf(t, function);
    if (function instanceof Symbol && f == Symbol.NIL) {
      return false;
    }
    if (f == Symbol.NIL) {
      f = function;
    }
    boolean property = false;
    Object s = function;
    for (int i = 0; s instanceof Symbol x && s != Symbol.NIL && i < 100; i++) {
      if (Lisp.isTrue(t.callNamed("get", x, INTERACTIVE_FORM))) {
        property = true;
      }
      s = x.function(t);
    }
    if (f instanceof Subr subr) {
      return property || t.vm().interactive(subr) != null;
    }
    if (f instanceof ByteCode b) {
      return property || b.extra().length > 1;
    }
    if (f instanceof LispString || f instanceof Vector) {
      return forCallInteractively == Symbol.NIL;
    }
    if (f instanceof Pair p) {
      Object head = p.first(t.c);
      Object body = p.second(t.c);
      if (head == Q.AUTOLOAD) {
        return property || Lisp.isTrue(nth(t, p, 3));
      }
      if (head == Q.CLOSURE) {
        body = Lisp.cdrSafe(t.c, Lisp.cdrSafe(t.c, body));
      } else if (head == Q.LAMBDA) {
        body = Lisp.cdrSafe(t.c, body);
      } else {
        return false;
      }
      while (body instanceof Pair q) {
        if (Lisp.carSafe(t.c, q.first(t.c)) == Q.INTERACTIVE) {
          return true;
        }
        body = q.second(t.c);
      }
    }
    return property;
  }

  @Primitive(
      value = "func-arity",
      doc = "Return (MIN . MAX), the numbers of arguments that FUNCTION takes; MAX may be `many'.")
  static Object funcArity(Task t, Object function) {
    Object f = functionOf(t, function);
    if (f == Symbol.NIL) {
      if (function instanceof Symbol) {
        throw new LispSignal(Q.VOID_FUNCTION, function);
      }
      f = function;
    }
    if (f instanceof Subr s) {
      Object max =
          s.maxArgs() == Subr.MANY
              ? MANY
              : s.maxArgs() == Subr.UNEVALLED ? UNEVALLED : (Object) (long) s.maxArgs();
      return t.cons((long) s.minArgs(), max);
    }
    if (f instanceof ByteCode b) {
      if (b.minArgs < 0) {
        return listArity(t, b.arglist(), function);
      }
      return t.cons((long) b.minArgs, b.rest ? MANY : (Object) (long) b.maxArgs);
    }
    if (f instanceof Pair p) {
      Object head = p.first(t.c);
      if (head == Q.AUTOLOAD) {
        t.callNamed("autoload-do-load", f, function);
        return funcArity(t, function);
      }
      if (head == Q.LAMBDA && p.second(t.c) instanceof Pair q) {
        return listArity(t, q.first(t.c), function);
      }
      if (head == Q.CLOSURE && p.second(t.c) instanceof Pair q && q.second(t.c) instanceof Pair r) {
        return listArity(t, r.first(t.c), function);
      }
      if (head == Q.MACRO && !(p.second(t.c) instanceof Pair q && q.first(t.c) == Q.MACRO)) {
        return funcArity(t, p.second(t.c));
      }
    }
    throw new LispSignal(Q.INVALID_FUNCTION, function);
  }

  private static Object listArity(Task t, Object args, Object function) {
    long min = 0;
    long max = 0;
    boolean optional = false;
    Object rest = args;
    while (rest instanceof Pair p) {
      Object x = p.first(t.c);
      rest = p.second(t.c);
      if (x == Q.AND_REST) {
        return t.cons(min, MANY);
      }
      if (x == Q.AND_OPTIONAL) {
        optional = true;
      } else if (x instanceof Symbol) {
        max++;
        if (!optional) {
          min++;
        }
      } else {
        throw new LispSignal(Q.INVALID_FUNCTION, function);
      }
    }
    if (rest != Symbol.NIL) {
      throw new LispSignal(Q.INVALID_FUNCTION, function);
    }
    return t.cons(min, max);
  }

  @Primitive(
      value = "autoload",
      min = 2,
      doc = "Have FUNCTION defined by loading FILE when it is first called.")
  static Object autoload(
      Task t, Object function, Object file, Object docstring, Object interactive, Object type) {
    Symbol s = Lisp.symbol(function);
    Lisp.string(file);
    Object f = s.function(t);
    if (f != Symbol.NIL && Lisp.carSafe(t.c, f) != Q.AUTOLOAD) {
      return Symbol.NIL;
    }
    return t.tail(DEFALIAS, s, t.list(Q.AUTOLOAD, file, docstring, interactive, type), Symbol.NIL);
  }

  /** The file that was loaded last, else the name that was given for it. */
  private static String loadedFile(Task t, Object name) {
    Object last = Lisp.carSafe(t.c, Variables.orNil(t, Q.LOAD_HISTORY));
    return (Lisp.carSafe(t.c, last) instanceof LispString s ? s : Lisp.string(name)).toJava(t.c);
  }

  @Primitive(
      value = "autoload-do-load",
      min = 1,
      doc = "Load what the autoload FUNDEF of FUNNAME says; MACRO-ONLY `macro': if it is a macro.")
  static Object autoloadDoLoad(Task t, Object fundef, Object funname, Object macroOnly) {
    if (Lisp.carSafe(t.c, fundef) != Q.AUTOLOAD) {
      return fundef;
    }
    Object kind = nth(t, fundef, 4);
    if (macroOnly == Q.MACRO && kind != Symbol.T && kind != Q.MACRO) {
      return fundef;
    }
    Object ignore = kind == Symbol.T || kind == Q.MACRO ? Symbol.NIL : macroOnly;
    t.call(LOAD, nth(t, fundef, 1), ignore, Symbol.T, Symbol.NIL, Symbol.T);
    if (funname == Symbol.NIL || Lisp.isTrue(ignore)) {
      return Symbol.NIL;
    }
    Object f = functionOf(t, funname);
    if (Lisp.carSafe(t.c, f) == Q.AUTOLOAD && Lisp.isTrue(t.callNamed("equal", f, fundef))) {
      throw LispSignal.error(
          "Autoloading file "
              + loadedFile(t, nth(t, fundef, 1))
              + " failed to define function "
              + funname);
    }
    return f;
  }

  @Primitive(
      value = "macroexpand",
      min = 1,
      doc = "Expand FORM as long as it is a macro call.  ENVIRONMENT: an alist of local macros.")
  static Object macroexpand(Task t, Object form, Object environment) {
    Object x = form;
    for (; ; ) {
      if (!(x instanceof Pair p) || !(p.first(t.c) instanceof Symbol name)) {
        return x;
      }
      Object def = name;
      Object local = Symbol.NIL;
      for (int i = 0; def instanceof Symbol s && def != Symbol.NIL && i < 1000; i++) {
        local = assq(t, s, environment);
        if (local != Symbol.NIL) {
          break;
        }
        def = s.function(t);
      }
      Object expander;
      if (local != Symbol.NIL) {
        expander = Lisp.cdr(t.c, local);
        if (expander == Symbol.NIL) {
          return x;
        }
      } else {
        if (Lisp.carSafe(t.c, def) == Q.AUTOLOAD) {
          def = t.callNamed("autoload-do-load", def, name, Q.MACRO);
        }
        if (Lisp.carSafe(t.c, def) != Q.MACRO) {
          return x;
        }
        expander = Lisp.cdr(t.c, def);
      }
      Object expansion = t.call(expander, Lisp.elements(t.c, p.second(t.c)).toArray());
      if (expansion == x) {
        return x;
      }
      x = expansion;
    }
  }

  private static Object assq(Task t, Object key, Object alist) {
    Object rest = alist;
    while (rest instanceof Pair p) {
      if (p.first(t.c) instanceof Pair q && q.first(t.c) == key) {
        return q;
      }
      rest = p.second(t.c);
    }
    return Symbol.NIL;
  }
}
