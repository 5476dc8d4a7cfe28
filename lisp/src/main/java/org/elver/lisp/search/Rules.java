package org.elver.lisp.search;

import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.chartable.Categories;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.regex.CharacterRules;
import org.elver.lisp.regex.Interrupt;
import org.elver.lisp.regex.Subject;
import org.elver.lisp.syntax.SyntaxView;
import org.elver.lisp.syntax.WordBoundary;

/**
 * What characters mean to one match: by the tables of the current buffer, and by text properties of
 * the text that is matched.
 */
public final class Rules implements CharacterRules, Interrupt {
  private static final Symbol GENERAL_CATEGORY = Symbol.known("unicode-category-table");

  /** Java's numbers of general categories by Emacs's. */
  private static final byte[] CATEGORIES = {
    0,
    Character.UPPERCASE_LETTER,
    Character.LOWERCASE_LETTER,
    Character.TITLECASE_LETTER,
    Character.MODIFIER_LETTER,
    Character.OTHER_LETTER,
    Character.NON_SPACING_MARK,
    Character.COMBINING_SPACING_MARK,
    Character.ENCLOSING_MARK,
    Character.DECIMAL_DIGIT_NUMBER,
    Character.LETTER_NUMBER,
    Character.OTHER_NUMBER,
    Character.CONNECTOR_PUNCTUATION,
    Character.DASH_PUNCTUATION,
    Character.START_PUNCTUATION,
    Character.END_PUNCTUATION,
    Character.INITIAL_QUOTE_PUNCTUATION,
    Character.FINAL_QUOTE_PUNCTUATION,
    Character.OTHER_PUNCTUATION,
    Character.MATH_SYMBOL,
    Character.CURRENCY_SYMBOL,
    Character.MODIFIER_SYMBOL,
    Character.OTHER_SYMBOL,
    Character.SPACE_SEPARATOR,
    Character.LINE_SEPARATOR,
    Character.PARAGRAPH_SEPARATOR,
    Character.CONTROL,
    Character.FORMAT,
    Character.SURROGATE,
    Character.PRIVATE_USE,
    Character.UNASSIGNED
  };

  private final Task t;
  private final Object object;
  private SyntaxView syntax;

  /** What is matched, if its window must be closed when Lisp has run; else null. */
  private Subject subject;

  /** The rules for a buffer. */
  Rules(Task t, Object object, Subject subject) {
    this(t, object);
    this.subject = subject;
  }

  /** The rules for a buffer or string. */
  public Rules(Task t, Object object) {
    this.t = t;
    this.object = object;
  }

  @Override
  public int syntax(int ch, int position) {
    if (syntax == null) {
      // Only strings with properties need be looked at for them.
      boolean plain = object instanceof LispString s && s.properties(t.c) == null;
      syntax =
          new SyntaxView(t, plain ? null : object) {
            @Override
            protected void lispRan() {
              if (subject != null) {
                subject.hide();
              }
            }
          };
    }
    return syntax.syntax(ch, position) & 15;
  }

  @Override
  public boolean hasCategory(int ch, int category) {
    return WordBoundary.has(t, Categories.current(t).ref(t.c, ch), category);
  }

  @Override
  public boolean isUpper(int ch) {
    return CaseTables.downcase(t.c, CaseTables.current(t), ch) != ch;
  }

  @Override
  public boolean isLower(int ch) {
    CharTable table = CaseTables.current(t);
    return CaseTables.downcase(t.c, table, ch) == ch && CaseTables.upcase(t.c, table, ch) != ch;
  }

  @Override
  public boolean wordBoundaryBetween(int before, int after) {
    return WordBoundary.isBetween(t, before, after);
  }

  @Override
  public int generalCategory(int ch) {
    if (Variables.orNil(t, GENERAL_CATEGORY) instanceof CharTable table
        && table.ref(t.c, ch) instanceof Long l
        && l >= 0
        && l < CATEGORIES.length) {
      return CATEGORIES[(int) (long) l];
    }
    return CharacterRules.super.generalCategory(ch);
  }

  @Override
  public void poll() {
    t.safepoint();
    if (subject != null) {
      subject.hide();
    }
  }
}
