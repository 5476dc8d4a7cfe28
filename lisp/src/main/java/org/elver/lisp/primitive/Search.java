package org.elver.lisp.primitive;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.regex.Program;
import org.elver.lisp.search.MatchData;
import org.elver.lisp.search.Patterns;
import org.elver.lisp.search.Searches;
import org.elver.lisp.text.Buffer;

/** Searching strings and buffers. */
final class Search {
  private static final Symbol INHIBIT = Symbol.known("inhibit-changing-match-data");

  private Search() {}

  static void variables(Task t) {
    Vm.defvar(t, INHIBIT, Symbol.NIL);
    Vm.defvar(t, "search-spaces-regexp", Symbol.NIL);
  }

  private static void remember(Task t, MatchData m) {
    if (Variables.orNil(t, INHIBIT) == Symbol.NIL) {
      t.matchData = m;
    }
  }

  private static Program program(Task t, LispString pattern, Patterns.Kind kind) {
    return Patterns.of(t).program(t, pattern, Searches.ignoresCase(t), kind);
  }

  // ---- Strings
  // -----------------------------------------------------------------------------------

  private static Object match(
      Task t, Object regexp, Object string, Object start, Patterns.Kind kind) {
    LispString pattern = Lisp.string(regexp);
    LispString s = Lisp.string(string);
    int from = 0;
    if (start != Symbol.NIL) {
      long n = Lisp.fixnum(start);
      int length = s.length(t.c);
      if (n < 0) {
        n += length;
      }
      if (n < 0 || n > length) {
        throw LispSignal.outOfRange(string, start);
      }
      from = (int) n;
    }
    MatchData m = Searches.string(t, program(t, pattern, kind), s, from);
    if (m == null) {
      return Symbol.NIL;
    }
    remember(t, m);
    return (long) m.start(0);
  }

  @Primitive(
      value = "string-match",
      min = 2,
      doc =
          "Return where in STRING the first match for REGEXP begins, from START on; or nil.\n"
              + "Case is ignored if `case-fold-search' is non-nil. Sets the match data.")
  static Object stringMatch(Task t, Object regexp, Object string, Object start) {
    return match(t, regexp, string, start, Patterns.Kind.REGEXP);
  }

  @Primitive(
      value = "posix-string-match",
      min = 2,
      doc = "As `string-match' of REGEXP in STRING from START on, but the longest match is found.")
  static Object posixStringMatch(Task t, Object regexp, Object string, Object start) {
    return match(t, regexp, string, start, Patterns.Kind.POSIX);
  }

  @Primitive(
      value = "regexp-quote",
      doc = "Return a regular expression that matches exactly STRING.")
  static Object regexpQuote(Task t, Object string) {
    LispString s = Lisp.string(string);
    int[] quoted = Patterns.quoted(s.codeArray(t.c));
    return quoted.length == s.length(t.c) ? s : LispString.of(t.c, quoted, s.isMultibyte(t.c));
  }

  // ---- Buffers
  // -----------------------------------------------------------------------------------

  private static boolean lookingAt(Task t, Object regexp, Patterns.Kind kind) {
    MatchData m = Searches.lookingAt(t, program(t, Lisp.string(regexp), kind));
    if (m != null) {
      remember(t, m);
    }
    return m != null;
  }

  @Primitive(
      value = "looking-at",
      doc = "Return t if the text after point matches REGEXP; sets the match data then.")
  static boolean lookingAt(Task t, Object regexp) {
    return lookingAt(t, regexp, Patterns.Kind.REGEXP);
  }

  @Primitive(
      value = "posix-looking-at",
      doc = "As `looking-at' for REGEXP, but the longest match is found.")
  static boolean posixLookingAt(Task t, Object regexp) {
    return lookingAt(t, regexp, Patterns.Kind.POSIX);
  }

