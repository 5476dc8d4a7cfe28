package org.elver.heap.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random programs on the heap and on the model. A failure names its seed; {@code -Delver.seed=SEED}
 * runs that program alone, and prints it. {@code -Delver.programs=N} sets how many programs run,
 * {@code -Delver.first=SEED} the seed of the first.
 */
class OracleTest {
  private static final int PROGRAMS = Integer.getInteger("elver.programs", 20_000);
  private static final Long ONLY = Long.getLong("elver.seed");
  private static final long FIRST = Long.getLong("elver.first", System.nanoTime() & 0xFFFF_FFFFL);

  @Test
  void randomProgramsObserveWhatTheModelObserves() {
    if (ONLY != null) {
      run(ONLY, null, true);
      return;
    }
    System.out.printf("oracle: %,d programs, seeds from %d%n", PROGRAMS, FIRST);
    for (long seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      run(seed, null, false);
    }
  }

  @Test
  void isolatesOnSeveralThreadsObserveWhatTheModelObserves() {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      if (ONLY != null) {
        runConcurrently(ONLY, threads, true);
        return;
      }
      int programs = Math.max(1, PROGRAMS / 4);
      System.out.printf("oracle, concurrent: %,d programs, seeds from %d%n", programs, FIRST);
      for (long seed = FIRST; seed < FIRST + programs; seed++) {
        runConcurrently(seed, threads, false);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mutant.Fault.class)
  void theOracleNoticesAFault(Mutant.Fault fault) {
    if (fault == Mutant.Fault.NONE) {
      for (long seed = 1; seed <= 300; seed++) {
        run(seed, fault, false);
      }
      return;
    }
    assertThrows(
        AssertionError.class,
        () -> {
          for (long seed = 1; seed <= 300; seed++) {
            run(seed, fault, false);
          }
        });
  }

  /** Runs model and heap in step. */
  private static void run(long seed, Mutant.Fault fault, boolean print) {
    Random random = new Random(seed);
    Model model = new Model();
    RealHeap heap = new RealHeap(fault);
    Generator generator = new Generator(random, model, false, fault != null);
    List<Op> program = new ArrayList<>();
    try {
      for (int step = generator.steps(); step > 0; step--) {
        Op op = generator.next();
        program.add(op);
        if (print) {
          System.out.println(op);
        }
        step(model, heap, op);
      }
      for (Model.Isolate i : model.living()) {
        check(heap, i);
      }
      endAll(model, heap);
    } catch (AssertionError | RuntimeException e) {
      throw failure(seed, program, e);
    }
  }

  private static void step(Model model, RealHeap heap, Op op) {
    // Which objects an isolate changed must be asked before it is adopted.
    List<Integer> changed = new ArrayList<>();
    if (op instanceof Op.Adopt a) {
      heap.context(a.other()).tidy();
      Model.Isolate child = model.isolates.get(a.other());
      for (int id : child.heap.keySet()) {
        boolean is = !child.created.contains(id) && heap.changed(a.other(), id);
        if (is) {
          changed.add(id);
        }
      }
      if (!child.tracesPossible) {
        changed.clear();
        child.written.stream().filter(id -> !child.created.contains(id)).forEach(changed::add);
      }
    }
    boolean committed = heap.apply(op);
    model.apply(
        op,
        new Model.Guide() {
          @Override
          public boolean changed(int id) {
            return changed.contains(id);
          }

          @Override
          public boolean committed() {
            return committed;
          }
        });
    if (op instanceof Op.Check || op instanceof Op.Rollback || op instanceof Op.Adopt) {
      check(heap, model.isolates.get(op.isolate()));
    }
  }

  private static void check(RealHeap heap, Model.Isolate i) {
    heap.check(i.number, i.heap, i.roots);
  }

  private static void endAll(Model model, RealHeap heap) {
    for (Model.Isolate i : model.living()) {
      heap.apply(new Op.End(i.number));
    }
    assertEquals(0, heap.epochs(), "epochs left when all isolates have ended");
  }

  /** Runs the model first, and then every isolate on whatever thread comes. */
  private static void runConcurrently(long seed, ExecutorService threads, boolean print) {
    Random random = new Random(seed);
    Model model = new Model();
    Generator generator = new Generator(random, model, true, false);
    RealHeap heap = new RealHeap(null);
    List<Op> program = new ArrayList<>();
    List<Runnable> actions = new ArrayList<>();
    for (int step = generator.steps(); step > 0; step--) {
      Op op = generator.next();
      program.add(op);
      if (print) {
        System.out.println(op);
      }
      model.apply(op, null);
      actions.add(action(model, heap, op));
    }
    for (Model.Isolate i : model.living()) {
      program.add(new Op.Check(i.number));
      actions.add(action(model, heap, new Op.Check(i.number)));
      program.add(new Op.End(i.number));
      actions.add(() -> heap.apply(new Op.End(i.number)));
    }
    List<CompletableFuture<Void>> last = new ArrayList<>();
    model.isolates.forEach(i -> last.add(CompletableFuture.completedFuture(null)));
    for (int k = 0; k < actions.size(); k++) {
      Op op = program.get(k);
      CompletableFuture<Void> before = last.get(op.isolate());
      if (op.other() >= 0) {
        before = CompletableFuture.allOf(before, last.get(op.other()));
      }
      // What depends on other isolates having ended waits for that.
      int family =
          op instanceof Op.Adopt || op instanceof Op.TryCommit
              ? op.other()
              : op instanceof Op.Rollback ? op.isolate() : -1;
      if (family >= 0) {
        for (Model.Isolate d : model.descendants(model.isolates.get(family))) {
          before = CompletableFuture.allOf(before, last.get(d.number));
        }
      }
      CompletableFuture<Void> after = before.thenRunAsync(actions.get(k), threads);
      last.set(op.isolate(), after);
      if (op.other() >= 0) {
        last.set(op.other(), after);
      }
    }
    try {
      CompletableFuture.allOf(last.toArray(new CompletableFuture<?>[0])).join();
      assertEquals(0, heap.epochs(), "epochs left when all isolates have ended");
    } catch (AssertionError | RuntimeException e) {
      throw failure(seed, program, e);
    }
  }

  private static Runnable action(Model model, RealHeap heap, Op op) {
    if (op instanceof Op.Check) {
      Model.Isolate i = model.isolates.get(op.isolate());
      var expected = Model.copy(i.heap);
      Object[] roots = i.roots.clone();
      return () -> heap.check(i.number, expected, roots);
    }
    if (op instanceof Op.TryCommit t) {
      boolean expected = !model.isolates.get(t.other()).live;
      return () -> assertEquals(expected, heap.apply(op), "committed");
    }
    return () -> heap.apply(op);
  }

  private static AssertionError failure(long seed, List<Op> program, Throwable cause) {
    StringBuilder text = new StringBuilder("seed " + seed + ": " + cause.getMessage());
    for (Op op : program) {
      text.append("\n  ").append(op);
    }
    return new AssertionError(text.toString(), cause);
  }
}
