package org.elver.heap.oracle;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.elver.heap.graph.Join;
import org.elver.heap.graph.Passage;
import org.elver.heap.graph.Transfer;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Savepoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every program of a small machine, up to a number of steps, on the heap and on a model that copies
 * everything: three isolates, four objects (pairs, of which the first refers to the second and the
 * third to the fourth), and the steps write, fork, end, adopt, send, savepoint, commit, rollback.
 *
 * <p>Two programs that differ only in the order of neighbouring writes of different isolates to
 * different objects, or in which of the two twosomes of objects is used first, count as one. {@code
 * -Delver.steps=N} sets the number of steps.
 */
class ExhaustiveTest {
  private static final int STEPS = Integer.getInteger("elver.steps", 7);
  private static final int ISOLATES = 3;
  private static final int OBJECTS = 4;
  private static final int MAX_SAVES = 2;

  private enum Kind {
    WRITE,
    FORK,
    END,
    ADOPT,
    SEND,
    SAVE,
    COMMIT,
    ROLLBACK
  }

  /** A step: {@code other} is an object of WRITE, an isolate of ADOPT and SEND. */
  private record Step(Kind kind, int isolate, int other) {}

  /** The model. A state is never changed once made: each step copies it. */
  private static final class State {
    /** How many objects there were ever. */
    int objects = OBJECTS;

    int forks;
    final Isolate[] isolates = new Isolate[ISOLATES];

    State copy() {
      State s = new State();
      s.objects = objects;
      s.forks = forks;
      for (int i = 0; i < ISOLATES; i++) {
        s.isolates[i] = isolates[i] == null ? null : isolates[i].copy(0);
      }
      return s;
    }
  }

  private static final class Isolate {
    int spawner = -1;
    int forkedAt;
    boolean live = true;
    boolean traces;

    /** Contents of each object: what was written, and to which object the pair refers or -1. */
    int[] value;

    int[] link;
    int[] roots = new int[OBJECTS];

    /** Bit sets of objects: which there are here, which were made here, which written. */
    long known;

    long created;

    long written;
    Isolate[] saves = new Isolate[0];
    int savedAt;

    Isolate copy(int more) {
      Isolate i = new Isolate();
      i.spawner = spawner;
      i.forkedAt = forkedAt;
      i.live = live;
      i.traces = traces;
      i.value = Arrays.copyOf(value, value.length + more);
      i.link = Arrays.copyOf(link, link.length + more);
      i.roots = roots.clone();
      i.known = known;
      i.created = created;
      i.written = written;
      i.saves = saves;
      i.savedAt = savedAt;
      return i;
    }
  }

  private static State first() {
    State s = new State();
    Isolate main = new Isolate();
    main.value = new int[OBJECTS];
    main.link = new int[] {1, -1, 3, -1};
    main.roots = new int[] {0, 1, 2, 3};
    main.known = (1L << OBJECTS) - 1;
    s.isolates[0] = main;
    return s;
  }

  private static boolean hasLivingDescendants(State s, int i, int after) {
    for (int d = 0; d < ISOLATES; d++) {
      if (s.isolates[d] != null && s.isolates[d].live) {
        for (int a = d; s.isolates[a].spawner >= 0; a = s.isolates[a].spawner) {
          if (s.isolates[a].spawner == i) {
            if (s.isolates[a].forkedAt > after) {
              return true;
            }
            break;
          }
        }
      }
    }
    return false;
  }

