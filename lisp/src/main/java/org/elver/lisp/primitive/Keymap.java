package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Keymaps as data: making, parents, looking up, defining, copying, walking. */
final class Keymap {
  static final Symbol KEYMAP = Symbol.known("keymap");
  private static final Symbol MENU_ITEM = Symbol.known("menu-item");
  private static final Symbol FILTER = Symbol.known(":filter");
  static final Symbol META_PREFIX_CHAR = Symbol.known("meta-prefix-char");
  private static final Symbol MENU_BAR = Symbol.known("menu-bar");

  private Keymap() {}

  static void variables(Task t) {
    Vm.defvar(t, "minibuffer-local-map", makeSparseKeymap(t, Symbol.NIL));
    Defvars.nil(
        t,
        "describe-bindings-check-shadowing-in-ranges emulation-mode-map-alists "
            + "minor-mode-map-alist minor-mode-overriding-map-alist where-is-preferred-modifier");
    ActiveMaps.GLOBAL.setRawValue(t, makeSparseKeymap(t, Symbol.NIL));
  }

  // ---- Parts of keymaps -----------------------------------------------------------------------

  /** Whether {@code x} is a char-table, as full keymaps have. */
  static boolean isCharTable(Object x) {
    return x instanceof CharTable;
  }

  /** What walking a table shows, keys (characters or ranges) and values in turn. */
  static List<Object> tableEntries(Task t, Object table) {
    List<Object> out = new ArrayList<>();
    ((CharTable) table)
        .forEachRange(
            t.c,
            (from, to, value) -> {
              if (value != Symbol.NIL) {
                out.add(from == to ? (Object) (long) from : t.cons((long) from, (long) to));
                out.add(value);
              }
            });
    return out;
  }

  /** {@code x} as a keymap: a cons that starts with the symbol keymap; null when it is none. */
  static Pair keymapOrNull(Task t, Object x, boolean autoload) {
    Object object = x;
    for (int tries = 0; tries < 3; tries++) {
      if (object == Symbol.NIL) {
        return null;
      }
      if (object instanceof Pair p && p.first(t.c) == KEYMAP) {
        return p;
      }
      Object f = object instanceof Symbol s ? indirect(t, s) : object;
      if (!(f instanceof Pair p)) {
        return null;
      }
      if (p.first(t.c) == KEYMAP) {
        return p;
      }
      if (!autoload
          || p.first(t.c) != Q.AUTOLOAD
          || !(object instanceof Symbol)
          || nth(t, 4, f) != KEYMAP) {
        return null;
      }
      t.callNamed("autoload-do-load", f, object, Symbol.NIL);
    }
    return null;
  }

  private static Object indirect(Task t, Symbol s) {
    Object f = s;
    for (int i = 0; i < 100 && f instanceof Symbol n && n != Symbol.NIL; i++) {
      f = n.function(t);
    }
    return f;
  }

  static Object nth(Task t, int n, Object list) {
    Object tail = list;
    for (int i = 0; i < n; i++) {
      tail = Lisp.cdrSafe(t.c, tail);
    }
    return Lisp.carSafe(t.c, tail);
  }

  static Pair keymap(Task t, Object x) {
    Pair p = keymapOrNull(t, x, true);
    if (p == null) {
      throw LispSignal.wrongType(Q.KEYMAPP, x);
    }
    return p;
  }

  @Primitive(
      value = "make-keymap",
      min = 0,
      doc =
          "Return a new keymap with a table for all characters, and the prompt STRING if non-nil.")
  static Object makeKeymap(Task t, Object string) {
    Object tail = Lisp.isTrue(string) ? t.list(string) : Symbol.NIL;
    return t.cons(KEYMAP, t.cons(CharTable.make(t.c, KEYMAP, 0, Symbol.NIL), tail));
  }

  @Primitive(
      value = "make-sparse-keymap",
      min = 0,
      doc = "Return a new keymap without bindings, with the prompt STRING if non-nil.")
  static Object makeSparseKeymap(Task t, Object string) {
    return Lisp.isTrue(string) ? t.list(KEYMAP, string) : t.list(KEYMAP);
  }

