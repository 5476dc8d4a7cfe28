package org.elver.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.elver.lisp.boot.Library;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * {@code elver ert}: what is asked for goes to the Lisp library {@code elver-ert}, which runs the
 * tests, and files are loaded as {@code elver --batch} loads them.
 */
final class Ert {
  /** The exit status when no test has been run for what was asked. */
  static final int WRONG = 2;

  private Ert() {}

  /** Runs {@code elver ert} with {@code args}, those after it; the exit status. */
  static int run(String[] args, Library library, Carriers carriers) {
    ErtOptions o;
    try {
      o = ErtOptions.parse(args, carriers.number());
      if (!o.help && o.junit != null) {
        checkWritable(o.junit);
      }
    } catch (ErtOptions.WrongException e) {
      System.err.println("elver ert: " + e.getMessage());
      return WRONG;
    }
    if (o.help) {
      System.out.print(ErtOptions.HELP);
      return 0;
    }
    if (library == null) {
      System.err.println(
          "elver ert: ERT is part of GNU Emacs's Lisp library, and there is none here: install it"
              + " (Debian: emacs-common and emacs-el) or set ELVER_LISP");
      return WRONG;
    }
    List<String> line = new ArrayList<>(List.of("--batch", "-l", "elver-ert"));
    line.addAll(o.loads);
    line.addAll(List.of("-f", "elver-ert-run-and-exit"));
    Task t = Main.world(library);
    Variables.set(t, t.symbols().intern(t, "elver-ert-options"), options(t, o));
    return Session.run(
        t, CommandLine.parse(line.toArray(String[]::new)), carriers, "normal-top-level");
  }

  private static void checkWritable(String file) throws ErtOptions.WrongException {
    Path p = Path.of(file).toAbsolutePath();
    Path directory = p.getParent();
    if (Files.isDirectory(p)
        || directory == null
        || !Files.isDirectory(directory)
        || !Files.isWritable(Files.exists(p) ? p : directory)) {
      throw new ErtOptions.WrongException("cannot write " + file);
    }
  }

  /** What Lisp gets: a property list. */
  private static Object options(Task t, ErtOptions o) {
    List<Object> plist = new ArrayList<>();
    put(t, plist, ":jobs", (long) o.jobs);
    put(t, plist, ":memory", o.memory);
    put(t, plist, ":timeout", o.timeout < 0 ? null : o.timeout);
    put(t, plist, ":seed", o.seed);
    put(t, plist, ":slowest", (long) o.slowest);
    put(t, plist, ":selector", o.selector);
    put(t, plist, ":junit", o.junit == null ? null : Path.of(o.junit).toAbsolutePath().toString());
    put(t, plist, ":list", o.list ? Symbol.T : null);
    put(t, plist, ":fail-fast", o.failFast ? Symbol.T : null);
    put(t, plist, ":all-output", o.allOutput ? Symbol.T : null);
    put(t, plist, ":columns", columns());
    return Lisp.list(t.c, plist);
  }

  /**
   * How wide the terminal is that standard error goes to, as the launcher says; null: it is none.
   */
  private static Long columns() {
    String columns = System.getProperty("elver.columns", "");
    boolean number = !columns.isEmpty() && columns.length() < 6;
    number &= columns.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? (Long) Long.parseLong(columns) : null;
  }

  private static void put(Task t, List<Object> plist, String key, Object value) {
    plist.addAll(
        Arrays.asList(
            t.symbols().intern(t, key),
            switch (value) {
              case null -> Symbol.NIL;
              case String s -> LispString.of(t.c, s);
              default -> value;
            }));
  }
}
