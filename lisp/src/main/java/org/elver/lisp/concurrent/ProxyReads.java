package org.elver.lisp.concurrent;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.graph.Parcel;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.collection.HashTable;
import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.Inspection;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.print.Printer;

/** What is read through a proxy: by looks into the owner. */
final class ProxyReads {
  /** The operation of primitives that know no proxies. */
  static final String COPY = "copy";

  private ProxyReads() {}

  /** An argument that the owner only hands back, or compares by identity with what it has. */
  private record Given(int index) {}

  /** What a primitive signaled in the owner: the symbol, and the data wrapped. */
  private record Signaled(Object symbol, Object[] data) {}

  /** Has {@code s} run in the owner of {@code p}, with the objects themselves. */
  static Object read(Task t, LispProxy p, Subr s, ProxyOperation op, Object[] args) {
    Object[] given = new Object[args.length];
    for (int i = 0; i < args.length; i++) {
      Object x = args[i];
      if (x instanceof LispProxy q && q.owner() == p.owner()) {
        given[i] = q.object();
      } else if (Values.isShared(x)) {
        given[i] = x;
      } else {
        given[i] = op.byContents() && i != op.handedBack() ? Values.pack(t, x) : new Given(i);
      }
    }
    return settled(t, p, args, Inspection.run(t, p.owner(), x -> look(x, p, s, op, given)));
  }

  /** What came of a look, as a value of {@code t}'s isolate. */
  static Object settled(Task t, LispProxy p, Object[] args, Object result) {
    switch (result) {
      case Given g -> {
        return args[g.index];
      }
      case Signaled e -> {
        Object[] data = e.data.clone();
        for (int i = 0; i < data.length; i++) {
          data[i] = settled(t, p, args, data[i]);
        }
        throw LispSignal.of(e.symbol, t.list(data));
      }
      default -> {
        return received(t, p, result);
      }
    }
  }

  /** A part of what {@code p} stands for, as {@link LispProxy#wrap} made it, in this isolate. */
  static Object received(Task t, LispProxy p, Object part) {
    if (part instanceof LispProxy q) {
      p.inherit(t, q);
    }
    return part instanceof Parcel ? Values.unpack(t, part) : part;
  }

  /** In the owner: calls {@code s}. */
  static Object look(Task x, LispProxy p, Subr s, ProxyOperation op, Object[] given) {
    Object[] args = new Object[given.length];
    for (int i = 0; i < args.length; i++) {
      args[i] = Values.copyOut(x, given[i]);
    }
    try {
      Object v =
          p.way() == LispProxy.Way.VARIABLE && isGlobalValue(s)
              ? globalValue(x, (Symbol) p.object())
              : s.call(x, args, 0, args.length);
      if (v == Task.CALL || v == Task.SUSPENDED || v == Task.UNWIND) {
        throw x.scheduling().refusal();
      }
      return leaving(x, p, v, op.kind() == ProxyOperation.Kind.ANSWER);
    } catch (LispSignal e) {
      Object symbol = e.symbol();
      Object data = e.data(x.c);
      if (symbol == Symbol.NIL) { // A whole error object.
        symbol = Lisp.carSafe(x.c, data);
        data = Lisp.cdrSafe(x.c, data);
      }
      List<Object> items = new ArrayList<>();
      for (; data instanceof Pair q && items.size() < 100; data = q.second(x.c)) {
        items.add(leaving(x, p, q.first(x.c), false));
      }
      return new Signaled(symbol, items.toArray());
    }
  }

  /** In the owner: {@code v} on its way out. What was made for the answer alone is handed over. */
  private static Object leaving(Task x, LispProxy p, Object v, boolean handedOver) {
    if (v instanceof Given || Values.isShared(v)) {
      return v;
    }
    boolean passing = x.c != p.owner().context() && x.c.created((HeapObject) v);
    if (handedOver || passing) {
      return Values.packReplacing(x, v, p::wrap);
    }
    return p.wrap(v);
  }