  @Primitive(value = "keymapp", doc = "Return t if OBJECT is a keymap, or a symbol that means one.")
  static boolean keymapp(Task t, Object object) {
    return keymapOrNull(t, object, false) != null || isAutoloadKeymap(t, object);
  }

  private static boolean isAutoloadKeymap(Task t, Object x) {
    return x instanceof Symbol s
        && s != Symbol.NIL
        && indirect(t, s) instanceof Pair p
        && p.first(t.c) == Q.AUTOLOAD
        && nth(t, 4, p) == KEYMAP;
  }

  @Primitive(value = "keymap-prompt", doc = "Return the prompt of the keymap MAP, or nil.")
  static Object keymapPrompt(Task t, Object map) {
    return prompt(t, map, 0);
  }

  private static Object prompt(Task t, Object map, int depth) {
    Object tail = keymapOrNull(t, map, false);
    while (tail instanceof Pair p) {
      t.safepoint();
      Object x = p.first(t.c);
      if (x instanceof LispString) {
        return x;
      }
      if (x instanceof Pair && depth < 50 && keymapOrNull(t, x, false) != null) {
        Object inner = prompt(t, x, depth + 1);
        if (inner instanceof LispString) {
          return inner;
        }
      }
      tail = p.second(t.c);
    }
    return Symbol.NIL;
  }

  @Primitive(value = "keymap-parent", doc = "Return the parent of KEYMAP, or nil.")
  static Object keymapParent(Task t, Object keymap) {
    return parent(t, keymap(t, keymap));
  }

  private static Object parent(Task t, Pair keymap) {
    Object tail = keymap.second(t.c);
    while (tail instanceof Pair p) {
      t.safepoint();
      if (p.first(t.c) == KEYMAP) {
        return p;
      }
      tail = p.second(t.c);
    }
    Pair last = keymapOrNull(t, tail, true);
    return last == null ? Symbol.NIL : last;
  }

  @Primitive(
      value = "set-keymap-parent",
      doc = "Make PARENT, a keymap or nil, the parent of KEYMAP.  Return PARENT.")
  static Object setKeymapParent(Task t, Object keymap, Object parent) {
    Pair map = keymap(t, keymap);
    if (Lisp.isTrue(parent)) {
      Object up = keymap(t, parent);
      for (int i = 0; i < 10_000 && up instanceof Pair p; i++) {
        if (up == map) {
          throw LispSignal.error("Cyclic keymap inheritance");
        }
        up = parent(t, p);
      }
      parent = keymap(t, parent);
    }
    Pair prev = map;
    for (; ; ) {
      t.safepoint();
      Object next = prev.second(t.c);
      if (!(next instanceof Pair p) || p.first(t.c) == KEYMAP) {
        prev.setSecond(t.c, parent);
        return parent;
      }
      prev = p;
    }
  }

  // ---- Looking up -----------------------------------------------------------------------------

  /** A binding without what menus put around it. */
  static Object keyElement(Task t, Object object, boolean autoload) {
    Object x = object;
    for (int i = 0; i < 100 && x instanceof Pair p; i++) {
      Object first = p.first(t.c);
      if (first == MENU_ITEM) {
        if (!(p.second(t.c) instanceof Pair named)) {
          return x;
        }
        Object tail = named.second(t.c);
        x = Lisp.carSafe(t.c, tail);
        tail = Lisp.cdrSafe(t.c, tail);
        if (tail instanceof Pair q && q.first(t.c) instanceof Pair) {
          tail = q.second(t.c); // A cache of key equivalents, from former times.
        }
        while (tail instanceof Pair q && q.second(t.c) instanceof Pair value) {
          if (q.first(t.c) == FILTER) {
            Object filter = value.first(t.c);
            Object definition = x;
            x = t.handling(Q.ERROR, () -> t.call(filter, definition), e -> Symbol.NIL);
            break;
          }
          tail = value.second(t.c);
        }
        return x;
      }
      if (first instanceof LispString) {
        x = p.second(t.c);
      } else {
        return x;
      }
    }
    return x;
  }

  @Primitive(
      value = "keymap--get-keyelt",
      doc =
          "Return the definition in the binding OBJECT, which may be a menu item.\n"
              + "AUTOLOAD non-nil: load keymaps that are autoloads.")
  static Object getKeyelt(Task t, Object object, Object autoload) {
    return keyElement(t, object, Lisp.isTrue(autoload));
  }

