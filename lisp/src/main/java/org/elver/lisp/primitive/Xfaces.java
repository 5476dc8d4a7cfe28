package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.collection.HashTable;
import org.elver.lisp.display.Frame;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Faces: vectors of attributes, by frame and for new frames; colours by name. */
final class Xfaces {
  private static final Symbol DEFAULTS = Symbol.known("face--new-frame-defaults");
  private static final Symbol FACE = Symbol.known("face");
  private static final Symbol FACE_ALIAS = Symbol.known("face-alias");
  private static final Symbol DEFAULT = Symbol.known("default");
  private static final Symbol UNSPECIFIED = Symbol.known("unspecified");
  private static final Symbol IGNORE = Symbol.known(":ignore-defface");
  private static final Symbol RESET = Symbol.known("reset");
  private static final Symbol NORMAL = Symbol.known("normal");
  private static final Symbol BOLD = Symbol.known("bold");
  private static final Symbol ITALIC = Symbol.known("italic");

  /** The attributes by their index in the vector, from 1. */
  private static final String[] ATTRIBUTES = {
    "",
    ":family",
    ":foundry",
    ":width",
    ":height",
    ":weight",
    ":slant",
    ":underline",
    ":inverse-video",
    ":foreground",
    ":background",
    ":stipple",
    ":overline",
    ":strike-through",
    ":box",
    ":font",
    ":inherit",
    ":fontset",
    ":distant-foreground",
    ":extend",
  };

  private static final int SIZE = 20;
  private static final int HEIGHT = 4;

  private Xfaces() {}

  static void variables(Task t) {
    Vm.defvar(t, DEFAULTS, HashTable.of(t.c, Q.EQ, 65));
    Defvars.string(t, "face-default-stipple", "gray3");
    Defvars.nil(
        t,
        "face-filters-always-match face-font-rescale-alist face-ignored-fonts "
            + "face-remapping-alist scalable-fonts-allowed tty-defined-color-alist");
    Defvars.integers(t, "face-near-same-color-threshold 30000");
  }

  private static int index(Object attribute) {
    if (attribute instanceof Symbol s) {
      for (int i = 1; i < SIZE; i++) {
        if (ATTRIBUTES[i].equals(s.name())) {
          return i;
        }
      }
    }
    throw new LispSignal(Q.ERROR, "Invalid face attribute name", attribute);
  }

  private static Symbol resolve(Task t, Object face) {
    Object name = face instanceof LispString s ? t.symbols().intern(t, s.toJava(t.c)) : face;
    Symbol s = Lisp.symbol(name);
    for (int i = 0; i < 100; i++) {
      Object alias = t.callNamed("get", s, FACE_ALIAS);
      if (!(alias instanceof Symbol a) || a == Symbol.NIL) {
        return s;
      }
      s = a;
    }
    throw new LispSignal(Symbol.known("circular-list"), s);
  }

  private static HashTable defaults(Task t) {
    if (Variables.orNil(t, DEFAULTS) instanceof HashTable h) {
      return h;
    }
    throw LispSignal.wrongType(Symbol.known("hash-table-p"), Variables.orNil(t, DEFAULTS));
  }

  private static HashTable table(Task t, Frame f) {
    return (HashTable) f.get(t.c, Frame.FACES);
  }

  /** The attributes for new frames, or null. */
  private static Vector ofDefaults(Task t, Symbol face) {
    Object entry = defaults(t).lookUp(t, face, Symbol.NIL);
    return entry instanceof Pair p && p.second(t.c) instanceof Vector v ? v : null;
  }

  private static Vector ofFrame(Task t, Symbol face, Frame f) {
    return table(t, f).lookUp(t, face, Symbol.NIL) instanceof Vector v ? v : null;
  }

