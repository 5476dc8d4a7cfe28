package org.elver.lisp.compile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.elver.heap.object.Pair;
import org.elver.lisp.code.Op;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Expands the macros of a form and resolves its names.
 *
 * <p>Errors in a form become a call of {@code signal} in its place: they show when it is reached.
 */
final class Analyzer {
  private static final Symbol NOT_TRANSFERABLE = Symbol.known("not-transferable");
  private static final Symbol SIGNAL = Symbol.known("signal");
  private static final Symbol SIGNAL_IN = Symbol.known("elver--signal-in");
  private static final Symbol DEFVAR = Symbol.known("elver--defvar");
  private static final Symbol DEFVAR_VALUE = Symbol.known("elver--defvar-value");
  private static final Symbol DEFVAR_LOCAL = Symbol.known("elver--defvar-local");
  private static final Symbol DEFCONST = Symbol.known("elver--defconst");
  private static final Symbol AUTOLOAD_DO_LOAD = Symbol.known("autoload-do-load");
  private static final Symbol SUCCESS = Symbol.known(":success");

  /** How deep forms may be nested, so that the analysis does not exhaust Java's stack. */
  private static final int MAX_NESTING = 3000;

  private final Task t;

  /** Whether variables are lexical where nothing says otherwise. */
  private final boolean lexical;

  /** Whether closures are to be lists, as those of evaluated code are. */
  private final boolean listed;

  /** The function being analysed. */
  private Function function;

  /** The variable that the whole code's environment list is in; or null. */
  private Var environmentVariable;

  /** That list, as it is now: its names and their order are what matters. */
  private Object environment = Symbol.NIL;

  /** Whether the code is a form that was given to {@code eval} or read from a file. */
  private boolean standsAlone;

  /**
   * What the code itself defines as macros or functions: calls of these wait until they are run.
   */
  private final Set<Symbol> defined = new HashSet<>();

  private Function top;
  private int nesting;

  Analyzer(Task t, boolean lexical, boolean listed) {
    this.t = t;
    this.lexical = lexical;
    this.listed = listed;
  }

  /** Analyses a form that stands alone, in an environment list. */
  Function form(Object form, Object env) {
    environment = env;
    standsAlone = true;
    top = new Function(null);
    function = top;
    top.body = node(form, null);
    return top;
  }

  /**
   * Analyses a function.
   *
   * @param args its argument list
   * @param body its body
   * @param variable whether it gets its environment list as an argument of its own in front
   */
  Function function(Object args, Object body, Object env, Var variable, Function f) {
    environment = env;
    environmentVariable = variable;
    top = f;
    function = f;
    Scope scope = arguments(f, args, null);
    f.body = functionBody(body, scope);
    return f;
  }

  /** The number of bytes says: {@code fewest + most << 8 + 128 if rest}. */
  static long arity(Function f) {
    return f.minArgs | (long) f.maxArgs << 8 | (f.rest ? 128 : 0);
  }

  /** Whether a list can be the argument list of a function in list form. */
  static boolean isArgumentList(Task t, Object args) {
    boolean optional = false;
    boolean rest = false;
    boolean needed = false;
    Object list = args;
    while (list instanceof Pair p) {
      if (!(p.first(t.c) instanceof Symbol s)) {
        return false;
      }
      if (s == Q.AND_OPTIONAL) {
        if (optional || rest) {
          return false;
        }
        optional = true;
      } else if (s == Q.AND_REST) {
        if (rest) {
          return false;
        }
        rest = true;
        needed = true;
      } else {
        needed = false;
      }
      list = p.second(t.c);
    }
    return list == Symbol.NIL && !needed;
  }

  /** What stands after the name of the rest is bound to nil. */
  private final List<Node.Binding> afterRest = new ArrayList<>();