  /** The event as it is looked up: head of a list, modifiers in order, no unknown bits. */
  static Object normal(Task t, Object event) {
    Object x = Events.head(t, event);
    if (x instanceof Symbol s) {
      return Events.reorder(t, s);
    }
    if (x instanceof Long l) {
      return l & (Events.CHARACTER_MODIFIERS | 0x3FFFFF);
    }
    return x;
  }

  /**
   * The binding of one event in a keymap and its parents, {@link Symbol#UNBOUND} when it has none.
   * Bindings that are keymaps in several of the maps are put together.
   */
  static Object access(
      Task t, Object map, Object event, boolean defaults, boolean noInherit, boolean autoload) {
    return access1(t, map, normal(t, event), defaults, noInherit, autoload, 0);
  }

  private static Object access1(
      Task t,
      Object map,
      Object key,
      boolean defaults,
      boolean noInherit,
      boolean autoload,
      int depth) {
    if (depth > 100) {
      throw LispSignal.error("Keymaps nested too deeply");
    }
    Object idx = key;
    if (idx instanceof Long l && (l & Events.META) != 0) {
      Object prefix = Variables.orNil(t, META_PREFIX_CHAR);
      Object metaMap =
          keymapOrNull(
              t,
              unboundToNil(access1(t, map, prefix, defaults, noInherit, autoload, depth + 1)),
              autoload);
      if (metaMap != null) {
        map = metaMap;
        idx = l & ~Events.META;
      } else if (defaults) {
        idx = Symbol.T; // No Meta map: only a default binding can be meant.
      } else {
        return Symbol.UNBOUND;
      }
    }
    Object defaultBinding = Symbol.UNBOUND;
    Object found = Symbol.UNBOUND;
    Pair joinedTail = null;
    Object tail = map instanceof Pair p && p.first(t.c) == KEYMAP ? p.second(t.c) : map;
    for (; ; ) {
      t.safepoint();
      Pair p =
          tail instanceof Pair q ? q : tail == Symbol.NIL ? null : keymapOrNull(t, tail, autoload);
      if (p == null) {
        break;
      }
      Object binding = p.first(t.c);
      tail = p.second(t.c);
      Object value = Symbol.UNBOUND;
      if (binding == KEYMAP) {
        if (noInherit || found == Symbol.NIL) {
          break; // An explicit nil hides the parent's.
        }
        continue;
      } else if (binding instanceof Pair b) {
        if (b.first(t.c) == KEYMAP) {
          Object parentEntry = access1(t, b, idx, false, noInherit, autoload, depth + 1);
          value = parentEntry;
        } else if (Lisp.eq(b.first(t.c), idx)) {
          value = b.second(t.c);
        } else if (defaults && b.first(t.c) == Symbol.T) {
          defaultBinding = b.second(t.c);
        }
      } else if (binding instanceof Vector v) {
        if (idx instanceof Long l && l >= 0 && l < v.length(t.c)) {
          value = v.get(t.c, (int) (long) l);
        }
      } else if (idx instanceof Long l
          && (l & Events.CHARACTER_MODIFIERS) == 0
          && isCharTable(binding)) {
        value =
            l <= LispString.MAX_CHAR ? ((CharTable) binding).own(t.c, (int) (long) l) : Symbol.NIL;
        if (value == Symbol.NIL) {
          value = Symbol.UNBOUND;
        }
      }
      if (value == Symbol.UNBOUND) {
        continue;
      }
      if (value == Symbol.T) {
        value = Symbol.NIL; // How char-tables tell nil from no binding.
      }
      value = keyElement(t, value, autoload);
      if (keymapOrNull(t, value, false) == null && !isAutoloadKeymap(t, value)) {
        if (found == Symbol.UNBOUND || found == Symbol.NIL) {
          found = value;
        }
        if (value != Symbol.NIL) {
          break; // It hides whatever comes after.
        }
      } else if (found == Symbol.UNBOUND || found == Symbol.NIL) {
        found = value;
      } else if (joinedTail != null) {
        Pair next = t.cons(value, Symbol.NIL);
        joinedTail.setSecond(t.c, next);
        joinedTail = next;
      } else {
        joinedTail = t.cons(value, Symbol.NIL);
        found = t.cons(KEYMAP, t.cons(found, joinedTail));
      }
    }
    return found == Symbol.UNBOUND ? keyElement(t, defaultBinding, autoload) : found;
  }