  /** The attributes for a frame argument: t means new frames. */
  private static Vector of(Task t, Object face, Object frame, boolean signal) {
    Symbol s = resolve(t, face);
    Vector v = frame == Symbol.T ? ofDefaults(t, s) : ofFrame(t, s, WindowTree.frame(t, frame));
    if (v == null && signal) {
      throw new LispSignal(Q.ERROR, "Invalid face", face);
    }
    return v;
  }

  private static Vector fresh(Task t) {
    Object[] a = new Object[SIZE];
    java.util.Arrays.fill(a, UNSPECIFIED);
    a[0] = FACE;
    return new Vector(t.c, a);
  }

  @Primitive(
      value = "internal-lisp-face-p",
      min = 1,
      doc =
          "Return the attributes of FACE as a vector if it is a face, else nil.\n"
              + "FRAME nil: those for new frames.")
  static Object isFace(Task t, Object face, Object frame) {
    if (!(face instanceof Symbol) && !(face instanceof LispString)) {
      return Symbol.NIL;
    }
    Vector v = Lisp.isTrue(frame) ? of(t, face, frame, false) : ofDefaults(t, resolve(t, face));
    return v == null ? Symbol.NIL : v;
  }

  @Primitive(
      value = "internal-make-lisp-face",
      min = 1,
      doc = "Make FACE a face without attributes, on FRAME only if non-nil.  Return the vector.")
  static Object make(Task t, Object face, Object frame) {
    Symbol s = Lisp.symbol(face);
    Vector global = ofDefaults(t, s);
    if (global == null) {
      long id = defaults(t).count(t.c);
      global = fresh(t);
      defaults(t).put(t, s, t.cons(id, global));
      t.callNamed("put", s, FACE, id);
    } else if (frame == Symbol.NIL) {
      clear(t, global);
    }
    if (!(frame instanceof Frame f)) {
      return global;
    }
    Vector v = ofFrame(t, s, f);
    if (v == null) {
      v = fresh(t);
      table(t, f).put(t, s, v);
    } else {
      clear(t, v);
    }
    if (s == DEFAULT) {
      realizeDefault(t, v);
    }
    return v;
  }

  private static void clear(Task t, Vector v) {
    for (int i = 1; i < SIZE; i++) {
      v.set(t.c, i, UNSPECIFIED);
    }
  }

  /** The default face of a text terminal has all attributes. */
  private static void realizeDefault(Task t, Vector v) {
    for (int i = 1; i < SIZE; i++) {
      if (v.get(t.c, i) != UNSPECIFIED) {
        continue;
      }
      Object x =
          switch (i) {
            case 1, 2 -> LispString.of(t.c, "default");
            case 3, 5, 6 -> NORMAL;
            case HEIGHT -> 1L;
            case 9 -> LispString.of(t.c, "unspecified-fg");
            case 10 -> LispString.of(t.c, "unspecified-bg");
            case 15, 17, 18 -> UNSPECIFIED;
            default -> Symbol.NIL;
          };
      v.set(t.c, i, x);
    }
  }

  @Primitive(
      value = "internal-copy-lisp-face",
      doc = "Copy the attributes of FROM to TO, from FRAME to NEW-FRAME; FRAME t: for new frames.")
  static Object copy(Task t, Object from, Object to, Object frame, Object newFrame) {
    Symbol target = Lisp.symbol(to);
    Vector source;
    Vector dest;
    if (frame == Symbol.T) {
      source = of(t, from, Symbol.T, true);
      dest = (Vector) make(t, target, Symbol.NIL);
    } else {
      Frame f = WindowTree.frame(t, Lisp.isTrue(newFrame) ? newFrame : frame);
      source = of(t, from, frame, true);
      dest = (Vector) make(t, target, f);
    }
    for (int i = 1; i < SIZE; i++) {
      dest.set(t.c, i, source.get(t.c, i));
    }
    return to;
  }

  private static Object invalid(String message, Object value) {
    throw new LispSignal(Q.ERROR, message, value);
  }

