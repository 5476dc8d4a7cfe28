package org.elver.lisp.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.elver.heap.object.Pair;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.isolate.Program;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * Runs Lisp programs on the kernel, in a VM without GNU Emacs's library.
 *
 * <p>Cases are written as a form, then a line that begins with {@code ;=> } and goes on with the
 * value as it is printed. An error is the value {@code (ERROR . DATA)}.
 */
final class Programs {
  private static final long STACK = 8L << 20;

  private Programs() {}

  /** A form, and what it is to give. */
  record Case(String form, String expected) {
    @Override
    public String toString() {
      return form.strip();
    }
  }

  /** The cases of a resource beside this class. */
  static List<Case> cases(String resource) {
    String text;
    try (InputStream in = Programs.class.getResourceAsStream(resource)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    List<Case> cases = new ArrayList<>();
    StringBuilder form = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.startsWith(";=> ")) {
        cases.add(new Case(form.toString(), line.substring(4)));
        form.setLength(0);
      } else if (!line.startsWith(";;")) {
        form.append(line).append('\n');
      }
    }
    return cases;
  }

  /** What each of the forms, evaluated one after the other in one program, gives, printed. */
  static List<String> run(int carriers, List<Case> cases) {
    return run(carriers, cases, t -> {});
  }

  /** As above; {@code preparation} is done in the program's world before it starts. */
  static List<String> run(int carriers, List<Case> cases, Consumer<Task> preparation) {
    Task t = Boot.prelude();
    preparation.accept(t);
    List<Object> forms = new ArrayList<>();
    for (Case c : cases) {
      forms.add(((Pair) t.callNamed("read-from-string", LispString.of(t.c, c.form))).first(t.c));
    }
    Symbol results = t.symbols().intern(t, "test-results");
    results.setRawValue(t, Symbol.NIL);
    t.symbols().intern(t, "test-forms").setRawValue(t, Lisp.list(t.c, forms));
    evaluate(
        t,
        "(defmacro err (&rest body) (list 'condition-case 'e (cons 'progn body)"
            + " '(error e) '(task-cancelled e)))");
    evaluate(
        t,
        "(defun test-main ()"
            + " (dolist (form test-forms)"
            + "  (let ((v (condition-case e (eval form t) (error e) (task-cancelled e))))"
            + "   (setq test-results (cons (prin1-to-string v) test-results)))))");
    new Program(t, carriers, STACK).run(t.symbols().intern(t, "test-main"));
    List<String> printed = new ArrayList<>();
    for (Object o : Lisp.elements(t.c, results.rawValue(t))) {
      printed.add(0, ((LispString) o).toJava(t.c));
    }
    return printed;
  }

  /** Fails unless each of the cases of a resource gives what it is to give. */
  static void check(String resource, int carriers) {
    check(carriers, cases(resource));
  }

  /** Runs the cases one after the other in one program; all must give what they are to. */
  static void check(int carriers, List<Case> cases) {
    List<String> results =
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> run(carriers, cases));
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      Case c = cases.get(i);
      String r = i < results.size() ? results.get(i) : "nothing: the program has ended";
      if (!r.equals(c.expected())) {
        wrong.add(c + "\n  should be " + c.expected() + "\n  but is    " + r);
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static void evaluate(Task t, String source) {
    Object form = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
    t.callNamed("eval", form, Symbol.T);
  }
}
