package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.collection.Equal;
import org.elver.lisp.collection.ListCursor;
import org.elver.lisp.collection.Sequences;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.ProxyCalls;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Sequence;
import org.elver.lisp.object.Symbol;

/** Lists and sequences, equality and property lists. */
final class Fns {
  private static final Symbol PLIST_ENVIRONMENT = Symbol.known("overriding-plist-environment");

  private Fns() {}

  static void variables(Task t) {
    org.elver.lisp.machine.Vm.defvar(t, PLIST_ENVIRONMENT, Symbol.NIL);
    org.elver.lisp.machine.Vm.defvar(t, "use-dialog-box", Symbol.T);
    org.elver.lisp.machine.Vm.defvar(t, "use-file-dialog", Symbol.T);
    org.elver.lisp.machine.Vm.defvar(t, "use-short-answers", Symbol.NIL);
  }

  @Primitive(value = "identity", doc = "Return ARGUMENT.")
  static Object identity(Task t, Object argument) {
    return argument;
  }

  // ---- Equality ---------------------------------------------------------------------------------

  @Primitive(value = "eql", doc = "Return t if OBJ1 and OBJ2 are the same object or equal numbers.")
  static boolean eql(Task t, Object obj1, Object obj2) {
    return Equal.eql(obj1, obj2);
  }

  @Primitive(
      value = "equal",
      doc = "Return t if O1 and O2 have the same type, structure and contents.")
  static boolean equal(Task t, Object o1, Object o2) {
    return Equal.equal(t.c, o1, o2);
  }

  @Primitive(
      value = "equal-including-properties",
      doc = "As `equal', but strings must have the same text properties too.")
  static boolean equalIncludingProperties(Task t, Object o1, Object o2) {
    return Equal.equalIncludingProperties(t.c, o1, o2);
  }

  private static Object hash(int h) {
    return ((h & 0xFFFFFFFFL) * 0x9E3779B97F4AL) & Lisp.MOST_POSITIVE_FIXNUM;
  }

  @Primitive(value = "sxhash-eq", doc = "Return an integer that is the same for `eq' objects.")
  static Object sxhashEq(Task t, Object obj) {
    return hash(Equal.hashEq(obj));
  }

  @Primitive(value = "sxhash-eql", doc = "Return an integer that is the same for `eql' objects.")
  static Object sxhashEql(Task t, Object obj) {
    return hash(Equal.hashEql(obj));
  }

  @Primitive(
      value = "sxhash-equal",
      doc = "Return an integer that is the same for `equal' objects.")
  static Object sxhashEqual(Task t, Object obj) {
    return hash(Equal.hashEqual(t.c, obj));
  }

  @Primitive(
      value = "sxhash-equal-including-properties",
      doc = "Return an integer that agrees with `equal-including-properties'.")
  static Object sxhashEqualIncludingProperties(Task t, Object obj) {
    return hash(Equal.hashEqual(t.c, obj));
  }

  // ---- Lengths ----------------------------------------------------------------------------------

  @Primitive(value = "length", doc = "Return the number of elements of SEQUENCE.")
  static long length(Task t, Object sequence) {
    return Sequences.length(t.c, sequence);
  }

  @Primitive(
      value = "safe-length",
      doc = "Return the length of LIST, also dotted or circular; no error.")
  static long safeLength(Task t, Object list) {
    if (list instanceof Proxy p) {
      Object own = p.contents(t.c);
      return own == p ? 0 : safeLength(t, own);
    }
    ListCursor l = new ListCursor(list);
    long n = 0;
    while (l.tail instanceof Pair p) {
      n++;
      if (l.step(t.c, p)) {
        break;
      }
    }
    return n;
  }

  @Primitive(
      value = "proper-list-p",
      doc = "Return OBJECT's length if it is a proper list, else nil.")
  static Object properListP(Task t, Object object) {
    ListCursor l = new ListCursor(object);
    long n = 0;
    while (l.tail instanceof Pair p) {
      n++;
      if (l.step(t.c, p)) {
        return Symbol.NIL;
      }
    }
    return l.tail == Symbol.NIL ? (Object) n : Symbol.NIL;
  }

