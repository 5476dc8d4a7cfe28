package org.elver.lisp.compile;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.elver.heap.object.Pair;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.jit.Jit;
import org.elver.lisp.machine.Evaluator;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Memo;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Tier;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * The compiler as the machine sees it. Functions in list form are compiled when they are first
 * called. Code has constants, objects of the isolate that compiled it, so it is kept in the
 * isolate's {@link Memo}: by the tail {@code (ARGS . BODY)} that all closures of one lambda
 * expression share, with a list of {@link Template}s, which is never changed but replaced.
 */
public final class Compiler implements Evaluator {
  /** A name for the variable that holds an environment list; not a Lisp name. */
  private static final Symbol ENVIRONMENT = Symbol.known(" environment");

  /** Code for one shape of environment, and that for others. */
  private record Template(List<Object> shape, ByteCode code, Template next) {}

  /** A compiler, for one VM. */
  public Compiler() {}

  @Override
  public Tier tier() {
    return Jit.tier();
  }

  @Override
  public ByteCode compileForm(Task t, Object form, Object lexical) {
    boolean isLexical = Lisp.isTrue(lexical);
    Object env = lexical instanceof Pair ? lexical : isLexical ? t.list(Symbol.T) : Symbol.NIL;
    Analyzer a = new Analyzer(t, isLexical, true);
    Function f = a.form(form, env);
    return new Emitter(t, f, true).emit(0L, null, env, new Object[0]).asForm();
  }

  @Override
  public ByteCode compileToplevel(Task t, Object form, Object lexical) {
    if (!Lisp.isTrue(lexical)) {
      return compileForm(t, form, lexical);
    }
    Object env = lexical instanceof Pair ? lexical : t.list(Symbol.T);
    Function f = new Analyzer(t, true, false).form(form, env);
    return new Emitter(t, f, true).emit(0L, null, env, new Object[0]).asForm();
  }

  /** The code of a lambda expression at top level of a file: compiled when it is first called. */
  private record LateLambda(Object args, Object body, Object environment)
      implements ByteCode.Source {
    @Override
    public ByteCode.Made make(org.elver.heap.version.Context c, ByteCode of) {
      // What one isolate expands macros to is no other's, even of a function that many share.
      Memo memo = Memo.of(c);
      if (memo.get(Memo.Kind.CODE_BY_FUNCTION, of) instanceof ByteCode.Made known) {
        return known;
      }
      Task t = Task.of(c);
      Function f = new Function(null);
      new Analyzer(t, true, false).function(args, body, environment, null, f);
      ByteCode b = new Emitter(t, f, true).emit(Analyzer.arity(f), null, environment, NO_SLOTS);
      ByteCode.Made made = new ByteCode.Made(b.code(c), b.constants(c));
      if (!c.created(of)) { // Else the function itself keeps it.
        memo.put(Memo.Kind.CODE_BY_FUNCTION, of, made);
      }
      return made;
    }

    @Override
    public boolean isShareable() {
      return false;
    }

    @Override
    public void forEachReference(Consumer<Object> visitor) {
      visitor.accept(args);
      visitor.accept(body);
      visitor.accept(environment);
    }

    @Override
    public ByteCode.Source relinked(UnaryOperator<Object> replacement) {
      return new LateLambda(
          replacement.apply(args), replacement.apply(body), replacement.apply(environment));
    }
  }

  private static final Object[] NO_SLOTS = {};

  /** A function whose code is made later; the arguments are known to be well formed. */
  static ByteCode later(
      Task t, Object args, Object body, Object environment, long arity, List<Object> extra) {
    return new ByteCode(t.c, arity, new LateLambda(args, body, environment), 0, extra.toArray());
  }

  @Override
  public ByteCode compileFunction(Task t, Pair function) {
    Object head = function.first(t.c);
    Object rest = function.second(t.c);
    Object env = null;
    if (head == Q.CLOSURE) {
      env = Lisp.carSafe(t.c, rest);
      if (env == Symbol.NIL) {
        env = null; // Dynamic binding.
      }
      rest = Lisp.cdrSafe(t.c, rest);
    }
    if (!(rest instanceof Pair tail)) {
      throw new LispSignal(Q.INVALID_FUNCTION, shown(t, function));
    }
    return forTail(t, Memo.Kind.CODE_BY_TAIL, tail, env, function);
  }

