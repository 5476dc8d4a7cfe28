package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.collection.HashTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.read.Obarrays;

/** Completing a string from lists, obarrays, hash tables and functions. */
final class Completion {
  private static final Symbol IGNORE_CASE = Symbol.known("completion-ignore-case");
  private static final Symbol REGEXPS = Symbol.known("completion-regexp-list");
  private static final Symbol CASE_FOLD = Symbol.known("case-fold-search");

  private Completion() {}

  /** An entry of a table: its text, and what a predicate is shown of it. */
  private record Entry(LispString text, Object element, Object value) {}

  private static boolean isFunction(Task t, Object table) {
    if (table instanceof Symbol && table != Symbol.NIL) {
      return true;
    }
    if (table instanceof Pair p) {
      return p.first(t.c) == Q.LAMBDA
          || p.first(t.c) == Q.CLOSURE
          || (p.first(t.c) instanceof Symbol s
              && s != Symbol.NIL
              && Lisp.isTrue(t.callNamed("functionp", table)));
    }
    return table != Symbol.NIL && !(table instanceof Vector) && !(table instanceof HashTable);
  }

  private static LispString text(Task t, Object x) {
    if (x instanceof LispString s) {
      return s;
    }
    return x instanceof Symbol s ? LispString.of(t.c, s.name()) : null;
  }

  private static List<Entry> entries(Task t, Object table) {
    List<Entry> all = new ArrayList<>();
    if (table instanceof HashTable h) {
      for (long i = h.first(t.c); i >= 0; i = h.next(t.c, i)) {
        LispString s = text(t, h.keyAt(t.c, i));
        if (s != null) {
          all.add(new Entry(s, h.keyAt(t.c, i), h.valueAt(t.c, i)));
        }
      }
    } else if (table instanceof Vector v) {
      Obarrays.forEach(
          t, Obarrays.of(t, v), s -> all.add(new Entry(LispString.of(t.c, s.name()), s, null)));
    } else {
      Object tail = table;
      Object slow = table;
      boolean step = false;
      while (tail instanceof Pair p) {
        Object element = p.first(t.c);
        LispString s = text(t, element instanceof Pair q ? q.first(t.c) : element);
        if (s != null) {
          all.add(new Entry(s, element, null));
        }
        tail = p.second(t.c);
        if (step) {
          slow = ((Pair) slow).second(t.c);
        }
        step = !step;
        if (tail == slow && tail instanceof Pair) {
          throw new LispSignal(Q.CIRCULAR_LIST, table);
        }
      }
    }
    return all;
  }

  private static boolean passes(Task t, Entry e, Object predicate) {
    Object tail = Variables.orNil(t, REGEXPS);
    if (tail instanceof Pair) {
      int mark = t.bindingMark();
      t.bind(CASE_FOLD, Lisp.bool(ignoresCase(t)));
      try {
        while (tail instanceof Pair p) {
          if (p.first(t.c) instanceof LispString
              && !Lisp.isTrue(t.callNamed("string-match-p", p.first(t.c), e.text))) {
            return false;
          }
          tail = p.second(t.c);
        }
      } finally {
        t.unbindTo(mark);
      }
    }
    if (predicate == Symbol.NIL) {
      return true;
    }
    if (predicate == Symbol.known("commandp") && e.value == null) {
      return Lisp.isTrue(t.call(predicate, e.element));
    }
    return Lisp.isTrue(
        e.value == null ? t.call(predicate, e.element) : t.call(predicate, e.element, e.value));
  }

  private static boolean ignoresCase(Task t) {
    return Lisp.isTrue(Variables.orNil(t, IGNORE_CASE));
  }

  private static int fold(int c) {
    return Character.toLowerCase(Character.toUpperCase(c));
  }

  /** How many characters two strings have in common at their start. */
  private static int common(int[] a, int[] b, boolean ignoreCase) {
    int n = Math.min(a.length, b.length);
    int i = 0;
    while (i < n && (a[i] == b[i] || (ignoreCase && fold(a[i]) == fold(b[i])))) {
      i++;
    }
    return i;
  }

  @Primitive(
      value = "try-completion",
      min = 2,
      doc =
          "Return the longest common start of the entries of COLLECTION that begin with STRING:\n"
              + "t if STRING is the only one, nil if there is none.  COLLECTION is a list, an"
              + " obarray,\n"
              + "a hash table or a function; only entries for which PREDICATE is true count.")
  static Object tryCompletion(Task t, Object string, Object collection, Object predicate) {
    LispString given = Lisp.string(string);
    if (isFunction(t, collection)) {
      return t.call(collection, string, predicate, Symbol.NIL);
    }
    int[] start = given.characters(t.c);
    boolean ignoreCase = ignoresCase(t);
    LispString best = null;
    int[] bestCodes = null;
    int size = 0;
    int count = 0;
    for (Entry e : entries(t, collection)) {
      t.safepoint();
      int[] codes = e.text.characters(t.c);
      if (codes.length < start.length || common(codes, start, ignoreCase) < start.length) {
        continue;
      }
      if (!passes(t, e, predicate)) {
        continue;
      }
      if (best == null) {
        best = e.text;
        bestCodes = codes;
        size = codes.length;
        count = 1;
        continue;
      }
      int match = Math.min(common(bestCodes, codes, ignoreCase), size);
      boolean differs = !java.util.Arrays.equals(codes, bestCodes);
      if (ignoreCase) {
        // The entry that is the match exactly is shown, with STRING's case if there are several.
        if ((match == codes.length && match < bestCodes.length)
            || ((match == codes.length) == (match == bestCodes.length)
                && common(codes, start, false) >= start.length
                && common(bestCodes, start, false) < start.length)) {
          best = e.text;
          bestCodes = codes;
        }
      }
      if (differs) {
        count++;
      }
      size = match;
      if (size <= start.length && !ignoreCase && count > 1) {
        break;
      }
    }
    if (best == null) {
      return Symbol.NIL;
    }
    if (ignoreCase && size == start.length && bestCodes.length > size) {
      return string;
    }
    if (count == 1 && java.util.Arrays.equals(bestCodes, start)) {
      return Symbol.T;
    }
    return t.callNamed("substring", best, 0L, (long) size);
  }

