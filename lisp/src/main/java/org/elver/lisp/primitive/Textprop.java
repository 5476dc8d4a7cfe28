package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Intervals;
import org.elver.lisp.text.Properties;

/** Text properties: setting and removing them. */
final class Textprop {
  private static final Symbol FACE = Symbol.known("face");
  private static final Symbol FOREGROUND_COLOR = Symbol.known("foreground-color");
  private static final Symbol BACKGROUND_COLOR = Symbol.known("background-color");

  private Textprop() {}

  static void variables(Task t) {
    Vm.defvar(t, "char-property-alias-alist", Symbol.NIL);
    Vm.defvar(t, "default-text-properties", Symbol.NIL);
    Vm.defvar(t, "inhibit-point-motion-hooks", Symbol.T);
    Vm.defvar(
        t,
        "text-property-default-nonsticky",
        t.list(
            t.cons(Symbol.known("syntax-table"), Symbol.T),
            t.cons(Symbol.known("display"), Symbol.T)));
  }

  /**
   * A range of an object as indices from 0; null when it is empty in the way that makes functions
   * do nothing at all.
   */
  static int[] range(Task t, Object object, Object start, Object end) {
    long a = Buffer.position(t, start);
    long z = Buffer.position(t, end);
    if (a == z && start != end) {
      return null;
    }
    long from = Math.min(a, z);
    long to = Math.max(a, z);
    if (object instanceof Buffer b) {
      if (from < b.begv(t.c) || to > b.zv(t.c)) {
        throw LispSignal.outOfRange(integer(t, start), integer(t, end));
      }
      return b.begv(t.c) == b.zv(t.c) ? null : new int[] {(int) from - 1, (int) to - 1};
    }
    int n = ((LispString) object).length(t.c);
    if (from < 0 || to > n) {
      throw LispSignal.outOfRange(integer(t, start), integer(t, end));
    }
    return n == 0 ? null : new int[] {(int) from, (int) to};
  }

  static Object integer(Task t, Object x) {
    return x instanceof Long ? x : (Object) Buffer.position(t, x);
  }

  /** An index from 0; -1 when there is nothing there. */
  static int index(Task t, Object object, Object position) {
    int[] r = range(t, object, position, position);
    return r == null ? -1 : r[0];
  }

  @Primitive(
      value = "propertize",
      min = 1,
      args = "(STRING &rest PROPERTIES)",
      doc = "Return a copy of STRING with properties added: the further ARGS are names and values.")
  static Object propertize(Task t, Object[] args) {
    if (args.length % 2 == 0) {
      throw new LispSignal(
          Q.WRONG_NUMBER_OF_ARGUMENTS, Symbol.known("propertize"), (long) args.length);
    }
    LispString s = Lisp.string(args[0]);
    int n = s.length(t.c);
    LispString copy = s.substring(t.c, 0, n);
    Intervals own = Properties.copy(t.c, s, 0, n);
    if (own != null) {
      copy.setProperties(t.c, own);
    }
    Properties.change(
        t,
        copy,
        0,
        n,
        (from, to, p) -> {
          Object[] now = p;
          for (int i = args.length - 2; i > 0; i -= 2) {
            now = Intervals.with(now, args[i], args[i + 1]);
          }
          return now;
        });
    return copy;
  }

  @Primitive(
      value = "add-text-properties",
      min = 3,
      doc =
          "Add PROPERTIES, a property list, to the text from START to END of OBJECT.\n"
              + "OBJECT is a buffer (nil: the current one) or string.  Return t if that changed"
              + " any.")
  static boolean addTextProperties(
      Task t, Object start, Object end, Object properties, Object object) {
    Object o = Properties.object(t, object);
    if (properties == Symbol.NIL) {
      return false;
    }
    Object[] plist = plist(t, properties);
    int[] r = range(t, o, start, end);
    return r != null
        && Properties.change(
            t,
            o,
            r[0],
            r[1],
            (from, to, p) -> {
              Object[] now = p;
              for (int i = 0; i < plist.length; i += 2) {
                now = Intervals.with(now, plist[i], plist[i + 1]);
              }
              return now;
            });
  }

  private static Object[] plist(Task t, Object properties) {
    if (properties == Symbol.NIL) {
      return Intervals.NONE;
    }
    if (!(properties instanceof Pair)) {
      return new Object[] {properties, Symbol.NIL};
    }
    Object[] items = Lisp.elements(t.c, properties).toArray();
    if (items.length % 2 != 0) {
      throw LispSignal.error("Odd length text property list");
    }
    return items;
  }