  private Scope arguments(Function f, Object args, Scope outer) {
    if (!isArgumentList(t, args)) {
      throw new LispSignal(Q.INVALID_FUNCTION, args);
    }
    Scope scope = outer;
    boolean optional = false;
    boolean rest = false;
    Object list = args;
    while (list instanceof Pair p) {
      Symbol s = (Symbol) p.first(t.c);
      list = p.second(t.c);
      if (s == Q.AND_OPTIONAL) {
        optional = true;
      } else if (s == Q.AND_REST) {
        rest = true;
      } else {
        Var v = new Var(s, f);
        scope = new Scope(s, v, scope);
        if (f.rest) {
          afterRest.add(new Node.Binding(s, v, constant(Symbol.NIL)));
          continue;
        }
        f.arguments.add(v);
        if (rest) {
          f.rest = true;
        } else {
          f.maxArgs++;
          if (!optional) {
            f.minArgs++;
          }
        }
      }
    }
    return scope;
  }

  private Node functionBody(Object forms, Scope scope) {
    if (afterRest.isEmpty()) {
      return body(forms, scope);
    }
    List<Node.Binding> bindings = List.copyOf(afterRest);
    afterRest.clear();
    return new Node.Let(bindings, false, body(forms, scope));
  }

  // ---- Names --------------------------------------------------------------------------------

  /** The lexical variable that a name means; null: a special one. */
  private Var resolve(Symbol name, Scope scope) {
    if (!lexical) {
      return null;
    }
    Scope s = Scope.find(scope, name);
    if (s != null) {
      Var v = s.variable();
      if (v != null) {
        use(v);
      }
      return v;
    }
    // The environment list.
    int i = 0;
    Object env = environment;
    while (env instanceof Pair p) {
      Object e = p.first(t.c);
      if (e == name) {
        return null;
      }
      if (e instanceof Pair binding && binding.first(t.c) == name) {
        int known = top.environmentIndex.indexOf(i);
        Var v;
        if (known >= 0) {
          v = top.environment.get(known);
        } else {
          v = new Var(name, top);
          v.listed = true;
          top.environment.add(v);
          top.environmentIndex.add(i);
        }
        use(v);
        return v;
      }
      env = p.second(t.c);
      i++;
    }
    return null;
  }

  /** Has the functions between the one analysed and the variable's capture it. */
  private void use(Var v) {
    for (Function f = function; f != v.owner; f = f.outer) {
      v.captured = true;
      f.indexOf(v);
    }
  }

  /** Whether {@code let} binds this name dynamically. */
  private boolean isSpecial(Symbol name, Scope scope) {
    if (!lexical || name.isSpecial(t)) {
      return true;
    }
    for (Scope s = scope; s != null; s = s.outer()) {
      if (s.name() == name && s.variable() == null) {
        return true;
      }
    }
    Object env = environment;
    while (env instanceof Pair p) {
      if (p.first(t.c) == name) {
        return true;
      }
      env = p.second(t.c);
    }
    return false;
  }

  private Node.Environment environment(Scope scope) {
    List<Object> entries = new ArrayList<>();
    for (Scope s = scope; s != null; s = s.outer()) {
      if (s.variable() == null) {
        entries.add(s.name());
      } else {
        s.variable().listed = true;
        use(s.variable());
        entries.add(s.variable());
      }
    }
    if (environmentVariable != null) {
      use(environmentVariable);
    }
    return new Node.Environment(entries, environmentVariable, environment);
  }

  // ---- Forms --------------------------------------------------------------------------------

  private static Node constant(Object x) {
    return new Node.Const(x);
  }

  private Node error(Symbol symbol, Object... data) {
    return errorIn(Symbol.NIL, symbol, data);
  }

  /** Signals when it is run; backtraces show {@code form} as what was to be evaluated. */
  private Node errorIn(Object form, Symbol symbol, Object... data) {
    return new Node.Call(
        SIGNAL_IN, List.of(constant(form), constant(symbol), constant(t.list(data))));
  }

  Node node(Object form, Scope scope) {
    if (form instanceof Symbol s) {
      return variable(s, scope);
    }
    if (!(form instanceof Pair pair)) {
      return constant(form);
    }
    if (++nesting > MAX_NESTING) {
      nesting = 0;
      throw LispSignal.error("Lisp nesting exceeds ‘max-lisp-eval-depth’");
    }
    try {
      return list(pair, scope);
    } finally {
      nesting--;
    }
  }

