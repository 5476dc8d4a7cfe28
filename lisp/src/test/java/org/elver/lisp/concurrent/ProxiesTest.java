package org.elver.lisp.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies: function by function, with owners that do not cooperate, and many readers at once. */
class ProxiesTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void functionByFunction(int carriers) {
    Programs.check("proxies.el", carriers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void ownersThatDoNotCooperate(int carriers) {
    Programs.check("proxy-owners.el", carriers);
  }

  /**
   * Readers in isolates of their own, while the owner goes on with updates that keep an invariant
   * (all numbers are the same, in a list, a vector, a hash table and a variable), and breaks it in
   * between in every update. No reader sees it broken in what is read at once, nested proxies stay
   * {@code eq}, and all come to their end.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void readersSeeUpdatesAsUnits(int carriers) {
    String form =
        """
        (let* ((data (list (list 0 0 0) (vector 0 0 0) (make-hash-table)))
               (p (share data)) (me (isolate-current)) (done (make-channel t)) (stop nil)
               (readers
                (mapcar
                 (lambda (seed)
                   (isolate-spawn
                    (lambda ()
                      (random (format "%d" seed))
                      (proxy-unlock p)
                      (let ((first (car p)) (last 0) (n 0))
                        (while (< n 300)
                          (setq n (1+ n))
                          (let* ((x (cond ((= (random 4) 0) (append (car p) nil))
                                          ((= (random 3) 0) (append (nth 1 p) nil))
                                          ((= (random 2) 0)
                                           (let (r) (maphash (lambda (k v) (setq r (cons v r)))
                                                             (nth 2 p))
                                                r))
                                          (t (apply #'append
                                                    (mapcar (lambda (x) (append x nil))
                                                            (list (proxy-default 'copy (car p)))))))))
                            (or (null x)
                                (and (= (nth 0 x) (nth 1 x)) (= (nth 1 x) (nth 2 x)))
                                (error "Torn: %S" x))
                            (or (null x) (>= (car x) last) (error "Back: %S %S" x last))
                            (if x (setq last (car x)))
                            (or (eq first (car p)) (error "Not eq"))
                            (if (= (random 20) 0)
                                (proxy-update p (lambda (d) (let ((k (1+ (car (car d)))))
                                                              (fill d k)))))))
                        (channel-send done n)))))
                 '(1 2 3 4)))
               (total 0))
          (dotimes (k 4)
            (let ((got nil))
              (while (not got)
                (proxy-update p (lambda (d) (fill d (1+ (car (car d))))))
                (if (= (random 10) 0) (task-yield))
                (setq got (channel-try-recv done))
                (mapc (lambda (r) (or (isolate-live-p r) (isolate-join r))) readers))
              (setq total (+ total got))))
          total)
        """;
    List<Programs.Case> cases =
        List.of(
            new Programs.Case(
                "(progn (defalias 'fill (lambda (d k)"
                    + " (setcar (car d) k) (aset (nth 1 d) 0 k) (puthash 'a k (nth 2 d))"
                    + " (let ((i 0)) (while (< i 50) (setq i (1+ i))))"
                    + " (setcdr (car d) (list k k)) (aset (nth 1 d) 1 k) (aset (nth 1 d) 2 k)"
                    + " (puthash 'b k (nth 2 d)) (puthash 'c k (nth 2 d)))) 'ok)",
                "ok"),
            new Programs.Case(form, "1200"));
    List<String> results =
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> Programs.run(carriers, cases));
    assertEquals(List.of("ok", "1200"), results);
  }

  /** The owner is busy, so that who prints is in the middle of a look most of the time. */
  @Test
  void whoPrintsAProxyCanBeCancelled() {
    Programs.check(
        2,
        List.of(
            new Programs.Case(
                "(let* ((c (make-channel)) (i (isolate-spawn (lambda () (channel-send c (share"
                    + " (list 1 2))) (while t)))) (p (channel-recv c)) (k 0) (last 'cancelled))"
                    + " (while (and (< k 8) (eq last 'cancelled)) (setq k (1+ k)) (let ((task"
                    + " (task-spawn (lambda () (condition-case nil (while t (prin1-to-string p))"
                    + " (task-cancelled 'cancelled)))))) (task-sleep 0.02) (task-cancel task)"
                    + " (setq last (condition-case e (task-join task 10) (error e)))))"
                    + " (isolate-kill i) (list k last))",
                "(8 cancelled)")));
  }

  /** A primitive for tests. */
  private static final class Sharer extends Subr {
    private final ProxyHandler handler;

    Sharer(ProxyHandler handler) {
      super("test-share", 1, 1);
      this.handler = handler;
    }

    @Override
    protected Object call1(Task t, Object object) {
      return Sharing.share(t, object, handler);
    }
  }

  @Test
  void handlersInJava() {
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    ProxyHandler handler =
        (t, operation, proxy, args) -> {
          log.add(operation + args.length);
          return switch (operation) {
            case "length" -> 42L;
            case "cdr" -> throw LispSignal.error("Refused");
            default -> Sharing.operate(t, operation, proxy, args);
          };
        };
    List<Programs.Case> cases =
        List.of(
            new Programs.Case("(progn (setq l (list 1 2) p (test-share l)) (car p))", "1"),
            new Programs.Case(
                "(isolate-join (isolate-spawn (lambda () (list (length p) (car p) (nth 1 p)"
                    + " (err (cdr p)) (consp p) (vconcat p) (car (err (setcar p 1)))"
                    + " (progn (proxy-unlock p) (setcar p 5)) (concat p)))))",
                ""),
            new Programs.Case("l", ""),
            new Programs.Case("(err (test-share 5))", ""));
    List<String> results =
        assertTimeoutPreemptively(
            Duration.ofMinutes(1),
            () ->
                Programs.run(
                    2,
                    cases,
                    t -> t.symbols().intern(t, "test-share").setFunction(t, new Sharer(handler))));
    assertEquals(
        List.of(
            "1",
            "(42 1 2 (error \"Refused\") t [1 2] proxy-locked 5 \"\u0005\u0002\")",
            "(5 2)",
            "(wrong-type-argument elver--mutable-p 5)"),
        results);
    assertEquals(
        List.of("length0", "car0", "nth1", "cdr0", "vconcat0", "setcar1", "setcar1", "copy0"), log);
  }
}
