package org.elver.heap.oracle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The oracle: every isolate has a map from identities to contents, and a fork copies all of it.
 * Nothing is shared, nothing is clever.
 */
final class Model {
  static final int ROOTS = 4;

  /** A reference to the object with this identity; everything else that items hold are atoms. */
  record Ref(int id) {}

  /**
   * Contents of an object. A table's items are its keys and values in turn; a text's are its codes.
   */
  record Contents(Kind kind, boolean frozen, List<Object> items) {
    Contents copy() {
      return new Contents(kind, frozen, new ArrayList<>(items));
    }
  }

  /** What a savepoint goes back to. */
  private record Save(
      Map<Integer, Contents> heap, Set<Integer> written, Map<Integer, Integer> writes, int time) {}

  static final class Isolate {
    final int number;
    final Isolate spawner;
    final boolean speculating;
    final int forkedAt;

    Map<Integer, Contents> heap = new TreeMap<>();
    Object[] roots = new Object[ROOTS];

    /** What this isolate made or received since it was forked. */
    final Set<Integer> created = new HashSet<>();

    /** What this isolate wrote since it was forked. */
    Set<Integer> written = new HashSet<>();

    /** What this isolate read since it was forked. */
    final Set<Integer> read = new HashSet<>();

    /** When this isolate last wrote an object. */
    Map<Integer, Integer> writes = new HashMap<>();

    /** A rollback with living forks inside may have left traces that count as writes. */
    boolean tracesPossible;

    private final Deque<Save> saves = new ArrayDeque<>();
    boolean live = true;

    Isolate(int number, Isolate spawner, boolean speculating, int forkedAt) {
      this.number = number;
      this.spawner = spawner;
      this.speculating = speculating;
      this.forkedAt = forkedAt;
    }

    int savepoints() {
      return saves.size();
    }

    Contents contents(Object root) {
      return root instanceof Ref r ? heap.get(r.id) : null;
    }
  }

  final List<Isolate> isolates = new ArrayList<>();
  private final Map<List<Object>, Integer> interned = new HashMap<>();
  private int nextId;
  private int time;

  /** What adoption and commitment need to know of the heap where traces are possible. */
  interface Guide {
    boolean changed(int id);

    boolean committed();
  }

  Model() {
    Isolate main = new Isolate(0, null, false, 0);
    for (int i = 0; i < ROOTS; i++) {
      main.roots[i] = i;
    }
    isolates.add(main);
  }

  List<Isolate> living() {
    return isolates.stream().filter(i -> i.live).toList();
  }

  boolean hasLivingDescendants(Isolate i) {
    return descendants(i).stream().anyMatch(d -> d.live);
  }

  /** The isolates forked, at some remove, from {@code a}. */
  List<Isolate> descendants(Isolate a) {
    return isolates.stream().filter(d -> d != a && descends(d, a, -1)).toList();
  }

  /** Whether d was forked, at some remove, from a after the given time. */
  private static boolean descends(Isolate d, Isolate a, int after) {
    for (Isolate i = d; i.spawner != null; i = i.spawner) {
      if (i.spawner == a) {
        return i.forkedAt > after;
      }
    }
    return false;
  }

  /** Whether a fork made since the innermost savepoint, or one of its descendants, lives. */
  boolean hasLivingForksInside(Isolate i) {
    int since = i.saves.peek().time;
    return isolates.stream().anyMatch(d -> d.live && d != i && descends(d, i, since));
  }

  private Object value(Isolate i, Op.Source s) {
    return s.atom() != null ? s.atom() : i.roots[s.root()];
  }

  private Object make(Isolate i, Contents c) {
    int id = nextId++;
    i.heap.put(id, c);
    i.created.add(id);
    return new Ref(id);
  }

  /** The contents for writing; null when they are frozen. */
  private List<Object> write(Isolate i, int target) {
    Ref r = (Ref) i.roots[target];
    Contents c = i.heap.get(r.id);
    if (c.frozen) {
      return null;
    }
    note(i, r.id);
    return c.items;
  }

  private void note(Isolate i, int id) {
    i.read.add(id);
    if (!i.created.contains(id)) {
      i.written.add(id);
    }
    i.writes.put(id, time);
  }

