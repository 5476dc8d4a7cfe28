package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** From keymaps back to keys: prefixes, the keys of a command, listings. */
final class KeymapHelp {
  private static final Symbol VECTOR_OR_CHAR_TABLE_P = Symbol.known("vector-or-char-table-p");
  private static final Symbol NON_ASCII = Symbol.known("non-ascii");
  private static final Symbol PREFERRED = Symbol.known("where-is-preferred-modifier");
  private static final Symbol REMAP = Symbol.known("remap");

  private KeymapHelp() {}

  private record Prefix(List<Object> keys, Object map) {}

  @Primitive(
      value = "accessible-keymaps",
      min = 1,
      doc =
          "Return an alist of the keymaps reachable from KEYMAP: (KEYS . MAP) each.\n"
              + "PREFIX non-nil: only those that begin with its keys.")
  static Object accessibleKeymaps(Task t, Object keymap, Object prefix) {
    List<Object> out = new ArrayList<>();
    for (Prefix p : accessible(t, keymap, prefix)) {
      out.add(t.cons(new Vector(t.c, p.keys.toArray()), p.map));
    }
    return Lisp.list(t.c, out);
  }

  private static List<Prefix> accessible(Task t, Object keymap, Object prefix) {
    List<Prefix> found = new ArrayList<>();
    List<Object> start = new ArrayList<>();
    Object map = keymap;
    if (Lisp.isTrue(prefix) && (Long) t.callNamed("length", prefix) > 0) {
      map = Keymap.lookup(t, keymap, prefix, false);
      map = Keymap.keymapOrNull(t, map, true);
      if (map == null) {
        return found;
      }
      if (prefix instanceof LispString s) {
        for (Object key : Events.keys(t, s)) {
          // A string's Meta is ESC in the vector.
          start.add(key);
        }
      } else {
        start.addAll(Events.keys(t, prefix));
      }
    } else {
      map = Keymap.keymap(t, keymap);
    }
    found.add(new Prefix(start, map));
    Object metaPrefix = Variables.orNil(t, Keymap.META_PREFIX_CHAR);
    for (int i = 0; i < found.size(); i++) {
      t.safepoint();
      Prefix at = found.get(i);
      int here = i;
      List<Object> keys = at.keys;
      boolean lastIsMeta = !keys.isEmpty() && Lisp.eq(keys.get(keys.size() - 1), metaPrefix);
      Keymap.walkAll(
          t,
          at.map,
          (event, binding) -> {
            Object key =
                event instanceof Pair p && p.first(t.c) instanceof Long ? p.first(t.c) : event;
            Object cmd = Keymap.keyElement(t, binding, false);
            Pair sub = Keymap.keymapOrNull(t, cmd, false);
            if (sub == null) {
              return;
            }
            for (Prefix p : found) {
              if (p.map == sub) {
                return;
              }
            }
            List<Object> path = new ArrayList<>(keys);
            if (lastIsMeta && key instanceof Long l) {
              path.set(path.size() - 1, l | Events.META);
            } else {
              path.add(key);
            }
            if (lastIsMeta && key instanceof Long) {
              found.add(here + 1, new Prefix(path, sub)); // M-x belongs beside ESC.
            } else {
              found.add(new Prefix(path, sub));
            }
          },
          0);
    }
    return found;
  }

