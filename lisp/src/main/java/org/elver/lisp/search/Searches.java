package org.elver.lisp.search;

import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.regex.BacktrackLimitException;
import org.elver.lisp.regex.Matcher;
import org.elver.lisp.regex.Program;
import org.elver.lisp.regex.Subject;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferVariable;

/**
 * Searches of strings and buffers, with match data as result; for primitives and other Java code.
 */
public final class Searches {
  private Searches() {}

  /** Whether {@code case-fold-search} says to ignore case. */
  public static boolean ignoresCase(Task t) {
    return BufferVariable.CASE_FOLD_SEARCH.in(t, Buffer.current(t)) != Symbol.NIL;
  }

  private static LispSignal overflow() {
    return LispSignal.error("Stack overflow in regexp matcher");
  }

  private static Subject subject(Task t, LispString s) {
    Object codes = s.codes(t.c);
    boolean unibyte = !s.isMultibyte(t.c);
    if (codes instanceof byte[] b) {
      return Subject.of(b, b.length, unibyte);
    }
    return codes instanceof char[] x
        ? Subject.of(x, x.length, unibyte)
        : Subject.of((int[]) codes, ((int[]) codes).length, unibyte);
  }

  /** Searches a string from {@code start} on; null when nothing is found. */
  public static MatchData string(Task t, Program program, LispString s, int start) {
    Rules rules = new Rules(t, s);
    Matcher m = new Matcher(program, subject(t, s), rules, rules);
    int length = s.length(t.c);
    try {
      return m.search(start, length, length) < 0 ? null : new MatchData(m.registers(), null);
    } catch (BacktrackLimitException e) {
      throw overflow();
    }
  }

  /** Searches a string for a regular expression; the position or -1. Match data are not changed. */
  public static int find(Task t, LispString regexp, LispString s, boolean ignoreCase) {
    Program p = Patterns.of(t).program(t, regexp, ignoreCase, Patterns.Kind.REGEXP);
    MatchData m = string(t, p, s, 0);
    return m == null ? -1 : m.start(0);
  }

  /** Matches at point of the current buffer; null when it does not. */
  public static MatchData lookingAt(Task t, Program program) {
    Buffer b = Buffer.current(t);
    int point = b.point(t.c);
    Subject subject = new BufferSubject(t.c, b).withPoint(point);
    Rules rules = new Rules(t, b, subject);
    try {
      Matcher m = new Matcher(program, subject, rules, rules);
      return m.matchAt(point, b.zv(t.c)) ? new MatchData(m.registers(), b) : null;
    } catch (BacktrackLimitException e) {
      throw overflow();
    }
  }

  /** Is told what a search of several matches found. */
  public interface Found {
    /** One was found. */
    void accept(MatchData m);
  }

  /**
   * Searches the current buffer from point for the {@code count}th match, backwards when {@code
   * count} is negative, not beyond {@code limit}. Returns where the last one ends (begins, if
   * backwards), or -1.
   */
  public static int buffer(Task t, Program program, int limit, long count, Found found) {
    Buffer b = Buffer.current(t);
    int pos = b.point(t.c);
    Subject subject = new BufferSubject(t.c, b).withPoint(pos);
    Rules rules = new Rules(t, b, subject);
    Matcher m = new Matcher(program, subject, rules, rules);
    try {
      for (long n = Math.abs(count); n > 0; n--) {
        if (m.search(pos, limit, count > 0 ? limit : pos) < 0) {
          return -1;
        }
        found.accept(new MatchData(m.registers(), b));
        pos = count > 0 ? m.end(0) : m.start(0);
        t.safepoint();
      }
    } catch (BacktrackLimitException e) {
      throw overflow();
    }
    return pos;
  }
}
