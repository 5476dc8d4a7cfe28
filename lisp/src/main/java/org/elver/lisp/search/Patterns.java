package org.elver.lisp.search;

import java.util.Arrays;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Memo;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.regex.Program;
import org.elver.lisp.regex.RegexSyntaxException;

/**
 * The compiled patterns of a VM, a bounded number, and the case folds they use. Any thread; a
 * pattern that two compile at once is compiled twice.
 */
public final class Patterns {
  /** How a pattern is to be read. */
  public enum Kind {
    /** A regular expression; the first alternative that matches wins. */
    REGEXP,
    /** A regular expression; the longest match wins. */
    POSIX,
    /** Characters that stand for themselves. */
    LITERAL
  }

  private static final int SIZE = 1024;
  private static final Symbol SPACES = Symbol.known("search-spaces-regexp");

  private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(2 * SIZE);

  private static final int FOLDS = 32;

  /** Some folds, so that isolates that found equal ones use the same, and the same programs. */
  private final CopyOnWriteArrayList<Fold> folds = new CopyOnWriteArrayList<>();

  /** A program and what it was compiled from. */
  private record Entry(
      int hash, Object codes, boolean multibyte, Fold fold, Kind kind, Program program) {
    boolean is(int h, Object otherCodes, boolean m, Fold f, Kind k) {
      return hash == h && multibyte == m && fold == f && kind == k && same(codes, otherCodes);
    }
  }

  private static boolean same(Object a, Object b) {
    if (a instanceof byte[] x) {
      return b instanceof byte[] y && Arrays.equals(x, y);
    }
    if (a instanceof char[] x) {
      return b instanceof char[] y && Arrays.equals(x, y);
    }
    return b instanceof int[] y && Arrays.equals((int[]) a, y);
  }

  private static int hash(Object a) {
    if (a instanceof byte[] x) {
      return Arrays.hashCode(x);
    }
    return a instanceof char[] x ? Arrays.hashCode(x) : Arrays.hashCode((int[]) a);
  }

  private static Object copy(Object a) {
    if (a instanceof byte[] x) {
      return x.clone();
    }
    return a instanceof char[] x ? x.clone() : ((int[]) a).clone();
  }

  /** The VM's. */
  public static Patterns of(Task t) {
    return t.vm().service(Patterns.class, Patterns::new);
  }

  /**
   * The fold of the current buffer's case table. Each isolate remembers which one it found for a
   * table of representatives, which programs hardly ever change once made: another isolate may see
   * other contents of the table.
   */
  private Fold fold(Task t) {
    CharTable canon = CaseTables.canon(t);
    Memo memo = Memo.of(t.c);
    Fold fold = (Fold) memo.get(Memo.Kind.FOLDS, canon);
    if (fold == null) {
      fold = known(new Fold(t.c, canon));
      memo.put(Memo.Kind.FOLDS, canon, fold);
    }
    return fold;
  }

  private Fold known(Fold fold) {
    for (Fold f : folds) {
      if (f.says(fold)) {
        return f;
      }
    }
    if (folds.size() >= FOLDS) {
      folds.remove(0);
    }
    folds.add(fold);
    return fold;
  }

  /** The program of a pattern; signals {@code invalid-regexp}. */
  public Program program(Task t, LispString pattern, boolean ignoreCase, Kind kind) {
    Fold fold = ignoreCase ? fold(t) : null;
    if (kind != Kind.LITERAL && Variables.orNil(t, SPACES) instanceof LispString spaces) {
      return compile(
          withSpaces(pattern.characters(t.c), spaces.characters(t.c)), false, fold, kind);
    }
    Object codes = pattern.codes(t.c);
    boolean multibyte = pattern.isMultibyte(t.c);
    int hash = hash(codes);
    int slot = ((hash ^ (hash >>> 15) ^ kind.ordinal()) & (SIZE - 1)) << 1;
    Entry e = entries.getAcquire(slot);
    if (e != null && e.is(hash, codes, multibyte, fold, kind)) {
      return e.program;
    }
    Entry first = e;
    e = entries.getAcquire(slot + 1);
    if (e == null || !e.is(hash, codes, multibyte, fold, kind)) {
      int[] text = pattern.codeArray(t.c);
      Program p = compile(kind == Kind.LITERAL ? quoted(text) : text, !multibyte, fold, kind);
      e = new Entry(hash, copy(codes), multibyte, fold, kind, p);
    }
    // The last used of two comes first, so that the other one makes room.
    entries.setRelease(slot, e);
    entries.setRelease(slot + 1, first);
    return e.program;
  }

  private static Program compile(int[] text, boolean unibyte, Fold fold, Kind kind) {
    try {
      return Program.compile(text, unibyte, fold, kind == Kind.POSIX);
    } catch (RegexSyntaxException e) {
      throw new LispSignal(Q.INVALID_REGEXP, e.getMessage());
    }
  }

  /** A regular expression that matches exactly these characters. */
  public static int[] quoted(int[] text) {
    CodeBuffer out = new CodeBuffer(text.length + 8);
    for (int ch : text) {
      if (ch < 128 && "[*.\\?+^$".indexOf(ch) >= 0) {
        out.append('\\');
      }
      out.append(ch);
    }
    return out.toArray();
  }

  /** Puts another expression in the place of runs of spaces that nothing repeats. */
  private static int[] withSpaces(int[] text, int[] spaces) {
    CodeBuffer out = new CodeBuffer(text.length + spaces.length + 16);
    int i = 0;
    while (i < text.length) {
      int ch = text[i];
      if (ch == '\\' && i + 1 < text.length) {
        out.append(ch).append(text[i + 1]);
        i += 2;
      } else if (ch == '[') {
        int end = bracketEnd(text, i);
        out.append(text, i, end);
        i = end;
      } else if (ch == ' ') {
        int end = i;
        while (end < text.length && text[end] == ' ') {
          end++;
        }
        if (isRepetition(text, end)) {
          out.append(text, i, end);
        } else {
          out.append("\\(?:").append(spaces, 0, spaces.length).append("\\)");
        }
        i = end;
      } else {
        out.append(ch);
        i++;
      }
    }
    return out.toArray();
  }

  private static boolean isRepetition(int[] text, int i) {
    return i < text.length
        && (text[i] == '*'
            || text[i] == '+'
            || text[i] == '?'
            || (text[i] == '\\' && i + 1 < text.length && text[i + 1] == '{'));
  }

  private static int bracketEnd(int[] text, int start) {
    int i = start + 1;
    if (i < text.length && text[i] == '^') {
      i++;
    }
    if (i < text.length && text[i] == ']') {
      i++;
    }
    while (i < text.length && text[i] != ']') {
      if (text[i] == '[' && i + 1 < text.length && text[i + 1] == ':') {
        int j = i + 2;
        while (j < text.length && Character.isLetter(text[j])) {
          j++;
        }
        if (j + 1 < text.length && text[j] == ':' && text[j + 1] == ']') {
          i = j + 1;
        }
      }
      i++;
    }
    return Math.min(i + 1, text.length);
  }
}