  @Primitive(
      value = "where-is-internal",
      min = 1,
      doc =
          "Return a list of the key sequences that run DEFINITION.\n"
              + "KEYMAP is a keymap, a list of them, or nil: the active ones.  FIRSTONLY non-nil:"
              + " return\n"
              + "one; symbol `non-ascii': any, else one in ASCII is preferred.  NOINDIRECT: do not"
              + " look\n"
              + "into menu items.  NO-REMAP: ignore command remapping.")
  static Object whereIs(
      Task t,
      Object definition,
      Object keymap,
      Object firstonly,
      Object noindirect,
      Object noRemap) {
    List<Object> maps;
    if (keymap instanceof Pair p && p.first(t.c) != Keymap.KEYMAP) {
      maps = Lisp.elements(t.c, keymap);
    } else if (Lisp.isTrue(keymap)) {
      maps = List.of(Keymap.keymap(t, keymap), ActiveMaps.currentGlobalMap(t));
    } else {
      maps = Lisp.elements(t.c, ActiveMaps.currentActiveMaps(t, Symbol.NIL, Symbol.NIL));
    }
    if (!Lisp.isTrue(noRemap)
        && definition instanceof Symbol
        && Lisp.isTrue(
            ActiveMaps.commandRemapping(t, definition, Symbol.NIL, Lisp.list(t.c, maps)))) {
      return Symbol.NIL;
    }
    boolean indirect = !Lisp.isTrue(noindirect);
    List<Object> sequences = new ArrayList<>();
    search(t, definition, maps, indirect, !Lisp.isTrue(noRemap), sequences, 0);
    List<Object> result = new ArrayList<>();
    for (Object seq : sequences) {
      Object there = shadow(t, maps, seq);
      if (same(t, Keymap.unboundToNil(there), definition)
          || isRemapped(t, there, definition, maps, noRemap)) {
        result.add(seq);
      }
    }
    if (!Lisp.isTrue(firstonly)) {
      return Lisp.list(t.c, result);
    }
    Object preferred = Variables.orNil(t, PREFERRED);
    Object best = null;
    for (Object seq : result) {
      int quality = quality(t, seq, preferred);
      if (firstonly == NON_ASCII && quality > 0) {
        return seq;
      }
      if (quality == 2) {
        return seq;
      }
      if (best == null || (quality == 1 && quality(t, best, preferred) == 0)) {
        best = seq;
      }
    }
    return best == null ? Symbol.NIL : best;
  }

  /** 2: all characters (or with the preferred modifier); 1: others; 0: the menu or mouse. */
  private static int quality(Task t, Object seq, Object preferred) {
    int quality = 2;
    for (Object key : Events.keys(t, seq)) {
      if (key instanceof Long l) {
        long bits = l & Events.CHARACTER_MODIFIERS & ~Events.META;
        if ((bits & ~Events.modifierNamed(preferred)) != 0 || (l & 0x3FFFFF) > 127) {
          quality = Math.min(quality, 1);
        }
      } else {
        quality = Math.min(quality, 0);
      }
    }
    return quality;
  }

  private static boolean isRemapped(
      Task t, Object there, Object definition, List<Object> maps, Object noRemap) {
    return !Lisp.isTrue(noRemap)
        && there instanceof Symbol s
        && s != Symbol.NIL
        && there != Symbol.UNBOUND
        && ActiveMaps.commandRemapping(t, s, Symbol.NIL, Lisp.list(t.c, maps)) == definition
        && definition != Symbol.NIL;
  }

  private static boolean same(Task t, Object a, Object b) {
    return Lisp.eq(a, b)
        || (a instanceof Pair && b instanceof Pair && Lisp.isTrue(t.callNamed("equal", a, b)));
  }

  private static Object shadow(Task t, List<Object> maps, Object seq) {
    for (Object map : maps) {
      Object v = Keymap.lookup(t, map, seq, false);
      if (v instanceof Long l) {
        Object part = t.callNamed("substring", seq, 0L, l);
        Object prefix = Keymap.lookup(t, map, part, false);
        if (Lisp.isTrue(prefix)) {
          return Symbol.NIL;
        }
      } else if (v != Symbol.NIL) {
        return v;
      }
    }
    return Symbol.NIL;
  }

