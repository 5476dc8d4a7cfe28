package org.elver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.elver.cli.Child.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** {@code elver ert}, as one sees it from outside. */
class ErtTest {
  /** Every kind of result; what is printed; what the sequential run would leave behind. */
  private static final String RESULTS =
      """
      ;; -*- lexical-binding: t -*-
      (require 'ert)
      (ert-deftest a-pass () (message "quiet") (should (= 1 1)))
      (ert-deftest b-fail ()
        (message "on stderr") (princ "on stdout") (terpri)
        (should (equal '(1 2 3) '(1 2 4))))
      (ert-deftest c-skip () (skip-unless nil))
      (ert-deftest d-expected-fail () :expected-result :failed (should nil))
      (ert-deftest e-unexpected-pass () :expected-result :failed (should t))
      (ert-deftest f-error () (error "Boom %d" 3))
      (ert-deftest g-ert-fail () (ert-fail "given reason"))
      (ert-deftest h-info () (ert-info ("context\\nmore" :prefix "Case: ") (should (string= "a" "b"))))
      (ert-deftest i-should-error () (should-error (+ 1 1)))
      (ert-deftest j-list () (ert-fail '("explained" :a 1)))
      (ert-deftest k-quit () (signal 'quit nil))
      (ert-deftest l-buffer () (signal 'error (list "In" (current-buffer))))
      """;

  private static final String LEAKS =
      """
      ;; -*- lexical-binding: t -*-
      (require 'ert)
      (defvar leak-variable 1)
      (defvar leak-list (list 1 2 3))
      (defvar leak-table (make-hash-table))
      (defun leak-function () 'original)
      (defmacro leak-tests (n)
        `(progn
           ,@(mapcar
              (lambda (i)
                `(ert-deftest ,(intern (format "leak-%d" i)) ()
                   (should (= leak-variable 1))
                   (should (equal leak-list '(1 2 3)))
                   (should (= 0 (hash-table-count leak-table)))
                   (should (eq (leak-function) 'original))
                   (should-not (member "/leak" load-path))
                   (should-not (getenv "LEAK"))
                   (should (get-buffer "*scratch*"))
                   (should-not (get-buffer "leak"))
                   (should-not (featurep 'leak))
                   (should-not (get 'leak-variable 'leak))
                   (should-not timer-list)
                   (should-not (process-list))
                   (should-not (equal default-directory "/leak/"))
                   (should (equal (format "%S" print-length) "nil"))
                   (should (= (default-file-modes) ,(default-file-modes)))
                   (should (equal (format-time-string "%H" 0) "00"))
                   (should-not (ert-test-boundp 'leak-new-test))
                   (setq leak-variable 2 print-length 1)
                   (setcar (cdr leak-list) 'x)
                   (puthash 1 2 leak-table)
                   (fset 'leak-function #'ignore)
                   (put 'leak-variable 'leak t)
                   (provide 'leak)
                   (push "/leak" load-path)
                   (setenv "LEAK" "1")
                   (kill-buffer "*scratch*")
                   (get-buffer-create "leak")
                   (run-at-time 0 1 #'ignore)
                   (start-process "leak" nil "sleep" "100")
                   (make-temp-file ,(expand-file-name "leak-file"))
                   (write-region "x" nil (expand-file-name
                                          "x" (make-temp-file ,(expand-file-name "leak-dir") t)))
                   (set-default-file-modes 0)
                   (set-time-zone-rule "UTC-5")
                   (ert-set-test 'leak-new-test (make-ert-test :body #'ignore))
                   (isolate-spawn (lambda () (while t)))
                   (setq default-directory "/leak/")
                   (setq-default default-directory "/leak/")
                   ,@(if (= 0 (mod i 5)) '((kill-emacs 0)))
                   ,@(if (= 1 (mod i 5)) '((fset 'ert-run-test #'ignore) (fset 'message #'ignore)))))
              (number-sequence 1 n))))
      (leak-tests 20)
      """;

  @TempDir Path home;

  @BeforeEach
  void library() {
    Child.assumeLibrary();
  }

  private Outcome elver(String... arguments) throws IOException, InterruptedException {
    return Child.elver(home, "line of input\n", arguments);
  }

  private Outcome ert(String... arguments) throws IOException, InterruptedException {
    return elver(Stream.concat(Stream.of("ert"), Stream.of(arguments)).toArray(String[]::new));
  }

  private String file(String name, String contents) throws IOException {
    Files.writeString(home.resolve(name), contents);
    return name;
  }

  /** Without times, addresses of code, and the frames below a test, which are another program's. */
  private static String plain(String report) {
    return report
        .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d[+-]\\d{4}", "TIME")
        .replaceAll("\\d+\\.\\d+ sec", "N sec")
        .replaceAll("(?m)^  ert--run-test-internal\\((?s:.*?)^Test", "Test")
        .replaceAll("bytecode [-0-9a-fx]*", "bytecode");
  }

