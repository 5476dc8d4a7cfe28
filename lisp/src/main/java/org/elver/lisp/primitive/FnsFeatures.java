package org.elver.lisp.primitive;

import java.math.BigInteger;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Memo;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Features, widgets' properties, random numbers, and what there is to ask of the system. */
final class FnsFeatures {
  private static final Symbol SUBFEATURES = Symbol.known("subfeatures");
  private static final Symbol PROVIDE = Symbol.known("provide");
  private static final Symbol REQUIRE = Symbol.known("require");
  private static final Symbol FUNCALL = Symbol.known("funcall");
  private static final Symbol MAPC = Symbol.known("mapc");
  private static final Symbol LOAD = Symbol.known("load");

  /** Features whose {@code require} is going on: a list, innermost first. */
  private static final Symbol REQUIRING = Symbol.known(" requiring");

  /** The state of {@code random}: an integer. */
  private static final Symbol RANDOM_STATE = Symbol.known(" random-state");

  /** The lineage (see {@link Memo}) of the isolate whose state that is: an integer. */
  private static final Symbol RANDOM_LINEAGE = Symbol.known(" random-lineage");

  private FnsFeatures() {}

  static void variables(Task t) {
    Vm.defvar(t, Q.FEATURES, t.list(Symbol.known("threads"), Symbol.known("emacs")));
    Vm.defvar(t, REQUIRING, Symbol.NIL);
    seed(t);
  }

  // ---- Features ---------------------------------------------------------------------------------

  @Primitive(
      value = "featurep",
      min = 1,
      doc = "Return t if FEATURE was provided, and SUBFEATURE with it.")
  static boolean featurep(Task t, Object feature, Object subfeature) {
    Symbol f = Lisp.symbol(feature);
    if (!isProvided(t, f)) {
      return false;
    }
    return subfeature == Symbol.NIL
        || Fns.member(t, subfeature, Fns.get(t, f, SUBFEATURES)) != Symbol.NIL;
  }

  /** An isolate that gets its parent's definitions when it needs them has its features too. */
  private static boolean isProvided(Task t, Symbol f) {
    if (Fns.memq(t, f, Variables.orNil(t, Q.FEATURES)) != Symbol.NIL) {
      return true;
    }
    LispIsolate i = t.provider() == null ? null : LispIsolate.of(t);
    return i != null && i.canGet(t, f);
  }

  private static void noteLoaded(Task t, Object what) {
    Variables.set(t, Q.CURRENT_LOAD_LIST, t.cons(what, Variables.orNil(t, Q.CURRENT_LOAD_LIST)));
  }

  @Primitive(
      value = "provide",
      min = 1,
      doc = "Say that FEATURE is there now, with SUBFEATURES; return FEATURE.")
  static Object provide(Task t, Object feature, Object subfeatures) {
    Symbol f = Lisp.symbol(feature);
    Lisp.list(subfeatures);
    Object features = Variables.orNil(t, Q.FEATURES);
    if (Fns.memq(t, f, features) == Symbol.NIL) {
      Variables.set(t, Q.FEATURES, t.cons(f, features));
    }
    if (subfeatures != Symbol.NIL) {
      Fns.put(t, f, SUBFEATURES, subfeatures);
    }
    noteLoaded(t, t.cons(PROVIDE, f));
    Object after = Fns.assq(t, f, Variables.orNil(t, Q.AFTER_LOAD_ALIST));
    if (after instanceof Pair p) {
      t.call(MAPC, FUNCALL, p.second(t.c));
    }
    return feature;
  }

