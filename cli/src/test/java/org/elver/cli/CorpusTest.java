package org.elver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The forms of {@code conformance/corpus}, against what GNU Emacs made of them: no difference may
 * appear that is listed neither in {@code differences.txt}, which explains, nor in {@code
 * known-failures.txt}, which {@code -Delver.corpus.record} writes anew.
 */
class CorpusTest {
  private static final Path CORPUS =
      Path.of("..", "conformance", "corpus").toAbsolutePath().normalize();
  private static final Path KNOWN = CORPUS.resolve("known-failures.txt");
  private static final Pattern RESULT = Pattern.compile("@@(\\d+) (.*)");
  private static final int SECONDS_OF_A_FORM = 30;
  private static final String END = new String("end of output");

  @Test
  void evaluatesAsGnuEmacsDid(@TempDir Path home) throws IOException, InterruptedException {
    Child.assumeLibrary();
    Map<String, List<String>> forms = new LinkedHashMap<>();
    try (var files = Files.list(CORPUS)) {
      for (Path f : (Iterable<Path>) files.sorted()::iterator) {
        String name = f.getFileName().toString();
        if (name.endsWith(".el") && !name.equals("driver.el")) {
          forms.put(name.substring(0, name.length() - 3), forms(f));
        }
      }
    }
    Map<String, List<String>> results = evaluate(home, forms);
    Set<String> explained = listed(CORPUS.resolve("differences.txt"));
    Set<String> known = Files.exists(KNOWN) ? listed(KNOWN) : Set.of();
    Set<String> failed = new TreeSet<>();
    List<String> unexpected = new ArrayList<>();
    for (var file : forms.entrySet()) {
      String name = file.getKey();
      List<String> expected = Files.readAllLines(CORPUS.resolve(name + ".expected"));
      List<String> got = results.get(name);
      assertEquals(expected.size(), file.getValue().size(), "results recorded for " + name);
      for (int i = 0; i < expected.size(); i++) {
        String want = expected.get(i).substring(expected.get(i).indexOf(' ') + 1);
        String have = i < got.size() ? got.get(i) : "MISSING";
        String key = name + "\t" + file.getValue().get(i).replaceAll("\\s+", " ");
        if (want.equals(have) || explained.contains(key)) {
          continue;
        }
        failed.add(key);
        if (!known.contains(key)) {
          unexpected.add(key + "\n  expected " + want + "\n  got      " + have);
        }
      }
    }
    if (Boolean.getBoolean("elver.corpus.record")) {
      Files.writeString(
          KNOWN,
          "# Forms whose results are not yet those of GNU Emacs, one a line: FILE, a tab, FORM"
              + " (blanks squeezed).\n# Written by mvn -pl cli -am test -Dtest=CorpusTest"
              + " -Dsurefire.failIfNoSpecifiedTests=false -Delver.corpus.record\n"
              + failed.stream().map(k -> k + "\n").collect(Collectors.joining()));
      return;
    }
    Set<String> better = new TreeSet<>(known);
    better.removeAll(failed);
    if (!better.isEmpty()) {
      System.out.println(better.size() + " forms of known-failures.txt fail no more:");
      better.forEach(System.out::println);
    }
    if (!unexpected.isEmpty()) {
      fail(
          unexpected.size() + " new differences from GNU Emacs:\n" + String.join("\n", unexpected));
    }
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

  private static Set<String> listed(Path file) throws IOException {
    Set<String> all = new TreeSet<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("#") && line.contains("\t")) {
        int first = line.indexOf('\t');
        int second = line.indexOf('\t', first + 1);
        String file0 = line.substring(0, first).replace(".el", "");
        all.add(file0 + line.substring(first, second < 0 ? line.length() : second));
      }
    }
    return all;
  }

  /** The results by file. A form that ends or hangs the process gets its note, and all goes on. */
  private static Map<String, List<String>> evaluate(Path home, Map<String, List<String>> forms)
      throws IOException, InterruptedException {
    Map<String, List<String>> results = new LinkedHashMap<>();
    forms.keySet().forEach(name -> results.put(name, new ArrayList<>()));
    while (true) {
      List<String> arguments = new ArrayList<>();
      arguments.add(CORPUS.toString());
      forms.forEach(
          (name, all) -> {
            if (results.get(name).size() < all.size()) {
              arguments.add(name + ":" + (results.get(name).size() + 1));
            }
          });
      if (arguments.size() == 1) {
        return results;
      }
      Process p =
          Child.java(home, CorpusRun.class, arguments)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      p.getOutputStream().close();
      BlockingQueue<String> lines = new LinkedBlockingQueue<>();
      Thread reader = new Thread(() -> read(p, lines), "results");
      reader.start();
      String file = null;
      String why = "HANG";
      for (String l = next(lines); l != null; l = next(lines)) {
        int at = l.indexOf("@@");
        Matcher result = RESULT.matcher(at < 0 ? l : l.substring(at));
        if (l.equals(END)) {
          why = "CRASH";
          break;
        } else if (l.startsWith("@@file ")) {
          fill(file, "CRASH", forms, results);
          file = l.substring("@@file ".length());
        } else if (l.startsWith("@@end")) {
          fill(file, "CRASH", forms, results);
          file = null;
        } else if (file != null && result.matches()) {
          List<String> got = results.get(file);
          if (Integer.parseInt(result.group(1)) == got.size() + 1) {
            got.add(result.group(2));
          }
        }
      }
      p.destroyForcibly().waitFor();
      reader.join();
      if (file != null && results.get(file).size() < forms.get(file).size()) {
        results.get(file).add(why); // and the rest in the next process
      } else if (file == null && !why.equals("CRASH")) {
        fail("The corpus did not start");
      }
    }
  }

  /** Notes that {@code file} was left before its last form. */
  private static void fill(
      String file, String why, Map<String, List<String>> forms, Map<String, List<String>> results) {
    if (file != null && results.get(file).size() < forms.get(file).size()) {
      results.get(file).add(why);
    }
  }

  private static String next(BlockingQueue<String> lines) throws InterruptedException {
    return lines.poll(SECONDS_OF_A_FORM, TimeUnit.SECONDS);
  }

  private static void read(Process p, BlockingQueue<String> lines) {
    try (BufferedReader in = p.errorReader()) {
      for (String l = in.readLine(); l != null; l = in.readLine()) {
        lines.add(l);
      }
    } catch (IOException e) {
      // As if it had ended.
    }
    lines.add(END);
  }
}