  /** The verdicts, in the order in which they are reported. */
  private static List<String> verdicts(String report) {
    List<String> all = new ArrayList<>();
    Matcher m = Pattern.compile("(?m)^ *(\\w+) +\\d+/\\d+ +(\\S+) \\(").matcher(report);
    while (m.find()) {
      all.add(m.group(2) + " " + m.group(1));
    }
    return all;
  }

  @Test
  void theReportIsErts() throws Exception {
    String f = file("results.el", RESULTS);
    Outcome forked = ert("-j", "3", "--output", "all", f);
    Outcome sequential = elver("--batch", "-l", f, "-f", "ert-run-tests-batch-and-exit");
    assertEquals(plain(sequential.err()), plain(forked.err()));
    assertEquals(sequential.out(), forked.out());
    assertEquals(sequential.status(), forked.status());
    assertEquals(1, forked.status());
    assertEquals(12, verdicts(forked.err()).size(), forked.err());
    assertTrue(forked.err().contains("\n    Case: context\n          more\n"), forked.err());
    assertTrue(forked.err().contains(":explanation"), forked.err());
  }

  @Test
  void onlyUnexpectedResultsShowWhatTestsWrite() throws Exception {
    Outcome o = ert(file("results.el", RESULTS));
    assertFalse(o.err().contains("quiet"), o.err());
    assertTrue(o.err().contains("on stderr\nTest b-fail backtrace:"), o.err());
    assertEquals("on stdout\n", o.out());
  }

  @Test
  void nothingLeaksFromTestToTest() throws Exception {
    String f = file("leaks.el", LEAKS);
    for (String seed : new String[] {"1", "2"}) {
      Outcome o = ert("-j", "4", "--shuffle", seed, f);
      List<String> verdicts = verdicts(o.err());
      assertEquals(20, verdicts.size(), o.err());
      for (String v : verdicts) {
        int i = Integer.parseInt(v.replaceAll("\\D", ""));
        assertTrue(v.endsWith(i % 5 == 0 ? "FAILED" : "passed"), o.err());
      }
      assertTrue(o.err().contains("(elver-ert-exited kill-emacs 0)"), o.err());
      assertEquals(1, o.status());
      try (Stream<Path> files = Files.list(home)) {
        assertEquals(List.of(f), files.map(p -> p.getFileName().toString()).toList());
      }
    }
  }

  @Test
  void whatDoesNotEndFailsByItself() throws Exception {
    String f =
        file(
            "endless.el",
            """
            ;; -*- lexical-binding: t -*-
            (require 'ert)
            (ert-deftest a-loop () (message "in the loop") (while t))
            (ert-deftest b-sleep () (ignore-errors (sleep-for 1000)))
            (ert-deftest c-swallow () (while t (condition-case nil (while t) (t nil))))
            (ert-deftest d-pass () (should t))
            (ert-deftest e-input () (should-error (read-string "Name? ") :type 'end-of-file))
            """);
    Outcome o = ert("--timeout", "2", f);
    assertEquals(
        List.of(
            "a-loop FAILED",
            "b-sleep FAILED",
            "c-swallow FAILED",
            "d-pass passed",
            "e-input passed"),
        verdicts(o.err()),
        o.err());
    assertTrue(o.err().contains("in the loop\nTest a-loop backtrace:"), o.err());
    assertTrue(o.err().contains("  sleep-for(1000)\n"), o.err());
    assertTrue(o.err().contains("(elver-ert-timed-out 2.0)"), o.err());
    assertEquals(1, o.status());
  }

  @Test
  void memoryIsLimitedAndDeadlocksAreErrors() throws Exception {
    String f =
        file(
            "hungry.el",
            """
            ;; -*- lexical-binding: t -*-
            (require 'ert)
            (ert-deftest a-hungry ()
              (let (all) (while t (push (make-vector 1000 0) all))))
            (ert-deftest b-huge () (should-error (make-string 4000000000 ?a)))
            (ert-deftest c-stuck () (channel-recv (make-channel)))
            (ert-deftest d-pass () (should t))
            """);
    Outcome o = ert("--memory", "20M", f);
    assertEquals(
        List.of("a-hungry FAILED", "b-huge passed", "c-stuck FAILED", "d-pass passed"),
        verdicts(o.err()),
        o.err());
    assertTrue(o.err().contains("(elver-ert-out-of-memory 20971520)"), o.err());
    assertTrue(o.err().contains("(deadlock-error"), o.err());
  }

  @Test
  void throwingToTheTopLevelAbortsOneTest() throws Exception {
    String f =
        file(
            "abort.el",
            """
            (require 'ert)
            (ert-deftest a-abort () (throw 'top-level nil))
            (ert-deftest b-pass () (should t))
            """);
    Outcome o = ert(f);
    assertEquals(List.of("a-abort ABORTED", "b-pass passed"), verdicts(o.err()), o.err());
    assertTrue(o.err().contains("Aborted: Ran 2 tests, 1 results as expected"), o.err());
    assertEquals(2, o.status());
  }