  @Primitive(
      value = "all-completions",
      min = 2,
      doc =
          "Return a list of the entries of COLLECTION that begin with STRING and for which\n"
              + "PREDICATE is true.  HIDE-SPACES: not those that begin with a space.")
  static Object allCompletions(
      Task t, Object string, Object collection, Object predicate, Object hideSpaces) {
    LispString given = Lisp.string(string);
    if (isFunction(t, collection)) {
      return t.call(collection, string, predicate, Symbol.T);
    }
    int[] start = given.characters(t.c);
    boolean ignoreCase = ignoresCase(t);
    List<Object> out = new ArrayList<>();
    for (Entry e : entries(t, collection)) {
      t.safepoint();
      int[] codes = e.text.characters(t.c);
      if (codes.length < start.length
          || common(codes, start, ignoreCase) < start.length
          || (Lisp.isTrue(hideSpaces)
              && codes.length > 0
              && codes[0] == ' '
              && !(start.length > 0 && start[0] == ' '))) {
        continue;
      }
      if (passes(t, e, predicate)) {
        out.add(e.text);
      }
    }
    return Lisp.list(t.c, out);
  }

  @Primitive(
      value = "test-completion",
      min = 2,
      doc = "Return non-nil if STRING is an entry of COLLECTION for which PREDICATE is true.")
  static Object testCompletion(Task t, Object string, Object collection, Object predicate) {
    LispString given = Lisp.string(string);
    if (isFunction(t, collection)) {
      return t.call(collection, string, predicate, Q.LAMBDA);
    }
    int[] wanted = given.characters(t.c);
    boolean ignoreCase = ignoresCase(t);
    for (Entry e : entries(t, collection)) {
      t.safepoint();
      int[] codes = e.text.characters(t.c);
      if (codes.length == wanted.length && common(codes, wanted, ignoreCase) == codes.length) {
        return Lisp.bool(passes(t, e, predicate));
      }
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "internal-complete-buffer",
      doc = "Complete STRING from the names of buffers, as completion functions do with FLAG.")
  static Object completeBuffer(Task t, Object string, Object predicate, Object flag) {
    List<Object> names = new ArrayList<>();
    for (Object b : Lisp.elements(t.c, t.callNamed("buffer-list"))) {
      names.add(t.cons(t.callNamed("buffer-name", b), b));
    }
    Object table = Lisp.list(t.c, names);
    if (flag == Symbol.NIL) {
      return tryCompletion(t, string, table, predicate);
    }
    if (flag == Symbol.T) {
      Object all = allCompletions(t, string, table, predicate, Symbol.NIL);
      if (Lisp.string(string).length(t.c) > 0) {
        return all;
      }
      List<Object> shown = new ArrayList<>();
      for (Object name : Lisp.elements(t.c, all)) {
        LispString s = (LispString) name;
        if (s.length(t.c) == 0 || s.get(t.c, 0) != ' ') {
          shown.add(s);
        }
      }
      return shown.isEmpty() ? all : Lisp.list(t.c, shown);
    }
    if (flag == Q.LAMBDA) {
      return testCompletion(t, string, table, predicate);
    }
    if (flag == Symbol.known("metadata")) {
      return t.list(
          flag,
          t.cons(Symbol.known("category"), Q.BUFFER),
          t.cons(Symbol.known("cycle-sort-function"), Symbol.known("identity")));
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "assoc-string",
      min = 2,
      doc =
          "Return the element of LIST, a list of strings, symbols or conses of them, whose name\n"
              + "is KEY.  CASE-FOLD non-nil: in whatever case.")
  static Object assocString(Task t, Object key, Object list, Object caseFold) {
    LispString wanted = text(t, key);
    if (wanted == null) {
      throw LispSignal.wrongType(Q.STRINGP, key);
    }
    Object tail = list instanceof Proxy l ? l.contents(t.c) : list;
    while (tail instanceof Pair p) {
      t.safepoint();
      Object element = p.first(t.c);
      Object name = element instanceof Pair q ? q.first(t.c) : element;
      LispString s = text(t, name);
      if (s == null) {
        throw LispSignal.wrongType(Q.STRINGP, name);
      }
      int[] a = s.characters(t.c);
      int[] b = wanted.characters(t.c);
      if (a.length == b.length && common(a, b, Lisp.isTrue(caseFold)) == a.length) {
        return element;
      }
      tail = p.second(t.c);
    }
    return Symbol.NIL;
  }
}
