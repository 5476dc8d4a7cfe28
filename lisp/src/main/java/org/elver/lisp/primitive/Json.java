package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.collection.HashTable;
import org.elver.lisp.file.Bytes;
import org.elver.lisp.json.JsonOptions;
import org.elver.lisp.json.JsonParser;
import org.elver.lisp.json.JsonWriter;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Editing;

/** JSON text from and to Lisp objects, in strings and buffers. */
final class Json {
  private static final Symbol NO_NULS_P = Symbol.known("string-without-embedded-nulls-p");

  private Json() {}

  static void variables(Task t) {
    condition(t, "json-error", "generic JSON error", "error");
    condition(
        t,
        "json-out-of-memory",
        "not enough memory for creating JSON object",
        "json-error",
        "error");
    condition(t, "json-parse-error", "could not parse JSON stream", "json-error", "error");
    condition(
        t, "json-end-of-file", "end of JSON stream", "json-parse-error", "json-error", "error");
    condition(
        t,
        "json-trailing-content",
        "trailing content after JSON stream",
        "json-parse-error",
        "json-error",
        "error");
    condition(
        t,
        "json-object-too-deep",
        "object cyclic or Lisp evaluation too deep",
        "json-error",
        "error");
  }

  private static void condition(Task t, String name, String message, String... parents) {
    Symbol s = t.symbols().intern(t, name);
    Object conditions = Symbol.NIL;
    for (int i = parents.length - 1; i >= 0; i--) {
      conditions = t.cons(t.symbols().intern(t, parents[i]), conditions);
    }
    s.setPlist(
        t,
        t.list(
            Q.ERROR_CONDITIONS,
            t.cons(s, conditions),
            Q.ERROR_MESSAGE,
            LispString.of(t.c, message)));
  }

  private static List<Object[]> entries(Task t, Object x) {
    if (!(x instanceof HashTable h)) {
      return null;
    }
    List<Object[]> out = new ArrayList<>();
    for (long p = h.first(t.c); p >= 0; p = h.next(t.c, p)) {
      out.add(new Object[] {h.keyAt(t.c, p), h.valueAt(t.c, p)});
    }
    return out;
  }

  private static LispString written(Task t, Object[] args) {
    JsonOptions o = JsonOptions.of(t, args, 1, false);
    return new JsonWriter(t, o, x -> entries(t, x)).write(args[0]);
  }

  @Primitive(
      value = "json-serialize",
      min = 1,
      args = "(OBJECT &rest ARGS)",
      doc =
          "Return OBJECT as JSON text.  Vectors are arrays; hash tables with strings as keys,\n"
              + "alists and plists are objects; t is true.  ARGS: `:null-object' OBJ (:null) and\n"
              + "`:false-object' OBJ (:false).")
  static Object jsonSerialize(Task t, Object[] args) {
    return written(t, args);
  }

  @Primitive(
      value = "json-insert",
      min = 1,
      args = "(OBJECT &rest ARGS)",
      doc = "Insert OBJECT as JSON text before point; ARGS as for `json-serialize'.")
  static Object jsonInsert(Task t, Object[] args) {
    Editing.insert(t, written(t, args));
    return Symbol.NIL;
  }

  @Primitive(
      value = "json-parse-string",
      min = 1,
      args = "(STRING &rest ARGS)",
      doc =
          "Return the JSON value in STRING.  ARGS: `:object-type' `hash-table', `alist' or\n"
              + "`plist'; `:array-type' `array' or `list'; `:null-object' OBJ; `:false-object'"
              + " OBJ.")
  static Object jsonParseString(Task t, Object[] args) {
    LispString s = Lisp.string(args[0]);
    JsonOptions o = JsonOptions.of(t, args, 1, true);
    byte[] bytes = Bytes.encode(t.c, s);
    for (byte b : bytes) {
      if (b == 0) {
        throw LispSignal.wrongType(NO_NULS_P, s);
      }
    }
    CodeBuffer codes = new CodeBuffer(bytes.length);
    Bytes.decode(bytes, 0, bytes.length, codes);
    return new JsonParser(t, codes.toArray(), o, "<string>").parse(true);
  }

  @Primitive(
      value = "json-parse-buffer",
      min = 0,
      args = "(&rest ARGS)",
      doc =
          "Return the JSON value after point and move point behind it.\n"
              + "ARGS as for `json-parse-string'.")
  static Object jsonParseBuffer(Task t, Object[] args) {
    JsonOptions o = JsonOptions.of(t, args, 0, true);
    Buffer b = Buffer.current(t);
    int from = b.point(t.c);
    int[] codes = b.codes(t.c, from, b.zv(t.c));
    if (!b.isMultibyte(t.c)) {
      CodeBuffer decoded = new CodeBuffer(codes.length);
      byte[] bytes = new byte[codes.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) codes[i];
      }
      Bytes.decode(bytes, 0, bytes.length, decoded);
      codes = decoded.toArray();
    }
    JsonParser p = new JsonParser(t, codes, o, "<callback>");
    Object v = p.parse(false);
    int used = p.used();
    if (!b.isMultibyte(t.c)) {
      used = Bytes.encode(codes, 0, used).length;
    }
    b.setPoint(t.c, from + used);
    return v;
  }
}