  private static void search(
      Task t,
      Object definition,
      List<Object> maps,
      boolean indirect,
      boolean remap,
      List<Object> out,
      int depth) {
    List<Object> first = new ArrayList<>();
    Object metaPrefix = Variables.orNil(t, Keymap.META_PREFIX_CHAR);
    for (Object map : maps) {
      for (Prefix p : accessible(t, map, Symbol.NIL)) {
        t.safepoint();
        if (p.keys.size() == 1 && p.keys.get(0) == REMAP && !remap) {
          continue;
        }
        boolean lastIsMeta =
            !p.keys.isEmpty() && Lisp.eq(p.keys.get(p.keys.size() - 1), metaPrefix);
        List<Object> here = new ArrayList<>();
        Keymap.walkAll(
            t,
            p.map,
            (event, binding) -> {
              Object b = indirect ? Keymap.keyElement(t, binding, false) : binding;
              if (!same(t, b, definition)) {
                return;
              }
              Object key = event instanceof Pair q ? q.first(t.c) : event;
              List<Object> path = new ArrayList<>(p.keys);
              if (lastIsMeta && key instanceof Long l) {
                path.set(path.size() - 1, l | Events.META);
              } else {
                path.add(key);
              }
              here.add(new Vector(t.c, path.toArray()));
            },
            0);
        first.addAll(here);
      }
    }
    first.sort((a, b) -> Integer.compare(length(t, a), length(t, b)));
    for (Object seq : first) {
      Vector v = (Vector) seq;
      if (depth == 0
          && remap
          && v.length(t.c) == 2
          && v.get(t.c, 0) == REMAP
          && v.get(t.c, 1) instanceof Symbol from) {
        search(t, from, maps, indirect, false, out, 1);
      } else if (!contains(t, out, seq)) {
        out.add(seq);
      }
    }
  }

  private static boolean contains(Task t, List<Object> all, Object seq) {
    for (Object x : all) {
      if (Lisp.isTrue(t.callNamed("equal", x, seq))) {
        return true;
      }
    }
    return false;
  }

  private static int length(Task t, Object v) {
    return ((Vector) v).length(t.c);
  }

  // ---- Listings -------------------------------------------------------------------------------

  @Primitive(
      value = "describe-buffer-bindings",
      min = 1,
      doc =
          "Insert a list of all bindings in BUFFER that begin with PREFIX.\n"
              + "MENUS non-nil: mention those of menus.")
  static Object describeBufferBindings(Task t, Object buffer, Object prefix, Object menus) {
    Object nomenu = Lisp.isTrue(menus) ? Symbol.NIL : Symbol.T;
    Object target = t.currentBuffer;
    if (!(buffer instanceof org.elver.lisp.text.Buffer)) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    t.callNamed("set-buffer", buffer);
    List<Object> modes = Lisp.elements(t.c, ActiveMaps.currentMinorModeMaps(t));
    Object local = ActiveMaps.local(t);
    t.callNamed("set-buffer", target);
    Object shadow = Symbol.NIL;
    for (Object map : modes) {
      tree(t, map, shadow, prefix, "Minor Mode Bindings", nomenu);
      shadow = t.cons(map, shadow);
    }
    if (Lisp.isTrue(local)) {
      tree(t, local, shadow, prefix, "Major Mode Bindings", nomenu);
      shadow = t.cons(local, shadow);
    }
    tree(t, ActiveMaps.currentGlobalMap(t), shadow, prefix, "Global Bindings", nomenu);
    return Symbol.NIL;
  }

  private static void tree(
      Task t, Object map, Object shadow, Object prefix, String title, Object nomenu) {
    t.callNamed("insert", ActiveMaps.string(t, "\n"));
    t.callNamed(
        "describe-map-tree",
        map,
        Symbol.T,
        shadow,
        prefix,
        ActiveMaps.string(t, title),
        nomenu,
        Symbol.NIL,
        Symbol.NIL,
        Symbol.NIL);
  }

  @Primitive(
      value = "describe-vector",
      min = 1,
      doc =
          "Insert a description of VECTOR, a vector or char-table.\n"
              + "DESCRIBER is called with each value to insert its description.")
  static Object describeVector(Task t, Object vector, Object describer) {
    Object how = Lisp.isTrue(describer) ? describer : t.symbols().intern(t, "princ");
    entries(
        t,
        vector,
        (from, to, value) -> {
          insertKey(t, from, to);
          t.call(how, value);
          t.callNamed("terpri");
        });
    return Symbol.NIL;
  }

