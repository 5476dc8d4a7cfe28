package org.elver.heap.oracle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.elver.heap.graph.Freezer;
import org.elver.heap.graph.Interner;
import org.elver.heap.graph.Join;
import org.elver.heap.graph.Passage;
import org.elver.heap.graph.Transfer;
import org.elver.heap.object.Cell;
import org.elver.heap.object.Equality;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.object.Table;
import org.elver.heap.object.Text;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.heap.version.FrozenObjectException;
import org.elver.heap.version.Heap;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Savepoint;

/**
 * The heap under test, driven by the same programs as the model.
 *
 * <p>Steps may run on different threads; steps that share an isolate are ordered by whoever runs
 * them.
 */
final class RealHeap {
  private static final class Isolate {
    final Context context;
    final Object[] roots;
    final boolean speculating;
    final Deque<Savepoint> saves = new ArrayDeque<>();

    Isolate(Context context, Object[] roots, boolean speculating) {
      this.context = context;
      this.roots = roots;
      this.speculating = speculating;
    }
  }

  private final Heap heap = new Heap();
  private final Interner interner = new Interner();
  private final Mutant.Fault fault;
  private final Map<Integer, Isolate> isolates = new ConcurrentHashMap<>();

  /** Which object is which of the model's: identity is the same thing in all isolates. */
  private final Map<Integer, HeapObject> objectOf = new ConcurrentHashMap<>();

  private final IdentityHashMap<HeapObject, Integer> idOf = new IdentityHashMap<>();

