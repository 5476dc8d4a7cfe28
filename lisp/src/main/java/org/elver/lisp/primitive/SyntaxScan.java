package org.elver.lisp.primitive;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.syntax.Comments;
import org.elver.lisp.syntax.ParseState;
import org.elver.lisp.syntax.SexpParser;
import org.elver.lisp.syntax.Sexps;
import org.elver.lisp.syntax.SyntaxTables;
import org.elver.lisp.text.Buffer;

/** Comments, balanced expressions, and parsing up to a place. */
final class SyntaxScan {
  private SyntaxScan() {}

  @Primitive(
      value = "forward-comment",
      doc =
          "Move point forward over COUNT comments, backward if negative, and white space.\n"
              + "Stops at anything else. Returns t if it moved over so many.")
  static boolean forwardComment(Task t, Object count) {
    long n = Lisp.fixnum(count);
    Comments s = new Comments(t);
    Buffer b = Buffer.current(t);
    boolean done = s.skipComments(b.point(t.c), n);
    b.setPoint(t.c, s.position());
    return done;
  }

  @Primitive(
      value = "scan-lists",
      doc =
          "Return the position COUNT lists after FROM (before it if negative).\n"
              + "DEPTH is the depth of FROM: count only lists that end at depth 0. Returns nil at"
              + " the\n"
              + "end of the accessible text between lists; signals `scan-error' where lists are"
              + " not\n"
              + "balanced.")
  static Object scanLists(Task t, Object from, Object count, Object depth) {
    return Sexps.scan(t, Lisp.fixnum(from), Lisp.fixnum(count), Lisp.fixnum(depth), false);
  }

  @Primitive(
      value = "scan-sexps",
      doc =
          "Return the position COUNT balanced expressions after FROM (before it if negative).\n"
              + "Returns nil at the end of the accessible text between expressions; signals\n"
              + "`scan-error' if it is within one.")
  static Object scanSexps(Task t, Object from, Object count) {
    return Sexps.scan(t, Lisp.fixnum(from), Lisp.fixnum(count), 0, true);
  }

  @Primitive(
      value = "backward-prefix-chars",
      doc = "Move point backward over characters that are prefixes of expressions.")
  static Object backwardPrefixChars(Task t) {
    Buffer b = Buffer.current(t);
    b.setPoint(t.c, Sexps.prefixStart(t, b.point(t.c)));
    return Symbol.NIL;
  }

  @Primitive(
      value = "parse-partial-sexp",
      min = 2,
      doc =
          "Parse from FROM to TO, put point where parsing stops, and return the state there:\n"
              + "(DEPTH START LAST STRING COMMENT QUOTED MIN-DEPTH STYLE"
              + " START-OF-STRING-OR-COMMENT\n"
              + "OPEN-PARENS SYNTAX-BEFORE).\n"
              + "TARGETDEPTH: stop at that depth; STOPBEFORE: stop where an expression begins;\n"
              + "OLDSTATE: the state at FROM; COMMENTSTOP: stop behind what begins a comment, if\n"
              + "`syntax-table' also at ends of comments and strings.")
  static Object parse(
      Task t,
      Object from,
      Object to,
      Object targetdepth,
      Object stopbefore,
      Object oldstate,
      Object commentstop) {
    long target = targetdepth == Symbol.NIL ? Long.MIN_VALUE : Lisp.fixnum(targetdepth);
    Buffer b = Buffer.current(t);
    if (Buffer.position(t, to) < Buffer.position(t, from)) {
      throw LispSignal.error("End position is smaller than start position");
    }
    long x = Buffer.position(t, from);
    long y = Buffer.position(t, to);
    if (x < b.begv(t.c) || y > b.zv(t.c)) {
      throw LispSignal.outOfRange(b, x, y);
    }
    ParseState s = new ParseState(t, oldstate);
    int stop = commentstop == Symbol.NIL ? 0 : commentstop == SyntaxTables.PURPOSE ? -1 : 1;
    new SexpParser(new Comments(t))
        .parse(s, (int) x, (int) y, target, stopbefore != Symbol.NIL, stop);
    b.setPoint(t.c, s.position());
    return s.toLisp(t);
  }
}
