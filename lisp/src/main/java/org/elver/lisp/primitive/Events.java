package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Input events as Lisp data: characters with modifier bits, and symbols with modifier prefixes. */
final class Events {
  static final long ALT = 1L << 22;
  static final long SUPER = 1L << 23;
  static final long HYPER = 1L << 24;
  static final long SHIFT = 1L << 25;
  static final long CTRL = 1L << 26;
  static final long META = 1L << 27;
  static final long CHARACTER_MODIFIERS = ALT | SUPER | HYPER | SHIFT | CTRL | META;
  private static final long UP = 1;
  private static final long DOWN = 2;
  private static final long DRAG = 4;
  private static final long CLICK = 8;
  private static final long DOUBLE = 16;
  private static final long TRIPLE = 32;

  /** Modifiers in the order of their prefixes in a symbol's name. */
  private record Modifier(String prefix, long bit) {}

  private static final Modifier[] PREFIXES = {
    new Modifier("A-", ALT),
    new Modifier("C-", CTRL),
    new Modifier("H-", HYPER),
    new Modifier("M-", META),
    new Modifier("S-", SHIFT),
    new Modifier("s-", SUPER),
    new Modifier("double-", DOUBLE),
    new Modifier("triple-", TRIPLE),
    new Modifier("up-", UP),
    new Modifier("down-", DOWN),
    new Modifier("drag-", DRAG),
  };

  private static final Symbol[] NAMES = {
    Symbol.known("up"), Symbol.known("down"), Symbol.known("drag"), Symbol.known("click"),
    Symbol.known("double"), Symbol.known("triple"), Symbol.known("alt"), Symbol.known("super"),
    Symbol.known("hyper"), Symbol.known("shift"), Symbol.known("control"), Symbol.known("meta"),
  };
  private static final long[] NAME_BITS = {
    UP, DOWN, DRAG, CLICK, DOUBLE, TRIPLE, ALT, SUPER, HYPER, SHIFT, CTRL, META
  };

  private static final Symbol EVENT_SYMBOL_ELEMENTS = Symbol.known("event-symbol-elements");

  private Events() {}

  /** The event itself, or its first element when it is a list. */
  static Object head(Task t, Object event) {
    return event instanceof Pair p ? p.first(t.c) : event;
  }

  /** A name without modifier prefixes, and their bits. */
  record Parsed(String base, long modifiers) {}

  static Parsed parse(String name) {
    long bits = 0;
    int i = 0;
    boolean more = true;
    while (more) {
      more = false;
      for (Modifier m : PREFIXES) {
        if (name.startsWith(m.prefix, i)) {
          // A prefix that is the whole rest stands for itself.
          if (m.prefix.length() > 2 && i + m.prefix.length() == name.length()) {
            continue;
          }
          bits |= m.bit;
          i += m.prefix.length();
          more = true;
          break;
        }
      }
    }
    String base = name.substring(i);
    if ((bits & (DOWN | DRAG | DOUBLE | TRIPLE | UP)) == 0 && isClickable(base)) {
      bits |= CLICK;
    } else if ((bits & (DOUBLE | TRIPLE)) != 0
        && (bits & (DOWN | DRAG | UP)) == 0
        && isClickable(base)) {
      bits |= CLICK;
    }
    return new Parsed(base, bits);
  }