  /** Compares the length without going farther along a list than needed. */
  private static int compareLength(Task t, Object sequence, Object length) {
    long wanted = Lisp.fixnum(length);
    if (!(sequence instanceof Pair) || wanted >= 0xFFFF) {
      return Long.compare(Sequences.length(t.c, sequence), wanted);
    }
    long n = 0;
    Object tail = sequence;
    while (tail instanceof Pair p && n <= wanted) {
      tail = p.second(t.c);
      n++;
    }
    return Long.compare(n, wanted);
  }

  @Primitive(value = "length<", doc = "Return t if SEQUENCE is shorter than LENGTH.")
  static boolean lengthLess(Task t, Object sequence, Object length) {
    return compareLength(t, sequence, length) < 0;
  }

  @Primitive(value = "length>", doc = "Return t if SEQUENCE is longer than LENGTH.")
  static boolean lengthGreater(Task t, Object sequence, Object length) {
    return compareLength(t, sequence, length) > 0;
  }

  @Primitive(value = "length=", doc = "Return t if SEQUENCE has length LENGTH.")
  static boolean lengthEqual(Task t, Object sequence, Object length) {
    return compareLength(t, sequence, length) == 0;
  }

  // ---- Elements ---------------------------------------------------------------------------------

  /** {@code nthcdr} with an integer of any size. */
  private static Object nthcdrOf(Task t, Object n, Object list) {
    if (n instanceof Long l) {
      return Sequences.nthcdr(t.c, l, list);
    }
    if (!(n instanceof java.math.BigInteger b)) {
      throw LispSignal.wrongType(Q.INTEGERP, n);
    }
    if (b.signum() < 0) {
      return list;
    }
    // Only a circular list goes on so far: as far as the rest on dividing by its period.
    ListCursor l = new ListCursor(list);
    long steps = 0;
    while (l.tail instanceof Pair p) {
      steps++;
      if (l.step(t.c, p)) {
        Object mark = l.tail;
        long period = 1;
        for (Object x = ((Pair) mark).second(t.c); x != mark; x = ((Pair) x).second(t.c)) {
          period++;
        }
        long rest =
            b.subtract(java.math.BigInteger.valueOf(steps))
                .mod(java.math.BigInteger.valueOf(period))
                .longValue();
        return Sequences.nthcdr(t.c, rest, mark);
      }
    }
    l.end(list);
    return Symbol.NIL;
  }

  @Primitive(value = "nthcdr", doc = "Take the cdr of LIST N times.")
  static Object nthcdr(Task t, Object n, Object list) {
    return nthcdrOf(t, n, list);
  }

  @Primitive(value = "nth", doc = "Return element N of LIST, counted from 0.")
  static Object nth(Task t, Object n, Object list) {
    return Lisp.car(t.c, nthcdrOf(t, n, list));
  }

  @Primitive(value = "elt", doc = "Return element N of SEQUENCE, counted from 0.")
  static Object elt(Task t, Object sequence, Object n) {
    if (sequence instanceof Pair || sequence == Symbol.NIL) {
      return Lisp.car(t.c, nthcdrOf(t, n, sequence));
    }
    return Sequences.elt(t.c, sequence, n);
  }

  @Primitive(value = "memq", doc = "Return the tail of LIST whose car is `eq' to ELT; nil if none.")
  static Object memq(Task t, Object elt, Object list) {
    Context c = t.c;
    ListCursor l = new ListCursor(list);
    if (elt instanceof Long) {
      while (l.tail instanceof Pair p) {
        if (Lisp.eq(p.first(c), elt)) {
          return p;
        }
        l.next(c, p);
      }
    } else {
      while (l.tail instanceof Pair p) {
        if (p.first(c) == elt) {
          return p;
        }
        l.next(c, p);
      }
    }
    l.end(list);
    return Symbol.NIL;
  }