  private Node variable(Symbol s, Scope scope) {
    if (s == Symbol.NIL || s == Symbol.T || (s.isKeyword(t) && s.rawValue(t) == s)) {
      return constant(s);
    }
    Var v = resolve(s, scope);
    return v != null ? new Node.Local(v) : new Node.Global(s);
  }

  /** The function of {@code s}; t for one of another isolate's that cannot be had: no macro. */
  private Object definition(Symbol s) {
    try {
      return s.function(t);
    } catch (LispSignal e) {
      if (e.symbol() == NOT_TRANSFERABLE) {
        return Symbol.T;
      }
      throw e;
    }
  }

  private Node list(Pair form, Scope scope) {
    Object head = form.first(t.c);
    if (!(head instanceof Symbol name)) {
      return callOfList(form, head, scope);
    }
    Object f = name;
    int guard = 0;
    while (f instanceof Symbol s && f != Symbol.NIL && guard++ < 100) {
      f = definition(s);
    }
    if (f instanceof Subr subr && subr.maxArgs() == Subr.UNEVALLED) {
      return special(subr.name(), form, scope);
    }
    if (f instanceof Pair p) {
      Object kind = p.first(t.c);
      if (kind == Q.AUTOLOAD) {
        Object macro = nth(p, 4);
        if (macro == Symbol.T || macro == Q.MACRO) {
          Object autoload = f;
          Node[] failed = new Node[1];
          expanding(() -> t.call(AUTOLOAD_DO_LOAD, autoload, name, Q.MACRO), failed);
          if (failed[0] != null) {
            return failed[0];
          }
          f = name.function(t);
          if (f instanceof Pair q && q.first(t.c) == Q.AUTOLOAD) {
            return error(Q.VOID_FUNCTION, name);
          }
          return list(form, scope);
        }
      } else if (kind == Q.MACRO) {
        if (defined.contains(name)) {
          return late(form, scope);
        }
        Node[] failed = new Node[1];
        Object expansion =
            expanding(
                () -> {
                  // So that the macro knows what the code it makes will be run with.
                  int mark = t.bindingMark();
                  t.bind(Q.LEXICAL_BINDING, Lisp.bool(lexical));
                  Object x = t.call(p.second(t.c), Lisp.elements(t.c, form.second(t.c)).toArray());
                  t.unbindTo(mark);
                  return x;
                },
                failed);
        if (failed[0] != null) {
          return failed[0];
        }
        return node(expansion, scope);
      }
    }
    Object tail = form.second(t.c);
    if (f == Symbol.NIL && name != Symbol.NIL && (listed || defined.contains(name))) {
      return late(form, scope);
    }
    if (name == Q.DEFALIAS
        && Lisp.carSafe(t.c, tail) instanceof Pair quoted
        && quoted.first(t.c) == Q.QUOTE
        && nth(quoted, 1) instanceof Symbol definition) {
      defined.add(definition);
    }
    int n = 0;
    List<Node> arguments = new ArrayList<>();
    Object rest = tail;
    while (rest instanceof Pair p) {
      arguments.add(node(p.first(t.c), scope));
      rest = p.second(t.c);
      if (++n > 100_000) {
        return error(Q.CIRCULAR_LIST, tail);
      }
    }
    if (rest != Symbol.NIL) {
      return errorIn(t.cons(name, tail), Q.WRONG_TYPE_ARGUMENT, Q.LISTP, rest);
    }
    if (f instanceof Subr subr
        && (n < subr.minArgs() || (n > subr.maxArgs() && subr.maxArgs() >= 0))) {
      return errorIn(t.cons(name, tail), Q.WRONG_NUMBER_OF_ARGUMENTS, name, (long) n);
    }
    if (n > 250 && Primitives.instructionOf(name, n) >= 0) {
      return new Node.CallValue(constant(name), arguments);
    }
    return new Node.Call(name, arguments);
  }

  /** A form to be looked at again when it is reached. */
  private Node late(Pair form, Scope scope) {
    return new Node.Late(
        form, lexical ? environment(scope) : new Node.Environment(List.of(), null, Symbol.NIL));
  }

