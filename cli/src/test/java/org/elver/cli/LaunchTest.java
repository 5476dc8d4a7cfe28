package org.elver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elver.cli.Child.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options, standard streams and exit codes, as one sees them from outside. */
class LaunchTest {
  @TempDir Path home;

  private Outcome elver(String... arguments) throws IOException, InterruptedException {
    return Child.elver(home, "", arguments);
  }

  private Outcome eval(String form) throws IOException, InterruptedException {
    return elver("--batch", "--eval", form);
  }

  private String file(String name, String contents) throws IOException {
    Files.writeString(home.resolve(name), contents);
    return name;
  }

  @Test
  void versionAndHelpNeedNoLibrary() throws Exception {
    Outcome version = elver("--version");
    assertEquals(0, version.status());
    assertTrue(version.out().contains("Elver"), version.out());
    Outcome help = elver("--help");
    assertEquals(0, help.status());
    for (String word : new String[] {"--eval", "--script", "repl", "doctor"}) {
      assertTrue(help.out().contains(word), word);
    }
    assertEquals("", help.err());
  }

  @Test
  void doctorTellsWhatThereIs() throws Exception {
    Outcome doctor = elver("doctor");
    for (String word : new String[] {"Java", "Library", "Image", "Processors", "Carriers"}) {
      assertTrue(doctor.out().contains(word), doctor.out());
    }
  }

  @Test
  void outputAndMessagesGoToTheirStreams() throws Exception {
    Child.assumeLibrary();
    assertEquals(
        new Outcome(0, "three: 3\n", "and é\n"),
        eval("(progn (princ (format \"three: %d\\n\" (+ 1 2))) (message \"and é\"))"));
  }

  @Test
  void killEmacsGivesTheExitCode() throws Exception {
    Child.assumeLibrary();
    assertEquals(new Outcome(3, "", ""), eval("(kill-emacs 3)"));
    assertEquals(new Outcome(0, "x", ""), eval("(progn (princ 'x) (kill-emacs))"));
    assertEquals(255, eval("(kill-emacs -1)").status());
    assertEquals(7, eval("(kill-emacs (+ 256 7))").status());
    assertEquals(
        new Outcome(2, "hook", ""),
        eval("(progn (add-hook 'kill-emacs-hook (lambda () (princ \"hook\"))) (kill-emacs 2))"));
  }

  @Test
  void errorsAreReportedAndEndTheRun() throws Exception {
    Child.assumeLibrary();
    Outcome o = eval("(error \"Boom %d\" 7)");
    assertEquals(255, o.status());
    assertTrue(o.err().contains("(error \"Boom 7\")"), o.err());
    o = eval("(let ((backtrace-on-error-noninteractive nil)) (car 1))");
    assertEquals(new Outcome(255, "", "Wrong type argument: listp, 1\n"), o);
    o = elver("--batch", "--frobnicate");
    assertEquals(255, o.status());
    assertTrue(o.err().contains("Unknown option"), o.err());
    assertEquals(255, elver("--batch", "-l", "there-is-no-such-file").status());
    assertEquals(255, elver("--batch", "-f", "there-is-no-such-function").status());
  }

  @Test
  void backtracesNameWhatFailed() throws Exception {
    Child.assumeLibrary();
    String[][] frames = {
      {"(car 1)", "car(1)"},
      {"(car 1 2)", "(car 1 2)"},
      {"(mapcar (lambda (x) (+ x 1)) '(a))", "+(a 1)\n  (closure (t) (x) (+ x 1))(a)\n  mapcar("},
      {"(funcall (lambda (x) x))", "(closure (t) (x) x)()"},
      {"(progn (defun f (x) (aref x 9)) (f [1]))", "aref([1] 9)\n  f([1])"},
      {"(progn (defun f (x) (aref x 9)) (byte-compile 'f) (f [1]))", "f([1])"},
      {"(not-there 1 (+ 1 1))", "(not-there 1 (+ 1 1))"},
      {"(error \"Boom\")", "error(\"Boom\")"},
      {"(signal 'arith-error '(1))", "signal(arith-error (1))"},
    };
    for (String[] f : frames) {
      Outcome o = eval(f[0]);
      assertEquals(255, o.status());
      int end = o.err().indexOf("\n") + 1;
      assertTrue(o.err().startsWith("  " + f[1], end), o.err());
    }
  }

