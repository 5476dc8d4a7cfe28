package org.elver.lisp.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.compile.Compiler;
import org.elver.lisp.machine.AllPrimitives;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Starts VMs. */
public final class Boot {
  private static final Symbol MESSAGE = Symbol.known("message");

  /** Elver's version. */
  public static final String VERSION = "0.1.0";

  private Boot() {}

  /** A VM with its primitives, the macros that go with them, and nothing else. */
  public static Task bare() {
    Task t = new Vm(new Compiler(), AllPrimitives.groups()).newMainTask();
    Beginning.of(t.vm(), Boot::define);
    return define(t);
  }

  /** Gives {@code t}, which has the primitives, what {@link #bare} has besides. */
  private static Task define(Task t) {
    Vm.defvar(t, "elver-version", LispString.of(t.c, VERSION));
    Q.FEATURES.setRawValue(t, t.cons(Symbol.known("elver"), Q.FEATURES.rawValue(t)));
    evaluate(t, "concurrency.el");
    evaluate(t, "heap.el");
    return t;
  }

  /** A VM without any library of GNU Emacs: its primitives, and a small prelude of Elver's own. */
  public static Task prelude() {
    Task t = new Vm(new Compiler(), AllPrimitives.groups()).newMainTask();
    Beginning.of(t.vm(), Boot::prelude);
    return prelude(t);
  }

  private static Task prelude(Task t) {
    define(t);
    evaluate(t, "prelude.el");
    return t;
  }

  /** Evaluates a file that comes with this class. */
  private static void evaluate(Task t, String file) {
    String source;
    try (InputStream in = Boot.class.getResourceAsStream("/org/elver/lisp/boot/" + file)) {
      source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LispString text = LispString.of(t.c, source);
    Symbol read = t.symbols().intern(t, "read-from-string");
    Object env = t.list(Symbol.T);
    long at = 0;
    long end = source.lastIndexOf(')'); // Of the last form.
    while (at < end) {
      Pair form = (Pair) t.call(read, text, at);
      at = (Long) form.second(t.c);
      t.call(t.vm().evaluator().compileToplevel(t, form.first(t.c), env));
    }
  }

  /**
   * A VM with the preloaded part of a library.
   *
   * @param verbose whether to say on standard error what is being loaded
   */
  public static Task load(Library library, boolean verbose) {
    Task t = new Vm(new Compiler(), AllPrimitives.groups()).newMainTask();
    Beginning.ofLibrary(t.vm(), library);
    return load(library, verbose, t);
  }

  /** Loads the preloaded part of a library into {@code t}, which has the primitives. */
  static Task load(Library library, boolean verbose, Task t) {
    define(t);
    places(t, library);
    loadPath(t, library);
    Q.COMMAND_LINE_ARGS.setRawValue(t, t.list(LispString.of(t.c, "elver")));
    t.symbols().intern(t, "purify-flag").setRawValue(t, Symbol.NIL);
    Object message = MESSAGE.function(t);
    if (!verbose) {
      MESSAGE.setFunction(t, t.vm().subr("list"));
    }
    Object depth = Q.MAX_LISP_EVAL_DEPTH.rawValue(t);
    Object debugger = Q.DEBUGGER.rawValue(t);
    Q.DEBUGGER.setRawValue(t, t.symbols().intern(t, "elver--show-backtrace"));
    Q.DEBUG_ON_ERROR.setRawValue(t, Symbol.T);
    // All of it but its end, which would run the program.
    t.call(
        t.symbols().intern(t, "elver--load-prefix"),
        LispString.of(t.c, library.lisp().resolve("loadup.el").toString()),
        LispString.of(t.c, "(eval top-level"));
    Q.DEBUG_ON_ERROR.setRawValue(t, Symbol.NIL);
    Q.DEBUGGER.setRawValue(t, debugger);
    if (!verbose) {
      MESSAGE.setFunction(t, message);
    }
    Q.MAX_LISP_EVAL_DEPTH.setRawValue(t, depth);
    // The library has made it know more than ASCII.
    CaseTables.setStandard(t, CaseTables.standard(t));
    Q.TOP_LEVEL.setRawValue(t, t.list(t.symbols().intern(t, "normal-top-level")));
    loadPath(t, library);
    return t;
  }

  /** Sets the variables that say where things are installed. */
  public static void places(Task t, Library library) {
    set(t, "data-directory", library.etc() + "/");
    set(t, "doc-directory", library.etc() + "/");
    set(t, "source-directory", library.lisp().getParent() + "/");
  }

  /** Only the library's root: at the start its file subdirs.el adds the rest. */
  private static void loadPath(Task t, Library library) {
    List<Object> path = new ArrayList<>();
    path.add(LispString.of(t.c, library.lisp().toString()));
    t.symbols().intern(t, "load-path").setRawValue(t, Lisp.list(t.c, path));
  }

  private static void set(Task t, String variable, String value) {
    t.symbols().intern(t, variable).setRawValue(t, LispString.of(t.c, value));
  }
}
