package org.elver.heap.oracle;

import java.util.List;

/** A step of a program. Isolates are numbered in order of their making, 0 being the first. */
sealed interface Op {
  /** Something to store: an atom, or what is in a root of the isolate. */
  record Source(Integer atom, int root) {
    static Source atom(int value) {
      return new Source(value, -1);
    }

    static Source root(int root) {
      return new Source(null, root);
    }

    @Override
    public String toString() {
      return atom != null ? atom.toString() : "r" + root;
    }
  }

  /** The isolate that acts. */
  int isolate();

  /** Another isolate that takes part, or -1. */
  default int other() {
    return -1;
  }

  /** Makes an object. */
  record Make(int isolate, int root, Kind kind, List<Source> items) implements Op {}

  /** Puts item {@code index} of the object in {@code from} into a root. */
  record Get(int isolate, int root, int from, int index) implements Op {}

  /** Sets item {@code index} of a pair, cell, slots, vector or text. */
  record Set(int isolate, int target, int index, Source value) implements Op {}

  /** Adds to a vector, or inserts into a text at {@code index}. */
  record Add(int isolate, int target, int index, Source value) implements Op {}

  /** Cuts a vector to a length, or deletes a code of a text. */
  record Cut(int isolate, int target, int index) implements Op {}

  /** Puts an entry into a table. */
  record Put(int isolate, int target, Source key, Source value) implements Op {}

  /** Removes an entry from a table. */
  record Remove(int isolate, int target, Source key) implements Op {}

  record Fork(int isolate, int other, boolean speculating) implements Op {}

  record End(int isolate) implements Op {}

  /** The spawner takes over its child, and the child's value in {@code from}. */
  record Adopt(int isolate, int other, int from, int root) implements Op {}

  /** The spawner does what its speculating child did, if nothing conflicts. */
  record TryCommit(int isolate, int other) implements Op {}

  /** Copies from one isolate to another: a message, or a join by somebody else. */
  record Send(int isolate, int other, int from, int root) implements Op {}

  record Freeze(int isolate, int from, int root, boolean intern) implements Op {}

  record Save(int isolate) implements Op {}

  record Keep(int isolate) implements Op {}

  record Rollback(int isolate) implements Op {}

  /** Compares all that the isolate can observe. */
  record Check(int isolate) implements Op {}
}
