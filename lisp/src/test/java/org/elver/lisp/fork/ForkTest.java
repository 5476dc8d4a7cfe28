package org.elver.lisp.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.elver.heap.version.Savepoint;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.Test;

/** What a fork shares with its parent, what it does not, and what is nobody's. */
class ForkTest {
  private final Task main = Boot.prelude();

  private static <T> List<T> inForks(Task parent, int n, Function<Task, T> body) {
    List<Task> children = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      children.add(Forks.fork(parent));
    }
    List<CompletableFuture<T>> running = new ArrayList<>();
    for (Task child : children) {
      running.add(Forks.start(child, body));
    }
    return running.stream().map(Forks::get).toList();
  }

  private static String inFork(Task parent, String form) {
    return inForks(parent, 1, t -> Forks.show(t, form)).get(0);
  }

  @Test
  void aNameMeansOneSymbolWhoseContentsAreEachIsolatesOwn() {
    List<List<Symbol>> all =
        inForks(
            main,
            4,
            t -> {
              List<Symbol> symbols = new ArrayList<>();
              for (int i = 0; i < 2000; i++) {
                Symbol s = t.symbols().intern(t, "fork-test-" + i);
                assertSame(Symbol.UNBOUND, s.rawValue(t));
                assertSame(Symbol.NIL, s.function(t));
                s.setRawValue(t, symbols);
                assertSame(symbols, s.rawValue(t));
                symbols.add(s);
              }
              symbols.forEach(s -> assertSame(symbols, s.rawValue(t)));
              return symbols;
            });
    for (List<Symbol> one : all) {
      assertEquals(all.get(0), one);
    }
    assertEquals("nil", Forks.show(main, "(intern-soft \"fork-test-7\")"));
    assertEquals("nil", Forks.show(main, "(boundp (intern \"fork-test-7\"))"));
  }

  @Test
  void aKeywordIsOneWhereverItIsInternedFirst() {
    String form = "(let ((k (intern \":fork-key\"))) (list (keywordp k) (eq k (symbol-value k))))";
    assertEquals("(t t)", inFork(main, form));
    assertEquals("(t t)", inFork(main, form));
    assertEquals(
        "(nil (t t))", Forks.show(main, "(list (intern-soft \":fork-key\") " + form + ")"));
  }

  @Test
  void whatAnImageHasLateIsMadeOnceForAll() {
    Task t = Forks.world();
    List<String> names =
        List.of(
            "dired",
            "ring-insert",
            "replace-regexp",
            "mail-user-agent",
            "cl-defstruct",
            "custom-set-variables",
            "compose-mail",
            "describe-function",
            "query-replace",
            "fill-paragraph",
            "undo",
            "global-map",
            "esc-map",
            "load-history",
            "find-file",
            "kill-line",
            "easy-menu-define",
            "cl--generic-combiner",
            "rx",
            "char-fold-to-regexp");
    List<List<Object>> all =
        inForks(
            t,
            4,
            child -> {
              List<Object> contents = new ArrayList<>();
              for (String name : names) {
                Symbol s = child.symbols().intern(child, name);
                Object f = s.function(child);
                s.setFunction(child, Symbol.T);
                contents.add(s.rawValue(child));
                contents.add(s.plist(child));
                contents.add(f);
              }
              return contents;
            });
    for (int i = 0; i < names.size(); i++) {
      Symbol s = t.symbols().intern(t, names.get(i));
      for (List<Object> one : all) {
        assertSame(one.get(3 * i), s.rawValue(t), names.get(i));
        assertSame(one.get(3 * i + 1), s.plist(t), names.get(i));
        assertSame(one.get(3 * i + 2), s.function(t), names.get(i));
      }
    }
  }

  @Test
  void functionsNotYetCompiledAreEachIsolatesToCompile() {
    Forks.eval(main, "(defmacro fork-macro () 1)");
    Forks.eval(main, "(defun fork-late () (list (fork-macro) (funcall (lambda () (fork-macro)))))");
    assertEquals(
        "((2 2) (2 2))",
        inFork(main, "(progn (defmacro fork-macro () 2) (list (fork-late) (fork-late)))"));
    assertEquals("(1 1)", inFork(main, "(fork-late)"));
    assertEquals("(1 1)", Forks.show(main, "(fork-late)"));
  }

  @Test
  void whatWasCompiledWhileAllWasUndoneLaterIsForgotten() {
    Forks.eval(main, "(defmacro fork-macro () 1)");
    Forks.eval(main, "(defun fork-late () (list (fork-macro) (funcall (lambda () (fork-macro)))))");
    Savepoint s = main.c.savepoint();
    Forks.eval(main, "(defmacro fork-macro () 2)");
    assertEquals("(2 2)", Forks.show(main, "(fork-late)"));
    main.c.rollback(s);
    assertEquals("(1 1)", Forks.show(main, "(fork-late)"));
  }

  @Test
  void randomNumbersSplit() {
    Forks.eval(main, "(random \"seed\")");
    Set<String> all = new HashSet<>();
    Function<Task, String> body =
        t -> Forks.show(t, "(list (random 1000000) (random 1000000))") + inFork(t, "(random)");
    List<String> first = inForks(main, 5, body);
    all.addAll(first);
    all.add(body.apply(main));
    assertEquals(6, all.size());
    String seeded = "(progn (random \"x\") (list (random) (random)))";
    assertEquals(inFork(main, seeded), inFork(main, seeded));
    // And the same again in another VM.
    Task other = Boot.prelude();
    Forks.eval(other, "(random \"seed\")");
    assertEquals(first, inForks(other, 5, body));
  }

  @Test
  void processesAreTheParents() {
    Forks.eval(
        main,
        "(setq p (make-process :name \"cat\" :command '(\"cat\") :connection-type 'pipe"
            + " :buffer (get-buffer-create \"cat\")))");
    assertEquals(
        "((nil exit nil) nil)",
        inFork(
            main,
            "(list (list (process-list) (process-status p) (get-process"
                + " \"cat\")) (condition-case nil (progn (process-send-string p \"x\") t) (error"
                + " nil)))"));
    inFork(main, "(delete-process p)");
    assertEquals("run", Forks.show(main, "(process-status p)"));
    assertEquals(
        "\"still\"",
        Forks.show(
            main,
            "(progn (process-send-string p \"still\") (accept-process-output p 5)"
                + " (with-current-buffer \"cat\" (buffer-string)))"));
    Forks.eval(main, "(delete-process p)");
  }

  @Test
  void timersAreTheParents() {
    Forks.eval(main, "(setq timer-list (list (vector nil 0 0 0 nil 'ignore nil nil nil)))");
    assertEquals("nil", inFork(main, "timer-list"));
    assertEquals("1", Forks.show(main, "(length timer-list)"));
    Forks.eval(main, "(setq timer-list nil)");
  }

  @Test
  void aForkThatInheritsNothingToTakeAwayHasChangedNothing() {
    Task child = Forks.fork(main);
    org.elver.lisp.primitive.Startup.forked(child);
    child.c.tidy();
    assertTrue(!child.c.hasChangedOlderObjects());
    child.c.end();
  }

  @Test
  void searchesGoByTheIsolatesOwnCaseTable() {
    String search =
        "(let ((case-fold-search t)) (list (string-match \"a!\" \"xA?\") (string-match \"AB\""
            + " \"ab\")))";
    String change =
        "(let ((table (copy-sequence (standard-case-table))))"
            + " (aset table ?! ??) (aset (char-table-extra-slot table 0) ?? ?!)"
            + " (set-char-table-extra-slot table 1 nil) (set-char-table-extra-slot table 2 nil)"
            + " (set-standard-case-table table))";
    String alone = inFork(main, search);
    String changed = inFork(main, "(progn " + change + " " + search + ")");
    assertNotEquals(alone, changed);
    assertEquals(alone, Forks.show(main, search));
    assertEquals(changed, inFork(main, "(progn " + change + " " + search + ")"));
  }
}
