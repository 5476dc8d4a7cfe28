package org.elver.lisp.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;
import org.junit.jupiter.api.Test;

/**
 * Forks that are made while primitives are in the middle of something see what there was then, for
 * as long as they live, and their own writes are not the parent's: no primitive writes where it
 * could before it called Lisp.
 */
class ForkInTheMiddleTest {
  private static final String LOOK =
      "(let ((print-circle t)) (list (prin1-to-string (if (bufferp o) (and (buffer-live-p o)"
          + " (with-current-buffer o (list (buffer-string) (point) (point-min) (point-max)"
          + " (buffer-modified-tick) (mapcar (lambda (v) (list (overlay-start v) (overlay-end v)))"
          + " (overlays-in 0 1000))))) o)) (and (boundp 'f-watched) f-watched) (fboundp 'f-fun)"
          + " (mapcar #'buffer-name (buffer-list))))";

  /** A fork, and what it saw at once. */
  private record Seen(Task fork, String state) {}

  /** {@code (F)}: forks. Every other fork changes what it sees, and ends. */
  private static final class Forking extends Subr {
    private final List<Seen> seen = new ArrayList<>();
    private int count;

    Forking() {
      super("F", 0, 0);
    }

    @Override
    protected Object call0(Task t) {
      Task child = Forks.fork(t);
      if (count++ % 3 == 2) {
        Forks.show(
            child,
            "(cond ((consp o) (setcar o 'spoilt)) ((vectorp o) (fillarray o 'spoilt)) ((stringp o)"
                + " (fillarray o ?#)) ((hash-table-p o) (clrhash o)) ((bufferp o)"
                + " (with-current-buffer o (let ((inhibit-modification-hooks t)) (widen) (insert"
                + " \"spoilt\") (goto-char 1)))))");
        Forks.show(
            child,
            "(progn (setq o 'spoilt f-watched 'spoilt) (fset 'f-fun 'spoilt) (get-buffer-create"
                + " \"spoilt\"))");
        child.c.end();
      } else {
        seen.add(new Seen(child, Forks.show(child, LOOK)));
      }
      t.c.setDriver(t);
      return Symbol.NIL;
    }
  }

  private static String run(Task main, String program, Subr f) {
    Task t = Forks.fork(main);
    t.symbols().intern(t, "F").setFunction(t, f);
    return Forks.get(
        Forks.start(
            t,
            x -> {
              String value = Forks.show(x, program);
              if (f instanceof Forking forking) {
                for (Seen s : forking.seen) {
                  assertEquals(s.state, Forks.show(s.fork, LOOK), program);
                  s.fork.c.end();
                }
              }
              return value + " " + Forks.show(x, LOOK);
            }));
  }

  /** A function that does nothing. */
  private static final class Nothing extends Subr {
    Nothing() {
      super("F", 0, 0);
    }

    @Override
    protected Object call0(Task t) {
      return Symbol.NIL;
    }
  }

  @Test
  void aForkGoesOnSeeingWhatItSaw() {
    Forks.assumeLibrary();
    Task main = Forks.world();
    Forks.eval(main, "(progn (require 'cl-lib) (require 'generator) (require 'sort))");
    Forks.eval(main, "(setq o nil)");
    List<String> differences = new ArrayList<>();
    int forks = 0;
    for (String program : ForkStressTest.paragraphs("callbacks.el")) {
      if (Boolean.getBoolean("elver.show")) {
        System.out.println(program);
      }
      String want = run(main, program, new Nothing());
      Forking forking = new Forking();
      String got;
      try {
        got = run(main, program, forking);
      } catch (AssertionError e) {
        got = e.getMessage();
      }
      forks += forking.count;
      if (want.startsWith("(ERROR") || !want.equals(got) || forking.count == 0) {
        differences.add(program + "\n  " + want + "\n  " + got);
      }
    }
    System.out.println(forks + " forks");
    assertEquals("", String.join("\n", differences));
  }
}
