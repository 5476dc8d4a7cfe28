package org.elver.lisp.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.elver.lisp.machine.Task;
import org.junit.jupiter.api.Test;

/**
 * Isolates that run at once, each another mixture of programs, all of which change the same things
 * by the same names. What each of them sees must be what it sees when no other runs.
 */
class ForkStressTest {
  private static final String[] PROGRAMS = paragraphs("programs.el");
  private static final int ISOLATES = Integer.getInteger("elver.isolates", 4);
  private static final int LENGTH = 12;

  /** The last program changes nothing and tells what most of the others may have changed. */
  private static final String STATE = PROGRAMS[PROGRAMS.length - 1];

  private static String resource(String name) {
    try (InputStream in = ForkStressTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String[] paragraphs(String name) {
    return Arrays.stream(resource(name).split("\n\n+", -1))
        .map(p -> p.lines().filter(l -> !l.startsWith(";;")).toList())
        .map(l -> String.join("\n", l))
        .filter(p -> !p.isBlank())
        .toArray(String[]::new);
  }

  /** What an isolate does: programs with their numbers, and forks that do something else. */
  private record Plan(List<String> programs, List<Plan> forks) {
    static Plan random(Random r, int depth) {
      List<String> programs = new ArrayList<>();
      List<Plan> forks = new ArrayList<>();
      for (int i = 0; i < LENGTH; i++) {
        String program = i == LENGTH - 1 ? STATE : oneOf(r);
        programs.add("(let ((n " + (1 + r.nextInt(90)) + ")) " + program + ")");
        forks.add(depth > 0 && r.nextInt(8) == 0 ? random(r, depth - 1) : null);
      }
      return new Plan(programs, forks);
    }

    private static String oneOf(Random r) {
      return PROGRAMS[r.nextInt(PROGRAMS.length)];
    }

    /** The results of all programs, those of forks after the program before them. */
    List<String> run(Task t, boolean parallel) {
      List<String> results = new ArrayList<>();
      List<CompletableFuture<List<String>>> running = new ArrayList<>();
      for (int i = 0; i < programs.size(); i++) {
        results.add(programs.get(i) + "\n    => " + Forks.show(t, programs.get(i)));
        Plan fork = forks.get(i);
        if (fork != null) {
          running.add(Forks.start(Forks.fork(t), child -> fork.run(child, parallel)));
          if (!parallel) {
            Forks.get(running.getLast());
          }
        }
      }
      running.forEach(f -> results.addAll(Forks.get(f)));
      return results;
    }
  }

  private static void prepare(Task main) {
    String forms = String.join("\n", paragraphs("setup.el"));
    Forks.eval(main, "(progn " + forms + ")");
  }

  @Test
  void isolatesSeeOnlyTheirOwnChanges() {
    Forks.assumeLibrary();
    long seed = Long.getLong("elver.seed", new Random().nextLong());
    int rounds = Integer.getInteger("elver.rounds", 6);
    System.out.println("-Delver.seed=" + seed);
    Random r = new Random(seed);
    Task main = Forks.world();
    Forks.eval(main, "(progn (require 'cl-lib) (require 'subr-x) (require 'seq) (require 'map))");
    prepare(main);
    for (int round = 0; round < rounds; round++) {
      List<Plan> plans = new ArrayList<>();
      List<Task> isolates = new ArrayList<>();
      List<Task> alone = new ArrayList<>();
      for (int i = 0; i < ISOLATES; i++) {
        plans.add(Plan.random(r, 2));
        isolates.add(i == 0 ? main : Forks.fork(main)); // The parent goes on at the same time.
        alone.add(Forks.fork(main));
      }
      // At once first, so that what is made when first wanted is wanted by several.
      List<CompletableFuture<List<String>>> running = new ArrayList<>();
      for (int i = 0; i < ISOLATES; i++) {
        Plan plan = plans.get(i);
        running.add(Forks.start(isolates.get(i), i > 0, t -> plan.run(t, true)));
      }
      List<List<String>> got = new ArrayList<>();
      running.forEach(f -> got.add(Forks.get(f)));
      for (int i = 0; i < ISOLATES; i++) {
        Plan plan = plans.get(i);
        List<String> want = Forks.get(Forks.start(alone.get(i), t -> plan.run(t, false)));
        for (int k = 0; k < want.size(); k++) {
          assertEquals(want.get(k), got.get(i).get(k), "seed " + seed + ", round " + round);
        }
      }
    }
  }

  /** Each program in a fork of its own, twice: a program whose results differ tests nothing. */
  @Test
  void programsAreRepeatable() {
    Forks.assumeLibrary();
    Task main = Forks.world();
    Forks.eval(main, "(progn (require 'cl-lib) (require 'subr-x) (require 'seq) (require 'map))");
    prepare(main);
    String state = Forks.show(main, STATE);
    for (String p : PROGRAMS) {
      String form = "(let ((n 7)) " + p + ")";
      String first = Forks.get(Forks.start(Forks.fork(main), t -> Forks.show(t, form)));
      String second = Forks.get(Forks.start(Forks.fork(main), t -> Forks.show(t, form)));
      if (Boolean.getBoolean("elver.show")) {
        System.out.println(p + "\n    => " + first);
      }
      assertEquals(first, second, p);
      assertEquals(state, Forks.show(main, STATE), p);
    }
  }
}