  @Override
  public ByteCode compileLate(Task t, Pair form, Object env) {
    return forTail(t, Memo.Kind.CODE_BY_FORM, form, env, null);
  }

  private static ByteCode forTail(Task t, Memo.Kind kind, Pair tail, Object env, Pair function) {
    for (Template x = known(t, kind, tail); x != null; x = x.next) {
      if (fits(t, x.shape, env)) {
        return x.code;
      }
    }
    ByteCode code = function == null ? late(t, tail, env) : compile(t, tail, env, function);
    // Asked again: the compiler may have called this for the same tail.
    Template others = known(t, kind, tail);
    Memo.of(t.c).put(kind, tail, new Template(shape(t, env), code, others));
    return code;
  }

  private static Template known(Task t, Memo.Kind kind, Pair tail) {
    return (Template) Memo.of(t.c).get(kind, tail);
  }

  /** The names of an environment, in order; null for a function with dynamic binding. */
  private static List<Object> shape(Task t, Object env) {
    if (env == null) {
      return null;
    }
    List<Object> names = new ArrayList<>();
    Object e = env;
    while (e instanceof Pair p) {
      Object x = p.first(t.c);
      names.add(x instanceof Pair binding ? binding.first(t.c) : new WeakReference<>(x));
      e = p.second(t.c);
    }
    return names;
  }

  private static boolean fits(Task t, List<Object> shape, Object env) {
    if (shape == null || env == null) {
      return shape == null && env == null;
    }
    Object e = env;
    int i = 0;
    while (e instanceof Pair p) {
      if (i == shape.size()) {
        return false;
      }
      Object x = p.first(t.c);
      Object s = shape.get(i++);
      if (x instanceof Pair binding
          ? s != binding.first(t.c)
          : !(s instanceof WeakReference<?> w && w.get() == x)) {
        return false;
      }
      e = p.second(t.c);
    }
    return i == shape.size();
  }

  private static ByteCode compile(Task t, Pair tail, Object env, Pair function) {
    boolean lexical = env != null && env != Symbol.NIL;
    List<Object> extra = new ArrayList<>();
    Object body = Functions.header(t, tail.second(t.c), extra);
    Function f = new Function(null);
    try {
      if (env == null) {
        // Dynamic binding: the machine binds the arguments.
        if (!Analyzer.isArgumentList(t, tail.first(t.c))) {
          throw new LispSignal(Q.INVALID_FUNCTION, function);
        }
        Function g = new Analyzer(t, false, true).form(progn(t, body), Symbol.NIL);
        return new Emitter(t, g, true)
            .emit(tail.first(t.c), null, Symbol.NIL, extra.toArray())
            .withShownArity(shown(t, function));
      }
      Var environment = new Var(ENVIRONMENT, f);
      new Analyzer(t, lexical, true).function(tail.first(t.c), body, env, environment, f);
      f.minArgs++;
      f.maxArgs++;
      return new Emitter(t, f, true)
          .emit(Analyzer.arity(f), environment, null, extra.toArray())
          .withShownArity(shown(t, function));
    } catch (LispSignal e) {
      if (e.symbol() == Q.INVALID_FUNCTION) {
        throw new LispSignal(Q.INVALID_FUNCTION, shown(t, function));
      }
      throw e;
    }
  }

  private static Object progn(Task t, Object body) {
    return t.cons(Q.PROGN, body);
  }

  /** A function as errors show it: a closure without the word. */
  private static Object shown(Task t, Pair function) {
    Object rest = function.second(t.c);
    return function.first(t.c) == Q.CLOSURE && rest instanceof Pair ? rest : function;
  }

  private static ByteCode late(Task t, Pair form, Object env) {
    Function f = new Function(null);
    boolean lexical = env != Symbol.NIL;
    Var environment = new Var(ENVIRONMENT, f);
    new Analyzer(t, lexical, true).function(Symbol.NIL, t.list(form), env, environment, f);
    f.minArgs++;
    f.maxArgs++;
    return new Emitter(t, f, true)
        .emit(Analyzer.arity(f), environment, null, new Object[0])
        .asForm();
  }
}
