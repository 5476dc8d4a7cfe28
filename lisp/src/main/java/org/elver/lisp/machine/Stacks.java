package org.elver.lisp.machine;

import java.util.Arrays;

/** The arrays of a task that runs: lent to one after the other by the thread that runs them. */
public final class Stacks {
  static final Object[] NO_OBJECTS = {};
  static final int[] NO_INTS = {};
  static final Handler[] NO_HANDLERS = {};

  private Object[] stack = new Object[1024];
  private Object[] frameFunction = new Object[64];
  private int[] framePc = new int[64];
  private int[] frameBase = new int[64];
  private int[] frameArgs = new int[64];
  private int[] frameBindings = new int[64];
  private Object[] bindings = new Object[128];
  private Handler[] handlers = new Handler[16];

  /** Gives {@code t} the arrays; its own must be empty. */
  public void lendTo(Task t) {
    t.stack = stack;
    t.frameFunction = frameFunction;
    t.framePc = framePc;
    t.frameBase = frameBase;
    t.frameArgs = frameArgs;
    t.frameBindings = frameBindings;
    t.bindings = bindings;
    t.handlers = handlers;
  }

  /** Takes the arrays back, grown or not; nothing of the task is in them any more. */
  public void takeBackFrom(Task t) {
    Arrays.fill(t.stack, 0, t.used, null);
    clearPopped(t.stack, t.used);
    t.used = 0;
    Arrays.fill(t.frameFunction, 0, t.usedFrames, null);
    clearPopped(t.frameFunction, t.usedFrames);
    t.usedFrames = 0;
    clearPopped(t.bindings, t.bp);
    clearPopped(t.handlers, t.hp);
    stack = t.stack;
    frameFunction = t.frameFunction;
    framePc = t.framePc;
    frameBase = t.frameBase;
    frameArgs = t.frameArgs;
    frameBindings = t.frameBindings;
    bindings = t.bindings;
    handlers = t.handlers;
    t.stack = NO_OBJECTS;
    t.frameFunction = NO_OBJECTS;
    t.framePc = NO_INTS;
    t.frameBase = NO_INTS;
    t.frameArgs = NO_INTS;
    t.frameBindings = NO_INTS;
    t.bindings = NO_OBJECTS;
    t.handlers = NO_HANDLERS;
  }

  /**
   * Clears what has been popped since the array was last cleared, which pops leave where it is:
   * nobody else is to keep it alive. It ends where some places in a row are empty.
   */
  private static void clearPopped(Object[] array, int from) {
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