  @Primitive(
      value = "memql",
      doc = "Return the tail of LIST whose car is `eql' to ELT; nil if none.")
  static Object memql(Task t, Object elt, Object list) {
    ListCursor l = new ListCursor(list);
    while (l.tail instanceof Pair p) {
      if (Equal.eql(p.first(t.c), elt)) {
        return p;
      }
      l.next(t.c, p);
    }
    l.end(list);
    return Symbol.NIL;
  }

  @Primitive(
      value = "member",
      doc = "Return the tail of LIST whose car is `equal' to ELT; nil if none.")
  static Object member(Task t, Object elt, Object list) {
    ListCursor l = new ListCursor(list);
    while (l.tail instanceof Pair p) {
      if (Equal.equal(t.c, p.first(t.c), elt)) {
        return p;
      }
      l.next(t.c, p);
    }
    l.end(list);
    return Symbol.NIL;
  }

  @Primitive(
      value = "assq",
      doc = "Return the element of ALIST whose car is `eq' to KEY; nil if none.")
  static Object assq(Task t, Object key, Object alist) {
    Context c = t.c;
    ListCursor l = new ListCursor(alist);
    while (l.tail instanceof Pair p) {
      Object e = p.first(c);
      if (e instanceof Pair q
          ? Lisp.eq(q.first(c), key)
          : e instanceof Proxy && Lisp.eq(ProxyCalls.carOfPair(t, e), key)) {
        return e;
      }
      l.next(c, p);
    }
    l.end(alist);
    return Symbol.NIL;
  }

  @Primitive(
      value = "rassq",
      doc = "Return the element of ALIST whose cdr is `eq' to KEY; nil if none.")
  static Object rassq(Task t, Object key, Object alist) {
    ListCursor l = new ListCursor(alist);
    while (l.tail instanceof Pair p) {
      Object e = p.first(t.c);
      if (e instanceof Pair q
          ? Lisp.eq(q.second(t.c), key)
          : e instanceof Proxy && Lisp.eq(ProxyCalls.cdrOfPair(t, e), key)) {
        return e;
      }
      l.next(t.c, p);
    }
    l.end(alist);
    return Symbol.NIL;
  }

  /** {@code equal}; null is nothing's equal. */
  private static boolean isEqual(Task t, Object a, Object b) {
    return a != null && Equal.equal(t.c, a, b);
  }

  @Primitive(value = "rassoc", doc = "Return the element of ALIST whose cdr is `equal' to KEY.")
  static Object rassoc(Task t, Object key, Object alist) {
    ListCursor l = new ListCursor(alist);
    while (l.tail instanceof Pair p) {
      Object e = p.first(t.c);
      if (e instanceof Pair q
          ? Equal.equal(t.c, q.second(t.c), key)
          : e instanceof Proxy && isEqual(t, ProxyCalls.cdrOfPair(t, e), key)) {
        return e;
      }
      l.next(t.c, p);
    }
    l.end(alist);
    return Symbol.NIL;
  }

  @Primitive(
      value = "assoc",
      min = 2,
      doc = "Return the element of ALIST whose car is `equal' to KEY; TESTFN: by that test.")
  static Object assoc(Task t, Object key, Object alist, Object testfn) {
    if (testfn != Symbol.NIL && testfn != Q.EQUAL) {
      if (testfn == Q.EQ) {
        return assq(t, key, alist);
      }
      return new Assoc(key, alist, testfn).resume(t, null);
    }
    ListCursor l = new ListCursor(alist);
    while (l.tail instanceof Pair p) {
      Object e = p.first(t.c);
      if (e instanceof Pair q
          ? Equal.equal(t.c, q.first(t.c), key)
          : e instanceof Proxy && isEqual(t, ProxyCalls.carOfPair(t, e), key)) {
        return e;
      }
      l.next(t.c, p);
    }
    l.end(alist);
    return Symbol.NIL;
  }