  static Object unboundToNil(Object x) {
    return x == Symbol.UNBOUND ? Symbol.NIL : x;
  }

  @Primitive(
      value = "lookup-key",
      min = 2,
      doc =
          "Return the definition of the key sequence KEY in KEYMAP, or in a list of keymaps.\n"
              + "A number means that KEY is too long: so many of its events are a complete key.\n"
              + "ACCEPT-DEFAULT non-nil: default bindings (for t) count too.")
  static Object lookupKey(Task t, Object keymap, Object key, Object acceptDefault) {
    Object found = lookupAny(t, keymap, key, Lisp.isTrue(acceptDefault));
    if (found != Symbol.NIL && !(found instanceof Long)) {
      return found;
    }
    // Menu items were named with capitals and spaces in former times.
    if (key instanceof Vector v && v.length(t.c) > 1 && v.get(t.c, 0) == MENU_BAR) {
      Object[] plain = new Object[v.length(t.c)];
      boolean changed = false;
      for (int i = 0; i < plain.length; i++) {
        plain[i] = v.get(t.c, i);
        if (plain[i] instanceof Symbol s) {
          Symbol low = t.symbols().intern(t, s.name().toLowerCase(Locale.ROOT).replace(' ', '-'));
          changed |= low != s;
          plain[i] = low;
        }
      }
      if (changed) {
        Object other = lookupAny(t, keymap, new Vector(t.c, plain), Lisp.isTrue(acceptDefault));
        if (other != Symbol.NIL && !(other instanceof Long)) {
          return other;
        }
      }
    }
    return found;
  }

  private static Object lookupAny(Task t, Object keymap, Object key, boolean defaults) {
    if (keymapOrNull(t, keymap, true) != null) {
      return lookup(t, keymap, key, defaults);
    }
    Object tail = keymap;
    while (tail instanceof Pair p) {
      t.safepoint();
      Object found = lookup(t, p.first(t.c), key, defaults);
      if (found != Symbol.NIL && !(found instanceof Long)) {
        return found;
      }
      tail = p.second(t.c);
    }
    if (keymap != Symbol.NIL && !(keymap instanceof Pair)) {
      throw LispSignal.wrongType(Q.KEYMAPP, keymap);
    }
    return Symbol.NIL;
  }

  private static void checkSequence(Object key) {
    if (!(key instanceof LispString) && !(key instanceof Vector)) {
      throw LispSignal.wrongType(Q.ARRAYP, key);
    }
  }

  static Object lookup(Task t, Object keymap, Object key, boolean defaults) {
    Object map = keymap(t, keymap);
    checkSequence(key);
    List<Object> keys = Events.keys(t, key);
    if (keys.isEmpty()) {
      return map;
    }
    for (int i = 0; ; ) {
      Object c = keys.get(i++);
      if (c instanceof Pair && Events.isDescription(t, c)) {
        c = Events.eventConvertList(t, c);
      }
      Object cmd = unboundToNil(access(t, map, c, defaults, false, true));
      if (i == keys.size()) {
        return cmd;
      }
      map = keymapOrNull(t, cmd, true);
      if (map == null) {
        return (long) i;
      }
      t.safepoint();
    }
  }

  // ---- Defining -------------------------------------------------------------------------------

  private static final java.util.Set<String> NOT_FUNCTION_KEYS =
      java.util.Set.of("DEL", "ESC", "LFD", "RET", "SPC", "TAB");

  private static void checkSilly(Symbol s) {
    Events.Parsed p = Events.parse(s.name());
    if (!NOT_FUNCTION_KEYS.contains(p.base())) {
      return;
    }
    String name = s.name();
    String prefix = name.substring(0, name.length() - p.base().length());
    String key =
        switch (p.base()) {
          case "DEL" -> "\\d";
          case "ESC" -> "\\e";
          case "LFD" -> "\\n";
          case "RET" -> "\\r";
          case "SPC" -> "\\ ";
          default -> "\\t";
        };
    StringBuilder q = new StringBuilder();
    for (int i = 0; i + 1 < prefix.length(); i += 2) {
      q.append('\\').append(prefix, i, i + 2);
    }
    throw LispSignal.error(
        "To bind the key " + name + ", use [?" + q + key + "], not [" + name + "]");
  }