  /** Does the step. The guide may be null where no traces are possible. */
  void apply(Op op, Guide guide) {
    time++;
    Isolate i = isolates.get(op.isolate());
    switch (op) {
      case Op.Make o -> {
        List<Object> items = new ArrayList<>();
        for (Op.Source s : o.items()) {
          items.add(value(i, s));
        }
        i.roots[o.root()] = make(i, new Contents(o.kind(), false, items));
      }
      case Op.Get o -> {
        Ref r = (Ref) i.roots[o.from()];
        i.read.add(r.id);
        i.roots[o.root()] = i.heap.get(r.id).items.get(o.index());
      }
      case Op.Set o -> {
        List<Object> items = write(i, o.target());
        if (items != null) {
          items.set(o.index(), value(i, o.value()));
        }
      }
      case Op.Add o -> {
        Kind kind = i.contents(i.roots[o.target()]).kind;
        List<Object> items = write(i, o.target());
        if (items != null) {
          items.add(kind == Kind.TEXT ? o.index() : items.size(), value(i, o.value()));
        }
      }
      case Op.Cut o -> {
        Kind kind = i.contents(i.roots[o.target()]).kind;
        List<Object> items = write(i, o.target());
        if (items != null) {
          if (kind == Kind.TEXT) {
            items.remove(o.index());
          } else {
            items.subList(o.index(), items.size()).clear();
          }
        }
      }
      case Op.Put o -> {
        List<Object> items = write(i, o.target());
        if (items != null) {
          Object key = value(i, o.key());
          int at = keyIndex(items, key);
          if (at < 0) {
            items.add(key);
            items.add(value(i, o.value()));
          } else {
            items.set(at + 1, value(i, o.value()));
          }
        }
      }
      case Op.Remove o -> {
        Ref r = (Ref) i.roots[o.target()];
        Contents c = i.heap.get(r.id);
        int at = keyIndex(c.items, value(i, o.key()));
        i.read.add(r.id);
        if (at >= 0 && !c.frozen) {
          List<Object> items = write(i, o.target());
          items.remove(at);
          items.remove(at);
        }
      }
      case Op.Fork o -> {
        Isolate child = new Isolate(isolates.size(), i, o.speculating() || i.speculating, time);
        isolates.add(child);
        child.heap = copy(i.heap);
        child.roots = i.roots.clone();
      }
      case Op.End o -> i.live = false;
      case Op.Adopt o -> adopt(i, isolates.get(o.other()), o, guide);
      case Op.TryCommit o -> commit(i, isolates.get(o.other()), guide);
      case Op.Send o -> {
        Isolate to = isolates.get(o.other());
        to.roots[o.root()] = send(i, to, i.roots[o.from()], false);
      }
      case Op.Freeze o ->
          i.roots[o.root()] =
              o.intern() ? intern(i, i.roots[o.from()]) : send(i, i, i.roots[o.from()], true);
      case Op.Save o ->
          i.saves.push(
              new Save(copy(i.heap), new HashSet<>(i.written), new HashMap<>(i.writes), time));
      case Op.Keep o -> i.saves.pop();
      case Op.Rollback o -> {
        i.tracesPossible |= hasLivingForksInside(i);
        Save s = i.saves.pop();
        i.heap.putAll(s.heap);
        i.written = s.written;
        i.writes = s.writes;
      }
      case Op.Check o -> {}
    }
  }

  private static int keyIndex(List<Object> items, Object key) {
    for (int k = 0; k < items.size(); k += 2) {
      if (items.get(k) == null ? key == null : items.get(k).equals(key)) {
        return k;
      }
    }
    return -1;
  }

  static Map<Integer, Contents> copy(Map<Integer, Contents> heap) {
    Map<Integer, Contents> copy = new TreeMap<>();
    heap.forEach((id, c) -> copy.put(id, c.copy()));
    return copy;
  }

  /** The objects reached from a value, each before those it refers to first. */
  private static Set<Integer> reach(Isolate i, Object value, IntPredicate enters) {
    Set<Integer> seen = new LinkedHashSet<>();
    Deque<Object> todo = new ArrayDeque<>();
    todo.add(value == null ? 0 : value);
    while (!todo.isEmpty()) {
      if (todo.poll() instanceof Ref r && enters.test(r.id) && seen.add(r.id)) {
        for (Object item : i.heap.get(r.id).items) {
          if (item != null) {
            todo.add(item);
          }
        }
      }
    }
    return seen;
  }

  private Object send(Isolate from, Isolate to, Object value, boolean freeze) {
    Set<Integer> reached = reach(from, value, id -> !from.heap.get(id).frozen);
    from.read.addAll(reached);
    Map<Integer, Integer> copies = new LinkedHashMap<>();
    for (int id : reached) {
      copies.put(id, nextId++);
    }
    for (int id : reached) {
      Contents c = from.heap.get(id);
      to.heap.put(copies.get(id), new Contents(c.kind, freeze, relink(c, copies)));
      to.created.add(copies.get(id));
    }
    // Frozen objects are shared.
    for (int id : reach(from, value, id -> true)) {
      if (from.heap.get(id).frozen) {
        to.heap.put(id, from.heap.get(id));
      }
    }
    return relink(value, copies);
  }

  private static Object relink(Object value, Map<Integer, Integer> copies) {
    return value instanceof Ref r && copies.containsKey(r.id) ? new Ref(copies.get(r.id)) : value;
  }

  /** Of a table's keys that become the same, the first keeps its place and takes the last value. */
  private static List<Object> relink(Contents c, Map<Integer, Integer> copies) {
    List<Object> result = new ArrayList<>();
    for (Object item : c.items) {
      int at = c.kind == Kind.TABLE && result.size() % 2 == 1 ? result.size() - 1 : -1;
      result.add(relink(item, copies));
      int earlier = at < 0 ? -1 : keyIndex(result.subList(0, at), result.get(at));
      if (earlier >= 0) {
        result.set(earlier + 1, result.remove(at + 1));
        result.remove(at);
      }
    }
    return result;
  }