  /** {@code assoc} with a test in Lisp. */
  private static final class Assoc extends NativeFrame {
    private final Object key;
    private final Object alist;
    private final Object test;
    private Object tail;
    private Object tortoise;
    private long steps;
    private Pair asked;

    Assoc(Object key, Object alist, Object test) {
      this.key = key;
      this.alist = alist;
      this.test = test;
      this.tail = alist;
      this.tortoise = alist;
    }

    @Override
    public Object resume(Task t, Object value) {
      if (value != null && value != Symbol.NIL) {
        return asked;
      }
      while (tail instanceof Pair p) {
        tail = p.second(t.c);
        steps++;
        if (tail == tortoise && tail instanceof Pair) {
          throw new LispSignal(Q.CIRCULAR_LIST, tail);
        }
        if ((steps & (steps - 1)) == 0) {
          tortoise = tail;
        }
        if (p.first(t.c) instanceof Pair e) {
          asked = e;
          return t.invoke(this, test, e.first(t.c), key);
        }
      }
      if (tail != Symbol.NIL) {
        throw LispSignal.wrongType(Q.LISTP, alist);
      }
      return Symbol.NIL;
    }
  }

  // ---- Making and changing
  // ------------------------------------------------------------------------

  @Primitive(
      value = "append",
      doc =
          "Return a list of the elements of all SEQUENCES; the last is not copied and may be"
              + " anything.",
      args = "(&rest SEQUENCES)")
  static Object append(Task t, Object[] args) {
    if (args.length == 0) {
      return Symbol.NIL;
    }
    Context c = t.c;
    Object result = args[args.length - 1];
    Pair last = null;
    Object first = null;
    for (int i = 0; i < args.length - 1; i++) {
      Object x = args[i];
      if (x instanceof Pair) {
        ListCursor l = new ListCursor(x);
        while (l.tail instanceof Pair p) {
          Pair n = new Pair(c, p.first(c), Symbol.NIL);
          if (last == null) {
            first = n;
          } else {
            last.setSecond(c, n);
          }
          last = n;
          l.next(c, p);
        }
        if (l.tail != Symbol.NIL) {
          throw LispSignal.wrongType(Q.LISTP, l.tail);
        }
      } else if (x != Symbol.NIL) {
        for (Object o : arrayElements(c, x)) {
          Pair n = new Pair(c, o, Symbol.NIL);
          if (last == null) {
            first = n;
          } else {
            last.setSecond(c, n);
          }
          last = n;
        }
      }
    }
    if (last == null) {
      return result;
    }
    last.setSecond(c, result);
    return first;
  }

  /**
   * The elements of what may be appended: also the slots of byte-code, but not those of records.
   */
  static Object[] arrayElements(Context c, Object x) {
    return Sequences.elements(c, x, Q.SEQUENCEP);
  }

  @Primitive(
      value = "vconcat",
      doc = "Return a vector of the elements of all SEQUENCES.",
      args = "(&rest SEQUENCES)")
  static Object vconcat(Task t, Object[] args) {
    List<Object> all = new ArrayList<>();
    for (Object a : args) {
      for (Object o : arrayElements(t.c, a)) {
        all.add(o);
      }
    }
    return Lisp.vector(t.c, all.toArray());
  }

  @Primitive(
      value = "nconc",
      doc = "Join LISTS by changing the last cdr of all but the last.",
      args = "(&rest LISTS)")
  static Object nconc(Task t, Object[] args) {
    Object result = Symbol.NIL;
    for (int i = 0; i < args.length; i++) {
      Object x = args[i];
      if (x == Symbol.NIL) {
        continue;
      }
      if (result == Symbol.NIL) {
        result = x;
      }
      if (i == args.length - 1) {
        break;
      }
      Pair last = Lisp.cons(x);
      ListCursor l = new ListCursor(x);
      while (l.tail instanceof Pair p) {
        last = p;
        l.next(t.c, p);
      }
      last.setSecond(t.c, args[i + 1]);
      if (args[i + 1] == Symbol.NIL) {
        args[i + 1] = last; // Go on from this end.
      }
    }
    return result;
  }

