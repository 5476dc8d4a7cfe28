package org.elver.heap.object;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.elver.heap.version.Label;
import org.elver.heap.version.Savepoint;

/**
 * Random programs on a family of contexts that share objects of one kind, in step with plain models
 * of the objects that are copied at each fork. {@code -Delver.seed=N} runs the program of one seed,
 * {@code -Delver.programs=N} sets how many run.
 *
 * @param <O> the kind of object
 * @param <M> the model of one object; never changed once it stands in a view
 */
abstract class RandomFamily<O, M> {
  private static final Long ONLY = Long.getLong("elver.seed");
  private static final int PROGRAMS = Integer.getInteger("elver.programs", 120);
  private static final int STEPS = 60;
  private static final int MOST_CONTEXTS = 6;
  private static final int MOST_OBJECTS = 4;

  /** The objects of this program in the order in which they were made. */
  private final IdentityHashMap<O, Integer> numbers = new IdentityHashMap<>();

  /** A context and what it should see. */
  private final class Member {
    final Context context;
    final Member parent;

    /** What it saw at first. */
    final IdentityHashMap<O, M> origin;

    final boolean speculating;
    final IdentityHashMap<O, M> view;
    final Deque<Saved> saved = new ArrayDeque<>();

    Member(Context context, Member parent, IdentityHashMap<O, M> seen, boolean speculating) {
      this.context = context;
      this.parent = parent;
      this.origin = new IdentityHashMap<>(seen);
      this.view = new IdentityHashMap<>(seen);
      this.speculating = speculating;
    }
  }

  private final class Saved {
    final Savepoint savepoint;
    final IdentityHashMap<O, M> view;

    Saved(Savepoint savepoint, IdentityHashMap<O, M> view) {
      this.savepoint = savepoint;
      this.view = new IdentityHashMap<>(view);
    }
  }

  /** Makes an object for {@code c}. */
  abstract O create(Context c, Random random);

  /** The object's contents as {@code c} sees them, read in some other way than {@link #check}. */
  abstract M modelOf(Context c, O object);

  /** Copies the object for {@code c}, and sometimes relinks and rehashes the copy. */
  abstract O copy(Context c, O object, Label label, Random random);

  /** Makes some random changes of one sort; returns the model with the same changes. */
  abstract M change(Context c, O object, M model, Random random);

  /** Fails unless {@code c} sees what {@code model} says. */
  abstract void check(Context c, O object, M model);

  final void run() {
    if (ONLY != null) {
      run(ONLY);
      return;
    }
    long first = System.nanoTime() & 0xFFFF_FFFFL;
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      run(seed);
    }
  }

  private void run(long seed) {
    try {
      runProgram(new Random(seed));
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("Replay with -Delver.seed=" + seed, e);
    }
  }

  private void runProgram(Random random) {
    numbers.clear();
    List<Member> members = new ArrayList<>();
    members.add(new Member(new Heap().newContext(), null, new IdentityHashMap<>(), false));
    make(members.get(0), random);
    for (int step = 0; step < STEPS; step++) {
      Member m = members.get(random.nextInt(members.size()));
      switch (random.nextInt(20)) {
        case 0, 1, 2 -> {
          if (members.size() < MOST_CONTEXTS) {
            members.add(fork(m, random.nextInt(3) == 0));
          }
        }
        case 3, 4 -> {
          if (members.size() > 1) {
            m.context.end();
            members.remove(m);
          }
        }
        case 5 -> m.saved.push(new Saved(m.context.savepoint(), m.view));
        case 6 -> {
          if (!m.saved.isEmpty()) {
            m.context.commit(m.saved.pop().savepoint);
          }
        }
        case 7 -> {
          if (!m.saved.isEmpty()) {
            Saved s = m.saved.pop();
            m.context.rollback(s.savepoint);
            m.view.putAll(s.view);
          }
        }
        case 8 -> m.context.tidy();
        case 9 -> join(m, members, random);
        case 10 -> make(m, random);
        default -> {
          O object = pick(m, random);
          M before = m.view.get(object);
          M after = change(m.context, object, before, random);
          // The same model means that nothing was written, so that it cannot conflict either.
          m.view.put(object, after.equals(before) ? before : after);
        }
      }
      if (random.nextInt(4) == 0) {
        checkAll(members.get(random.nextInt(members.size())));
      }
    }
    while (!members.isEmpty()) {
      Member m = members.remove(random.nextInt(members.size()));
      checkAll(m);
      m.context.end();
    }
  }

  private Member fork(Member m, boolean speculating) {
    Context c = speculating ? m.context.forkSpeculating() : m.context.fork();
    return new Member(c, m, m.view, speculating);
  }

  private void join(Member child, List<Member> members, Random random) {
    Member parent = child.parent;
    if (!members.contains(parent) || !parent.context.canAdopt(child.context)) {
      return;
    }
    if (child.speculating && random.nextInt(4) > 0) {
      if (!parent.context.tryCommit(child.context)) {
        return;
      }
      child.view.forEach(
          (object, model) -> {
            if (child.origin.get(object) != model) {
              parent.view.put(object, model);
            }
          });
    } else {
      parent.context.adopt(child.context);
      child.view.forEach(
          (object, model) -> {
            if (!child.origin.containsKey(object)) {
              parent.view.put(object, model);
            }
          });
    }
    members.remove(child);
  }

  private void make(Member m, Random random) {
    if (m.view.size() >= MOST_OBJECTS) {
      return;
    }
    O made;
    if (m.view.isEmpty() || random.nextBoolean()) {
      made = create(m.context, random);
    } else {
      made = copy(m.context, pick(m, random), Label.of(m.context), random);
    }
    numbers.put(made, numbers.size());
    m.view.put(made, modelOf(m.context, made));
  }

  private O pick(Member m, Random random) {
    // The order of an identity map differs from run to run, but a seed's program must not.
    List<O> objects = m.view.keySet().stream().sorted(Comparator.comparing(numbers::get)).toList();
    return objects.get(random.nextInt(objects.size()));
  }

  private void checkAll(Member m) {
    m.view.forEach((object, model) -> check(m.context, object, model));
  }
}
