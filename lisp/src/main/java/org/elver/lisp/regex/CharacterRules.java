package org.elver.lisp.regex;

/** What characters mean where a pattern is matched: syntax, categories, case, classes. */
public interface CharacterRules {
  /** Syntax classes, numbered as in Emacs's syntax tables. */
  int WHITESPACE = 0;

  int WORD = 2;
  int SYMBOL = 3;

  /**
   * The syntax class of a character, a number from 0 to 15.
   *
   * @param position where the character is in the subject, for syntax given by text properties; -1
   *     to ask the syntax table alone
   */
  int syntax(int ch, int position);

  /** Whether {@code ch} is in the category that the character {@code category} names. */
  boolean hasCategory(int ch, int category);

  /** Whether {@code ch} has a lower-case partner. */
  boolean isUpper(int ch);

  /** Whether {@code ch} is not upper case, and has an upper-case partner. */
  boolean isLower(int ch);

  /** Whether a word ends between two adjacent characters although both are of word syntax. */
  default boolean wordBoundaryBetween(int before, int after) {
    return false;
  }

  /** The Unicode general category, as {@link Character#getType(int)}; asked of non-ASCII only. */
  default int generalCategory(int ch) {
    return ch <= Character.MAX_CODE_POINT ? Character.getType(ch) : Character.UNASSIGNED;
  }
}