  @Test
  void optionsWorkInOrder() throws Exception {
    Child.assumeLibrary();
    file("a.el", "(defun test-a () (princ (format \"a%d\" (length command-line-args-left))))");
    assertEquals(
        new Outcome(0, "1a12", ""),
        elver(
            "--batch", "--eval", "(princ 1)", "-l", "./a.el", "-f", "test-a", "--eval=(princ 2)"));
    file("lib.el", "(defun test-lib () (princ \"lib\")) (provide 'lib)");
    assertEquals(
        new Outcome(0, "lib", ""),
        elver("--batch", "-L", ".", "--eval", "(require 'lib)", "-f", "test-lib"));
  }

  @Test
  void scriptsGetTheirArguments() throws Exception {
    Child.assumeLibrary();
    file(
        "s.el",
        """
        #!/usr/bin/env -S elver --script
        (princ (format "%S" command-line-args-left))
        (setq command-line-args-left nil)
        """);
    assertEquals(
        new Outcome(0, "(\"--eval\" \"2\")", ""), elver("--script", "s.el", "--eval", "2"));
    assertEquals(new Outcome(0, "(\"--eval\" \"2\")", ""), elver("s.el", "--eval", "2"));
  }

  @Test
  void standardInputIsTheMinibuffer() throws Exception {
    Child.assumeLibrary();
    Outcome o =
        Child.elver(
            home, "some text\nmore\n", "--batch", "--eval", "(prin1 (read-string \"What? \"))");
    assertEquals(new Outcome(0, "What? \"some text\"", ""), o);
  }

  @Test
  void signalsEndItAfterTheHook() throws Exception {
    Child.assumeLibrary();
    String hook =
        "(progn (add-hook 'kill-emacs-hook (lambda () (princ \"hook\")))"
            + " (message \"ready\") %s)";
    for (String waiting :
        new String[] {
          "(while t)",
          "(condition-case nil (unwind-protect (while t) (princ 1)) ((error quit) (princ 2)))",
          "(sleep-for 100)",
          "(call-process \"sleep\" nil t nil \"100\")",
          "(string-match \"\\\\(a*\\\\)*\\\\(a*\\\\)*\\\\(a*\\\\)*\\\\1b\" (make-string 40 ?a))",
          "(read-string \"\")"
        }) {
      assertEquals(
          new Outcome(130, "hook", "ready\n"),
          Child.signaled(home, "INT", "--batch", "--eval", hook.formatted(waiting)),
          waiting);
    }
    String endless = file("endless.el", hook.formatted("(while t)"));
    assertEquals(new Outcome(130, "hook", "ready\n"), Child.signaled(home, "INT", endless));
    assertEquals(new Outcome(15, "hook", "ready\n"), Child.signaled(home, "TERM", endless));
    assertEquals(new Outcome(1, "hook", "ready\n"), Child.signaled(home, "HUP", endless));
    String failing =
        file(
            "failing.el",
            "(add-hook 'kill-emacs-hook (lambda () (message \"ends\") (car 1)))"
                + "(message \"ready\") (while t)");
    Outcome failed = Child.signaled(home, "INT", failing);
    assertEquals(130, failed.status());
    assertTrue(failed.err().contains("Error in kill-emacs-hook"), failed.err());
  }

  @Test
  void theReplEvaluatesWithoutATerminal() throws Exception {
    Child.assumeLibrary();
    Outcome o =
        Child.elver(
            home,
            "(defun twice (x)\n  (* 2 x))\n(twice 21)\n(car 1)\n(message \"m\")\n'end\n",
            "repl");
    assertEquals(0, o.status(), o.toString());
    assertTrue(o.out().contains("twice\n"), o.toString());
    assertTrue(o.out().contains("42\n"), o.toString());
    assertTrue(o.out().contains("end\n"), o.toString());
    assertTrue((o.out() + o.err()).contains("Wrong type argument: listp, 1"), o.toString());
  }
}
