package org.elver.lisp.load;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.elver.heap.object.Pair;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.collection.Equal;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.file.Handlers;
import org.elver.lisp.machine.BindingFrame;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.read.FileInput;

/** The function {@code load}. */
public final class Load {
  private static final Symbol LOAD = Symbol.known("load");
  private static final Symbol SUFFIXES = Symbol.known("load-suffixes");
  private static final Symbol REP_SUFFIXES = Symbol.known("load-file-rep-suffixes");
  private static final Symbol PREFER_NEWER = Symbol.known("load-prefer-newer");
  private static final Symbol FORCE_MESSAGES = Symbol.known("force-load-messages");
  private static final Symbol USER_INIT_FILE = Symbol.known("user-init-file");
  private static final Symbol SOURCE_FUNCTION = Symbol.known("load-source-file-function");
  private static final Symbol WITH_CONVERSION = Symbol.known("load-with-code-conversion");
  private static final Symbol PURIFY_FLAG = Symbol.known("purify-flag");
  private static final Symbol TRUE_FILE_NAME = Symbol.known("load-true-file-name");
  private static final Symbol AFTER_LOAD = Symbol.known("do-after-load-evaluation");
  private static final Symbol UNESCAPED = Symbol.known("lread--unescaped-character-literals");
  private static final Symbol UNESCAPED_WARNING =
      Symbol.known("byte-run--unescaped-character-literals-warning");

  /** The files that are being loaded, innermost first. */
  private static final Symbol LOADING = Symbol.known(" loads-in-progress");

  private Load() {}

  /** Defines what is not visible to Lisp. */
  public static void define(Task t) {
    LOADING.setRawValue(t, Symbol.NIL);
  }

  /** The suffixes that {@code load} tries, each with each compression suffix. */
  public static Object suffixes(Task t) {
    Object all = Symbol.NIL;
    for (Object s = Variables.orNil(t, SUFFIXES); s instanceof Pair p; s = p.second(t.c)) {
      for (Object r = Variables.orNil(t, REP_SUFFIXES); r instanceof Pair q; r = q.second(t.c)) {
        String both = Lisp.string(p.first(t.c)).toJava(t.c) + Lisp.string(q.first(t.c)).toJava(t.c);
        all = t.cons(LispString.of(t.c, both), all);
      }
    }
    return reversed(t, all);
  }

  private static Object reversed(Task t, Object list) {
    Object out = Symbol.NIL;
    for (Object x = list; x instanceof Pair p; x = p.second(t.c)) {
      out = t.cons(p.first(t.c), out);
    }
    return out;
  }

  private static Object append(Task t, Object a, Object b) {
    Object out = b;
    for (Object x = reversed(t, a); x instanceof Pair p; x = p.second(t.c)) {
      out = t.cons(p.first(t.c), out);
    }
    return out;
  }

  /** As the Lisp function. To be returned by a primitive at once. */
  public static Object load(
      Task t, Object file, Object noerror, Object nomessage, Object nosuffix, Object mustSuffix) {
    LispString name = Lisp.string(file);
    Object handler = Handlers.find(t, name, LOAD);
    if (handler != Symbol.NIL) {
      return t.tail(handler, LOAD, name, noerror, nomessage, nosuffix, mustSuffix);
    }
    Object substituted =
        Lisp.isTrue(noerror)
            ? t.handling(
                t.list(Q.ERROR),
                () -> t.callNamed("substitute-in-file-name", name),
                e -> Symbol.NIL)
            : t.callNamed("substitute-in-file-name", name);
    if (substituted == Symbol.NIL) {
      return Symbol.NIL;
    }
    LispString wanted = Lisp.string(substituted);
    LispString found = locate(t, wanted, nosuffix, mustSuffix);
    if (found == null) {
      byte[] own = OwnLibrary.source(wanted.toJava(t.c));
      if (own != null) {
        return loadBytes(t, wanted, own);
      }
      if (noerror == Symbol.NIL) {
        throw new LispSignal(
            Q.FILE_MISSING, "Cannot open load file", "No such file or directory", wanted);
      }
      return Symbol.NIL;
    }
    String path = found.toJava(t.c);
    if (OwnLibrary.replaces(wanted.toJava(t.c), path)) {
      return loadBytes(t, wanted, OwnLibrary.source(wanted.toJava(t.c)));
    }
    if (Variables.orNil(t, USER_INIT_FILE) == Symbol.T) {
      Variables.set(t, USER_INIT_FILE, found);
    }
    Object remote = Handlers.find(t, found, LOAD);
    if (remote != Symbol.NIL && !path.endsWith(".gz")) {
      return t.tail(remote, LOAD, found, noerror, nomessage, Symbol.T);
    }
    return loadFound(t, found, path, noerror, nomessage);
  }

  private static LispString locate(Task t, LispString wanted, Object nosuffix, Object mustSuffix) {
    String text = wanted.toJava(t.c);
    if (text.isEmpty()) {
      return null;
    }
    Object suffixes;
    boolean newer = false;
    if (Lisp.isTrue(nosuffix)) {
      suffixes = Symbol.NIL;
    } else {
      boolean must =
          Lisp.isTrue(mustSuffix)
              && !text.endsWith(".el")
              && !text.endsWith(".elc")
              && !text.endsWith(".so")
              && text.indexOf('/') < 0;
      suffixes = suffixes(t);
      if (!must) {
        suffixes = append(t, suffixes, Variables.orNil(t, REP_SUFFIXES));
      }
      newer = Lisp.isTrue(Variables.orNil(t, PREFER_NEWER));
    }
    return Locator.find(t, wanted, Variables.orNil(t, Q.LOAD_PATH), suffixes, Symbol.NIL, newer);
  }