  private static List<Step> choices(State s, List<Step> path) {
    List<Step> steps = new ArrayList<>();
    int live = 0;
    int made = 0;
    for (Isolate i : s.isolates) {
      live += i != null && i.live ? 1 : 0;
      made += i != null ? 1 : 0;
    }
    boolean usedFirstTwo = path.stream().anyMatch(p -> p.kind == Kind.WRITE && p.other < 2);
    Step last = path.isEmpty() ? null : path.get(path.size() - 1);
    for (int i = 0; i < ISOLATES; i++) {
      Isolate me = s.isolates[i];
      if (me == null || !me.live) {
        continue;
      }
      for (int o = 0; o < OBJECTS; o++) {
        boolean counted =
            last != null && last.kind == Kind.WRITE && last.isolate > i && last.other != o;
        if (!counted && (o < 2 || usedFirstTwo)) {
          steps.add(new Step(Kind.WRITE, i, o));
        }
      }
      if (made < ISOLATES) {
        steps.add(new Step(Kind.FORK, i, made));
      }
      if (live > 1) {
        steps.add(new Step(Kind.END, i, -1));
      }
      if (me.saves.length < MAX_SAVES) {
        steps.add(new Step(Kind.SAVE, i, -1));
      }
      if (me.saves.length > 0) {
        steps.add(new Step(Kind.COMMIT, i, -1));
        steps.add(new Step(Kind.ROLLBACK, i, -1));
      }
      for (int j = 0; j < ISOLATES; j++) {
        Isolate other = s.isolates[j];
        if (j != i && other != null && other.live) {
          steps.add(new Step(Kind.SEND, i, j));
          if (other.spawner == i
              && other.saves.length == 0
              && !other.traces
              && !hasLivingDescendants(s, j, -1)) {
            steps.add(new Step(Kind.ADOPT, i, j));
          }
        }
      }
    }
    return steps;
  }

  private static State after(State before, Step step, int number) {
    State s = before.copy();
    Isolate me = s.isolates[step.isolate];
    switch (step.kind) {
      case WRITE -> {
        int o = me.roots[step.other];
        me.value[o] = number;
        if ((me.created & 1L << o) == 0) {
          me.written |= 1L << o;
        }
      }
      case FORK -> {
        Isolate child = me.copy(0);
        child.spawner = step.isolate;
        child.forkedAt = ++s.forks;
        child.created = 0;
        child.written = 0;
        child.traces = false;
        child.saves = new Isolate[0];
        s.isolates[step.other] = child;
      }
      case END -> me.live = false;
      case SAVE -> {
        Isolate saved = me.copy(0);
        saved.savedAt = s.forks;
        me.saves = Arrays.copyOf(me.saves, me.saves.length + 1);
        me.saves[me.saves.length - 1] = saved;
      }
      case COMMIT -> me.saves = Arrays.copyOf(me.saves, me.saves.length - 1);
      case ROLLBACK -> {
        Isolate saved = me.saves[me.saves.length - 1];
        me.traces |= hasLivingDescendants(s, step.isolate, saved.savedAt);
        me.saves = Arrays.copyOf(me.saves, me.saves.length - 1);
        for (int o = 0; o < saved.value.length; o++) {
          if ((saved.known & 1L << o) != 0) {
            me.value[o] = saved.value[o];
            me.link[o] = saved.link[o];
          }
        }
        me.written = saved.written;
      }
      case SEND -> copyInto(s, me, step.other, -1L);
      case ADOPT -> {
        Isolate child = s.isolates[step.other];
        child.live = false;
        long changed = child.written & ~child.created;
        long replaced = 0;
        for (int r : child.roots) {
          for (int o = r; o >= 0; o = child.link[o]) {
            if ((changed & 1L << o) != 0 && (child.created & 1L << r) == 0) {
              replaced |= 1L << r;
            }
          }
        }
        // What the child made becomes the parent's; references to replaced objects change.
        grow(me, s.objects);
        for (int o = 0; o < child.value.length; o++) {
          if ((child.created & 1L << o) != 0) {
            me.value[o] = child.value[o];
            me.link[o] = child.link[o];
            me.created |= 1L << o;
            me.known |= 1L << o;
          }
        }
        int[] copies = copyInto(s, child, step.isolate, replaced);
        for (int o = 0; o < child.value.length; o++) {
          if ((child.created & 1L << o) != 0 && child.link[o] >= 0) {
            me.link[o] = copies[child.link[o]];
          }
        }
      }
    }
    return s;
  }

  private static void grow(Isolate i, int objects) {
    int old = i.value.length;
    i.value = Arrays.copyOf(i.value, objects);
    i.link = Arrays.copyOf(i.link, objects);
    Arrays.fill(i.link, old, objects, -1);
  }

