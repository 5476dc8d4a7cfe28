package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.casing.Casing;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.search.MatchData;
import org.elver.lisp.syntax.SyntaxTables;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Hooks;
import org.elver.lisp.text.Intervals;

/** Replacing what the last search found. */
final class SearchReplace {
  private static final LispString NOTHING = LispString.frozen("");

  /** How many groups a match has for Emacs at the least, whether or not they took part. */
  private static final int LEAST_GROUPS = 3;

  private SearchReplace() {}

  @Primitive(
      value = "replace-match",
      min = 1,
      doc =
          "Replace the text that the last search found with NEWTEXT.\n"
              + "Unless FIXEDCASE, NEWTEXT is capitalized or put in upper case as that text is."
              + " Unless\n"
              + "LITERAL, \\& in NEWTEXT stands for the text, \\N for group N, \\\\ for a"
              + " backslash.\n"
              + "STRING: return it with the match replaced (if a string was searched). SUBEXP:"
              + " replace\n"
              + "only that group.")
  static Object replaceMatch(
      Task t, Object newtext, Object fixedcase, Object literal, Object string, Object subexp) {
    LispString text = Lisp.string(newtext);
    if (string != Symbol.NIL) {
      Lisp.string(string);
    }
    MatchData m = SearchData.data(t);
    if (!(t.matchData instanceof MatchData)) {
      throw LispSignal.error("‘replace-match’ called before any match found");
    }
    int sub = 0;
    if (subexp != Symbol.NIL) {
      if (!Lisp.isInteger(subexp)) {
        throw LispSignal.wrongType(Q.INTEGERP, subexp);
      }
      int most = Math.max(m.count(), LEAST_GROUPS);
      if (!(subexp instanceof Long n) || n < 0 || n >= most) {
        throw LispSignal.outOfRange(subexp, 0L, (long) most - 1);
      }
      sub = (int) (long) n;
    }
    int start = m.start(sub);
    int end = m.end(sub);
    Buffer b = Buffer.current(t);
    boolean inBuffer = string == Symbol.NIL;
    int first = inBuffer ? b.begv(t.c) : 0;
    int last = inBuffer ? b.zv(t.c) : ((LispString) string).length(t.c);
    // In a string a group may also end before it starts.
    if (start < first || start > last || end < (inBuffer ? start : first) || end > last) {
      if (start < 0) {
        throw new LispSignal(Q.ERROR, "replace-match subexpression does not exist", subexp);
      }
      throw LispSignal.outOfRange((long) start, (long) end);
    }
    Casing.Kind casing = fixedcase == Symbol.NIL ? casing(t, b, string, start, end) : null;
    return inBuffer
        ? inBuffer(t, b, m, sub, text, literal != Symbol.NIL, casing)
        : inString(t, (LispString) string, m, sub, text, literal != Symbol.NIL, casing);
  }

  /** How the text that is replaced wants its replacement; null: as it is. */
  private static Casing.Kind casing(Task t, Buffer b, Object string, int start, int end) {
    int[] old;
    if (end <= start) {
      old = new int[0];
    } else if (string instanceof LispString s) {
      old = new int[end - start];
      s.getCodes(t.c, start, end, old, 0);
    } else {
      old = b.codes(t.c, start, end);
    }
    boolean multibyte = string instanceof LispString s ? s.isMultibyte(t.c) : b.isMultibyte(t.c);
    CharTable syntax = SyntaxTables.current(t);
    CharTable down = CaseTables.current(t);
    boolean lower = false;
    boolean upper = false;
    boolean nonUpperInitial = false;
    boolean longWord = false;
    int previous = '\n';
    for (int code : old) {
      int ch = !multibyte && code >= 128 ? code + LispString.RAW_BYTE : code;
      boolean inWord =
          SyntaxTables.classOf(SyntaxTables.code(t.c, syntax, previous)) == SyntaxTables.WORD;
      if (CaseTables.downcase(t.c, down, ch) != ch) {
        upper = true;
        longWord |= inWord;
      } else if (CaseTables.upcase(t.c, down, ch) != ch) {
        lower = true;
        longWord |= inWord;
        nonUpperInitial |= !inWord;
      } else {
        nonUpperInitial |= !inWord;
      }
      previous = ch;
    }
    if (!lower && longWord) {
      return Casing.Kind.UPCASE;
    }
    if (!nonUpperInitial && longWord) {
      return Casing.Kind.INITIALS;
    }
    return !nonUpperInitial && upper ? Casing.Kind.UPCASE : null;
  }

  private static LispSignal badEscape() {
    return LispSignal.error("Invalid use of ‘\\’ in replacement text");
  }

  // ---- Strings
  // -----------------------------------------------------------------------------------

