package org.elver.lisp.machine;

import java.util.Arrays;

/**
 * The arrays of a machine's stacks: lent by a thread to the machine of an isolate that it runs, and
 * so to one task after the other. What a task leaves in them when it waits is {@link Captured}.
 */
public final class Stacks {
  static final Object[] NO_OBJECTS = {};
  static final int[] NO_INTS = {};
  static final Handler[] NO_HANDLERS = {};

  private Object[] stack;
  private Object[] frameFunction;
  private int[] frames;
  private Object[] bindings;
  private Handler[] handlers;

  /** Arrays to be lent. */
  public Stacks() {
    this(1024, 64, 128, 16);
  }

  Stacks(int slots, int frames, int bindings, int handlers) {
    stack = new Object[slots];
    frameFunction = new Object[frames];
    this.frames = new int[Task.FRAME * frames];
    this.bindings = bindings == 0 ? NO_OBJECTS : new Object[bindings];
    this.handlers = new Handler[handlers];
  }

  /** Has {@code t}, which does nothing, use these. */
  void load(Task t) {
    t.stack = stack;
    t.frameFunction = frameFunction;
    t.frames = frames;
    if (t.bindings != bindings) {
      t.bindings = bindings;
    }
    t.handlers = handlers;
    t.stacks = this;
  }

  /** Those of {@code t}, which are these, may have grown. */
  private void keep(Task t) {
    if (stack != t.stack) {
      stack = t.stack;
    }
    if (frameFunction != t.frameFunction) { // Both grow together.
      frameFunction = t.frameFunction;
      frames = t.frames;
    }
    if (bindings != t.bindings) {
      bindings = t.bindings;
    }
    if (handlers != t.handlers) {
      handlers = t.handlers;
    }
  }

  // ---- Lending ------------------------------------------------------------------------------

  /** Gives {@code t}, whose stacks are empty, these for {@link #useLent}. */
  public void lendTo(Task t) {
    t.shared = this;
    t.lentUsed = false;
  }

  /** Has {@code t}, which does nothing, use what it has been lent. */
  public static void useLent(Task t) {
    if (t.stacks != t.shared) {
      t.shared.load(t);
      t.lentUsed = true;
    }
  }

  /**
   * Takes back what {@code t}, which does nothing, has been lent, grown or not; nothing of its
   * tasks is in it any more.
   */
  public static Stacks takeBackFrom(Task t) {
    Stacks s = t.shared;
    if (s == null) {
      s = new Stacks(0, 0, 0, 0);
    } else if (t.lentUsed) {
      useLent(t);
    } else {
      unload(t);
      t.shared = null;
      return s;
    }
    Arrays.fill(t.stack, 0, t.used, null);
    clearPopped(t.stack, t.used);
    t.used = 0;
    Arrays.fill(t.frameFunction, 0, t.usedFrames, null);
    clearPopped(t.frameFunction, t.usedFrames);
    t.usedFrames = 0;
    clearPopped(t.bindings, t.bp);
    s.keep(t);
    unload(t);
    t.shared = null;
    return s;
  }

  private static void unload(Task t) {
    t.stack = NO_OBJECTS;
    t.frameFunction = NO_OBJECTS;
    t.frames = NO_INTS;
    t.bindings = NO_OBJECTS;
    t.handlers = NO_HANDLERS;
    t.stacks = null;
  }

  /**
   * Clears what has been popped since the array was last cleared, which pops leave where it is:
   * nobody else is to keep it alive. It ends where some places in a row are empty.
   */
  static void clearPopped(Object[] array, int from) {
    int empty = 0;
    for (int i = from; i < array.length && empty < 16; i++) {
      if (array[i] == null) {
        empty++;
      } else {
        empty = 0;
        array[i] = null;
      }
    }
  }
}