  @Primitive(
      value = "put-text-property",
      min = 4,
      doc = "Set the property PROPERTY of the text from START to END of OBJECT to VALUE.")
  static Object putTextProperty(
      Task t, Object start, Object end, Object property, Object value, Object object) {
    Object o = Properties.object(t, object);
    int[] r = range(t, o, start, end);
    if (r != null) {
      Properties.change(t, o, r[0], r[1], (from, to, p) -> Intervals.with(p, property, value));
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-text-properties",
      min = 3,
      doc = "Give the text from START to END of OBJECT the properties PROPERTIES, and no others.")
  static Object setTextProperties(
      Task t, Object start, Object end, Object properties, Object object) {
    Object o = Properties.object(t, object);
    Object[] plist = plist(t, properties);
    Intervals old = Properties.of(t, o);
    if (plist.length == 0 && old == null) {
      range(t, o, start, end);
      return Symbol.NIL;
    }
    int[] r = range(t, o, start, end);
    if (r == null || r[0] == r[1]) {
      return Symbol.NIL;
    }
    if (plist.length == 0 && o instanceof LispString s && r[0] == 0 && r[1] == s.length(t.c)) {
      s.setProperties(t.c, null);
      return Symbol.T;
    }
    // A copy for each interval, so that all of them count as changed.
    Properties.change(t, o, r[0], r[1], (from, to, p) -> plist.clone());
    Intervals now = Properties.of(t, o);
    Intervals merged =
        Intervals.concat(
            Intervals.concat(Intervals.before(now, r[0]), Intervals.of(r[1] - r[0], plist.clone())),
            Intervals.after(now, r[1]));
    if (o instanceof LispString s) {
      s.setProperties(t.c, merged);
    } else {
      ((Buffer) o).setIntervals(t.c, Intervals.pruned(merged));
    }
    return Symbol.T;
  }

  @Primitive(
      value = "remove-text-properties",
      min = 3,
      doc =
          "Remove the properties that the property list PROPERTIES names from the text from START\n"
              + "to END of OBJECT.  Return t if there were any.")
  static boolean removeTextProperties(
      Task t, Object start, Object end, Object properties, Object object) {
    Object o = Properties.object(t, object);
    Object[] plist = plist(t, properties);
    Object[] names = new Object[plist.length / 2];
    for (int i = 0; i < names.length; i++) {
      names[i] = plist[2 * i];
    }
    return remove(t, o, start, end, names);
  }

  @Primitive(
      value = "remove-list-of-text-properties",
      min = 3,
      doc =
          "Remove the properties LIST-OF-PROPERTIES names from the text from START to END of\n"
              + "OBJECT.  Return t if there were any.")
  static boolean removeListOfTextProperties(
      Task t, Object start, Object end, Object listOfProperties, Object object) {
    Object o = Properties.object(t, object);
    if (range(t, o, start, end) == null) {
      return false;
    }
    List<Object> names = new ArrayList<>();
    Object rest = listOfProperties;
    while (rest instanceof Pair p && names.size() < 1_000_000) {
      names.add(p.first(t.c));
      rest = p.second(t.c);
    }
    return remove(t, o, start, end, names.toArray());
  }

  private static boolean remove(Task t, Object o, Object start, Object end, Object[] names) {
    int[] r = range(t, o, start, end);
    return r != null
        && Properties.of(t, o) != null
        && Properties.change(
            t,
            o,
            r[0],
            r[1],
            (from, to, p) -> {
              Object[] now = p;
              for (Object name : names) {
                now = Intervals.without(now, name);
              }
              return now;
            });
  }

  @Primitive(
      value = "add-face-text-property",
      min = 3,
      doc =
          "Add FACE to the `face' property of the text from START to END of OBJECT: before those\n"
              + "there, or with APPENDP non-nil after them.")
  static Object addFaceTextProperty(
      Task t, Object start, Object end, Object face, Object appendp, Object object) {
    Object o = Properties.object(t, object);
    int[] r = range(t, o, start, end);
    if (r != null) {
      Properties.change(
          t,
          o,
          r[0],
          r[1],
          (from, to, p) -> {
            int i = Intervals.indexOf(p, FACE);
            return i < 0
                ? Intervals.with(p, FACE, face)
                : Intervals.with(p, FACE, faces(t, p[i], face, appendp != Symbol.NIL));
          });
    }
    return Symbol.NIL;
  }

  private static Object faces(Task t, Object old, Object face, boolean append) {
    if (Lisp.eq(old, face)) {
      return old;
    }
    if (old instanceof Pair p
        && !(p.first(t.c) instanceof Symbol s
            && (s.isKeyword(t) || s == FOREGROUND_COLOR || s == BACKGROUND_COLOR))) {
      if (Lisp.eq(p.first(t.c), face) && !append) {
        return old;
      }
      if (!append) {
        return t.cons(face, old);
      }
      java.util.List<Object> all = Lisp.elements(t.c, old);
      all.add(face);
      return Lisp.list(t.c, all);
    }
    return append ? t.list(old, face) : t.list(face, old);
  }
}
