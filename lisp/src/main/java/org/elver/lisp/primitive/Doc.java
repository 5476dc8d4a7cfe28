package org.elver.lisp.primitive;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.PrimitiveDocs;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.read.DocStrings;

/** Documentation: of primitives, from compiled files, from the library's DOC file. */
final class Doc {
  private static final Symbol QUOTING_STYLE = Symbol.known("text-quoting-style");
  private static final Symbol QUOTING_FLAG = Symbol.known("internal--text-quoting-flag");
  private static final Symbol SUBSTITUTE = Symbol.known("substitute-command-keys");
  private static final Symbol CURVE = Symbol.known("curve");
  private static final Symbol STRAIGHT = Symbol.known("straight");
  private static final Symbol GRAVE = Symbol.known("grave");
  private static final Symbol KEYMAP = Symbol.known("keymap");
  private static final Symbol DOC_DIRECTORY = Symbol.known("doc-directory");
  private static final Symbol DOC_FILE = Symbol.known("internal-doc-file-name");

  private Doc() {}

  @Primitive(
      value = "text-quoting-style",
      doc = "Return how quotes in messages are written: `curve', `straight' or `grave'.")
  static Object textQuotingStyle(Task t) {
    Object style = Variables.orNil(t, QUOTING_STYLE);
    if (style == GRAVE || style == STRAIGHT) {
      return style;
    }
    return CURVE;
  }

  private static Object shown(Task t, Object doc, Object raw) {
    return Lisp.isTrue(raw) || !(doc instanceof LispString) ? doc : t.tail(SUBSTITUTE, doc);
  }

  /** What a documentation slot means: a string, a position in the DOC file, a place in a file. */
  private static Object resolve(Task t, Object doc) {
    if (doc instanceof LispString || doc == Symbol.NIL) {
      return doc;
    }
    if (doc instanceof Long at && at != 0) {
      Object directory = Variables.orNil(t, DOC_DIRECTORY);
      Object file = Variables.orNil(t, DOC_FILE);
      if (directory instanceof LispString d && file instanceof LispString f) {
        return read(t, d.toJava(t.c) + f.toJava(t.c), Math.abs(at));
      }
      return Symbol.NIL;
    }
    if (doc instanceof Pair p
        && p.first(t.c) instanceof LispString file
        && p.second(t.c) instanceof Long at) {
      return read(t, file.toJava(t.c), Math.abs(at));
    }
    return Symbol.NIL;
  }

  private static Object read(Task t, String file, long at) {
    try {
      return DocStrings.at(t.c, Files.readAllBytes(FileErrors.path(file)), (int) at);
    } catch (IOException e) {
      return Symbol.NIL;
    }
  }

  @Primitive(
      value = "documentation",
      min = 1,
      doc =
          "Return the documentation of FUNCTION, or nil; with RAW as it is written.\n"
              + "A symbol's property `function-documentation' takes precedence.")
  static Object documentation(Task t, Object function, Object raw) {
    if (function instanceof Symbol s) {
      Object property = t.callNamed("get", s, Q.FUNCTION_DOCUMENTATION);
      if (property != Symbol.NIL) {
        return documentationProperty(t, s, Q.FUNCTION_DOCUMENTATION, raw);
      }
    }
    Object f = t.callNamed("indirect-function", function);
    if (f == Symbol.NIL) {
      throw new LispSignal(Q.VOID_FUNCTION, function);
    }
    if (f instanceof Pair p && p.first(t.c) == Q.MACRO) {
      f = p.second(t.c);
    }
    return shown(t, ofFunction(t, f), raw);
  }