  /**
   * A new heap with one isolate.
   *
   * @param fault what is to be wrong with pairs; null for real pairs
   */
  RealHeap(Mutant.Fault fault) {
    this.fault = fault;
    Object[] roots = new Object[Model.ROOTS];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = i;
    }
    isolates.put(0, new Isolate(heap.newContext(), roots, false));
  }

  int epochs() {
    return heap.epochs();
  }

  Context context(int isolate) {
    return isolates.get(isolate).context;
  }

  boolean changed(int isolate, int id) {
    HeapObject o = objectOf.get(id);
    return o != null && isolates.get(isolate).context.changed(o);
  }

  private static Object value(Isolate i, Op.Source s) {
    return s.atom() != null ? s.atom() : i.roots[s.root()];
  }

  private HeapObject make(Isolate i, Kind kind, List<Op.Source> sources) {
    Context c = i.context;
    Object[] items = sources.stream().map(s -> value(i, s)).toArray();
    return switch (kind) {
      case PAIR ->
          fault == null
              ? new Pair(c, items[0], items[1])
              : new Mutant(c, fault, items[0], items[1]);
      case CELL -> new Cell(c, items[0]);
      case SLOTS -> new Slots(c, items);
      case VECTOR -> new Vector(c, items);
      case TABLE -> {
        Table t = new Table(c, Equality.IDENTITY, 0);
        for (int k = 0; k < items.length; k += 2) {
          t.put(c, items[k], items[k + 1]);
        }
        yield t;
      }
      case TEXT -> {
        int[] codes = new int[items.length];
        for (int k = 0; k < codes.length; k++) {
          codes[k] = (Integer) items[k];
        }
        yield new Text(c, codes);
      }
    };
  }

  /** Does the step. For {@code TryCommit}, returns whether the child was committed. */
  boolean apply(Op op) {
    Isolate i = isolates.get(op.isolate());
    Context c = i.context;
    switch (op) {
      case Op.Make o -> i.roots[o.root()] = make(i, o.kind(), o.items());
      case Op.Get o -> i.roots[o.root()] = get(c, i.roots[o.from()], o.index());
      case Op.Set o -> write(i.roots[o.target()], t -> set(c, t, o.index(), value(i, o.value())));
      case Op.Add o -> write(i.roots[o.target()], t -> add(c, t, o.index(), value(i, o.value())));
      case Op.Cut o ->
          write(
              i.roots[o.target()],
              t -> {
                if (t instanceof Vector v) {
                  v.truncate(c, o.index());
                } else {
                  ((Text) t).delete(c, o.index(), o.index() + 1);
                }
              });
      case Op.Put o ->
          write(
              i.roots[o.target()], t -> ((Table) t).put(c, value(i, o.key()), value(i, o.value())));
      case Op.Remove o -> {
        Table t = (Table) i.roots[o.target()];
        Object key = value(i, o.key());
        if (!t.isFrozen()) {
          t.remove(c, key);
        }
      }
      case Op.Fork o -> {
        Context child = o.speculating() ? c.forkSpeculating() : c.fork();
        isolates.put(
            o.other(), new Isolate(child, i.roots.clone(), o.speculating() || i.speculating));
      }
      case Op.End o -> c.end();
      case Op.Adopt o -> {
        Isolate child = isolates.get(o.other());
        i.roots[o.root()] = Join.adopt(c, child.context, child.roots[o.from()], Passage.COPY_ALL);
      }
      case Op.TryCommit o -> {
        return c.tryCommit(isolates.get(o.other()).context);
      }
      case Op.Send o -> {
        Isolate to = isolates.get(o.other());
        to.roots[o.root()] = Transfer.copy(c, to.context, i.roots[o.from()], Passage.COPY_ALL);
      }
      case Op.Freeze o ->
          i.roots[o.root()] =
              o.intern()
                  ? Freezer.freezeAndIntern(c, i.roots[o.from()], Passage.COPY_ALL, interner)
                  : Freezer.freeze(c, i.roots[o.from()], Passage.COPY_ALL);
      case Op.Save o -> i.saves.push(c.savepoint());
      case Op.Keep o -> c.commit(i.saves.pop());
      case Op.Rollback o -> c.rollback(i.saves.pop());
      case Op.Check o -> {}
    }
    return false;
  }

  private interface Write {
    void to(HeapObject target);
  }

  private static void write(Object target, Write write) {
    HeapObject o = (HeapObject) target;
    if (!o.isFrozen()) {
      write.to(o);
      return;
    }
    try {
      write.to(o);
    } catch (FrozenObjectException expected) {
      return;
    }
    throw new AssertionError("a frozen object was written");
  }

  private static Object get(Context c, Object object, int index) {
    return switch (object) {
      case Pair p -> index == 0 ? p.first(c) : p.second(c);
      case Mutant p -> p.get(c, index);
      case Cell cell -> cell.get(c);
      case Slots s -> s.get(c, index);
      case Vector v -> v.get(c, index);
      case Table t -> {
        long entry = t.firstEntry(c);
        for (int k = 0; k < index / 2; k++) {
          entry = t.nextEntry(c, entry);
        }
        yield index % 2 == 0 ? t.keyAt(c, entry) : t.valueAt(c, entry);
      }
      case Text t -> t.codeAt(c, index);
      default -> throw new AssertionError(object);
    };
  }

  private static void set(Context c, Object object, int index, Object value) {
    switch (object) {
      case Pair p -> {
        if (index == 0) {
          p.setFirst(c, value);
        } else {
          p.setSecond(c, value);
        }
      }
      case Mutant p -> p.set(c, index, value);
      case Cell cell -> cell.set(c, value);
      case Slots s -> s.set(c, index, value);
      case Vector v -> v.set(c, index, value);
      case Text t -> t.set(c, index, (Integer) value);
      default -> throw new AssertionError(object);
    }
  }

  private static void add(Context c, Object object, int index, Object value) {
    if (object instanceof Vector v) {
      v.add(c, value);
    } else {
      ((Text) object).insert(c, index, new int[] {(Integer) value}, 0, 1);
    }
  }

  /** Compares all that an isolate can observe with the model's. */
  void check(int number, Map<Integer, Model.Contents> expected, Object[] expectedRoots) {
    Isolate i = isolates.get(number);
    Deque<Integer> todo = new ArrayDeque<>();
    Set<Integer> seen = new HashSet<>();
    for (int r = 0; r < Model.ROOTS; r++) {
      match("isolate " + number + ", root " + r, expectedRoots[r], i.roots[r], todo, seen);
    }
    while (!todo.isEmpty()) {
      int id = todo.poll();
      Model.Contents contents = expected.get(id);
      HeapObject object = objectOf.get(id);
      String where = "isolate " + number + ", object " + id + " " + contents.kind();
      if (object.isFrozen() != contents.frozen()) {
        throw new AssertionError(where + ": frozen is " + object.isFrozen());
      }
      if (contents.kind() == Kind.TEXT && i.speculating) {
        continue; // Reading it would count.
      }
      List<Object> items = items(i.context, object);
      if (items.size() != contents.items().size()) {
        throw new AssertionError(where + ": has " + items + ", expected " + contents.items());
      }
      for (int k = 0; k < items.size(); k++) {
        match(where + "[" + k + "]", contents.items().get(k), items.get(k), todo, seen);
      }
    }
  }

  private static List<Object> items(Context c, HeapObject object) {
    List<Object> items = new ArrayList<>();
    if (object instanceof Text t) {
      for (int k = 0; k < t.length(c); k++) {
        items.add(t.codeAt(c, k));
      }
    } else {
      object.forEachReference(c, (r, ordinal) -> items.add(r));
    }
    return items;
  }

  private void match(
      String where, Object expected, Object actual, Deque<Integer> todo, Set<Integer> seen) {
    if (!(expected instanceof Model.Ref ref)) {
      if (expected == null ? actual != null : !expected.equals(actual)) {
        throw new AssertionError(where + " is " + actual + ", expected " + expected);
      }
      return;
    }
    if (!(actual instanceof HeapObject object)) {
      throw new AssertionError(where + " is " + actual + ", expected object " + ref.id());
    }
    synchronized (idOf) {
      HeapObject known = objectOf.putIfAbsent(ref.id(), object);
      Integer id = idOf.putIfAbsent(object, ref.id());
      if ((known != null && known != object) || (id != null && id != ref.id())) {
        throw new AssertionError(
            where + " is object " + id + ", expected object " + ref.id() + ", by identity");
      }
    }
    if (seen.add(ref.id())) {
      todo.add(ref.id());
    }
  }
}
