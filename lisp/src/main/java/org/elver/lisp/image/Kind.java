package org.elver.lisp.image;

/** The kinds of object in an image, by the byte that stands for them. */
final class Kind {
  private Kind() {}

  static final int PAIR = 1;
  static final int STRING = 2;
  static final int VECTOR = 3;
  static final int RECORD = 4;
  static final int BYTE_CODE = 5;
  static final int FLOAT = 6;
  static final int BIG = 7;
  static final int SUBR = 8;
  static final int TABLE = 9;
  static final int TEXT = 10;
  static final int JAVA_STRING = 11;
  static final int OBJECTS = 12;
  static final int BYTES = 13;
  static final int CHARS = 14;
  static final int INTS = 15;
  static final int LONGS = 16;
  static final int BOOLEANS = 17;
  static final int STATIC = 18;
  static final int ENUM = 19;
  static final int ENVIRONMENT = 20;
  static final int RECORD_CLASS = 21;
  static final int FIELDS = 22;
  static final int LIST = 23;
  static final int MAP = 24;
  static final int LONG = 25;
  static final int INTEGER = 26;
  static final int BOOLEAN = 28;
  static final int WEAK = 29;

  /** An array whose contents are written as runs: how often, and what. */
  static final int RUNS = 30;

  /** Slots of a class that has a {@link Maker}. */
  static final int MADE = 32;

  static final int ALIAS = 33;

  /** A variable whose values are in buffers, by its number. */
  static final int BUFFER_VARIABLE = 34;

  /** A part of a char-table, its contents as runs. */
  static final int CHAR_TABLE_PART = 31;

  // References: the low two bits of a number.
  static final int OBJECT = 0;
  static final int SYMBOL = 1;
  static final int SMALL = 2;
  static final int LOCAL = 3;
}