  @Primitive(value = "copy-alist", doc = "Return a copy of ALIST and of the cons cells in it.")
  static Object copyAlist(Task t, Object alist) {
    Context c = t.c;
    if (alist == Symbol.NIL) {
      return alist;
    }
    if (!(alist instanceof Pair)) {
      throw LispSignal.wrongType(Q.SEQUENCEP, alist);
    }
    Object[] items = Sequences.elements(c, alist, Q.LISTP);
    for (int i = 0; i < items.length; i++) {
      if (items[i] instanceof Pair p) {
        items[i] = new Pair(c, p.first(c), p.second(c));
      }
    }
    return t.list(items);
  }

  @Primitive(value = "copy-sequence", doc = "Return a copy of ARG: a sequence or record.")
  static Object copySequence(Task t, Object arg) {
    Context c = t.c;
    if (arg == Symbol.NIL) {
      return arg;
    }
    if (arg instanceof Pair) {
      return t.list(Sequences.elements(c, arg, Q.SEQUENCEP));
    }
    if (arg instanceof LispString s) {
      LispString copy = s.substring(c, 0, s.length(c));
      if (s.properties(c) instanceof org.elver.lisp.object.TextProperties p) {
        copy.setProperties(c, p.part(0, s.length(c)));
      }
      return copy;
    }
    if (arg instanceof Vector v) {
      return Lisp.vector(c, Sequences.elements(c, v, Q.SEQUENCEP));
    }
    if (arg instanceof Record r) {
      Object[] slots = new Object[r.length(c)];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = r.get(c, i);
      }
      return new Record(c, slots);
    }
    if (arg instanceof Sequence s) {
      return s.duplicate(c);
    }
    throw LispSignal.wrongType(Q.SEQUENCEP, arg);
  }

  @Primitive(value = "reverse", doc = "Return SEQ's elements in a new sequence in reverse order.")
  static Object reverse(Task t, Object seq) {
    Context c = t.c;
    if (seq instanceof Pair || seq == Symbol.NIL) {
      Object r = Symbol.NIL;
      ListCursor l = new ListCursor(seq);
      while (l.tail instanceof Pair p) {
        r = new Pair(c, p.first(c), r);
        l.next(c, p);
      }
      if (l.tail != Symbol.NIL) {
        throw LispSignal.wrongType(Q.LISTP, l.tail);
      }
      return r;
    }
    if (seq instanceof LispString s) {
      int[] codes = s.codeArray(c);
      for (int i = 0, j = codes.length - 1; i < j; i++, j--) {
        int x = codes[i];
        codes[i] = codes[j];
        codes[j] = x;
      }
      return LispString.of(c, codes, s.isMultibyte(c));
    }
    if (seq instanceof Vector || (seq instanceof Sequence s && s.isIterable())) {
      return nreverse(t, copySequence(t, seq));
    }
    throw LispSignal.wrongType(Q.SEQUENCEP, seq);
  }

  @Primitive(
      value = "nreverse",
      doc = "Reverse SEQ in place where that is possible; return the result.")
  static Object nreverse(Task t, Object seq) {
    Context c = t.c;
    if (seq instanceof Pair || seq == Symbol.NIL) {
      Object r = Symbol.NIL;
      Object tail = seq;
      while (tail instanceof Pair p) {
        Object next = p.second(c);
        if (next == seq) {
          throw new LispSignal(Q.CIRCULAR_LIST, seq);
        }
        p.setSecond(c, r);
        r = p;
        tail = next;
      }
      if (tail != Symbol.NIL) {
        throw LispSignal.wrongType(Q.LISTP, seq);
      }
      return r;
    }
    if (seq instanceof LispString) {
      return reverse(t, seq);
    }
    if (seq instanceof Vector v) {
      for (int i = 0, j = v.length(c) - 1; i < j; i++, j--) {
        Object x = v.get(c, i);
        v.set(c, i, v.get(c, j));
        v.set(c, j, x);
      }
      return v;
    }
    if (seq instanceof Sequence v && v.isIterable()) {
      for (int i = 0, j = v.size(c) - 1; i < j; i++, j--) {
        Object x = v.element(c, i);
        v.setElement(c, i, v.element(c, j));
        v.setElement(c, j, x);
      }
      return v;
    }
    throw LispSignal.wrongType(Q.ARRAYP, seq);
  }

  private static Object deleteFromList(Task t, Object elt, Object list, boolean byEq) {
    Context c = t.c;
    Object result = list;
    Pair last = null;
    ListCursor l = new ListCursor(list);
    while (l.tail instanceof Pair p) {
      Object x = p.first(c);
      if (byEq ? Lisp.eq(x, elt) : Equal.equal(c, x, elt)) {
        if (last == null) {
          result = p.second(c);
        } else {
          last.setSecond(c, p.second(c));
        }
      } else {
        last = p;
      }
      l.next(c, p);
    }
    l.end(list);
    return result;
  }

  @Primitive(value = "delq", doc = "Remove elements `eq' to ELT from LIST by changing it.")
  static Object delq(Task t, Object elt, Object list) {
    return deleteFromList(t, elt, list, true);
  }

  @Primitive(
      value = "delete",
      doc = "Remove elements `equal' to ELT from SEQ; a list is changed, others are copied.")
  static Object delete(Task t, Object elt, Object seq) {
    Context c = t.c;
    if (seq instanceof Vector v) {
      Object[] kept = Sequences.elements(c, v, Q.VECTORP);
      int n = 0;
      for (Object x : kept) {
        if (!Equal.equal(c, x, elt)) {
          kept[n++] = x;
        }
      }
      return n == kept.length ? seq : new Vector(c, java.util.Arrays.copyOf(kept, n));
    }
    if (seq instanceof LispString s) {
      int[] codes = s.codeArray(c);
      int n = 0;
      for (int code : codes) {
        if (!(elt instanceof Long l && l == code)) {
          codes[n++] = code;
        }
      }
      return n == codes.length ? seq : LispString.of(c, codes, 0, n, s.isMultibyte(c));
    }
    return deleteFromList(t, elt, seq, false);
  }

  @Primitive(value = "fillarray", doc = "Store ITEM in every element of ARRAY, which is returned.")
  static Object fillarray(Task t, Object array, Object item) {
    Context c = t.c;
    if (array instanceof Vector v) {
      int n = v.length(c);
      for (int i = 0; i < n; i++) {
        v.set(c, i, item);
      }
    } else if (array instanceof LispString s) {
      int ch = Lisp.character(item);
      int[] codes = new int[s.length(c)];
      if (!s.isMultibyte(c)) {
        ch &= 0xFF;
      } else if ((long) FnsStrings.bytesOf(ch) * codes.length != FnsStrings.stringBytes(t, s)) {
        throw LispSignal.error("Attempt to change byte length of a string");
      }
      java.util.Arrays.fill(codes, ch);
      s.setAll(c, codes, s.isMultibyte(c));
    } else if (array instanceof org.elver.lisp.collection.BoolVector b) {
      b.fill(c, item != Symbol.NIL);
    } else if (array instanceof CharTable table) {
      table.setDefault(c, item);
      table.setRange(c, 0, LispString.MAX_CHAR, item);
    } else if (array instanceof Sequence s) {
      for (int i = 0; i < s.size(c); i++) {
        s.setElement(c, i, item);
      }
    } else {
      throw LispSignal.wrongType(Q.ARRAYP, array);
    }
    return array;
  }

  // ---- Property lists ---------------------------------------------------------------------------

  /** The value of a property; null when there is none. Like GNU Emacs without any error. */
  private static Object plistValue(Context c, Object plist, Object prop) {
    ListCursor l = new ListCursor(plist);
    while (l.tail instanceof Pair p && p.second(c) instanceof Pair q) {
      if (Lisp.eq(p.first(c), prop)) {
        return q.first(c);
      }
      if (l.step(c, q)) {
        return null;
      }
    }
    return null;
  }

  @Primitive(value = "plist-get", doc = "Return the value of PROP (by `eq') in PLIST, or nil.")
  static Object plistGet(Task t, Object plist, Object prop) {
    Object v = plistValue(t.c, plist, prop);
    return v == null ? Symbol.NIL : v;
  }

  @Primitive(
      value = "lax-plist-get",
      doc = "Return the value of PROP (by `equal') in PLIST, or nil.")
  static Object laxPlistGet(Task t, Object plist, Object prop) {
    ListCursor l = new ListCursor(plist);
    while (l.tail instanceof Pair p && p.second(t.c) instanceof Pair q) {
      if (Equal.equal(t.c, p.first(t.c), prop)) {
        return q.first(t.c);
      }
      l.next(t.c, q);
    }
    endPlist(l, plist);
    return Symbol.NIL;
  }

  private static void endPlist(ListCursor l, Object plist) {
    if (l.tail != Symbol.NIL) {
      throw LispSignal.wrongType(Q.PLISTP, plist);
    }
  }

  private static Object put(Task t, Object plist, Object prop, Object val, boolean byEq) {
    Context c = t.c;
    Pair last = null;
    ListCursor l = new ListCursor(plist);
    while (l.tail instanceof Pair p && p.second(c) instanceof Pair q) {
      Object k = p.first(c);
      if (byEq ? Lisp.eq(k, prop) : Equal.equal(c, k, prop)) {
        q.setFirst(c, val);
        return plist;
      }
      last = q;
      l.next(c, q);
    }
    endPlist(l, plist);
    Object more = t.cons(prop, t.cons(val, Symbol.NIL));
    if (last == null) {
      return more;
    }
    last.setSecond(c, more);
    return plist;
  }

  @Primitive(
      value = "plist-put",
      doc = "Make VAL the value of PROP (by `eq') in PLIST; return PLIST.")
  static Object plistPut(Task t, Object plist, Object prop, Object val) {
    return put(t, plist, prop, val, true);
  }

  @Primitive(value = "lax-plist-put", doc = "Make VAL the value of PROP (by `equal') in PLIST.")
  static Object laxPlistPut(Task t, Object plist, Object prop, Object val) {
    return put(t, plist, prop, val, false);
  }

  @Primitive(
      value = "plist-member",
      doc = "Return the tail of PLIST that begins with PROP, or nil.")
  static Object plistMember(Task t, Object plist, Object prop) {
    ListCursor l = new ListCursor(plist);
    while (l.tail instanceof Pair p) {
      if (Lisp.eq(p.first(t.c), prop)) {
        return p;
      }
      l.tail = p.second(t.c);
      if (!(l.tail instanceof Pair q)) {
        break;
      }
      l.next(t.c, q);
    }
    endPlist(l, plist);
    return Symbol.NIL;
  }

  @Primitive(value = "get", doc = "Return the value of property PROPNAME of SYMBOL, or nil.")
  static Object get(Task t, Object symbol, Object propname) {
    Symbol s = Lisp.symbol(symbol);
    Object overriding = Variables.orNil(t, PLIST_ENVIRONMENT);
    if (overriding != Symbol.NIL) {
      Object own = Lisp.cdrSafe(t.c, assq(t, s, overriding));
      Object v = plistValue(t.c, own, propname);
      if (v != null && v != Symbol.NIL) {
        return v;
      }
    }
    Object v = plistValue(t.c, s.plist(t), propname);
    return v == null ? Symbol.NIL : v;
  }

  @Primitive(
      value = "put",
      doc = "Make VALUE the value of property PROPNAME of SYMBOL; return VALUE.")
  static Object put(Task t, Object symbol, Object propname, Object value) {
    Symbol s = Lisp.symbol(symbol);
    Object old = s.plist(t);
    Object plist = put(t, old, propname, value, true);
    if (plist != old) {
      s.setPlist(t, plist);
    }
    return value;
  }
}
