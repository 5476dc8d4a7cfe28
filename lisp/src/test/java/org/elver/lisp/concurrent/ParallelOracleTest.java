package org.elver.lisp.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random programs: what {@code parallel-mapcar} and its like and {@code speculate-mapcar} make of
 * them, against plain evaluation (see {@code random-programs.el}).
 *
 * <p>{@code -Delver.programs=N} tries so many, {@code -Delver.seed=SEED} the one of that seed
 * first.
 */
class ParallelOracleTest {
  private static List<Programs.Case> program(long seed, int n) throws IOException {
    String source;
    try (InputStream in = ParallelOracleTest.class.getResourceAsStream("random-programs.el")) {
      source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Programs.Case> cases = new ArrayList<>();
    // Read as one form, evaluated one by one: macros are used where they are defined already.
    cases.add(
        new Programs.Case(
            "(progn (mapc (lambda (form) (eval form t)) '(" + source + "\n)) 'loaded)", "loaded"));
    cases.add(new Programs.Case("(test-programs " + seed + " " + n + ")", String.valueOf(n)));
    return cases;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void whatComesOfElementsIsWhatPlainEvaluationGives(int carriers) throws IOException {
    Long only = Long.getLong("elver.seed");
    long seed = only != null ? only : System.nanoTime() & 0xFFFFFF;
    int n = Integer.getInteger("elver.programs", only != null ? 1 : 150);
    System.out.println("random programs on " + carriers + " carriers: seed " + seed);
    List<Programs.Case> cases = program(seed, n);
    List<String> results = Programs.run(carriers, cases);
    assertEquals(cases.stream().map(Programs.Case::expected).toList(), results);
  }
}
