package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;

/** Which keymaps are active, and what keys mean in them. */
final class ActiveMaps {
  /** Holds the global keymap. */
  static final Symbol GLOBAL = Symbol.known(" current-global-map");

  private static final Symbol MODES = Symbol.known("minor-mode-map-alist");
  private static final Symbol OVERRIDING_MODES = Symbol.known("minor-mode-overriding-map-alist");
  private static final Symbol EMULATION = Symbol.known("emulation-mode-map-alists");
  private static final Symbol OVERRIDING_LOCAL = Symbol.known("overriding-local-map");
  private static final Symbol OVERRIDING_TERMINAL = Symbol.known("overriding-terminal-local-map");
  private static final Symbol REMAP = Symbol.known("remap");
  private static final Symbol LOCAL_MAP = Symbol.known("local-map");

  private ActiveMaps() {}

  static Object local(Task t) {
    return t.currentBuffer instanceof Buffer b && b.slot(t.c, Buffer.KEYMAP) instanceof Pair p
        ? p
        : Symbol.NIL;
  }

  private static void setLocal(Task t, Object map) {
    Buffer.current(t).setSlot(t.c, Buffer.KEYMAP, map);
  }

  @Primitive(value = "current-global-map", doc = "Return the global keymap.")
  static Object currentGlobalMap(Task t) {
    return GLOBAL.rawValue(t);
  }

  @Primitive(value = "use-global-map", doc = "Make KEYMAP the global keymap.")
  static Object useGlobalMap(Task t, Object keymap) {
    GLOBAL.setRawValue(t, Keymap.keymap(t, keymap));
    return Symbol.NIL;
  }

  @Primitive(value = "current-local-map", doc = "Return the current buffer's local keymap, or nil.")
  static Object currentLocalMap(Task t) {
    return local(t);
  }

  @Primitive(value = "use-local-map", doc = "Make KEYMAP, or none for nil, the local keymap.")
  static Object useLocalMap(Task t, Object keymap) {
    setLocal(t, Lisp.isTrue(keymap) ? Keymap.keymap(t, keymap) : Symbol.NIL);
    return Symbol.NIL;
  }

  /** A minor mode's variable and keymap. */
  private record Mode(Symbol variable, Object map) {}

  private static List<Mode> modes(Task t) {
    List<Mode> all = new ArrayList<>();
    Object emulation = Variables.orNil(t, EMULATION);
    while (emulation instanceof Pair p) {
      Object alist = p.first(t.c);
      addModes(t, alist instanceof Symbol s ? Variables.orNil(t, s) : alist, all, false);
      emulation = p.second(t.c);
    }
    Object overriding = Variables.orNil(t, OVERRIDING_MODES);
    addModes(t, overriding, all, false);
    addModes(t, Variables.orNil(t, MODES), all, true);
    return all;
  }

  private static void addModes(Task t, Object alist, List<Mode> all, boolean overridable) {
    Object tail = alist;
    Object overriding = Variables.orNil(t, OVERRIDING_MODES);
    while (tail instanceof Pair p) {
      t.safepoint();
      if (p.first(t.c) instanceof Pair entry
          && entry.first(t.c) instanceof Symbol s
          && Lisp.isTrue(Variables.orNil(t, s))
          && !(overridable && isKey(t, s, overriding))) {
        Object map = entry.second(t.c);
        Pair keymap = Keymap.keymapOrNull(t, map, true);
        if (keymap != null) {
          all.add(new Mode(s, keymap));
        }
      }
      tail = p.second(t.c);
    }
  }

  private static boolean isKey(Task t, Symbol s, Object alist) {
    Object tail = alist;
    while (tail instanceof Pair p) {
      if (p.first(t.c) instanceof Pair q && q.first(t.c) == s) {
        return true;
      }
      tail = p.second(t.c);
    }
    return false;
  }

  @Primitive(
      value = "current-minor-mode-maps",
      doc = "Return a list of the keymaps of the minor modes that are on.")
  static Object currentMinorModeMaps(Task t) {
    List<Object> maps = new ArrayList<>();
    for (Mode m : modes(t)) {
      maps.add(m.map);
    }
    return Lisp.list(t.c, maps);
  }