  @Primitive(
      value = "define-key",
      doc =
          "In KEYMAP, make DEF the definition of the key sequence KEY.  Return DEF.\n"
              + "KEY is a string or a vector of events; DEF is a command, a keymap, a menu item,"
              + " nil, …")
  static Object defineKey(Task t, Object keymap, Object key, Object def) {
    Pair map = keymap(t, keymap);
    checkSequence(key);
    boolean vector = key instanceof Vector;
    boolean bytes = key instanceof LispString s && !s.isMultibyte(t.c);
    List<Object> raw = new ArrayList<>();
    if (vector) {
      raw = Events.keys(t, key);
    } else {
      for (int c : ((LispString) key).codeArray(t.c)) {
        raw.add((long) c);
      }
    }
    if (raw.isEmpty()) {
      return Symbol.NIL;
    }
    long metaBit = bytes ? 0x80 : Events.META;
    if (def instanceof Vector macro) {
      def = translatedMacro(t, macro);
    }
    boolean meta = false;
    for (int i = 0; ; ) {
      t.safepoint();
      Object c = raw.get(i);
      if (c instanceof Pair && Events.isDescription(t, c)) {
        c = Events.eventConvertList(t, c);
      }
      if (c instanceof Symbol s) {
        checkSilly(s);
      }
      if (c instanceof Long l && (l & metaBit) != 0 && !meta) {
        c = Variables.orNil(t, META_PREFIX_CHAR);
        meta = true;
      } else {
        if (c instanceof Long l) {
          c = l & ~metaBit;
        }
        meta = false;
        i++;
      }
      if (!(c instanceof Long)
          && !(c instanceof Symbol)
          && !isRange(t, c)
          && !(c instanceof Pair)) {
        t.callNamed("message", LispString.of(t.c, "Key sequence contains invalid event %s"), c);
      }
      if (i == raw.size()) {
        return store(t, map, c, def);
      }
      Object cmd = unboundToNil(access(t, map, c, false, true, true));
      if (cmd == Symbol.NIL) {
        cmd = makeSparseKeymap(t, Symbol.NIL);
        // The new prefix inherits the bindings under the same prefix in the parent.
        store(t, map, c, cmd);
      }
      Pair next = keymapOrNull(t, cmd, true);
      if (next == null) {
        Object[] upTo = raw.subList(0, i).toArray();
        String trailing = meta ? " ESC" : "";
        Object shown = vector ? new Vector(t.c, upTo) : prefixString(t, key, i);
        throw LispSignal.error(
            "Key sequence "
                + java(t, Events.keyDescription(t, key, Symbol.NIL))
                + " starts with non-prefix key "
                + java(t, Events.keyDescription(t, shown, Symbol.NIL))
                + trailing);
      }
      map = next;
    }
  }

  private static Object prefixString(Task t, Object key, int n) {
    return ((LispString) key).substring(t.c, 0, n);
  }

  private static String java(Task t, Object string) {
    return ((LispString) string).toJava(t.c);
  }

  /** A keyboard macro with its events in list form converted. */
  private static Object translatedMacro(Task t, Vector macro) {
    int n = macro.length(t.c);
    if (n == 0 || !(macro.get(t.c, 0) instanceof Pair)) {
      return macro;
    }
    Object[] events = new Object[n];
    for (int i = 0; i < n; i++) {
      events[i] = macro.get(t.c, i);
      if (!(events[i] instanceof Pair) || !Events.isDescription(t, events[i])) {
        return macro;
      }
      events[i] = Events.eventConvertList(t, events[i]);
    }
    return new Vector(t.c, events);
  }

  private static void setRange(Task t, Object table, Object at, Object value) {
    CharTable c = (CharTable) table;
    if (at instanceof Pair p) {
      c.setRange(t.c, Lisp.character(p.first(t.c)), Lisp.character(p.second(t.c)), value);
    } else {
      c.setChar(t.c, Lisp.character(at), value);
    }
  }

