package org.elver.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elver.lisp.boot.Library;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;

/**
 * Evaluates files of the corpus, each in a VM of its own, with the driver that GNU Emacs is run
 * with too: results go to the standard error stream, those of a file after a line {@code @@file
 * NAME}.
 */
final class CorpusRun {
  private CorpusRun() {}

  /** Arguments: the directory of the corpus, then {@code NAME:FIRST-FORM} for each file. */
  public static void main(String[] args) throws InterruptedException {
    Library library = Library.find();
    Path corpus = Path.of(args[0]);
    for (int i = 1; i < args.length; i++) {
      int colon = args[i].indexOf(':');
      String name = args[i].substring(0, colon);
      String from = args[i].substring(colon + 1);
      Thread run = new Thread(null, () -> run(library, corpus, name, from), name, Main.STACK);
      System.err.println("@@file " + name);
      run.start();
      run.join();
    }
    System.err.println("@@end");
    Runtime.getRuntime().halt(0);
  }

  private static void run(Library library, Path corpus, String name, String from) {
    Path file = corpus.resolve(name + ".el");
    Task t = Main.world(library);
    set(t, "CORPUS_FILE", file.toString());
    set(t, "CORPUS_FROM", from);
    set(t, "CORPUS_REQUIRE", required(file));
    String driver = corpus.resolve("driver.el").toString();
    CommandLine line =
        CommandLine.parse(new String[] {"--batch", "-l", driver, "-f", "corpus-run"});
    Session.run(t, line, Carriers.of(null), "normal-top-level");
  }

  private static void set(Task t, String variable, String value) {
    t.callNamed("setenv", LispString.of(t.c, variable), LispString.of(t.c, value));
  }

  private static String required(Path file) {
    String mark = ";; Requires: ";
    try (var lines = Files.lines(file)) {
      return lines
          .filter(l -> l.startsWith(mark))
          .map(l -> l.substring(mark.length()))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
