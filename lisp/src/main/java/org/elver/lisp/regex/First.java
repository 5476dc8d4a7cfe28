package org.elver.lisp.regex;

/** A set of characters by which a match can begin: exact for ASCII, all or none of the others. */
final class First {
  private long low;
  private long high;
  private boolean others;

  void add(long lowBits, long highBits) {
    low |= lowBits;
    high |= highBits;
  }

  void add(int ch) {
    if (ch >= 0x80) {
      others = true;
    } else if (ch < 64) {
      low |= 1L << ch;
    } else {
      high |= 1L << ch;
    }
  }

  void addAscii() {
    add(-1L, -1L);
  }

  void addOthers() {
    others = true;
  }

  boolean has(int ch) {
    return ch < 0x80 ? (((ch < 64 ? low : high) >>> ch) & 1) != 0 : others;
  }

  boolean isAll() {
    return low == -1L && high == -1L && others;
  }

  boolean isDisjoint(First o) {
    return (low & o.low) == 0 && (high & o.high) == 0 && !(others && o.others);
  }
}