  /**
   * The value of {@code body}; when it signals, {@code failed} gets the code that signals the same.
   * A handler of Lisp's, so that the debugger hears of the error only where that code is run.
   */
  private Object expanding(Task.Body body, Node[] failed) {
    return t.handling(
        Q.ERROR,
        body,
        e -> {
          Pair error = (Pair) e;
          failed[0] =
              new Node.Call(
                  SIGNAL, List.of(constant(error.first(t.c)), constant(error.second(t.c))));
          return Symbol.NIL;
        });
  }

  private Node callOfList(Pair form, Object head, Scope scope) {
    if (!(head instanceof Pair p) || (p.first(t.c) != Q.LAMBDA && p.first(t.c) != Q.CLOSURE)) {
      return error(Q.INVALID_FUNCTION, head);
    }
    Node f = p.first(t.c) == Q.LAMBDA ? lambda(p, scope) : constant(head);
    List<Node> arguments = new ArrayList<>();
    Object rest = form.second(t.c);
    while (rest instanceof Pair q) {
      arguments.add(node(q.first(t.c), scope));
      rest = q.second(t.c);
    }
    return new Node.CallValue(f, arguments);
  }

  private Object nth(Object list, int n) {
    Object x = list;
    for (int i = 0; i < n; i++) {
      x = Lisp.cdrSafe(t.c, x);
    }
    return Lisp.carSafe(t.c, x);
  }

  private Node body(Object forms, Scope scope) {
    Scope inner = scope;
    List<Node> nodes = new ArrayList<>();
    Object rest = forms;
    while (rest instanceof Pair p) {
      Object form = p.first(t.c);
      boolean first = rest == forms;
      rest = p.second(t.c);
      if (!first
          && listed
          && standsAlone
          && scope == null
          && function == top
          && form instanceof Pair q) {
        // What an earlier form defines may matter to the macros in this one.
        nodes.add(new Node.Late(q, environment(inner)));
        continue;
      }
      Symbol local = localSpecial(form);
      if (local != null && lexical) {
        // Special from here on in this body; at top level, in the forms evaluated after this one
        // too.
        boolean bare = Lisp.cdrSafe(t.c, Lisp.cdrSafe(t.c, form)) == Symbol.NIL;
        boolean evaluate = !bare || (standsAlone && scope == null);
        nodes.add(evaluate ? node(form, inner) : constant(local));
        Scope known = Scope.find(inner, local);
        if (bare || known == null || known.variable() == null) {
          inner = new Scope(local, null, inner);
        }
      } else {
        nodes.add(node(form, inner));
      }
    }
    if (rest != Symbol.NIL) {
      nodes.add(error(Q.WRONG_TYPE_ARGUMENT, Q.LISTP, rest));
    }
    return nodes.size() == 1 ? nodes.get(0) : new Node.Progn(nodes);
  }

  /**
   * The name in {@code (defvar NAME)}, or in one with a value: the variable is special when the
   * rest of the body is run. Null for any other form.
   */
  private Symbol localSpecial(Object form) {
    return form instanceof Pair p
            && (p.first(t.c) == Q.DEFVAR || p.first(t.c) == Q.DEFCONST)
            && p.second(t.c) instanceof Pair q
            && q.first(t.c) instanceof Symbol s
            && !s.isSpecial(t)
        ? s
        : null;
  }