  private static Object search(
      Task t,
      Object pattern,
      Object bound,
      Object noerror,
      Object count,
      int direction,
      Patterns.Kind kind) {
    long n = direction;
    if (count != Symbol.NIL) {
      n = Lisp.fixnum(count) * direction;
    }
    LispString s = Lisp.string(pattern);
    Buffer b = Buffer.current(t);
    int point = b.point(t.c);
    int limit;
    if (bound == Symbol.NIL) {
      limit = n > 0 ? b.zv(t.c) : b.begv(t.c);
    } else {
      long x = Buffer.position(t, bound);
      if (n > 0 ? x < point : x > point) {
        throw LispSignal.error("Invalid search bound (wrong side of point)");
      }
      limit = Math.clamp(x, b.begv(t.c), b.zv(t.c));
    }
    int found;
    if (n == 0 || s.length(t.c) == 0) {
      remember(t, new MatchData(new int[] {point, point}, b));
      found = point;
    } else {
      found = Searches.buffer(t, program(t, s, kind), limit, n, m -> remember(t, m));
    }
    if (found >= 0) {
      b.setPoint(t.c, found);
      return (long) found;
    }
    if (noerror == Symbol.NIL) {
      throw new LispSignal(Q.SEARCH_FAILED, pattern);
    }
    if (noerror != Symbol.T) {
      b.setPoint(t.c, limit);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "search-forward",
      min = 1,
      doc =
          "Search forward from point for STRING; put point behind it and return that position.\n"
              + "BOUND limits the search. NOERROR t: return nil when there is none; else non-nil:"
              + " go to\n"
              + "the limit too. COUNT: find so many, backward if negative.",
      interactive = "MSearch: ")
  static Object searchForward(Task t, Object string, Object bound, Object noerror, Object count) {
    return search(t, string, bound, noerror, count, 1, Patterns.Kind.LITERAL);
  }

  @Primitive(
      value = "search-backward",
      min = 1,
      doc =
          "Search backward from point for STRING; put point before it and return that position.\n"
              + "BOUND, NOERROR and COUNT are as in `search-forward'.",
      interactive = "MSearch backward: ")
  static Object searchBackward(Task t, Object string, Object bound, Object noerror, Object count) {
    return search(t, string, bound, noerror, count, -1, Patterns.Kind.LITERAL);
  }

  @Primitive(
      value = "re-search-forward",
      min = 1,
      doc =
          "Search forward from point for a match for REGEXP; put point behind it and return that\n"
              + "position. BOUND, NOERROR and COUNT are as in `search-forward'.",
      interactive = "sRE search: ")
  static Object reSearchForward(Task t, Object regexp, Object bound, Object noerror, Object count) {
    return search(t, regexp, bound, noerror, count, 1, Patterns.Kind.REGEXP);
  }

  @Primitive(
      value = "re-search-backward",
      min = 1,
      doc =
          "Search backward from point for a place where REGEXP matches; put point there and\n"
              + "return it. BOUND, NOERROR and COUNT are as in `search-forward'.",
      interactive = "sRE search backward: ")
  static Object reSearchBackward(
      Task t, Object regexp, Object bound, Object noerror, Object count) {
    return search(t, regexp, bound, noerror, count, -1, Patterns.Kind.REGEXP);
  }

  @Primitive(
      value = "posix-search-forward",
      min = 1,
      doc =
          "As `re-search-forward' for REGEXP, but the longest match at a place is found.\n"
              + "BOUND, NOERROR and COUNT are as in `search-forward'.",
      interactive = "sPosix search: ")
  static Object posixSearchForward(
      Task t, Object regexp, Object bound, Object noerror, Object count) {
    return search(t, regexp, bound, noerror, count, 1, Patterns.Kind.POSIX);
  }

  @Primitive(
      value = "posix-search-backward",
      min = 1,
      doc =
          "As `re-search-backward' for REGEXP, but the longest match at a place is found.\n"
              + "BOUND, NOERROR and COUNT are as in `search-forward'.",
      interactive = "sPosix search backward: ")
  static Object posixSearchBackward(
      Task t, Object regexp, Object bound, Object noerror, Object count) {
    return search(t, regexp, bound, noerror, count, -1, Patterns.Kind.POSIX);
  }

  @Primitive(
      value = "newline-cache-check",
      min = 0,
      doc =
          "Return arrays of positions to check the cache of newlines of BUFFER; nil: it has none.")
  static Object newlineCacheCheck(Task t, Object buffer) {
    if (buffer != Symbol.NIL && !(buffer instanceof Buffer)) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    return Symbol.NIL;
  }
}