  private static boolean isRange(Task t, Object x) {
    return x instanceof Pair p && Lisp.isCharacter(p.first(t.c)) && Lisp.isCharacter(p.second(t.c));
  }

  /** Puts a binding in the keymap itself. */
  static Object store(Task t, Pair map, Object event, Object def) {
    boolean range = isRange(t, event);
    Object idx = range ? event : normal(t, event);
    Pair after = map;
    Object tail = map.second(t.c);
    while (tail instanceof Pair p) {
      t.safepoint();
      Object x = p.first(t.c);
      if (x instanceof Vector v) {
        int n = v.length(t.c);
        if (idx instanceof Long l && l >= 0 && l < n) {
          v.set(t.c, (int) (long) l, def);
          return def;
        }
        if (range) {
          Pair r = (Pair) idx;
          long from = (Long) r.first(t.c);
          long to = (Long) r.second(t.c);
          for (long i = from; i <= to && i < n; i++) {
            v.set(t.c, (int) i, def);
          }
          if (to < n) {
            return def;
          }
        }
        after = p;
      } else if (x instanceof Pair b) {
        if (x != KEYMAP && b.first(t.c) == KEYMAP) {
          break; // A map this one is composed of: bindings go before it.
        }
        if (Lisp.eq(b.first(t.c), idx)) {
          b.setSecond(t.c, def);
          return def;
        }
        if (range
            && b.first(t.c) instanceof Long l
            && l >= (Long) ((Pair) idx).first(t.c)
            && l <= (Long) ((Pair) idx).second(t.c)) {
          b.setSecond(t.c, def);
        }
      } else if (x == KEYMAP) {
        break;
      } else if (isCharTable(x)) {
        Object stored = def == Symbol.NIL ? Symbol.T : def;
        if (range) {
          setRange(t, x, idx, stored);
          return def;
        }
        if (Lisp.isCharacter(idx)) {
          setRange(t, x, idx, stored);
          return def;
        }
        after = p;
      }
      tail = p.second(t.c);
    }
    Object element;
    if (range) {
      element = CharTable.make(t.c, KEYMAP, 0, Symbol.NIL);
      setRange(t, element, idx, def == Symbol.NIL ? Symbol.T : def);
    } else {
      element = t.cons(idx, def);
    }
    after.setSecond(t.c, t.cons(element, after.second(t.c)));
    return def;
  }

  // ---- Copying and walking ----------------------------------------------------------------------

  @Primitive(
      value = "copy-keymap",
      doc =
          "Return a copy of KEYMAP.  Keymaps in it are copied too, except its parent and those\n"
              + "that are the definitions of symbols.")
  static Object copyKeymap(Task t, Object keymap) {
    return copy(t, keymap(t, keymap), 0);
  }

  private static Object copy(Task t, Pair map, int depth) {
    if (depth > 100) {
      throw LispSignal.error("Possible infinite recursion when copying keymap");
    }
    Pair result = t.cons(KEYMAP, Symbol.NIL);
    Pair last = result;
    Object tail = map.second(t.c);
    while (tail instanceof Pair p && p.first(t.c) != KEYMAP) {
      t.safepoint();
      Object x = p.first(t.c);
      if (x instanceof Vector v) {
        Object[] all = new Object[v.length(t.c)];
        for (int i = 0; i < all.length; i++) {
          all[i] = copyItem(t, v.get(t.c, i), depth);
        }
        x = new Vector(t.c, all);
      } else if (x instanceof Pair b) {
        x =
            b.first(t.c) == KEYMAP
                ? copy(t, b, depth + 1)
                : t.cons(b.first(t.c), copyItem(t, b.second(t.c), depth));
      } else if (isCharTable(x)) {
        Object table = ((CharTable) x).duplicate(t.c);
        List<Object> entries = tableEntries(t, x);
        for (int i = 0; i < entries.size(); i += 2) {
          Object value = entries.get(i + 1);
          Object copied = copyItem(t, value, depth);
          if (copied != value) {
            setRange(t, table, entries.get(i), copied);
          }
        }
        x = table;
      }
      Pair next = t.cons(x, Symbol.NIL);
      last.setSecond(t.c, next);
      last = next;
      tail = p.second(t.c);
    }
    last.setSecond(t.c, tail);
    return result;
  }