  private Node special(String name, Pair form, Scope scope) {
    Object args = form.second(t.c);
    int n = 0;
    Object rest = args;
    while (rest instanceof Pair p) {
      n++;
      rest = p.second(t.c);
      if (n > 1_000_000) {
        return error(Q.CIRCULAR_LIST, args);
      }
    }
    if (rest != Symbol.NIL && !name.equals("quote")) {
      return error(Q.WRONG_TYPE_ARGUMENT, Q.LISTP, rest);
    }
    Symbol symbol = Symbol.known(name);
    int least =
        switch (name) {
          case "if", "condition-case" -> 2;
          case "unwind-protect", "prog1", "catch", "while", "let", "let*", "defvar" -> 1;
          case "defconst" -> 2;
          default -> 0;
        };
    if (n < least) {
      return errorIn(t.cons(symbol, args), Q.WRONG_NUMBER_OF_ARGUMENTS, symbol, (long) n);
    }
    switch (name) {
      case "quote" -> {
        return n == 1
            ? constant(((Pair) args).first(t.c))
            : errorIn(t.cons(symbol, args), Q.WRONG_NUMBER_OF_ARGUMENTS, symbol, (long) n);
      }
      case "function" -> {
        if (n != 1) {
          return errorIn(t.cons(symbol, args), Q.WRONG_NUMBER_OF_ARGUMENTS, symbol, (long) n);
        }
        Object x = ((Pair) args).first(t.c);
        return x instanceof Pair p && p.first(t.c) == Q.LAMBDA ? lambda(p, scope) : constant(x);
      }
      case "progn", "inline" -> {
        return body(args, scope);
      }
      case "prog1" -> {
        return new Node.Prog1(
            node(((Pair) args).first(t.c), scope), body(((Pair) args).second(t.c), scope));
      }
      case "if" -> {
        Pair p = (Pair) args;
        Pair q = (Pair) p.second(t.c);
        return new Node.If(
            node(p.first(t.c), scope), node(q.first(t.c), scope), body(q.second(t.c), scope));
      }
      case "and" -> {
        return new Node.And(nodes(args, scope));
      }
      case "or" -> {
        return new Node.Or(nodes(args, scope));
      }
      case "cond" -> {
        return cond(args, scope);
      }
      case "while" -> {
        Pair p = (Pair) args;
        return new Node.While(node(p.first(t.c), scope), body(p.second(t.c), scope));
      }
      case "setq" -> {
        return setq(args, n, scope);
      }
      case "let" -> {
        return let((Pair) args, false, scope);
      }
      case "let*" -> {
        return let((Pair) args, true, scope);
      }
      case "catch" -> {
        Pair p = (Pair) args;
        return new Node.Catch(node(p.first(t.c), scope), body(p.second(t.c), scope));
      }
      case "unwind-protect" -> {
        Pair p = (Pair) args;
        return new Node.UnwindProtect(node(p.first(t.c), scope), cleanup(p.second(t.c), scope));
      }
      case "condition-case" -> {
        return conditionCase((Pair) args, scope);
      }
      case "save-excursion" -> {
        return new Node.Save(Op.SAVE_EXCURSION, body(args, scope));
      }
      case "save-current-buffer" -> {
        return new Node.Save(Op.SAVE_CURRENT_BUFFER, body(args, scope));
      }
      case "save-restriction" -> {
        return new Node.Save(Op.SAVE_RESTRICTION, body(args, scope));
      }
      case "interactive" -> {
        return constant(Symbol.NIL);
      }
      case "defvar", "defconst" -> {
        return defvar(name, (Pair) args, n, scope);
      }
      default -> {
        return error(Q.INVALID_FUNCTION, symbol);
      }
    }
  }

  private List<Node> nodes(Object forms, Scope scope) {
    List<Node> nodes = new ArrayList<>();
    Object rest = forms;
    while (rest instanceof Pair p) {
      nodes.add(node(p.first(t.c), scope));
      rest = p.second(t.c);
    }
    return nodes;
  }

  private Node cond(Object clauses, Scope scope) {
    List<Object> all = Lisp.elements(t.c, clauses);
    Node result = constant(Symbol.NIL);
    for (int i = all.size() - 1; i >= 0; i--) {
      if (!(all.get(i) instanceof Pair clause)) {
        if (all.get(i) == Symbol.NIL) {
          continue;
        }
        result = error(Q.WRONG_TYPE_ARGUMENT, Q.LISTP, all.get(i));
        continue;
      }
      Node test = node(clause.first(t.c), scope);
      Object forms = clause.second(t.c);
      if (forms == Symbol.NIL) {
        result = new Node.Or(List.of(test, result));
      } else if (test instanceof Node.Const c && Lisp.isTrue(c.value())) {
        result = body(forms, scope);
      } else {
        result = new Node.If(test, body(forms, scope), result);
      }
    }
    return result;
  }