  @Primitive(
      value = "current-active-maps",
      min = 0,
      doc =
          "Return a list of the keymaps in which keys are looked up, highest precedence first.\n"
              + "OLP non-nil: obey `overriding-local-map' and `overriding-terminal-local-map'.\n"
              + "POSITION is a buffer position, by default point.")
  static Object currentActiveMaps(Task t, Object olp, Object position) {
    List<Object> maps = new ArrayList<>();
    if (Lisp.isTrue(olp)) {
      Object terminal = Variables.orNil(t, OVERRIDING_TERMINAL);
      if (Lisp.isTrue(terminal)) {
        maps.add(terminal);
      }
      Object local = Variables.orNil(t, OVERRIDING_LOCAL);
      if (Lisp.isTrue(local)) {
        maps.add(local);
        maps.add(currentGlobalMap(t));
        return Lisp.list(t.c, maps);
      }
    }
    Object at = position instanceof Pair ? Symbol.NIL : position;
    Object keymap = textMap(t, at, Keymap.KEYMAP);
    if (Lisp.isTrue(keymap)) {
      maps.add(keymap);
    }
    for (Mode m : modes(t)) {
      maps.add(m.map);
    }
    Object textLocal = textMap(t, at, LOCAL_MAP);
    Object local = Lisp.isTrue(textLocal) ? textLocal : local(t);
    if (Lisp.isTrue(local)) {
      maps.add(local);
    }
    maps.add(currentGlobalMap(t));
    return Lisp.list(t.c, maps);
  }

  /** The keymap that a property of the text at a position gives, as insertion there would. */
  private static Object textMap(Task t, Object position, Symbol property) {
    if (t.currentBuffer == null || t.vm().subr("get-pos-property") == null) {
      return Symbol.NIL;
    }
    Object at = position;
    if (at == Symbol.NIL) {
      at = t.callNamed("point");
    } else if (at instanceof Long l
        && (l < (Long) t.callNamed("point-min") || l > (Long) t.callNamed("point-max"))) {
      throw new LispSignal(org.elver.lisp.object.Q.ARGS_OUT_OF_RANGE, t.currentBuffer, at);
    }
    Object value = t.callNamed("get-char-property", at, property);
    if (!Lisp.isTrue(value)) {
      value = t.callNamed("get-pos-property", at, property);
    }
    Pair map = Lisp.isTrue(value) ? Keymap.keymapOrNull(t, value, true) : null;
    return map == null ? Symbol.NIL : map;
  }

  @Primitive(
      value = "key-binding",
      min = 1,
      doc =
          "Return the binding of KEY in the active keymaps, or nil.\n"
              + "ACCEPT-DEFAULT: default bindings count.  NO-REMAP: ignore command remapping.\n"
              + "POSITION: look with the keymaps of that position.")
  static Object keyBinding(
      Task t, Object key, Object acceptDefault, Object noRemap, Object position) {
    Object maps = currentActiveMaps(t, Symbol.T, position);
    Object value = Symbol.NIL;
    for (Object map : Lisp.elements(t.c, maps)) {
      Object v = Keymap.lookupKey(t, map, key, acceptDefault);
      if (Lisp.isTrue(v) && !(v instanceof Long)) {
        value = v;
        break;
      }
    }
    if (!Lisp.isTrue(noRemap) && value instanceof Symbol s && s != Symbol.NIL) {
      Object other = commandRemapping(t, value, position, Symbol.NIL);
      if (Lisp.isTrue(other)) {
        return other;
      }
    }
    return value;
  }

  @Primitive(
      value = "command-remapping",
      min = 1,
      doc =
          "Return the command that COMMAND is remapped to, or nil.\n"
              + "It is looked up in KEYMAPS, by default the active ones at POSITION.")
  static Object commandRemapping(Task t, Object command, Object position, Object keymaps) {
    if (!(command instanceof Symbol)) {
      return Symbol.NIL;
    }
    Vector key = new Vector(t.c, REMAP, command);
    Object found;
    if (keymaps == Symbol.NIL) {
      found = keyBinding(t, key, Symbol.NIL, Symbol.T, position);
    } else {
      found = Keymap.lookupKey(t, keymaps, key, Symbol.NIL);
    }
    return found instanceof Long ? Symbol.NIL : found;
  }

  @Primitive(
      value = "minor-mode-key-binding",
      min = 1,
      doc = "Return an alist of the minor modes that bind KEY, with their bindings.")
  static Object minorModeKeyBinding(Task t, Object key, Object acceptDefault) {
    List<Object> found = new ArrayList<>();
    for (Mode m : modes(t)) {
      Object binding = Keymap.lookupKey(t, m.map, key, acceptDefault);
      if (Lisp.isTrue(binding) && !(binding instanceof Long)) {
        if (Keymap.keymapOrNull(t, binding, false) != null) {
          found.add(t.cons(m.variable, binding));
        } else if (found.isEmpty()) {
          return t.list(t.cons(m.variable, binding));
        }
      }
    }
    return Lisp.list(t.c, found);
  }

  /** A string of ASCII for messages. */
  static Object string(Task t, String s) {
    return LispString.of(t.c, s);
  }
}