  private static boolean isGlobalValue(Subr s) {
    return s.name().equals("symbol-value") || s.name().equals("default-value");
  }

  /** In the owner: the value of a variable, but for what tasks have bound it to. */
  private static Object globalValue(Task x, Symbol variable) {
    Symbol s = Variables.indirect(x, variable);
    Object v = Inspection.hiddenValue(x, s);
    if (v == null) {
      v = Variables.getDefault(x, s);
    }
    if (v == Symbol.UNBOUND) {
      throw new LispSignal(Q.VOID_VARIABLE, variable);
    }
    return v;
  }

  // ---- The whole object -----------------------------------------------------------------------

  /** A copy of how the object is now; {@code p} where it cannot be copied. */
  static Object copy(Task t, LispProxy p) {
    if (Values.isShared(p.object())) {
      return p.object();
    }
    if (Values.PASSAGE.refuses(p.object())) {
      return p;
    }
    Object packed = Inspection.run(t, p.owner(), x -> Values.packReplacing(x, p.object(), p::wrap));
    return Values.unpack(t, packed);
  }

  /** What is printed of what cannot be copied. */
  static String text(Task t, LispProxy p) {
    return Inspection.run(t, p.owner(), x -> Printer.text(x, p.object()));
  }

  // ---- Elements -------------------------------------------------------------------------------

  /** The elements, wrapped; for tables: each key before its value. */
  private record Elements(Object[] items, Object tail) {}

  /**
   * For what goes through its argument: a new list, vector or {@code eq} hash table with the
   * elements that there are now; for others a copy.
   */
  static Object elements(Task t, LispProxy p) {
    Object object = p.object();
    if (!(object instanceof Pair || object instanceof Vector || object instanceof HashTable)) {
      Object copy = copy(t, p);
      if (copy == p) {
        throw new LispSignal(Conditions.NOT_TRANSFERABLE, p, Symbol.NIL);
      }
      return copy;
    }
    Elements e = Inspection.run(t, p.owner(), x -> elementsOf(x, p));
    if (e == null) {
      throw new LispSignal(Q.CIRCULAR_LIST, p);
    }
    for (Object x : e.items) {
      received(t, p, x);
    }
    if (object instanceof Vector) {
      return Lisp.vector(t.c, e.items);
    }
    if (object instanceof HashTable) {
      HashTable table = HashTable.of(t.c, Q.EQ, e.items.length / 2);
      for (int i = 0; i < e.items.length; i += 2) {
        table.put(t, e.items[i], e.items[i + 1]);
      }
      return table;
    }
    Object list = received(t, p, e.tail);
    for (int i = e.items.length - 1; i >= 0; i--) {
      list = t.cons(e.items[i], list);
    }
    return list;
  }

  /** In the owner. Null: the list has no end. */
  private static Elements elementsOf(Task x, LispProxy p) {
    List<Object> items = new ArrayList<>();
    Object tail = Symbol.NIL;
    switch (p.object()) {
      case Vector v -> {
        int n = v.length(x.c);
        for (int i = 0; i < n; i++) {
          items.add(p.wrap(v.get(x.c, i)));
        }
      }
      case HashTable h -> {
        for (long at = h.first(x.c); at >= 0; at = h.next(x.c, at)) {
          Object key = h.keyAt(x.c, at);
          if (key != null) {
            items.add(p.wrap(key));
            items.add(p.wrap(h.valueAt(x.c, at)));
          }
        }
      }
      default -> {
        tail = p.object();
        Object slow = tail;
        while (tail instanceof Pair q) {
          items.add(p.wrap(q.first(x.c)));
          tail = q.second(x.c);
          if ((items.size() & 1) == 0) {
            slow = ((Pair) slow).second(x.c);
          }
          if (tail == slow && tail instanceof Pair) {
            return null;
          }
          if ((items.size() & 0xFFF) == 0) {
            x.safepoint();
          }
        }
        tail = p.wrap(tail);
      }
    }
    return new Elements(items.toArray(), tail);
  }
}