  private Node setq(Object args, int n, Scope scope) {
    if ((n & 1) != 0) {
      return error(Q.WRONG_NUMBER_OF_ARGUMENTS, Symbol.known("setq"), (long) n);
    }
    List<Node> nodes = new ArrayList<>();
    Object rest = args;
    while (rest instanceof Pair p && p.second(t.c) instanceof Pair q) {
      Object name = p.first(t.c);
      Node value = node(q.first(t.c), scope);
      if (!(name instanceof Symbol s)) {
        nodes.add(new Node.Progn(List.of(value, error(Q.WRONG_TYPE_ARGUMENT, Q.SYMBOLP, name))));
      } else {
        Var v = resolve(s, scope);
        if (v != null) {
          v.mutated = true;
          nodes.add(new Node.SetLocal(v, value));
        } else {
          nodes.add(new Node.SetGlobal(s, value));
        }
      }
      rest = q.second(t.c);
    }
    return nodes.size() == 1 ? nodes.get(0) : new Node.Progn(nodes);
  }

  private Node let(Pair args, boolean sequential, Scope scope) {
    Object varlist = args.first(t.c);
    List<Node.Binding> bindings = new ArrayList<>();
    Scope inner = scope;
    Object rest = varlist;
    Node wrong = null; // What is wrong with a name shows when all values are there.
    if (!isFinite(varlist)) {
      return error(Q.CIRCULAR_LIST, varlist);
    }
    while (rest instanceof Pair p) {
      Object b = p.first(t.c);
      rest = p.second(t.c);
      Object name = b;
      Node value = constant(Symbol.NIL);
      if (b instanceof Pair q) {
        name = q.first(t.c);
        if (q.second(t.c) instanceof Pair r) {
          if (r.second(t.c) != Symbol.NIL) {
            return new Node.Let(bindings, sequential, severalValues(b));
          }
          value = node(r.first(t.c), sequential ? inner : scope);
        } else if (q.second(t.c) != Symbol.NIL) {
          return new Node.Let(
              bindings, sequential, error(Q.WRONG_TYPE_ARGUMENT, Q.LISTP, q.second(t.c)));
        }
      } else if (!(b instanceof Symbol)) {
        return new Node.Let(bindings, sequential, error(Q.WRONG_TYPE_ARGUMENT, Q.LISTP, b));
      }
      if (!(name instanceof Symbol s)) {
        bindings.add(new Node.Binding(Symbol.NIL, new Var(Symbol.NIL, function), value));
        if (wrong == null) {
          wrong = error(Q.WRONG_TYPE_ARGUMENT, Q.SYMBOLP, name);
        }
        if (sequential) {
          break;
        }
      } else if (isSpecial(s, sequential ? inner : scope) || (s.flags(t) & Symbol.CONSTANT) != 0) {
        bindings.add(new Node.Binding(s, null, value));
      } else {
        Var v = new Var(s, function);
        bindings.add(new Node.Binding(s, v, value));
        inner = new Scope(s, v, inner);
      }
    }
    if (wrong == null && rest != Symbol.NIL) {
      wrong = error(Q.WRONG_TYPE_ARGUMENT, Q.LISTP, sequential ? varlist : rest);
    }
    return new Node.Let(
        bindings, sequential, wrong != null ? wrong : body(args.second(t.c), inner));
  }

  private boolean isFinite(Object list) {
    Object slow = list;
    Object fast = list;
    while (fast instanceof Pair p && p.second(t.c) instanceof Pair q) {
      fast = q.second(t.c);
      slow = ((Pair) slow).second(t.c);
      if (fast == slow && fast instanceof Pair) {
        return false;
      }
    }
    return true;
  }

  private Node severalValues(Object binding) {
    List<Object> data = new ArrayList<>();
    data.add(LispString.of(t.c, "`let' bindings can have only one value-form"));
    data.addAll(Lisp.elements(t.c, binding));
    return error(Q.ERROR, data.toArray());
  }

  /** The cleanup forms of an unwind-protect: a function of its own, never seen by Lisp. */
  private Node cleanup(Object forms, Scope scope) {
    Function f = new Function(function);
    Function saved = function;
    function = f;
    try {
      f.body = body(forms, scope);
    } finally {
      function = saved;
    }
    return new Node.Lambda(f, 0L, List.of());
  }