  private interface Entry {
    void accept(long from, long to, Object value);
  }

  private static void insertKey(Task t, long from, long to) {
    StringBuilder s = new StringBuilder();
    s.append(((LispString) Events.singleKeyDescription(t, from, Symbol.NIL)).toJava(t.c));
    if (to != from) {
      s.append(" .. ")
          .append(((LispString) Events.singleKeyDescription(t, to, Symbol.NIL)).toJava(t.c));
    }
    s.append("\t");
    t.callNamed("princ", ActiveMaps.string(t, s.toString()));
  }

  private static void entries(Task t, Object vector, Entry entry) {
    if (vector instanceof Vector v) {
      int n = v.length(t.c);
      for (int i = 0; i < n; ) {
        Object x = v.get(t.c, i);
        int j = i;
        while (j + 1 < n && Lisp.isTrue(t.callNamed("equal", v.get(t.c, j + 1), x))) {
          j++;
        }
        if (x != Symbol.NIL) {
          entry.accept(i, j, x);
        }
        i = j + 1;
      }
    } else if (vector instanceof CharTable) {
      List<Object> all = Keymap.tableEntries(t, vector);
      for (int i = 0; i < all.size(); i += 2) {
        Object key = all.get(i);
        if (key instanceof Pair p) {
          entry.accept((Long) p.first(t.c), (Long) p.second(t.c), all.get(i + 1));
        } else {
          entry.accept((Long) key, (Long) key, all.get(i + 1));
        }
      }
    } else {
      throw LispSignal.wrongType(VECTOR_OR_CHAR_TABLE_P, vector);
    }
  }

  @Primitive(
      value = "help--describe-vector",
      doc =
          "Insert a description of the bindings in VECTOR, part of a keymap, after PREFIX.\n"
              + "DESCRIBER inserts a binding.  PARTIAL: leave out undefined commands.  SHADOW:"
              + " keymaps\n"
              + "that hide bindings.  ENTIRE-MAP: the whole keymap.  MENTION-SHADOW: say what is"
              + " hidden.")
  static Object helpDescribeVector(
      Task t,
      Object vector,
      Object prefix,
      Object describer,
      Object partial,
      Object shadow,
      Object entireMap,
      Object mentionShadow) {
    entries(
        t,
        vector,
        (from, to, value) -> {
          Object binding = Keymap.keyElement(t, value, false);
          if (Lisp.isTrue(partial)
              && binding instanceof Symbol s
              && Lisp.isTrue(t.callNamed("get", s, partial))) {
            return;
          }
          Vector key = new Vector(t.c, from);
          Object hidden = Symbol.NIL;
          if (Lisp.isTrue(shadow)) {
            Object other = Keymap.lookupKey(t, shadow, key, Symbol.T);
            if (Lisp.isTrue(other) && !(other instanceof Long)) {
              if (!Lisp.isTrue(mentionShadow)) {
                return;
              }
              hidden = other;
            }
          }
          if (Lisp.isTrue(entireMap)
              && !Lisp.eq(Keymap.lookupKey(t, entireMap, key, Symbol.T), binding)) {
            return;
          }
          Object text =
              Lisp.isTrue(prefix)
                  ? t.callNamed("concat", prefix, ActiveMaps.string(t, " "))
                  : ActiveMaps.string(t, "");
          t.callNamed("insert", ActiveMaps.string(t, "\n"));
          t.callNamed("insert", text, Events.singleKeyDescription(t, from, Symbol.NIL));
          if (to != from) {
            t.callNamed(
                "insert",
                ActiveMaps.string(t, " .. "),
                text,
                Events.singleKeyDescription(t, to, Symbol.NIL));
          }
          t.call(describer, binding);
          if (Lisp.isTrue(hidden)) {
            t.callNamed("insert", ActiveMaps.string(t, "  (this binding is currently shadowed)"));
          }
        });
    return Symbol.NIL;
  }
}