  private static Object inString(
      Task t,
      LispString s,
      MatchData m,
      int sub,
      LispString newtext,
      boolean literal,
      Casing.Kind casing) {
    LispString text = literal ? newtext : expanded(t, s, m, sub, newtext);
    if (casing == Casing.Kind.UPCASE) {
      text = (LispString) Casefiddle.upcase(t, text);
    } else if (casing == Casing.Kind.INITIALS) {
      text = (LispString) Casefiddle.upcaseInitials(t, text);
    }
    return FnsStrings.concat(
        t, new Object[] {part(t, s, 0, m.start(sub)), text, part(t, s, m.end(sub), s.length(t.c))});
  }

  private static Object part(Task t, LispString s, int from, int to) {
    return FnsStrings.substring(t, s, (long) from, (long) to);
  }

  private static LispString expanded(
      Task t, LispString s, MatchData m, int sub, LispString newtext) {
    int[] codes = newtext.codeArray(t.c);
    List<Object> parts = new ArrayList<>();
    int done = 0;
    for (int i = 0; i < codes.length; i++) {
      if (codes[i] != '\\') {
        continue;
      }
      int at = i++;
      int ch = i < codes.length ? codes[i] : -1;
      Object insert = NOTHING;
      int skip = i + 1;
      if (ch == '&') {
        insert = part(t, s, m.start(sub), m.end(sub));
      } else if (ch >= '1' && ch <= '9') {
        int n = ch - '0';
        if (m.start(n) >= 0) {
          if (m.end(n) > s.length(t.c)) {
            throw LispSignal.outOfRange(s, (long) m.start(n), (long) m.end(n));
          }
          insert = part(t, s, m.start(n), m.end(n));
        }
      } else if (ch == '\\') {
        at++; // Keep one.
      } else if (ch == '?') {
        continue;
      } else {
        throw badEscape();
      }
      if (at > done) {
        parts.add(part(t, newtext, done, at));
      }
      parts.add(insert);
      done = skip;
    }
    if (done == 0) {
      return newtext;
    }
    parts.add(part(t, newtext, done, codes.length));
    return (LispString) FnsStrings.concat(t, parts.toArray());
  }

  // ---- Buffers
  // -----------------------------------------------------------------------------------

  private static Object inBuffer(
      Task t,
      Buffer b,
      MatchData m,
      int sub,
      LispString newtext,
      boolean literal,
      Casing.Kind casing) {
    boolean multibyte = newtext.isMultibyte(t.c);
    int[] text = newtext.codeArray(t.c);
    Intervals properties = (Intervals) newtext.properties(t.c);
    if (!literal && hasBackslash(text)) {
      properties = null;
      text = expanded(t, b, m, sub, newtext.characters(t.c));
      multibyte = true;
    }
    int start = m.start(sub);
    int end = m.end(sub);
    int removed = Editing.exchange(t, start, end, text, multibyte, properties);
    b = Buffer.current(t);
    int length = b.z(t.c);
    b.setPoint(t.c, start + text.length);
    if (casing == Casing.Kind.UPCASE) {
      Casefiddle.upcaseRegion(t, (long) start, (long) start + text.length, Symbol.NIL);
    } else if (casing != null) {
      Casefiddle.upcaseInitialsRegion(t, (long) start, (long) start + text.length, Symbol.NIL);
    }
    int inserted = text.length + b.z(t.c) - length;
    b.setPoint(t.c, Math.clamp(start + inserted, b.begv(t.c), b.zv(t.c)));
    int[] r = m.registers();
    int shift = inserted - (end - start);
    for (int i = 0; i < r.length; i++) {
      if (r[i] >= end) {
        r[i] += shift;
      } else if (r[i] > start) {
        r[i] = start;
      }
    }
    t.matchData = new MatchData(r, m.buffer());
    Hooks.after(t, start, removed, inserted);
    return Symbol.NIL;
  }

  private static boolean hasBackslash(int[] text) {
    for (int ch : text) {
      if (ch == '\\') {
        return true;
      }
    }
    return false;
  }

  private static int[] expanded(Task t, Buffer b, MatchData m, int sub, int[] newtext) {
    CodeBuffer out = new CodeBuffer(newtext.length + 16);
    for (int i = 0; i < newtext.length; i++) {
      if (newtext[i] != '\\') {
        out.append(newtext[i]);
        continue;
      }
      i++;
      int ch = i < newtext.length ? newtext[i] : -1;
      if (ch == '\\') {
        out.append(ch);
      } else if (ch == '&') {
        append(t, out, b, m.start(sub), m.end(sub));
      } else if (ch >= '1' && ch <= '9') {
        if (m.start(ch - '0') >= 1) {
          append(t, out, b, m.start(ch - '0'), m.end(ch - '0'));
        }
      } else {
        throw badEscape();
      }
    }
    return out.toArray();
  }

  private static void append(Task t, CodeBuffer out, Buffer b, int from, int to) {
    if (from < b.begv(t.c) || to > b.zv(t.c)) {
      throw LispSignal.outOfRange((long) from, (long) to);
    }
    for (int code : b.codes(t.c, from, to)) {
      out.append(code >= 128 && !b.isMultibyte(t.c) ? code + LispString.RAW_BYTE : code);
    }
  }
}