  /** A lambda expression as a value. */
  private Node lambda(Pair lambda, Scope scope) {
    if (!lexical) {
      return constant(lambda);
    }
    Object tail = lambda.second(t.c);
    if (listed) {
      return new Node.Listed(tail, environment(scope));
    }
    if (!(tail instanceof Pair p)) {
      return constant(lambda);
    }
    Function f = new Function(function);
    Function saved = function;
    function = f;
    List<Object> extra = new ArrayList<>();
    try {
      Scope inner = arguments(f, p.first(t.c), scope);
      Object body = Functions.header(t, p.second(t.c), extra);
      if (saved == top && standsAlone && onlySpecial(scope)) {
        // Nothing around it to capture: by the time it is called, macros that the file defines
        // further down are known.
        Object env = environment;
        for (Scope s = scope; s != null; s = s.outer()) {
          env = t.cons(s.name(), env);
        }
        return constant(Compiler.later(t, p.first(t.c), body, env, arity(f), extra));
      }
      f.body = functionBody(body, inner);
    } catch (LispSignal e) {
      if (e.symbol() == Q.INVALID_FUNCTION) {
        return constant(lambda);
      }
      throw e;
    } finally {
      function = saved;
    }
    return new Node.Lambda(f, arity(f), extra);
  }

  private static boolean onlySpecial(Scope scope) {
    for (Scope s = scope; s != null; s = s.outer()) {
      if (s.variable() != null) {
        return false;
      }
    }
    return true;
  }

  private Node conditionCase(Pair args, Scope scope) {
    Object name = args.first(t.c);
    Pair p = (Pair) args.second(t.c);
    if (!(name instanceof Symbol var)) {
      return error(Q.WRONG_TYPE_ARGUMENT, Q.SYMBOLP, name);
    }
    List<Node.Clause> clauses = new ArrayList<>();
    Node body = node(p.first(t.c), scope);
    Symbol bound = var == Symbol.NIL ? null : var;
    Var v = null;
    Var successVariable = null;
    Node success = null;
    Scope inner = scope;
    if (bound != null && lexical) {
      v = new Var(bound, function);
      inner = new Scope(bound, v, scope);
    }
    for (Object c : Lisp.elements(t.c, p.second(t.c))) {
      if (c == Symbol.NIL) {
        continue;
      }
      if (!(c instanceof Pair clause)
          || !(clause.first(t.c) instanceof Symbol || clause.first(t.c) instanceof Pair)) {
        return new Node.Call(
            Q.ERROR,
            List.of(constant(LispString.of(t.c, "Invalid condition handler: %S")), constant(c)));
      }
      if (clause.first(t.c) == SUCCESS) {
        Scope in = scope;
        if (bound != null && lexical) {
          successVariable = new Var(bound, function);
          in = new Scope(bound, successVariable, scope);
        }
        success = body(clause.second(t.c), in);
      } else {
        clauses.add(new Node.Clause(clause.first(t.c), body(clause.second(t.c), inner)));
      }
    }
    return new Node.ConditionCase(bound, v, body, clauses, successVariable, success);
  }

  private Node defvar(String name, Pair args, int n, Scope scope) {
    if (!(args.first(t.c) instanceof Symbol s)) {
      return error(Q.WRONG_TYPE_ARGUMENT, Q.SYMBOLP, args.first(t.c));
    }
    if (n > 3) {
      return error(Q.ERROR, LispString.of(t.c, "Too many arguments"));
    }
    if (n == 1) {
      return new Node.Call(DEFVAR_LOCAL, List.of(constant(s)));
    }
    // Not evaluated: in compiled files it says where the text is.
    Node doc = constant(n == 3 ? nth(args, 2) : Symbol.NIL);
    if (name.equals("defconst")) {
      return new Node.Call(DEFCONST, List.of(constant(s), node(nth(args, 1), scope), doc));
    }
    return new Node.Progn(
        List.of(
            new Node.If(
                new Node.Call(DEFVAR, List.of(constant(s))),
                new Node.Call(DEFVAR_VALUE, List.of(constant(s), node(nth(args, 1), scope))),
                constant(Symbol.NIL)),
            new Node.Call(Symbol.known("elver--defvar-doc"), List.of(constant(s), doc)),
            constant(s)));
  }
}