  private static boolean isClickable(String base) {
    if (base.equals("wheel-up")
        || base.equals("wheel-down")
        || base.equals("wheel-left")
        || base.equals("wheel-right")) {
      return true;
    }
    if (!base.startsWith("mouse-") || base.length() <= 6) {
      return false;
    }
    for (int i = 6; i < base.length(); i++) {
      if (base.charAt(i) < '0' || base.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** The symbol of {@code base} with these modifiers, prefixes in their order. */
  static Symbol withModifiers(Task t, String base, long bits) {
    StringBuilder s = new StringBuilder();
    for (Modifier m : PREFIXES) {
      if ((bits & m.bit) != 0) {
        s.append(m.prefix);
      }
    }
    return t.symbols().intern(t, s.append(base).toString());
  }

  /** The same event with its modifier prefixes in their order. */
  static Symbol reorder(Task t, Symbol s) {
    String name = s.name();
    int dash = name.indexOf('-');
    if (dash != 1
        && !name.startsWith("do")
        && !name.startsWith("tr")
        && !name.startsWith("up-")
        && !name.startsWith("dr")) {
      return s;
    }
    Parsed p = parse(name);
    long bits = p.modifiers & ~CLICK;
    return bits == 0 ? s : withModifiers(t, p.base, bits);
  }

  static Object modifierList(Task t, long bits) {
    Object list = Symbol.NIL;
    for (int i = 0; i < NAME_BITS.length; i++) {
      if ((bits & NAME_BITS[i]) != 0) {
        list = t.cons(NAMES[i], list);
      }
    }
    return list;
  }

  static long modifierNamed(Object x) {
    for (int i = 0; i < NAMES.length; i++) {
      if (NAMES[i] == x) {
        return NAME_BITS[i];
      }
    }
    if (x instanceof Symbol s) {
      for (Modifier m : PREFIXES) {
        if (m.prefix.length() == 2
            && m.prefix.charAt(0) == s.name().charAt(0)
            && s.name().length() == 1) {
          return m.bit;
        }
      }
      if (s.name().equals("ctrl")) {
        return CTRL;
      }
    }
    return 0;
  }

  @Primitive(
      value = "internal-event-symbol-parse-modifiers",
      doc =
          "Return the base of the event SYMBOL and its modifiers as a list.\n"
              + "The list is kept as SYMBOL's `event-symbol-elements' property.")
  static Object parseModifiers(Task t, Object symbol) {
    Symbol s = Lisp.symbol(symbol);
    Object known = Symbol.NIL;
    Object plist = s.plist(t);
    while (plist instanceof Pair p && p.second(t.c) instanceof Pair q) {
      if (p.first(t.c) == EVENT_SYMBOL_ELEMENTS) {
        known = q.first(t.c);
        break;
      }
      plist = q.second(t.c);
    }
    if (known instanceof Pair) {
      return known;
    }
    Parsed p = parse(s.name());
    Object list = t.cons(t.symbols().intern(t, p.base), modifierList(t, p.modifiers));
    t.callNamed("put", s, EVENT_SYMBOL_ELEMENTS, list);
    return list;
  }

  /** ASCII with Control applied where that is a control character; else the bit is kept. */
  static long control(long c) {
    long base = c & ~CHARACTER_MODIFIERS;
    long bits = c & CHARACTER_MODIFIERS & ~CTRL;
    if (base >= 0x80) {
      return c | CTRL;
    }
    if (base >= 'a' && base <= 'z') {
      return bits | (base & 0x1F);
    }
    if (base >= '@' && base <= '_') {
      long code = base & 0x1F;
      // Shift tells C-S-a from C-a.
      return bits | code | (base >= 'A' && base <= 'Z' ? SHIFT : 0);
    }
    if (base == ' ') {
      return bits | CTRL | base;
    }
    return c | CTRL;
  }

  @Primitive(
      value = "event-convert-list",
      doc = "Return the event that the list EVENT-DESC of modifiers and a base describes.")
  static Object eventConvertList(Task t, Object eventDesc) {
    Object base = Symbol.NIL;
    long bits = 0;
    Object rest = eventDesc;
    int guard = 0;
    while (rest instanceof Pair p && guard++ < 10_000) {
      Object elt = p.first(t.c);
      rest = p.second(t.c);
      long bit = elt instanceof Symbol && rest instanceof Pair ? modifierNamed(elt) : 0;
      if (bit != 0) {
        bits |= bit;
      } else if (base != Symbol.NIL) {
        throw LispSignal.error("Two bases given in one event");
      } else {
        base = elt;
      }
    }
    if (base instanceof Symbol s
        && s != Symbol.NIL
        && s.name().codePointCount(0, s.name().length()) == 1) {
      base = (long) s.name().codePointAt(0);
    }
    if (base instanceof Long code) {
      long c = code;
      if ((bits & SHIFT) != 0 && c >= 'a' && c <= 'z') {
        c = c - 'a' + 'A';
        bits &= ~SHIFT;
      }
      if ((bits & CTRL) != 0) {
        return control(c) | (bits & ~CTRL);
      }
      return c | bits;
    }
    if (base == Symbol.NIL) {
      return Symbol.NIL;
    }
    if (base instanceof Symbol s) {
      Parsed p = parse(s.name());
      return withModifiers(t, p.base, bits | (p.modifiers & ~CLICK));
    }
    throw LispSignal.error("Invalid base event");
  }

  /** Whether a list describes one event by modifier names and a base, as {@code (control a)}. */
  static boolean isDescription(Task t, Object event) {
    Object rest = event;
    int guard = 0;
    while (rest instanceof Pair p && guard++ < 100) {
      if (!(p.first(t.c) instanceof Symbol)) {
        return p.first(t.c) instanceof Long && p.second(t.c) == Symbol.NIL && rest != event;
      }
      rest = p.second(t.c);
    }
    return rest == Symbol.NIL;
  }

  // ---- Descriptions ---------------------------------------------------------------------------

  @Primitive(
      value = "text-char-description",
      doc = "Return how CHARACTER looks in text: control characters with a caret.")
  static Object textCharDescription(Task t, Object character) {
    int c = Lisp.character(character);
    CodeBuffer out = new CodeBuffer();
    if (c < 32) {
      out.append('^').append(c + 64);
    } else if (c == 127) {
      out.append('^').append('?');
    } else {
      return LispString.of(t.c, new int[] {c}, c > 127);
    }
    return out.toLisp(t.c);
  }

  static void describeCharacter(Task t, CodeBuffer out, long event) {
    long c = event & 0x3FFFFF;
    long known = CHARACTER_MODIFIERS | 0x3FFFFF;
    if ((event & ~known) != 0) {
      out.append("[" + event + "]");
      return;
    }
    long bits = event & CHARACTER_MODIFIERS;
    boolean tabByControl = (bits & CTRL) == 0 && c == '\t' && (bits & META) != 0;
    if ((bits & ALT) != 0) {
      out.append("A-");
    }
    if ((bits & CTRL) != 0 || (c < ' ' && c != 27 && c != '\t' && c != '\r') || tabByControl) {
      out.append("C-");
    }
    if ((bits & HYPER) != 0) {
      out.append("H-");
    }
    if ((bits & META) != 0) {
      out.append("M-");
    }
    if ((bits & SHIFT) != 0) {
      out.append("S-");
    }
    if ((bits & SUPER) != 0) {
      out.append("s-");
    }
    if (c < 32) {
      if (c == 27) {
        out.append("ESC");
      } else if (tabByControl) {
        out.append('i');
      } else if (c == '\t') {
        out.append("TAB");
      } else if (c == '\r') {
        out.append("RET");
      } else {
        out.append((int) (c > 0 && c <= 26 ? c + 96 : c + 64));
      }
    } else if (c == 127) {
      out.append("DEL");
    } else if (c == ' ') {
      out.append("SPC");
    } else {
      out.append((int) c);
    }
  }

  static void describe(Task t, CodeBuffer out, Object event, boolean noAngles) {
    Object key = event;
    if (key instanceof Pair && isDescription(t, key)) {
      key = eventConvertList(t, key);
    }
    if (key instanceof Pair p && p.first(t.c) instanceof Long && p.second(t.c) instanceof Long) {
      describe(t, out, p.first(t.c), noAngles);
      out.append("..");
      describe(t, out, p.second(t.c), noAngles);
      return;
    }
    if (key instanceof Pair p) {
      Object head = p.first(t.c);
      describe(t, out, head instanceof Pair ? eventConvertList(t, key) : head, noAngles);
      return;
    }
    if (key instanceof Long l) {
      describeCharacter(t, out, l);
    } else if (key instanceof Symbol s) {
      String name = s.name();
      if (noAngles) {
        out.append(name);
        return;
      }
      int i = 0;
      while (i + 2 < name.length()
          && name.charAt(i + 1) == '-'
          && "ACHMSs".indexOf(name.charAt(i)) >= 0) {
        i += 2;
      }
      if (i + 2 == name.length() && i > 0 && name.charAt(i + 1) == '-') {
        i += 0;
      }
      out.append(name.substring(0, i)).append('<').append(name.substring(i)).append('>');
    } else if (key instanceof LispString s) {
      out.append(t.c, s);
    } else {
      throw LispSignal.error("KEY must be an integer, cons, symbol, or string");
    }
  }

  @Primitive(
      value = "single-key-description",
      min = 1,
      doc =
          "Return a readable description of the event KEY.\n"
              + "NO-ANGLES non-nil: no angle brackets around the names of function keys.")
  static Object singleKeyDescription(Task t, Object key, Object noAngles) {
    if (key instanceof Pair p && !(p.second(t.c) instanceof Long) && isLucid(t, key)) {
      return singleKeyDescription(t, eventConvertList(t, key), noAngles);
    }
    CodeBuffer out = new CodeBuffer();
    describe(t, out, key, Lisp.isTrue(noAngles));
    return out.toLisp(t.c);
  }

  private static boolean isLucid(Task t, Object key) {
    return key instanceof Pair p && p.first(t.c) instanceof Symbol;
  }

  /** The events of a string, vector or list of keys; a string's 8th bit stands for Meta. */
  static List<Object> keys(Task t, Object sequence) {
    List<Object> all = new ArrayList<>();
    if (sequence instanceof LispString s) {
      boolean multibyte = s.isMultibyte(t.c);
      for (int c : s.codeArray(t.c)) {
        if (!multibyte && c >= 0x80) {
          all.add((c & 0x7F) | META);
        } else {
          all.add((long) c);
        }
      }
    } else if (sequence instanceof org.elver.heap.object.Vector v) {
      for (int i = 0; i < v.length(t.c); i++) {
        all.add(v.get(t.c, i));
      }
    } else if (sequence == Symbol.NIL || sequence instanceof Pair) {
      all.addAll(Lisp.elements(t.c, sequence));
    } else {
      throw LispSignal.wrongType(Q.ARRAYP, sequence);
    }
    return all;
  }

  @Primitive(
      value = "key-description",
      min = 1,
      doc = "Return a readable description of the key sequence KEYS, after the keys PREFIX.")
  static Object keyDescription(Task t, Object keys, Object prefix) {
    List<Object> all = new ArrayList<>();
    for (Object x : new Object[] {prefix, keys}) {
      if (!(x == Symbol.NIL
          || x instanceof Pair
          || x instanceof LispString
          || x instanceof org.elver.heap.object.Vector)) {
        throw LispSignal.wrongType(Q.SEQUENCEP, x);
      }
    }
    if (Lisp.isTrue(prefix)) {
      all.addAll(keys(t, prefix));
    }
    all.addAll(keys(t, keys));
    CodeBuffer out = new CodeBuffer();
    boolean esc = false;
    boolean any = false;
    boolean listLike = keys instanceof Pair;
    for (Object key : all) {
      if (esc) {
        esc = false;
        if (key instanceof Long l && (l & META) == 0 && !(l == 27)) {
          key = l | META;
        } else {
          out.append(any ? " ESC" : "ESC");
          any = true;
        }
      }
      if (key instanceof Long l && l == 27 && !listLike) {
        esc = true;
        continue;
      }
      if (any) {
        out.append(' ');
      }
      any = true;
      describe(t, out, key instanceof Pair ? pairKey(t, key) : key, false);
    }
    if (esc) {
      out.append(any ? " ESC" : "ESC");
    }
    return out.toLisp(t.c);
  }

  private static Object pairKey(Task t, Object key) {
    return isLucid(t, key) && isDescription(t, key) ? eventConvertList(t, key) : key;
  }
}
