package org.elver.heap.oracle;

/** The kinds of object that programs use. */
enum Kind {
  PAIR,
  CELL,
  SLOTS,
  VECTOR,
  TABLE,
  TEXT
}