  private static Object loadFound(
      Task t, LispString found, String path, Object noerror, Object nomessage) {
    Object loading = LOADING.rawValue(t);
    int same = 0;
    for (Object x = loading; x instanceof Pair p; x = p.second(t.c)) {
      if (Equal.equal(t.c, found, p.first(t.c)) && ++same > 3) {
        throw new LispSignal(Q.ERROR, "Recursive load", t.cons(found, loading));
      }
    }
    int mark = t.bindingMark();
    boolean compiled = path.endsWith(".elc") || path.endsWith(".elc.gz");
    boolean quiet = Lisp.isTrue(nomessage) && !Lisp.isTrue(Variables.orNil(t, FORCE_MESSAGES));
    Object sourceFunction = Variables.orNil(t, SOURCE_FUNCTION);
    boolean throughLisp = !compiled && sourceFunction != Symbol.NIL && !path.endsWith(".gz");
    t.bind(LOADING, t.cons(found, loading));
    byte[] bytes = throughLisp && !isUsual(t, sourceFunction) ? null : contents(found, path);
    boolean plain = throughLisp && bytes != null && PlainSource.is(bytes);
    if (throughLisp && !plain) {
      t.bind(UNESCAPED, Symbol.NIL);
      return t.invoke(
          new ThroughLisp(mark, found),
          sourceFunction,
          found,
          found,
          Lisp.isTrue(noerror) ? Symbol.T : Symbol.NIL,
          quiet ? Symbol.T : Symbol.NIL);
    }
    if (!quiet) {
      t.callNamed(
          "message",
          LispString.of(t.c, compiled ? "Loading %s..." : "Loading %s (source)..."),
          found);
    }
    bind(t, found, bytes);
    return new OfFile(t, new FileForms(bytes, 0, plain), found, mark).resume(t, null);
  }

  /** Loads a file given as its bytes, or part of them, as if it were called {@code name}. */
  public static Object loadBytes(Task t, LispString name, byte[] bytes) {
    int mark = t.bindingMark();
    bind(t, name, bytes);
    return new OfFile(t, new FileForms(bytes, 0, false), name, mark).resume(t, null);
  }

  private static void bind(Task t, LispString found, byte[] bytes) {
    t.bind(Q.LOAD_FILE_NAME, found);
    t.bind(TRUE_FILE_NAME, found);
    t.bind(Q.LOAD_IN_PROGRESS, Symbol.T);
    t.bind(UNESCAPED, Symbol.NIL);
    t.bind(Q.STANDARD_INPUT, FileForms.GET_FILE_CHAR);
    t.bind(Q.LEXICAL_BINDING, Lisp.bool(Cookie.isLexical(new FileInput(bytes, 0))));
  }

  /**
   * Whether {@code sourceFunction} is the library's own, which reads a file into a buffer, decodes
   * it and evaluates the buffer: for plain sources it does what we do without a buffer in a tenth
   * of the time.
   */
  private static boolean isUsual(Task t, Object sourceFunction) {
    return sourceFunction == WITH_CONVERSION
        && sourceFunction instanceof Symbol s
        && s.function(t) instanceof ByteCode
        && Variables.orNil(t, PURIFY_FLAG) == Symbol.NIL;
  }

  private static byte[] contents(LispString found, String path) {
    try {
      Path p = FileErrors.path(path);
      byte[] bytes = Files.readAllBytes(p);
      if (path.endsWith(".gz")) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
          bytes = in.readAllBytes();
        }
      }
      return bytes;
    } catch (IOException e) {
      throw FileErrors.signal("Cannot open load file", e, found);
    }
  }

  private static void warnUnescaped(Task t, Object file) {
    if (Variables.orNil(t, UNESCAPED) != Symbol.NIL
        && UNESCAPED_WARNING.function(t) != Symbol.NIL) {
      Object warning = t.call(UNESCAPED_WARNING);
      if (warning != Symbol.NIL) {
        t.callNamed("message", LispString.of(t.c, "Loading `%s': %s"), file, warning);
      }
    }
  }

  /** What is done after a file has been loaded. */
  private static Object afterLoad(Task t, NativeFrame frame, Object file) {
    return AFTER_LOAD.function(t) == Symbol.NIL ? null : t.invoke(frame, AFTER_LOAD, file);
  }

  private static final class OfFile extends Evaluation {
    private final LispString file;
    private boolean after;

    OfFile(Task t, Forms forms, LispString file, int mark) {
      super(t, forms, file, false, mark);
      this.file = file;
    }

    @Override
    protected void beforeUnbinding(Task t) {
      warnUnescaped(t, file);
    }

    @Override
    protected Object finish(Task t, Object value) {
      if (!after) {
        after = true;
        Object call = afterLoad(t, this, file);
        if (call != null) {
          return call;
        }
      }
      return Symbol.T;
    }
  }

  /** Source that a function of Lisp's loads. */
  private static final class ThroughLisp extends BindingFrame {
    private final Object file;

    ThroughLisp(int mark, Object file) {
      super(mark);
      this.file = file;
    }

    @Override
    public Object resume(Task t, Object value) {
      warnUnescaped(t, file);
      unbind(t);
      return value;
    }
  }
}