  /** Copies what {@code which} says of the objects in the roots; returns the new numbers. */
  private static int[] copyInto(State s, Isolate from, int toNumber, long which) {
    int[] copies = new int[Math.max(from.value.length, s.objects)];
    for (int o = 0; o < copies.length; o++) {
      copies[o] = o;
    }
    Isolate to = s.isolates[toNumber];
    for (int r : from.roots) {
      for (int o = r; o >= 0; o = from.link[o]) {
        if ((which & 1L << o) != 0 && copies[o] == o) {
          copies[o] = s.objects++;
        }
      }
    }
    grow(to, s.objects);
    for (int o = 0; o < from.value.length; o++) {
      if (copies[o] != o) {
        to.value[copies[o]] = from.value[o];
        to.link[copies[o]] = from.link[o] < 0 ? -1 : copies[from.link[o]];
        to.created |= 1L << copies[o];
        to.known |= 1L << copies[o];
      }
    }
    for (int r = 0; r < OBJECTS; r++) {
      to.roots[r] = copies[from.roots[r]];
    }
    return copies;
  }

  /** The heap, driven by a program from the beginning. */
  private static final class Machine {
    final Heap heap = new Heap();
    final Context[] contexts = new Context[ISOLATES];
    final HeapObject[][] roots = new HeapObject[ISOLATES][];
    final List<List<Savepoint>> saves = new ArrayList<>();

    Machine(Mutant.Fault fault) {
      contexts[0] = heap.newContext();
      roots[0] = new HeapObject[OBJECTS];
      for (int o = OBJECTS - 1; o >= 0; o--) {
        Object link = o % 2 == 0 ? roots[0][o + 1] : null;
        roots[0][o] =
            fault == null
                ? new Pair(contexts[0], 0, link)
                : new Mutant(contexts[0], fault, 0, link);
      }
      for (int i = 0; i < ISOLATES; i++) {
        saves.add(new ArrayList<>(2));
      }
    }

    void run(Step step, int number) {
      Context c = contexts[step.isolate];
      List<Savepoint> mine = saves.get(step.isolate);
      switch (step.kind) {
        case WRITE -> {
          if (roots[step.isolate][step.other] instanceof Pair p) {
            p.setFirst(c, number);
          } else {
            ((Mutant) roots[step.isolate][step.other]).set(c, 0, number);
          }
        }
        case FORK -> {
          contexts[step.other] = c.fork();
          roots[step.other] = roots[step.isolate].clone();
        }
        case END -> c.end();
        case SAVE -> mine.add(c.savepoint());
        case COMMIT -> c.commit(mine.remove(mine.size() - 1));
        case ROLLBACK -> c.rollback(mine.remove(mine.size() - 1));
        case SEND -> {
          Slots all = new Slots(c, (Object[]) roots[step.isolate].clone());
          receive(
              step.other, (Slots) Transfer.copy(c, contexts[step.other], all, Passage.COPY_ALL));
        }
        case ADOPT -> {
          Context child = contexts[step.other];
          Slots all = new Slots(child, (Object[]) roots[step.other].clone());
          receive(step.isolate, (Slots) Join.adopt(c, child, all, Passage.COPY_ALL));
        }
      }
    }

    private void receive(int to, Slots all) {
      for (int r = 0; r < OBJECTS; r++) {
        roots[to][r] = (HeapObject) all.get(contexts[to], r);
      }
    }

    private Object get(int isolate, HeapObject o, int i) {
      Context c = contexts[isolate];
      if (o instanceof Pair p) {
        return i == 0 ? p.first(c) : p.second(c);
      }
      return ((Mutant) o).get(c, i);
    }

