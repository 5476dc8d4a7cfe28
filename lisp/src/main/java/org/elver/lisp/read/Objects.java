package org.elver.lisp.read;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.chartable.SubCharTable;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.code.Code;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Symbol;

/** Makes the rarer kinds of object out of what was read of them. */
final class Objects {
  private Objects() {}

  /** What {@code #s(...)} means: a hash table, or a record. */
  static Object record(Task t, Object list) {
    if (Lisp.carSafe(t.c, list) != Q.HASH_TABLE) {
      Object[] slots = Lisp.elements(t.c, list).toArray();
      if (slots.length == 0) {
        throw LispSignal.wrongType(Q.WHOLENUMP, -1L);
      }
      return new Record(t.c, slots);
    }
    java.util.ArrayList<Object> arguments = new java.util.ArrayList<>();
    Object data = Symbol.NIL;
    Object rest = Lisp.cdr(t.c, list);
    while (rest instanceof Pair p && p.second(t.c) instanceof Pair q) {
      Object key = p.first(t.c);
      Object value = q.first(t.c);
      if (key == Q.DATA) {
        data = value;
      } else if (value != Symbol.NIL) {
        if (key == Q.TEST) {
          arguments.add(Q.K_TEST);
          arguments.add(value);
        } else if (key == Q.SIZE) {
          arguments.add(Q.K_SIZE);
          arguments.add(value);
        } else if (key == Q.WEAKNESS) {
          arguments.add(Q.K_WEAKNESS);
          arguments.add(value);
        } else if (key == Q.REHASH_SIZE) {
          arguments.add(Q.K_REHASH_SIZE);
          arguments.add(value);
        } else if (key == Q.REHASH_THRESHOLD) {
          arguments.add(Q.K_REHASH_THRESHOLD);
          arguments.add(value);
        }
      }
      rest = q.second(t.c);
    }
    Object table = t.callNamed("make-hash-table", arguments.toArray());
    Symbol puthash = t.symbols().intern(t, "puthash");
    if (t.callNamed("proper-list-p", data) == Symbol.NIL) { // It may even be circular.
      throw LispSignal.error("Hash table data is not a list of even length");
    }
    while (data instanceof Pair p) {
      if (!(p.second(t.c) instanceof Pair q)) {
        throw LispSignal.error("Hash table data is not a list of even length");
      }
      t.call(puthash, p.first(t.c), q.first(t.c), table);
      data = q.second(t.c);
    }
    return table;
  }

  /** A string with text properties, from the elements of {@code #(...)}. */
  static Object propertied(Task t, Reader reader, Object[] items) {
    if (items.length == 0 || !(items[0] instanceof LispString s)) {
      throw reader.syntax("#");
    }
    if (items.length % 3 != 1) {
      throw reader.syntax("Invalid string property list");
    }
    for (int i = 1; i < items.length; i += 3) {
      t.callNamed("set-text-properties", items[i], items[i + 1], items[i + 2], s);
    }
    return s;
  }

