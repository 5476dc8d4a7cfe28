package org.elver.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of {@code elver ert}. */
final class ErtOptions {
  /** What is wrong with a command line. */
  static final class WrongException extends Exception {
    private static final long serialVersionUID = 1;

    WrongException(String message) {
      super(message);
    }
  }

  static final String HELP =
      """
      Usage: elver ert [OPTION...] FILE...

      Loads the FILEs, then runs each of their ERT tests in a fork of the loaded program, on all
      cores: no test sees what another one does.  The report is that of GNU Emacs's
      `ert-run-tests-batch-and-exit'; what a test writes is shown when its result is unexpected.

        -j, --jobs N          so many tests at a time (default: the number of cores)
        -L, --directory DIR   add DIR to `load-path'
        -l, --load FILE       load FILE before the tests, as emacs does
            --selector SEXP   run the tests that match, as in `ert-select-tests'; a bare name is
                              that test, "REGEXP" all whose name matches, (tag slow), (not ...) ...
            --timeout SECONDS fail a test that takes longer
            --memory BYTES    fail a test that holds more of its own; K, M, G may follow
                              (default: 1G, or if that is less three quarters of Java's heap,
                              divided among the jobs)
            --shuffle SEED    run in an order that the number SEED decides
            --fail-fast       stop at the first unexpected result
            --output WHOSE    show what tests write: failed (default) or all
            --slowest N       list the N tests that took longest
            --junit FILE      write the results to FILE, as XML
            --list            name the tests instead of running them
            --help

      Exit code: 0 all results as expected, 1 some not, 2 wrong options or selector, or a test that
      threw out of ERT; 255 a file could not be loaded; 130 interrupted.
      """;

  boolean help;
  boolean list;
  boolean failFast;
  boolean allOutput;
  int jobs;
  String selector;
  double timeout = -1;
  long memory = -1;
  Long seed;
  int slowest;
  String junit;

  /** Options for Lisp's command line: {@code -L}, {@code -l} and the files. */
  final List<String> loads = new ArrayList<>();

  /** How many of the files hold tests. */
  int files;

  private final String[] args;
  private int at;

  private ErtOptions(String[] args) {
    this.args = args;
  }

  /** Reads what follows {@code elver ert}; {@code cores}: so many jobs if nothing is said. */
  static ErtOptions parse(String[] args, int cores) throws WrongException {
    ErtOptions o = new ErtOptions(args);
    o.jobs = cores;
    List<String> tests = new ArrayList<>();
    boolean optionsEnded = false;
    while (o.at < args.length) {
      String a = args[o.at++];
      if (optionsEnded || !a.startsWith("-") || "-".equals(a)) {
        tests.add(a);
      } else if ("--".equals(a)) {
        optionsEnded = true;
      } else {
        o.option(a);
      }
    }
    if (o.help) {
      return o;
    }
    if (tests.isEmpty()) {
      throw new WrongException("no test file given; `elver ert --help' tells more");
    }
    for (String f : tests) {
      require(f);
      o.loads.add("-l");
      o.loads.add(Path.of(f).toAbsolutePath().normalize().toString());
    }
    o.files = tests.size();
    if (o.memory < 0) {
      o.memory = Math.clamp(Runtime.getRuntime().maxMemory() / 4 * 3 / o.jobs, 16 << 20, 1 << 30);
    }
    return o;
  }

  private void option(String written) throws WrongException {
    String name = written;
    String value = null;
    int equals = written.indexOf('=');
    if (written.startsWith("--") && equals > 0) {
      name = written.substring(0, equals);
      value = written.substring(equals + 1);
    } else if (written.length() > 2
        && written.charAt(1) != '-'
        && "jLl".indexOf(written.charAt(1)) >= 0) {
      name = written.substring(0, 2);
      value = written.substring(2);
    }
    switch (name) {
      case "--help", "-h" -> help = flag(name, value);
      case "--list" -> list = flag(name, value);
      case "--fail-fast" -> failFast = flag(name, value);
      case "-j", "--jobs" -> jobs = whole(name, value(name, value), 1, 10_000);
      case "--slowest" -> slowest = whole(name, value(name, value), 0, Integer.MAX_VALUE);
      case "--selector" -> selector = value(name, value);
      case "--junit" -> junit = value(name, value);
      case "--output" -> allOutput = all(value(name, value));
      case "--timeout" -> timeout = seconds(value(name, value));
      case "--memory" -> memory = bytes(value(name, value));
      case "--shuffle" -> seed = seed(value(name, value));
      case "-L", "--directory" -> {
        String directory = value(name, value);
        if (!Files.isDirectory(Path.of(directory))) {
          throw new WrongException("no such directory: " + directory);
        }
        loads.add("-L");
        loads.add(directory);
      }
      case "-l", "--load" -> {
        loads.add("-l"); // What it means depends on `load-path': Lisp tells whether it is there.
        loads.add(value(name, value));
      }
      default ->
          throw new WrongException("unknown option " + name + "; `elver ert --help' tells more");
    }
  }

  private static boolean flag(String name, String value) throws WrongException {
    if (value != null) {
      throw new WrongException("option " + name + " takes no argument");
    }
    return true;
  }

  /** The argument of option {@code name}: written with it, or the next word. */
  private String value(String name, String given) throws WrongException {
    if (given != null) {
      return given;
    }
    if (at == args.length) {
      throw new WrongException("option " + name + " needs an argument");
    }
    return args[at++];
  }

  private static int whole(String name, String value, int least, int most) throws WrongException {
    try {
      int n = Integer.parseInt(value);
      if (n >= least && n <= most) {
        return n;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new WrongException(
        "option " + name + " needs a whole number, " + least + " or more, not " + value);
  }

  private static boolean all(String value) throws WrongException {
    return switch (value) {
      case "all" -> true;
      case "failed" -> false;
      default -> throw new WrongException("option --output needs `failed' or `all', not " + value);
    };
  }

  private static double seconds(String value) throws WrongException {
    try {
      double s = Double.parseDouble(value);
      if (s > 0 && s < 1e9) {
        return s;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new WrongException("option --timeout needs a number of seconds, not " + value);
  }

  private static long seed(String value) throws WrongException {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new WrongException("option --shuffle needs a whole number, not " + value);
    }
  }

  private static long bytes(String value) throws WrongException {
    int last =
        value.isEmpty()
            ? -1
            : "KMG".indexOf(Character.toUpperCase(value.charAt(value.length() - 1)));
    String digits = last < 0 ? value : value.substring(0, value.length() - 1);
    try {
      long n = Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (last + 1)));
      if (n > 0) {
        return n;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // Said below.
    }
    throw new WrongException("option --memory needs a number of bytes, such as 500M, not " + value);
  }

  private static void require(String file) throws WrongException {
    Path p = Path.of(file);
    if (!Files.exists(p)) {
      throw new WrongException("no such file: " + file);
    }
    if (Files.isDirectory(p)) {
      throw new WrongException(file + " is a directory");
    }
    if (!Files.isReadable(p)) {
      throw new WrongException("cannot read " + file);
    }
  }
}