  private Object intern(Isolate i, Object value) {
    Set<Integer> reached =
        reach(i, value, id -> !i.heap.get(id).frozen || !interned.containsValue(id));
    i.read.addAll(reached);
    Map<Integer, Integer> result = new HashMap<>();
    Set<Integer> cyclic = new HashSet<>();
    for (int id : reached) {
      Set<Integer> below = new HashSet<>();
      for (Object item : i.heap.get(id).items) {
        below.addAll(reach(i, item, reached::contains));
      }
      if (below.contains(id)) {
        cyclic.add(id);
        result.put(id, i.heap.get(id).frozen ? id : nextId++);
      }
    }
    Set<Integer> visited = new HashSet<>();
    for (int id : reached) {
      internBelow(i, id, reached, cyclic, visited, result);
    }
    for (int id : cyclic) {
      int copy = result.get(id);
      if (copy != id) {
        Contents c = i.heap.get(id);
        i.heap.put(copy, new Contents(c.kind, true, relink(c, result)));
        i.created.add(copy);
      }
    }
    return relink(value, result);
  }

  /** Depth first, as the order decides which of two equal objects becomes the one. */
  private void internBelow(
      Isolate i,
      int id,
      Set<Integer> reached,
      Set<Integer> cyclic,
      Set<Integer> visited,
      Map<Integer, Integer> result) {
    if (!visited.add(id)) {
      return;
    }
    Contents c = i.heap.get(id);
    for (Object item : c.items) {
      if (item instanceof Ref r && reached.contains(r.id)) {
        internBelow(i, r.id, reached, cyclic, visited, result);
      }
    }
    if (cyclic.contains(id)) {
      return;
    }
    Contents frozen = new Contents(c.kind, true, relink(c, result));
    List<Object> key = new ArrayList<>(frozen.items);
    key.add(c.kind);
    Integer known = interned.get(key);
    if (known == null) {
      known = c.frozen && frozen.items.equals(c.items) ? id : nextId++;
      interned.put(key, known);
    }
    i.heap.put(known, frozen);
    result.put(id, known);
  }

  private void adopt(Isolate parent, Isolate child, Op.Adopt op, Guide guide) {
    Object value = child.roots[op.from()];
    Set<Integer> reached = reach(child, value, id -> !child.heap.get(id).frozen);
    Map<Integer, Integer> replaced = new HashMap<>();
    for (int id : reached) {
      if (!child.created.contains(id)) {
        for (int below : reach(child, new Ref(id), reached::contains)) {
          if (!child.created.contains(below)
              && (guide == null ? child.written.contains(below) : guide.changed(below))) {
            replaced.put(id, nextId++);
            break;
          }
        }
      }
    }
    for (int id : child.created) {
      Contents c = child.heap.get(id);
      boolean relinked = reached.contains(id);
      parent.heap.put(id, relinked ? new Contents(c.kind, c.frozen, relink(c, replaced)) : c);
      parent.created.add(id);
    }
    replaced.forEach(
        (id, copy) -> {
          Contents c = child.heap.get(id);
          parent.heap.put(copy, new Contents(c.kind, c.frozen, relink(c, replaced)));
          parent.created.add(copy);
        });
    // Frozen objects that the child came by are shared.
    child.heap.forEach((id, c) -> parent.heap.putIfAbsent(id, c.copy()));
    parent.read.addAll(child.read);
    parent.roots[op.root()] = relink(value, replaced);
    child.live = false;
  }

  boolean conflicts(Isolate parent, Isolate child) {
    Set<Integer> touched = new HashSet<>(child.read);
    touched.addAll(child.written);
    for (int id : touched) {
      if (!child.created.contains(id) && parent.writes.getOrDefault(id, -1) > child.forkedAt) {
        return true;
      }
    }
    return false;
  }

  private void commit(Isolate parent, Isolate child, Guide guide) {
    boolean conflict = conflicts(parent, child);
    boolean committed = guide == null ? !conflict : guide.committed();
    if (committed && conflict) {
      throw new AssertionError("committed in spite of a conflict");
    }
    if (!committed && !conflict && !parent.tracesPossible) {
      throw new AssertionError("refused to commit without a conflict");
    }
    if (!committed) {
      return;
    }
    for (int id : child.written) {
      if (!child.created.contains(id)) {
        parent.heap.put(id, child.heap.get(id).copy());
        note(parent, id);
      }
    }
    for (int id : child.created) {
      parent.heap.put(id, child.heap.get(id).copy());
      parent.created.add(id);
    }
    child.heap.forEach((id, c) -> parent.heap.putIfAbsent(id, c.copy()));
    parent.read.addAll(child.read);
    parent.tracesPossible |= child.tracesPossible;
    child.live = false;
  }
}