  private static Object ofFunction(Task t, Object f) {
    if (f instanceof Subr s) {
      String text = PrimitiveDocs.of(s);
      return text == null ? Symbol.NIL : LispString.of(t.c, text);
    }
    if (f instanceof ByteCode b) {
      return resolve(t, b.documentation());
    }
    if (f instanceof LispString || f instanceof Vector) {
      return LispString.of(t.c, "Keyboard macro.");
    }
    if (!(f instanceof Pair p)) {
      throw new LispSignal(Q.INVALID_FUNCTION, f);
    }
    Object head = p.first(t.c);
    if (!(head instanceof Symbol)) {
      throw new LispSignal(Q.INVALID_FUNCTION, f);
    }
    if (head == KEYMAP) {
      return LispString.of(
          t.c, "Prefix command (definition is a keymap associating keystrokes with commands).");
    }
    if (head == Q.LAMBDA || head == Q.AUTOLOAD || head == Q.CLOSURE) {
      Object tail = Lisp.cdrSafe(t.c, Lisp.cdrSafe(t.c, p));
      if (head == Q.CLOSURE) {
        tail = Lisp.cdrSafe(t.c, tail);
      }
      Object doc = Lisp.carSafe(t.c, tail);
      boolean more = head == Q.AUTOLOAD || Lisp.cdrSafe(t.c, tail) != Symbol.NIL;
      if (doc instanceof Pair q && q.first(t.c) instanceof Symbol) {
        return Symbol.NIL; // The first form of the body.
      }
      return more ? resolve(t, doc) : Symbol.NIL;
    }
    throw new LispSignal(Q.INVALID_FUNCTION, f);
  }

  @Primitive(
      value = "documentation-property",
      min = 2,
      doc = "Return the documentation that is property PROP of SYMBOL; with RAW as it is written.")
  static Object documentationProperty(Task t, Object symbol, Object prop, Object raw) {
    Object value = t.callNamed("get", symbol, prop);
    if (value == Symbol.NIL && prop == Q.VARIABLE_DOCUMENTATION) {
      value = variableDocumentation(t, symbol);
    }
    if (value instanceof Long || (value instanceof Pair p && p.first(t.c) instanceof LispString)) {
      value = resolve(t, value);
    } else if (!(value instanceof LispString) && value != Symbol.NIL) {
      value = t.callNamed("eval", value);
    }
    return shown(t, value, raw);
  }

  /** The documentation in the library's DOC file of a variable that a primitive defines. */
  private static Object variableDocumentation(Task t, Object symbol) {
    if (!(symbol instanceof Symbol s)
        || !(Variables.orNil(t, DOC_DIRECTORY) instanceof LispString directory)) {
      return Symbol.NIL;
    }
    Map<String, Integer> places =
        t.vm().service(DocFile.class, () -> DocFile.of(directory.toJava(t.c) + "DOC")).variables;
    Integer at = places.get(s.name());
    return at == null ? Symbol.NIL : read(t, directory.toJava(t.c) + "DOC", at);
  }

  /** Where things are in a DOC file, which tells of each entry its kind and name first. */
  private record DocFile(Map<String, Integer> variables) {
    static DocFile of(String file) {
      Map<String, Integer> all = new java.util.HashMap<>();
      try {
        byte[] b = Files.readAllBytes(FileErrors.path(file));
        for (int i = 0; i + 1 < b.length; i++) {
          if (b[i] == 037 && b[i + 1] == 'V') {
            int end = i + 2;
            while (end < b.length && b[end] != '\n') {
              end++;
            }
            all.put(
                new String(b, i + 2, end - i - 2, java.nio.charset.StandardCharsets.UTF_8),
                end + 1);
          }
        }
      } catch (IOException e) {
        return new DocFile(Map.of());
      }
      return new DocFile(all);
    }
  }

  @Primitive(
      value = "Snarf-documentation",
      doc = "Note that documentation is to be found in the file FILENAME in `doc-directory'.")
  static Object snarf(Task t, Object filename) {
    LispString name = Lisp.string(filename);
    if (Variables.orNil(t, DOC_DIRECTORY) instanceof LispString directory) {
      String path = directory.toJava(t.c) + name.toJava(t.c);
      if (!java.nio.file.Files.exists(FileErrors.path(path))) {
        throw new LispSignal(
            Symbol.known("file-missing"),
            "Opening doc string file",
            "No such file or directory",
            path);
      }
    }
    Variables.set(t, DOC_FILE, name);
    return Symbol.NIL;
  }

  static void variables(Task t) {
    org.elver.lisp.machine.Vm.defvar(t, QUOTING_STYLE, Symbol.NIL);
    org.elver.lisp.machine.Vm.defvar(t, QUOTING_FLAG, Symbol.T);
    org.elver.lisp.machine.Vm.defvar(t, DOC_FILE, Symbol.NIL);
  }
}