  @Test
  void selectorsAreErts() throws Exception {
    String f = file("results.el", RESULTS);
    String[][] cases = {
      {"nil", "12"},
      {"t", "12"},
      {"\"pass\"", "2"},
      {"a-pass", "1"},
      {"(or)", "0"},
      {"(not \"e\")", "6"},
      {"(member a-pass b-fail)", "2"},
      {":failed", "0"}
    };
    for (String[] c : cases) {
      Outcome o = ert("--list", "--selector", c[0], f);
      assertEquals(0, o.status(), o.toString());
      assertEquals(Integer.parseInt(c[1]), o.out().lines().count(), c[0] + " " + o);
    }
    Outcome o = ert("--selector", "(or)", f);
    assertEquals(0, o.status());
    assertTrue(o.err().contains("Ran 0 tests, 0 results as expected"), o.err());
  }

  @Test
  void theOrderIsTheSeeds() throws Exception {
    String f = file("results.el", RESULTS);
    Outcome first = ert("--list", "--shuffle", "7", f);
    assertEquals(first, ert("--list", "--shuffle", "7", f));
    Outcome other = ert("--list", "--shuffle", "8", f);
    assertFalse(first.out().equals(other.out()), first.out());
    assertEquals(first.out().lines().sorted().toList(), other.out().lines().sorted().toList());
  }

  @Test
  void itStopsAtTheFirstFailure() throws Exception {
    String f =
        file(
            "many.el",
            """
            (require 'ert)
            (ert-deftest a-pass () (should t))
            (ert-deftest b-fail () (should nil))
            (ert-deftest c-pass () (should t))
            (ert-deftest d-pass () (should t))
            """);
    Outcome o = ert("-j", "1", "--fail-fast", "--slowest", "1", f);
    assertEquals(List.of("a-pass passed", "b-fail FAILED"), verdicts(o.err()).subList(0, 2));
    assertTrue(o.err().contains("Aborted: Ran 2 tests, 1 results as expected, 1 unexpected"));
    assertTrue(o.err().contains("2 tests have no result"), o.err());
    assertTrue(o.err().contains("LONG-RUNNING TESTS\n"), o.err());
    assertEquals(3, verdicts(o.err()).size(), o.err());
    assertEquals(1, o.status());
  }

  @Test
  void resultsAreWrittenForCiSystems() throws Exception {
    String f = file("results.el", RESULTS);
    file("other.el", "(ert-deftest x-<&> () (princ \"a\\0b ]]> <\") (should nil))");
    ert("--junit", "out.xml", f, "other.el");
    Document d =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(home.resolve("out.xml").toFile());
    Element root = d.getDocumentElement();
    assertEquals("13", root.getAttribute("tests"));
    assertEquals("9", root.getAttribute("failures"));
    assertEquals("1", root.getAttribute("errors"));
    assertEquals("1", root.getAttribute("skipped"));
    assertEquals(2, d.getElementsByTagName("testsuite").getLength());
    assertEquals(13, d.getElementsByTagName("testcase").getLength());
    assertEquals(9, d.getElementsByTagName("failure").getLength());
    assertTrue(d.getElementsByTagName("failure").item(0).getTextContent().contains("explanation"));
    List<String> classes = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      Element e = (Element) d.getElementsByTagName("testcase").item(i);
      classes.add(e.getAttribute("classname") + "." + e.getAttribute("name"));
    }
    assertTrue(classes.contains("results.a-pass"), classes.toString());
    assertTrue(classes.contains("other.x-<&>"), classes.toString());
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    String f = file("results.el", RESULTS);
    String[][] wrong = {
      {"no test file"},
      {"unknown option --frob", "--frob", f},
      {"no such file: none.el", "none.el"},
      {"is a directory", "."},
      {"-j needs a whole number", "-j", "0", f},
      {"-j needs a whole number", "-jx", f},
      {"needs an argument", f, "--timeout"},
      {"--timeout needs a number of seconds", "--timeout", "soon", f},
      {"--memory needs a number of bytes", "--memory=5X", f},
      {"--shuffle needs a whole number", "--shuffle", "x", f},
      {"--output needs", "--output", "some", f},
      {"--list takes no argument", "--list=1", f},
      {"no such directory", "-L", "none", f},
      {"cannot write none/x.xml", "--junit", "none/x.xml", f},
      {"bad selector (a", "--selector", "(a", f},
      {"bad selector (frob)", "--selector", "(frob)", f},
      {"bad selector t t", "--selector", "t t", f},
      {"no test is named", "--selector", "nonesuch", f},
    };
    for (String[] w : wrong) {
      String[] arguments = java.util.Arrays.copyOfRange(w, 1, w.length);
      Outcome o = ert(arguments);
      assertTrue(o.err().startsWith("elver ert: "), o.toString());
      assertTrue(o.err().contains(w[0]), w[0] + ": " + o);
      assertEquals(2, o.status(), o.toString());
    }
    Outcome help = ert("--help");
    assertEquals(0, help.status());
    assertTrue(help.out().contains("--junit FILE"), help.out());
  }

  @Test
  void errorsWhileLoadingEndTheRun() throws Exception {
    Outcome o = ert(file("broken.el", "(require 'ert) (car 1)"));
    assertEquals(255, o.status());
    assertTrue(o.err().contains("wrong-type-argument"), o.err());
  }
}