  private static Object copyItem(Task t, Object item, int depth) {
    if (!(item instanceof Pair p)) {
      return item;
    }
    Object first = p.first(t.c);
    if (first == KEYMAP) {
      return copy(t, p, depth + 1);
    }
    if (first == MENU_ITEM
        && p.second(t.c) instanceof Pair named
        && named.second(t.c) instanceof Pair defined) {
      Object def = defined.first(t.c);
      if (def instanceof Pair d && d.first(t.c) == KEYMAP) {
        def = copy(t, d, depth + 1);
      }
      return t.cons(first, t.cons(named.first(t.c), t.cons(def, defined.second(t.c))));
    }
    if (first instanceof LispString) {
      Object rest = p.second(t.c);
      if (rest instanceof Pair q && q.first(t.c) instanceof LispString) {
        Object inner = q.second(t.c);
        return t.cons(first, t.cons(q.first(t.c), mapCopy(t, inner, depth)));
      }
      return t.cons(first, mapCopy(t, rest, depth));
    }
    return item;
  }

  private static Object mapCopy(Task t, Object x, int depth) {
    return x instanceof Pair p && p.first(t.c) == KEYMAP ? copy(t, p, depth + 1) : x;
  }

  /** What a walk over a keymap shows. */
  interface Visitor {
    void visit(Object event, Object binding);
  }

  /** Shows the bindings of the map itself; returns its parent, or nil. */
  static Object walkOwn(Task t, Object map, Visitor visitor, int depth) {
    if (depth > 100) {
      throw LispSignal.error("Keymaps nested too deeply");
    }
    Object tail = map instanceof Pair p && p.first(t.c) == KEYMAP ? p.second(t.c) : map;
    while (tail instanceof Pair p && p.first(t.c) != KEYMAP) {
      t.safepoint();
      Object x = p.first(t.c);
      if (x instanceof Pair b) {
        if (b.first(t.c) == KEYMAP) {
          walkAll(t, b, visitor, depth + 1);
        } else {
          visit(visitor, b.first(t.c), b.second(t.c));
        }
      } else if (x instanceof Vector v) {
        for (int i = 0; i < v.length(t.c); i++) {
          visit(visitor, (long) i, v.get(t.c, i));
        }
      } else if (isCharTable(x)) {
        List<Object> entries = tableEntries(t, x);
        for (int i = 0; i < entries.size(); i += 2) {
          if (entries.get(i + 1) != Symbol.NIL) {
            visit(visitor, entries.get(i), entries.get(i + 1));
          }
        }
      }
      tail = p.second(t.c);
    }
    return tail;
  }

  private static void visit(Visitor visitor, Object event, Object binding) {
    visitor.visit(event, binding == Symbol.T ? Symbol.NIL : binding);
  }

  static void walkAll(Task t, Object keymap, Visitor visitor, int depth) {
    Object map = keymapOrNull(t, keymap, true);
    while (map instanceof Pair p) {
      t.safepoint();
      Object rest = walkOwn(t, p, visitor, depth);
      map = rest instanceof Pair q ? q : keymapOrNull(t, rest, true);
    }
  }

  @Primitive(
      value = "map-keymap-internal",
      doc =
          "Call FUNCTION with event and binding of each of KEYMAP's own bindings; return its"
              + " parent.")
  static Object mapKeymapInternal(Task t, Object function, Object keymap) {
    return walkOwn(t, keymap(t, keymap), (e, b) -> t.call(function, e, b), 0);
  }

  @Primitive(
      value = "map-keymap",
      min = 2,
      args = "(FUNCTION KEYMAP)",
      doc =
          "Call FUNCTION with event and binding of each binding of KEYMAP and its parents.\n"
              + "SORT-FIRST non-nil: in the order of the events.")
  static Object mapKeymap(Task t, Object function, Object keymap, Object sortFirst) {
    if (Lisp.isTrue(sortFirst)) {
      return t.callNamed("map-keymap-sorted", function, keymap);
    }
    walkAll(t, keymap(t, keymap), (e, b) -> t.call(function, e, b), 0);
    return Symbol.NIL;
  }
}