    /** What differs from the model, or null. */
    String compare(State s) {
      HeapObject[] objects = new HeapObject[s.objects];
      for (int i = 0; i < ISOLATES; i++) {
        Isolate expected = s.isolates[i];
        if (expected == null || !expected.live) {
          continue;
        }
        for (int r = 0; r < OBJECTS; r++) {
          int id = expected.roots[r];
          HeapObject o = roots[i][r];
          for (; id >= 0; id = expected.link[id]) {
            if (o == null || (objects[id] != null && objects[id] != o)) {
              return "isolate " + i + ", root " + r + ": another object than " + id;
            }
            objects[id] = o;
            Object value = get(i, o, 0);
            if (!value.equals(expected.value[id])) {
              return "isolate "
                  + i
                  + ", object "
                  + id
                  + " is "
                  + value
                  + ", expected "
                  + expected.value[id];
            }
            o = (HeapObject) get(i, o, 1);
          }
          if (o != null) {
            return "isolate " + i + ", root " + r + ": refers too far";
          }
        }
      }
      for (int a = 0; a < objects.length; a++) {
        for (int b = 0; b < a; b++) {
          if (objects[a] != null && objects[a] == objects[b]) {
            return "objects " + a + " and " + b + " are the same";
          }
        }
      }
      return null;
    }
  }

  /** Runs all programs that go on from a path; returns the first that fails, or null. */
  private static String explore(
      State state, List<Step> path, int steps, Mutant.Fault fault, LongAdder count) {
    if (path.size() > 0) {
      count.increment();
      String difference = runAndCompare(state, path, fault);
      if (difference != null) {
        return difference + " after " + path;
      }
    }
    if (path.size() == steps) {
      return null;
    }
    for (Step step : choices(state, path)) {
      path.add(step);
      String failure = explore(after(state, step, path.size()), path, steps, fault, count);
      path.remove(path.size() - 1);
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  private static String runAndCompare(State state, List<Step> path, Mutant.Fault fault) {
    try {
      Machine machine = new Machine(fault);
      for (int i = 0; i < path.size(); i++) {
        machine.run(path.get(i), i + 1);
      }
      return machine.compare(state);
    } catch (RuntimeException e) {
      throw new AssertionError("failed after " + path, e);
    }
  }

  /** All programs, shared out among the cores by their beginnings. */
  private static String exploreAll(int steps, Mutant.Fault fault, LongAdder count) {
    List<List<Step>> beginnings = new ArrayList<>();
    List<State> states = new ArrayList<>();
    int prefix = Math.min(3, steps);
    beginnings.add(List.of());
    states.add(first());
    int done = 0;
    while (done < beginnings.size() && beginnings.get(done).size() < prefix) {
      List<Step> path = beginnings.get(done);
      State state = states.get(done++);
      for (Step step : choices(state, path)) {
        List<Step> longer = new ArrayList<>(path);
        longer.add(step);
        beginnings.add(longer);
        states.add(after(state, step, longer.size()));
      }
    }
    for (int i = 1; i < done; i++) {
      count.increment();
      String failure = runAndCompare(states.get(i), beginnings.get(i), fault);
      if (failure != null) {
        return failure + " after " + beginnings.get(i);
      }
    }
    return IntStream.range(done, beginnings.size())
        .parallel()
        .mapToObj(
            i -> explore(states.get(i), new ArrayList<>(beginnings.get(i)), steps, fault, count))
        .filter(f -> f != null)
        .findFirst()
        .orElse(null);
  }

  @Test
  void everySmallProgramObservesWhatTheModelObserves() {
    LongAdder count = new LongAdder();
    long start = System.nanoTime();
    String failure = exploreAll(STEPS, null, count);
    System.out.printf(
        "exhaustive: %d isolates, %d objects, up to %d steps: %,d programs in %.0f s%n",
        ISOLATES, OBJECTS, STEPS, count.sum(), (System.nanoTime() - start) / 1e9);
    assertNull(failure, failure);
  }

  @ParameterizedTest
  @EnumSource(Mutant.Fault.class)
  void aFaultShowsInASmallProgram(Mutant.Fault fault) {
    int steps = 5;
    String failure = exploreAll(steps, fault, new LongAdder());
    if (fault == Mutant.Fault.NONE) {
      assertNull(failure, failure);
    } else {
      assertNotNull(failure, "not noticed in " + steps + " steps");
    }
  }
}