  private static boolean inTable(Task t, String table, Object value) {
    Object v = Variables.orNil(t, t.symbols().intern(t, table));
    if (!(v instanceof Vector rows)) {
      return true;
    }
    for (int i = 0; i < rows.length(t.c); i++) {
      if (rows.get(t.c, i) instanceof Vector row) {
        for (int k = 1; k < row.length(t.c); k++) {
          if (row.get(t.c, k) == value) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static void check(Task t, Symbol face, int i, Object value) {
    if (value == UNSPECIFIED || value == IGNORE || value == RESET) {
      return;
    }
    boolean bool = value == Symbol.T || value == Symbol.NIL;
    switch (ATTRIBUTES[i]) {
      case ":family" -> nonEmpty(t, value, "Invalid face family");
      case ":foundry" -> nonEmpty(t, value, "Invalid face foundry");
      case ":height" -> {
        if (face == DEFAULT) {
          if (!(value instanceof Long l) || l <= 0) {
            invalid("Default face height not absolute and positive", value);
          }
        } else if (!(value instanceof Long l
            ? l > 0
            : value instanceof Double d ? d > 0 : Lisp.isTrue(t.callNamed("functionp", value)))) {
          invalid("Face height does not produce a positive integer", value);
        }
      }
      case ":weight" -> named(t, "font-weight-table", value, "Invalid face weight");
      case ":slant" -> named(t, "font-slant-table", value, "Invalid face slant");
      case ":width" -> named(t, "font-width-table", value, "Invalid face width");
      case ":underline" -> {
        if (!bool && !(value instanceof LispString) && !(value instanceof Pair)) {
          invalid("Invalid face underline", value);
        }
      }
      case ":overline", ":strike-through" -> {
        if (!bool && !(value instanceof LispString s && s.length(t.c) > 0)) {
          invalid("Invalid face " + ATTRIBUTES[i].substring(1), value);
        }
      }
      case ":box" -> {
        if (!bool
            && !(value instanceof Long l && l != 0)
            && !(value instanceof LispString s && s.length(t.c) > 0)
            && !(value instanceof Pair)) {
          invalid("Invalid face box", value);
        }
      }
      case ":inverse-video" -> {
        Lisp.symbol(value);
        if (!bool) {
          invalid("Invalid inverse-video face attribute value", value);
        }
      }
      case ":extend" -> {
        Lisp.symbol(value);
        if (!bool) {
          invalid("Invalid extend face attribute value", value);
        }
      }
      case ":foreground", ":background", ":distant-foreground" -> {
        if (Lisp.isTrue(value) && Lisp.string(value).length(t.c) == 0) {
          invalid("Empty " + ATTRIBUTES[i].substring(1).replace('-', ' ') + " color value", value);
        }
      }
      case ":inherit" -> {
        Object tail = value;
        while (tail instanceof Pair p && p.first(t.c) instanceof Symbol) {
          tail = p.second(t.c);
        }
        if (!(value instanceof Symbol) && tail != Symbol.NIL) {
          invalid("Invalid face inheritance", value);
        }
      }
      default -> {}
    }
  }

  private static void nonEmpty(Task t, Object value, String message) {
    if (Lisp.string(value).length(t.c) == 0) {
      invalid(message, value);
    }
  }

  private static void named(Task t, String table, Object value, String message) {
    Lisp.symbol(value);
    if (!inTable(t, table, value)) {
      invalid(message, value);
    }
  }

  @Primitive(
      value = "internal-set-lisp-face-attribute",
      min = 3,
      doc =
          "Set attribute ATTR of FACE to VALUE on FRAME: nil the selected one, t new frames,\n"
              + "0 all frames and new ones.  Return FACE.")
  static Object setAttribute(Task t, Object face, Object attr, Object value, Object frame) {
    Symbol s = resolve(t, Lisp.symbol(face));
    Lisp.symbol(attr);
    if (frame instanceof Long l && l == 0) {
      setAttribute(t, face, attr, value, Symbol.T);
      setAttribute(t, face, attr, value, WindowTree.frame(t));
      return face;
    }
    Object name = attr;
    Object x = value;
    if (name == Symbol.known(":bold")) {
      name = Symbol.known(":weight");
      x = Lisp.isTrue(x) ? BOLD : NORMAL;
    } else if (name == Symbol.known(":italic")) {
      name = Symbol.known(":slant");
      x = Lisp.isTrue(x) ? ITALIC : NORMAL;
    } else if (name == Symbol.known(":reverse-video")) {
      name = Symbol.known(":inverse-video");
    }
    int i = index(name);
    check(t, s, i, x);
    Vector v;
    if (frame == Symbol.T) {
      v = ofDefaults(t, s);
      if (v == null) {
        throw new LispSignal(Q.ERROR, "Invalid face", face);
      }
      if (x == UNSPECIFIED) {
        x = IGNORE;
      }
    } else {
      Frame f = WindowTree.frame(t, frame);
      v = ofFrame(t, s, f);
      if (v == null) {
        v = (Vector) make(t, s, f);
      }
      if (x == IGNORE) {
        x = UNSPECIFIED;
      }
    }
    v.set(t.c, i, x);
    if (s == DEFAULT && frame != Symbol.T) {
      realizeDefault(t, v);
    }
    return face;
  }

  @Primitive(
      value = "internal-get-lisp-face-attribute",
      min = 2,
      doc = "Return attribute KEYWORD of face SYMBOL on FRAME; t: for new frames.")
  static Object getAttribute(Task t, Object symbol, Object keyword, Object frame) {
    Vector v = of(t, Lisp.symbol(symbol), frame, true);
    Lisp.symbol(keyword);
    Object name =
        keyword == Symbol.known(":bold")
            ? Symbol.known(":weight")
            : keyword == Symbol.known(":italic")
                ? Symbol.known(":slant")
                : keyword == Symbol.known(":reverse-video")
                    ? Symbol.known(":inverse-video")
                    : keyword;
    Object x = v.get(t.c, index(name));
    return x == IGNORE ? UNSPECIFIED : x;
  }

  @Primitive(
      value = "internal-lisp-face-attribute-values",
      doc = "Return a list of the values that attribute ATTR can have, or nil.")
  static Object attributeValues(Task t, Object attr) {
    return switch (Lisp.symbol(attr).name()) {
      case ":underline",
          ":overline",
          ":strike-through",
          ":inverse-video",
          ":reverse-video",
          ":extend" ->
          t.list(Symbol.T, Symbol.NIL);
      default -> Symbol.NIL;
    };
  }

  @Primitive(
      value = "internal-merge-in-global-face",
      doc = "Add the attributes that FACE has for new frames to those it has on FRAME.")
  static Object mergeGlobal(Task t, Object face, Object frame) {
    Frame f = WindowTree.frame(t, frame);
    Vector global = of(t, face, Symbol.T, true);
    Symbol s = resolve(t, face);
    Vector local = ofFrame(t, s, f);
    if (local == null) {
      local = (Vector) make(t, s, f);
    }
    for (int i = 1; i < SIZE; i++) {
      Object x = global.get(t.c, i);
      if (x == IGNORE) {
        local.set(t.c, i, UNSPECIFIED);
      } else if (x != UNSPECIFIED) {
        local.set(t.c, i, x);
      }
    }
    if (s == DEFAULT) {
      realizeDefault(t, local);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "internal-lisp-face-equal-p",
      min = 2,
      doc = "Return t if FACE1 and FACE2 have the same attributes on FRAME.")
  static boolean equal(Task t, Object face1, Object face2, Object frame) {
    Vector a = of(t, face1, frame, true);
    Vector b = of(t, face2, frame, true);
    for (int i = 1; i < SIZE; i++) {
      if (!Lisp.isTrue(t.callNamed("equal", a.get(t.c, i), b.get(t.c, i)))) {
        return false;
      }
    }
    return true;
  }

  @Primitive(
      value = "internal-lisp-face-empty-p",
      min = 1,
      doc = "Return t if FACE has no attributes on FRAME.")
  static boolean empty(Task t, Object face, Object frame) {
    Vector a = of(t, face, frame, true);
    for (int i = 1; i < SIZE; i++) {
      if (a.get(t.c, i) != UNSPECIFIED) {
        return false;
      }
    }
    return true;
  }

  @Primitive(
      value = "face-attribute-relative-p",
      doc = "Return t if VALUE of ATTRIBUTE is relative to other faces.")
  static boolean relative(Task t, Object attribute, Object value) {
    return value == UNSPECIFIED
        || value == IGNORE
        || (attribute == Symbol.known(":height") && !(value instanceof Long));
  }

  @Primitive(
      value = "merge-face-attribute",
      doc = "Return VALUE1 of ATTRIBUTE, or where it is relative, VALUE1 applied to VALUE2.")
  static Object merge(Task t, Object attribute, Object value1, Object value2) {
    if (value1 == UNSPECIFIED || value1 == IGNORE) {
      return value2;
    }
    if (attribute != Symbol.known(":height") || value1 instanceof Long) {
      return value1;
    }
    if (value1 instanceof Double d) {
      return value2 instanceof Long l
          ? (Object) (long) (d * l)
          : value2 instanceof Double e ? (Object) (d * e) : value1;
    }
    return value2 instanceof Long ? t.call(value1, value2) : value1;
  }

  @Primitive(
      value = "face-attributes-as-vector",
      doc = "Return a vector of the face attributes in PLIST.")
  static Object asVector(Task t, Object plist) {
    Vector v = fresh(t);
    Object tail = plist;
    while (tail instanceof Pair p && p.second(t.c) instanceof Pair q) {
      if (p.first(t.c) instanceof Symbol s && List.of(ATTRIBUTES).contains(s.name())) {
        v.set(t.c, index(s), q.first(t.c));
      }
      tail = q.second(t.c);
    }
    v.set(t.c, 0, UNSPECIFIED);
    return v;
  }

  @Primitive(
      value = "frame--face-hash-table",
      min = 0,
      doc = "Return a hash table of the faces of FRAME.")
  static Object faceTable(Task t, Object frame) {
    return table(t, WindowTree.frame(t, frame));
  }

  @Primitive(
      value = "face-font",
      min = 1,
      doc = "Return the font of FACE on FRAME; t: its font attributes for new frames.")
  static Object faceFont(Task t, Object face, Object frame, Object character) {
    if (frame == Symbol.T) {
      Vector v = of(t, face, frame, true);
      List<Object> out = new ArrayList<>();
      if (v.get(t.c, 5) != UNSPECIFIED && v.get(t.c, 5) != NORMAL) {
        out.add(BOLD);
      }
      if (v.get(t.c, 6) != UNSPECIFIED && v.get(t.c, 6) != NORMAL) {
        out.add(ITALIC);
      }
      return Lisp.list(t.c, out);
    }
    of(t, face, frame, true);
    return LispString.of(t.c, "tty");
  }

  @Primitive(value = "clear-face-cache", min = 0, doc = "Forget what faces look like.")
  static Object clearCache(Task t, Object thoroughly) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "display-supports-face-attributes-p",
      min = 1,
      doc = "Return non-nil if DISPLAY can show ATTRIBUTES: it shows nothing.")
  static Object supports(Task t, Object attributes, Object display) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "tty-suppress-bold-inverse-default-colors",
      doc = "Say whether bold inverse default faces are shown without bold.")
  static Object suppress(Task t, Object suppress) {
    return suppress;
  }

  @Primitive(
      value = "internal-set-font-selection-order",
      doc = "Set the ORDER in which font attributes count.")
  static Object selectionOrder(Task t, Object order) {
    Lisp.list(order);
    return Symbol.NIL;
  }

  @Primitive(
      value = "internal-set-alternative-font-family-alist",
      doc = "Set the alternatives for font families to ALIST; return them as symbols.")
  static Object alternativeFamilies(Task t, Object alist) {
    return internAll(t, alist, false);
  }

  private static Object internAll(Task t, Object alist, boolean lower) {
    List<Object> out = new ArrayList<>();
    for (Object entry : Lisp.elements(t.c, Lisp.list(alist))) {
      List<Object> row = new ArrayList<>();
      for (Object x : Lisp.elements(t.c, entry)) {
        row.add(lower ? x : t.symbols().intern(t, Lisp.string(x).toJava(t.c)));
      }
      out.add(Lisp.list(t.c, row));
    }
    return Lisp.list(t.c, out);
  }

  @Primitive(
      value = "internal-set-alternative-font-registry-alist",
      doc = "Set the alternatives for font registries to ALIST; return them in lower case.")
  static Object alternativeRegistries(Task t, Object alist) {
    List<Object> out = new ArrayList<>();
    for (Object entry : Lisp.elements(t.c, Lisp.list(alist))) {
      List<Object> row = new ArrayList<>();
      for (Object x : Lisp.elements(t.c, entry)) {
        row.add(LispString.of(t.c, Lisp.string(x).toJava(t.c).toLowerCase(Locale.ROOT)));
      }
      out.add(Lisp.list(t.c, row));
    }
    return Lisp.list(t.c, out);
  }

  // ---- Colours ----------------------------------------------------------------------------------

  @Primitive(
      value = "color-values-from-color-spec",
      doc =
          "Return the (RED GREEN BLUE) that SPEC, as \\\"#RGB\\\" or \\\"rgb:R/G/B\\\", means, or"
              + " nil.")
  static Object fromSpec(Task t, Object spec) {
    long[] rgb = parse(Lisp.string(spec).toJava(t.c));
    return rgb == null ? Symbol.NIL : t.list(rgb[0], rgb[1], rgb[2]);
  }

  private static long[] parse(String s) {
    try {
      long[] rgb = new long[3];
      if (s.startsWith("#")) {
        int digits = (s.length() - 1) / 3;
        if (digits < 1 || digits > 4 || (s.length() - 1) % 3 != 0) {
          return null;
        }
        for (int i = 0; i < 3; i++) {
          rgb[i] = scaled(s.substring(1 + i * digits, 1 + (i + 1) * digits));
        }
        return rgb;
      }
      boolean floats = s.startsWith("rgbi:");
      if (!floats && !s.startsWith("rgb:")) {
        return null;
      }
      String[] parts = s.substring(floats ? 5 : 4).split("/", -1);
      if (parts.length != 3) {
        return null;
      }
      for (int i = 0; i < 3; i++) {
        if (floats) {
          double d = Double.parseDouble(parts[i]);
          if (!(d >= 0 && d <= 1)) {
            return null;
          }
          rgb[i] = Math.round(d * 65535);
        } else {
          if (parts[i].isEmpty() || parts[i].length() > 4) {
            return null;
          }
          rgb[i] = scaled(parts[i]);
        }
      }
      return rgb;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static long scaled(String hex) {
    if (!hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw new NumberFormatException(hex);
    }
    long max = (1L << (4 * hex.length())) - 1;
    return Long.parseLong(hex, 16) * 65535 / max;
  }

  private static long[] color(Task t, Object x, Object frame) {
    Object list = x;
    if (x instanceof LispString s) {
      long[] parsed = parse(s.toJava(t.c));
      if (parsed != null) {
        return parsed;
      }
      Object desc = t.callNamed("tty-color-desc", x, frame);
      list = desc instanceof Pair ? Keymap.nth(t, 0, t.callNamed("nthcdr", 2L, desc)) : Symbol.NIL;
      Object values = desc instanceof Pair ? t.callNamed("nthcdr", 2L, desc) : Symbol.NIL;
      list = values;
    }
    long[] rgb = new long[3];
    for (int i = 0; i < 3; i++) {
      if (!(list instanceof Pair p) || !(p.first(t.c) instanceof Long l)) {
        return null;
      }
      rgb[i] = l;
      list = p.second(t.c);
    }
    return rgb;
  }

  @Primitive(
      value = "color-distance",
      min = 2,
      doc =
          "Return how different COLOR1 and COLOR2 are, which are names or (RED GREEN BLUE).\n"
              + "METRIC is a function to use instead, of two such lists.")
  static Object distance(Task t, Object color1, Object color2, Object frame, Object metric) {
    long[] a = color(t, color1, frame);
    if (a == null) {
      throw new LispSignal(Q.ERROR, "Invalid color", color1);
    }
    long[] b = color(t, color2, frame);
    if (b == null) {
      throw new LispSignal(Q.ERROR, "Invalid color", color2);
    }
    if (Lisp.isTrue(metric)) {
      return t.call(metric, t.list(a[0], a[1], a[2]), t.list(b[0], b[1], b[2]));
    }
    long red = a[0] - b[0];
    long green = a[1] - b[1];
    long blue = a[2] - b[2];
    long mean = (a[0] + b[0]) >> 1;
    return (((2 * 65536 + mean) * red * red) >> 32)
        + ((4 * green * green) >> 16)
        + (((2 * 65536 + 65535 - mean) * blue * blue) >> 32);
  }

  @Primitive(value = "color-gray-p", min = 1, doc = "Return t if COLOR is a shade of grey.")
  static boolean gray(Task t, Object color, Object frame) {
    long[] c = color(t, Lisp.string(color), frame);
    if (c == null) {
      return false;
    }
    long red = c[0];
    long green = c[1];
    long blue = c[2];
    return (Math.abs(red - green) < Math.max(red, green) / 20
            && Math.abs(green - blue) < Math.max(green, blue) / 20
            && Math.abs(blue - red) < Math.max(blue, red) / 20)
        || (red == 0 && green == 0 && blue == 0);
  }

  @Primitive(
      value = "color-supported-p",
      min = 1,
      doc = "Return t if COLOR can be shown on FRAME; BACKGROUND-P: as background.")
  static boolean supported(Task t, Object color, Object frame, Object backgroundP) {
    return color(t, Lisp.string(color), frame) != null;
  }

  @Primitive(
      value = "x-load-color-file",
      doc = "Return an alist of the colours that FILENAME, as rgb.txt, defines.")
  static Object loadColors(Task t, Object filename) {
    String name = ((LispString) t.callNamed("expand-file-name", Lisp.string(filename))).toJava(t.c);
    List<Object> out = new ArrayList<>();
    try {
      for (String line :
          java.nio.file.Files.readAllLines(
              java.nio.file.Path.of(name), java.nio.charset.StandardCharsets.ISO_8859_1)) {
        java.util.regex.Matcher m =
            java.util.regex.Pattern.compile("\\s*(\\d+)\\s+(\\d+)\\s+(\\d+)\\s+(.*)").matcher(line);
        if (m.matches()) {
          long rgb =
              (Long.parseLong(m.group(1)) << 16)
                  + (Long.parseLong(m.group(2)) << 8)
                  + Long.parseLong(m.group(3));
          out.add(t.cons(LispString.of(t.c, m.group(4)), rgb));
        }
      }
    } catch (java.io.IOException | java.nio.file.InvalidPathException e) {
      return Symbol.NIL;
    }
    java.util.Collections.reverse(out);
    return Lisp.list(t.c, out);
  }
}