  @Primitive(
      value = "require",
      min = 1,
      doc =
          "If FEATURE was not provided, load it from FILENAME, or the file of its name.\n"
              + "Return FEATURE; nil if there is no such file and NOERROR.")
  static Object require(Task t, Object feature, Object filename, Object noerror) {
    Symbol f = Lisp.symbol(feature);
    noteRequired(t, f);
    if (isProvided(t, f)) {
      return feature;
    }
    int nested = 0;
    Object going = Variables.orNil(t, REQUIRING);
    for (Object x = going; x instanceof Pair p; x = p.second(t.c)) {
      nested += p.first(t.c) == f ? 1 : 0;
    }
    if (nested > 3) {
      throw LispSignal.error("Recursive ‘require’ for feature ‘" + f.name() + "’");
    }
    int mark = t.bindingMark();
    Object loaded;
    try {
      t.bind(REQUIRING, t.cons(f, going));
      loaded =
          t.call(
              LOAD,
              filename == Symbol.NIL ? LispString.of(t.c, f.name()) : filename,
              noerror,
              Symbol.T,
              Symbol.NIL,
              filename == Symbol.NIL ? Symbol.T : Symbol.NIL);
    } finally {
      t.unbindTo(mark);
    }
    if (loaded == Symbol.NIL) {
      return Symbol.NIL;
    }
    if (Fns.memq(t, f, Variables.orNil(t, Q.FEATURES)) == Symbol.NIL) {
      Object file = Lisp.carSafe(t.c, Lisp.carSafe(t.c, Variables.orNil(t, Q.LOAD_HISTORY)));
      throw LispSignal.error(
          file instanceof LispString s
              ? "Loading file " + s.toJava(t.c) + " failed to provide feature ‘" + f.name() + "’"
              : "Required feature ‘" + f.name() + "’ was not provided");
    }
    return feature;
  }

  /** What a file requires is remembered with it. */
  private static void noteRequired(Task t, Symbol f) {
    Object list = Variables.orNil(t, Q.CURRENT_LOAD_LIST);
    boolean fromFile = Variables.orNil(t, Q.LOAD_IN_PROGRESS) != Symbol.NIL;
    for (Object x = list; !fromFile && x instanceof Pair p; x = p.second(t.c)) {
      fromFile = p.second(t.c) == Symbol.NIL && p.first(t.c) instanceof LispString;
    }
    if (fromFile) {
      Object what = t.cons(REQUIRE, f);
      if (Fns.member(t, what, list) == Symbol.NIL) {
        noteLoaded(t, what);
      }
    }
  }

  // ---- Widgets ----------------------------------------------------------------------------------

  @Primitive(
      value = "widget-put",
      doc = "Make VALUE the value of PROPERTY of WIDGET; return VALUE.")
  static Object widgetPut(Task t, Object widget, Object property, Object value) {
    Pair w = Lisp.cons(widget);
    w.setSecond(t.c, Fns.plistPut(t, w.second(t.c), property, value));
    return value;
  }

  @Primitive(value = "widget-get", doc = "Return the value of PROPERTY of WIDGET, or of its type.")
  static Object widgetGet(Task t, Object widget, Object property) {
    Object w = widget;
    while (w != Symbol.NIL) {
      Pair p = Lisp.cons(w);
      Object tail = Fns.plistMember(t, p.second(t.c), property);
      if (tail instanceof Pair found) {
        return Lisp.car(t.c, found.second(t.c));
      }
      Object type = p.first(t.c);
      if (type == Symbol.NIL) {
        return Symbol.NIL;
      }
      w = Fns.get(t, type, Symbol.known("widget-type"));
      t.safepoint();
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "widget-apply",
      min = 2,
      doc = "Call the value of PROPERTY of WIDGET with WIDGET and ARGS.",
      args = "(WIDGET PROPERTY &rest ARGS)")
  static Object widgetApply(Task t, Object[] args) {
    Object[] all = new Object[args.length - 1];
    all[0] = args[0];
    System.arraycopy(args, 2, all, 1, args.length - 2);
    return t.tail(widgetGet(t, args[0], args[1]), all);
  }

  // ---- Random numbers ---------------------------------------------------------------------------

  /** Starts random numbers from the time. */
  static void seed(Task t) {
    seed(t, System.nanoTime() * 0x9E3779B97F4A7C15L);
  }

  private static void seed(Task t, long state) {
    RANDOM_STATE.setRawValue(t, Lisp.integer(state));
    RANDOM_LINEAGE.setRawValue(t, Lisp.integer(Memo.of(t.c).lineage()));
  }

  private static long integer(Object x) {
    return x instanceof Long l ? l : x instanceof BigInteger b ? b.longValue() : 0;
  }

  /**
   * The next 64 bits (SplitMix64). The state is the isolate's own: a fork that finds its parent's
   * goes on from a state that its lineage changes, so that the two and their siblings differ.
   */
  static long next(Task t) {
    long s = integer(RANDOM_STATE.rawValue(t));
    long lineage = Memo.of(t.c).lineage();
    if (integer(RANDOM_LINEAGE.rawValue(t)) != lineage) {
      seed(t, s ^ lineage);
      s ^= lineage;
    }
    s += 0x9E3779B97F4A7C15L;
    RANDOM_STATE.setRawValue(t, Lisp.integer(s));
    long z = s;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Primitive(
      value = "random",
      min = 0,
      doc =
          "Return a random fixnum, below LIMIT and not negative if that is a positive integer.\n"
              + "LIMIT t: start anew from the time; a string: start from what it says.")
  static Object random(Task t, Object limit) {
    if (limit == Symbol.T) {
      seed(t);
    } else if (limit instanceof LispString s) {
      long h = 1125899906842597L;
      for (int code : s.codeArray(t.c)) {
        h = 31 * h + code;
      }
      seed(t, h);
    } else if (limit instanceof Long n && n > 0) {
      long r;
      long v;
      do { // Without the bias of a plain remainder.
        v = next(t) >>> 1;
        r = v % n;
      } while (v - r + (n - 1) < 0);
      return r;
    } else if (limit instanceof BigInteger n && n.signum() > 0) {
      int bits = n.bitLength() + 64;
      BigInteger v = BigInteger.ZERO;
      for (int i = 0; i < bits; i += 64) {
        v = v.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(next(t))));
      }
      return Lisp.integer(v.mod(n));
    }
    if (limit instanceof BigInteger) {
      throw LispSignal.wrongType(Q.NATNUMP, limit);
    }
    return next(t) >> 2;
  }

