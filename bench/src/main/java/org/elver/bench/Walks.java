package org.elver.bench;

import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.openjdk.jmh.annotations.CompilerControl;

/**
 * The walks that are compared, once for each kind of pair. They are compiled by themselves, so that
 * nothing of one walk can be reused in the next. The tail of a list may be anything, as in Lisp, so
 * each step has a checked cast.
 */
final class Walks {
  private Walks() {}

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static int length(PlainPair head) {
    int n = 0;
    for (Object o = head; o != null; o = ((PlainPair) o).second()) {
      n++;
    }
    return n;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static int length(HeadedPair head) {
    int n = 0;
    for (Object o = head; o != null; o = ((HeadedPair) o).second()) {
      n++;
    }
    return n;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static int length(Pair head, Context c) {
    int n = 0;
    for (Object o = head; o != null; o = ((Pair) o).second(c)) {
      n++;
    }
    return n;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static Object memq(PlainPair head, Object key) {
    for (Object o = head; o != null; ) {
      PlainPair p = (PlainPair) o;
      if (p.first() == key) {
        return p;
      }
      o = p.second();
    }
    return null;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static Object memq(HeadedPair head, Object key) {
    for (Object o = head; o != null; ) {
      HeadedPair p = (HeadedPair) o;
      if (p.first() == key) {
        return p;
      }
      o = p.second();
    }
    return null;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static Object memq(Pair head, Context c, Object key) {
    for (Object o = head; o != null; ) {
      Pair p = (Pair) o;
      if (p.first(c) == key) {
        return p;
      }
      o = p.second(c);
    }
    return null;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static int setAll(PlainPair head, Object value) {
    int n = 0;
    for (Object o = head; o != null; n++) {
      PlainPair p = (PlainPair) o;
      p.setFirst(value);
      o = p.second();
    }
    return n;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static int setAll(HeadedPair head, Object value) {
    int n = 0;
    for (Object o = head; o != null; n++) {
      HeadedPair p = (HeadedPair) o;
      p.setFirst(value);
      o = p.second();
    }
    return n;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static int setAll(IndirectPair head, Object value) {
    int n = 0;
    for (Object o = head; o != null; n++) {
      IndirectPair p = (IndirectPair) o;
      p.setFirst(value);
      o = p.second();
    }
    return n;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static int setAll(Pair head, Context c, Object value) {
    int n = 0;
    for (Object o = head; o != null; n++) {
      Pair p = (Pair) o;
      p.setFirst(c, value);
      o = p.second(c);
    }
    return n;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static void setEach(PlainPair[] pairs, Object value) {
    for (PlainPair p : pairs) {
      p.setFirst(value);
    }
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static void setEach(HeadedPair[] pairs, Object value) {
    for (HeadedPair p : pairs) {
      p.setFirst(value);
    }
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static void setEach(IndirectPair[] pairs, Object value) {
    for (IndirectPair p : pairs) {
      p.setFirst(value);
    }
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static void setEach(Pair[] pairs, Context c, Object value) {
    for (Pair p : pairs) {
      p.setFirst(c, value);
    }
  }

  /** How many of {@code pairs} have {@code key} in the first slot. */
  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  static int count(Pair[] pairs, Context c, Object key) {
    int n = 0;
    for (Pair p : pairs) {
      if (p.first(c) == key) {
        n++;
      }
    }
    return n;
  }
}