  /** A byte-code function from its slots. */
  static Object byteCode(Task t, Reader reader, Input in, Object[] slots) {
    if (slots.length < 4) {
      throw reader.syntax("Invalid byte-code object");
    }
    boolean valid =
        (slots[0] instanceof Long || slots[0] instanceof Pair || slots[0] == Symbol.NIL)
            && slots[3] instanceof Long depth
            && depth >= 0
            && ((slots[1] instanceof LispString && slots[2] instanceof Vector)
                || (slots[1] instanceof Pair && slots[2] == Symbol.NIL));
    if (!valid) {
      throw reader.syntax("Invalid byte-code object");
    }
    Object text = slots[1];
    Object constants = slots[2];
    if (text instanceof Pair p) {
      // Code that lies elsewhere in the same file, as (FILE . POSITION).
      byte[] file = in.fileBytes();
      if (file == null || !(p.second(t.c) instanceof Long at)) {
        throw reader.syntax("Invalid byte-code object");
      }
      byte[] passage = DocStrings.bytesAt(file, (int) Math.abs(at));
      Object both = new Reader(t, new FileInput(passage, 0)).read();
      text = Lisp.carSafe(t.c, both);
      constants = Lisp.cdrSafe(t.c, both);
      if (!(text instanceof LispString) || !(constants instanceof Vector)) {
        throw reader.syntax("Invalid byte-code object");
      }
    }
    LispString code = (LispString) text;
    Vector v = (Vector) constants;
    byte[] bytes = new byte[code.length(t.c)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) code.get(t.c, i);
    }
    Object[] all = new Object[v.length(t.c)];
    v.copyInto(t.c, 0, all, 0, all.length);
    int depth = (int) Math.min((Long) slots[3], 0xFFFF);
    return new ByteCode(
        t.c,
        slots[0],
        new Late(bytes, all, depth),
        depth,
        Arrays.copyOfRange(slots, 4, slots.length));
  }

  /** Code that is decoded when it is first run: most functions of a library never are. */
  private record Late(byte[] bytes, Object[] constants, int depth) implements ByteCode.Source {
    @Override
    public ByteCode.Made make(Context c, ByteCode of) {
      try {
        return new ByteCode.Made(Code.decode(bytes, depth, false), constants);
      } catch (IllegalArgumentException e) {
        throw LispSignal.error("Invalid byte code");
      }
    }

    @Override
    public boolean isShareable() {
      return true;
    }
  }

  static Object boolVector(Task t, int n, LispString bits) {
    Object v = t.callNamed("make-bool-vector", (long) n, Symbol.NIL);
    Symbol aset = t.symbols().intern(t, "aset");
    for (int i = 0; i < n; i++) {
      if ((bits.get(t.c, i >> 3) >> (i & 7) & 1) != 0) {
        t.call(aset, v, (long) i, Symbol.T);
      }
    }
    return v;
  }

  static Object charTable(Task t, Object[] slots) {
    if (slots.length < CharTable.STANDARD_SLOTS) {
      throw LispSignal.error("Invalid size char-table");
    }
    return CharTable.read(t.c, slots);
  }

  static Object subCharTable(Task t, Object[] slots) {
    if (slots.length < 2) {
      throw LispSignal.error("Invalid size in sub char-table");
    }
    if (!(slots[0] instanceof Long depth && depth >= 1 && depth <= 3)) {
      throw LispSignal.error("Invalid depth in sub char-table");
    }
    if (slots.length - 2 != SubCharTable.slotsAt((int) (long) depth)) {
      throw LispSignal.error("Invalid size in sub char-table");
    }
    if (!Lisp.isCharacter(slots[1])) {
      throw LispSignal.error("Invalid minimum character in sub-char-table");
    }
    return new SubCharTable(
        t.c,
        (int) (long) depth,
        Lisp.character(slots[1]),
        java.util.Arrays.copyOfRange(slots, 2, slots.length));
  }

  static void substituteProperties(Task t, LispString s, Object from, Object to) {
    int n = s.length(t.c);
    long at = 0;
    while (at < n) {
      Object next = t.callNamed("next-property-change", at, s, (long) n);
      Object plist = t.callNamed("text-properties-at", at, s);
      List<Object> items = Lisp.elements(t.c, plist);
      boolean any = false;
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) == from) {
          items.set(i, to);
          any = true;
        } else {
          Substitution.apply(t, items.get(i), from, to);
        }
      }
      long end = next instanceof Long l ? l : n;
      if (any) {
        t.callNamed("set-text-properties", at, end, Lisp.list(t.c, items), s);
      }
      at = end;
    }
  }

  static void substituteOther(
      Task t, HeapObject h, Object from, Object to, ArrayDeque<Object> todo) {
    if (t.callNamed("hash-table-p", h) == Symbol.NIL) {
      return;
    }
    Object entries = Symbol.NIL;
    boolean any = false;
    for (Object k : Lisp.elements(t.c, t.callNamed("hash-table-keys", h))) {
      Object v = t.callNamed("gethash", k, h);
      any |= k == from || v == from;
      todo.add(k);
      todo.add(v);
      entries = t.cons(t.cons(k == from ? to : k, v == from ? to : v), entries);
    }
    if (any) {
      t.callNamed("clrhash", h);
      for (Object e : Lisp.elements(t.c, t.callNamed("nreverse", entries))) {
        t.callNamed("puthash", Lisp.car(t.c, e), Lisp.cdr(t.c, e), h);
      }
    }
  }
}