  // ---- The system -------------------------------------------------------------------------------

  @Primitive(
      value = "load-average",
      min = 0,
      doc =
          "Return the load averages of 1, 5 and 15 minutes, times 100 or as floats if USE-FLOATS.")
  static Object loadAverage(Task t, Object useFloats) {
    try {
      String text = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/loadavg"));
      java.util.StringTokenizer words = new java.util.StringTokenizer(text);
      Object[] all = new Object[3];
      for (int i = 0; i < 3; i++) {
        double d = Double.parseDouble(words.nextToken());
        all[i] = useFloats == Symbol.NIL ? (Object) Math.round(d * 100) : (Object) d;
      }
      return t.list(all);
    } catch (java.io.IOException | NumberFormatException | java.util.NoSuchElementException e) {
      throw LispSignal.error("load-average not implemented for this operating system");
    }
  }

  private static Object names(Task t, String... names) {
    Object[] all = new Object[names.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = LispString.of(t.c, names[i]);
    }
    return new Vector(t.c, all);
  }

  @Primitive(
      value = "locale-info",
      doc = "Return what ITEM is here: codeset, days, months or paper.")
  static Object localeInfo(Task t, Object item) {
    if (!(item instanceof Symbol s)) {
      return Symbol.NIL;
    }
    return switch (s.name()) {
      case "codeset" -> LispString.of(t.c, utf8() ? "UTF-8" : "ANSI_X3.4-1968");
      case "days" ->
          names(t, "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");
      case "months" ->
          names(
              t,
              "January",
              "February",
              "March",
              "April",
              "May",
              "June",
              "July",
              "August",
              "September",
              "October",
              "November",
              "December");
      case "paper" -> t.list(210L, 297L);
      default -> Symbol.NIL;
    };
  }

  private static boolean utf8() {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String v = System.getenv(name);
      if (v != null && !v.isEmpty()) {
        String l = v.toLowerCase(java.util.Locale.ROOT);
        return l.contains("utf-8") || l.contains("utf8");
      }
    }
    return false;
  }

  @Primitive(value = "yes-or-no-p", doc = "Ask PROMPT; return t for the answer yes, nil for no.")
  static Object yesOrNoP(Task t, Object prompt) {
    LispString p = Lisp.string(prompt);
    if (Variables.orNil(t, t.symbols().intern(t, "use-short-answers")) != Symbol.NIL) {
      return t.callNamed("y-or-n-p", p);
    }
    Object asked = FnsStrings.concat(t, new Object[] {p, LispString.of(t.c, "(yes or no) ")});
    while (true) {
      Object answer = t.callNamed("read-from-minibuffer", asked);
      String a =
          answer instanceof LispString s ? s.toJava(t.c).toLowerCase(java.util.Locale.ROOT) : "";
      if (a.equals("yes")) {
        return Symbol.T;
      }
      if (a.equals("no")) {
        return Symbol.NIL;
      }
      t.callNamed("message", LispString.of(t.c, "Please answer yes or no."));
    }
  }
}
