package org.elver.lisp.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.junit.jupiter.api.Test;

/** The forms of {@code conformance/corpus} give in many forks at once what they give alone. */
class ForkCorpusTest {
  private static final Path CORPUS = corpus();
  private static final int AT_ONCE = 4;

  private static Path corpus() {
    Path up = Path.of("..", "conformance", "corpus");
    return (Files.isDirectory(up) ? up : Path.of("conformance", "corpus"))
        .toAbsolutePath()
        .normalize();
  }

  @Test
  void inParallelAsAlone() throws IOException {
    Forks.assumeLibrary();
    Task main = Forks.world();
    Forks.eval(main, "(load \"" + CORPUS.resolve("driver.el") + "\" nil t)");
    for (String feature : List.of("cl-lib", "subr-x", "seq", "map", "json")) {
      Forks.eval(main, "(require '" + feature + ")");
    }
    Map<String, List<String>> forms = new TreeMap<>();
    String only = System.getProperty("elver.corpus.only");
    try (var files = Files.list(CORPUS)) {
      for (Path f : (Iterable<Path>) files.sorted()::iterator) {
        String name = f.getFileName().toString();
        // Two at once would meet in the same files.
        if (name.endsWith(".el")
            && !name.equals("driver.el")
            && !name.equals("files.el")
            && (only == null || name.matches(only))) {
          forms.put(name, forms(f));
        }
      }
    }
    Semaphore places = new Semaphore(AT_ONCE);
    Map<String, CompletableFuture<List<String>>> running = new TreeMap<>();
    for (String name : forms.keySet()) {
      for (int k = 0; k < 2; k++) {
        places.acquireUninterruptibly();
        CompletableFuture<List<String>> f = start(main, forms.get(name));
        var _ = f.whenComplete((v, e) -> places.release());
        running.put(name + " " + k, f);
      }
    }
    // First at once, so that what is made when first wanted is wanted by several.
    running.values().forEach(f -> Forks.get(f));
    Map<String, List<String>> alone = new TreeMap<>();
    Map<String, List<String>> again = new TreeMap<>();
    for (String name : forms.keySet()) {
      alone.put(name, Forks.get(start(main, forms.get(name))));
      again.put(name, Forks.get(start(main, forms.get(name))));
    }
    checkExpected(alone);
    List<String> differences = new ArrayList<>();
    running.forEach(
        (key, f) -> {
          String name = key.substring(0, key.indexOf(' '));
          List<String> got = Forks.get(f);
          for (int i = 0; i < got.size(); i++) {
            String want = alone.get(name).get(i);
            if (want.equals(again.get(name).get(i)) && !want.equals(got.get(i))) {
              differences.add(
                  key + ": " + forms.get(name).get(i) + "\n  " + want + "\n  " + got.get(i));
            }
          }
        });
    assertEquals(List.of(), differences);
  }

  /** Nearly all results are GNU Emacs's: the rest depends on how the program was started. */
  private static void checkExpected(Map<String, List<String>> results) throws IOException {
    int all = 0;
    int same = 0;
    for (var file : results.entrySet()) {
      Path expected = CORPUS.resolve(file.getKey().replace(".el", ".expected"));
      List<String> lines = Files.readAllLines(expected);
      for (int i = 0; i < lines.size(); i++) {
        all++;
        if (lines.get(i).endsWith(" " + file.getValue().get(i))) {
          same++;
        }
      }
    }
    System.out.println(same + " of " + all + " as expected");
    assertTrue(same > all * 0.95, same + " of " + all);
  }

  private static CompletableFuture<List<String>> start(Task main, List<String> forms) {
    return Forks.start(
        Forks.fork(main),
        t -> {
          List<String> results = new ArrayList<>();
          for (String form : forms) {
            try {
              Object line = t.callNamed("corpus--evaluate", LispString.of(t.c, form));
              results.add(line instanceof LispString s ? s.toJava(t.c) : "NOTHING");
            } catch (LispSignal e) {
              results.add("SIGNAL " + e.symbol());
            } catch (Shutdown e) {
              results.add("SHUTDOWN");
            }
          }
          return results;
        });
  }

  /** The forms of a file, as the driver tells them apart. */
  private static List<String> forms(Path file) throws IOException {
    List<String> all = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isEmpty() || line.startsWith(";")) {
        continue;
      }
      if (line.startsWith(" ") || line.startsWith("\t")) {
        all.set(all.size() - 1, all.getLast() + "\n" + line);
      } else {
        all.add(line);
      }
    }
    return all;
  }
}
