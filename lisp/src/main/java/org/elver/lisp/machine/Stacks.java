package org.elver.lisp.machine;

import java.util.Arrays;
import java.util.function.Consumer;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.object.Symbol;

/**
 * The arrays of a machine's stacks. Most are lent by a thread to one task after the other: what a
 * task leaves in them when it waits is {@link Captured}. A task that is switched often has some of
 * its own: it waits in them, and a switch exchanges references instead of contents.
 */
public final class Stacks {
  static final Object[] NO_OBJECTS = {};
  static final int[] NO_INTS = {};
  static final Handler[] NO_HANDLERS = {};

  /** With more room on its value stack than this, no task waits in stacks of its own. */
  private static final int LARGE = 1024;

  private Object[] stack;
  private Object[] frameFunction;
  private int[] frames;
  private Object[] bindings;
  private Handler[] handlers;

  /** Arrays to be lent. */
  public Stacks() {
    this(1024, 64, 128, 16);
  }

  private Stacks(int slots, int frames, int bindings, int handlers) {
    stack = new Object[slots];
    frameFunction = new Object[frames];
    this.frames = new int[Task.FRAME * frames];
    this.bindings = bindings == 0 ? NO_OBJECTS : new Object[bindings];
    this.handlers = new Handler[handlers];
  }

  private void load(Task t) {
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

  // ---- A task's own -------------------------------------------------------------------------

  // Of the task that waits in these. References are stored where they are others than before only:
  // they mostly are not, and a look is cheaper than to tell the collector.
  private int sp;
  private int depth;
  private int bp;
  private int hp;
  private int pendingArgs;
  private Task.Mode mode;
  private int rootBindings;
  private int rootHandlers;
  private HeapObject currentBuffer;
  private Object matchData;

  /** Whose they are; null: whoever is lent them. */
  private Continuation owner;

  /** Whether the owner waits in these; otherwise it runs, or is no more. */
  private boolean waiting;

  /** Whether it has gone on since this was last cleared: see {@link OwnStacks}. */
  boolean switched;

  /** Its number among those. */
  int place;

  /** For a task of {@code owner}'s that has captured so many objects. */
  static Stacks of(Continuation owner, int size) {
    Stacks s = new Stacks(size + 16, 4, 0, 2);
    s.owner = owner;
    return s;
  }

  Continuation owner() {
    return owner;
  }

  boolean isWaiting() {
    return waiting;
  }

  /** Has {@code t}, which does nothing, use these from here on. */
  void use(Task t) {
    Stacks before = t.stacks;
    if (before != null && before == t.shared) {
      before.keep(t);
    }
    load(t);
  }

  /** The stacks of its own that what {@code t} runs has; null: it has none. */
  public static Stacks own(Task t) {
    return t.stacks != t.shared ? t.stacks : null;
  }

  /**
   * What {@code t} runs is suspended, and waits in these stacks of its own. The machine does
   * nothing afterwards. Dynamic bindings are in effect still: see {@link Captured#capture}.
   *
   * @return whether there are dynamic bindings
   */
  public boolean park(Task t) {
    keep(t);
    sp = t.sp;
    depth = t.depth;
    bp = t.bp;
    hp = t.hp;
    pendingArgs = t.pendingArgs;
    rootBindings = t.rootBindings;
    rootHandlers = t.rootHandlers;
    if (mode != t.mode) {
      mode = t.mode;
    }
    if (currentBuffer != t.currentBuffer) {
      currentBuffer = t.currentBuffer;
    }
    if (matchData != t.matchData) {
      matchData = t.matchData;
    }
    Object[] a = stack;
    for (int i = sp; i < a.length && a[i] != null; i++) {
      a[i] = null; // Cleared at each wait: nothing is behind an empty place.
    }
    clearPopped(frameFunction, depth);
    t.sp = 0;
    t.depth = 0;
    t.bp = 0;
    t.hp = 0;
    if (mode != Task.Mode.VALUE) {
      t.mode = Task.Mode.VALUE;
    }
    waiting = true;
    return bp > 0;
  }

  /** Whether they have grown so large that their owner is to do without. */
  public boolean isLarge() {
    return stack.length > LARGE;
  }

  /** Has {@code t}, which does nothing, be in the middle of what waits in these. */
  public void unpark(Task t) {
    if (t.stacks != this) {
      use(t);
    }
    waiting = false;
    switched = true;
    t.sp = sp;
    t.depth = depth;
    t.bp = bp;
    t.hp = hp;
    t.pendingArgs = pendingArgs;
    t.rootBindings = rootBindings;
    t.rootHandlers = rootHandlers;
    if (t.mode != mode) {
      t.mode = mode;
    }
    if (t.currentBuffer != currentBuffer) {
      t.currentBuffer = currentBuffer;
    }
    if (t.matchData != matchData) {
      t.matchData = matchData;
    }
    t.forgetHighLimit();
  }

  /**
   * Has the owner, which waits, wait without stacks: what is in these is captured, by means of a
   * machine that does nothing.
   */
  void giveUp(Task idle) {
    HeapObject buffer = idle.currentBuffer;
    Object match = idle.matchData;
    int used = idle.used;
    int usedFrames = idle.usedFrames;
    unpark(idle);
    Captured.capture(idle, owner);
    idle.used = used; // Of what has been lent.
    idle.usedFrames = usedFrames;
    idle.currentBuffer = buffer;
    idle.matchData = match;
    if (idle.shared != null) {
      useLent(idle);
    } else {
      unload(idle);
    }
  }

  /** Takes back the dynamic bindings of what waits in these: another task is to run. */
  public void swapOut(Task t) {
    for (int i = bp - 2; i >= 0; i -= 2) {
      Bindings.swap(t, bindings, i);
    }
  }

  /** As {@link Bindings#hiddenValue}, of what waits in these. */
  public Object hiddenValue(Symbol s) {
    return Bindings.hidden(bindings, 0, bp, s);
  }

  /** Shows {@code action} what waits in these. */
  public void forEachRoot(Consumer<Object> action) {
    for (int i = 0; i < sp; i++) {
      action.accept(stack[i]);
    }
    for (int i = 0; i < depth; i++) {
      action.accept(frameFunction[i]);
    }
    for (int i = 0; i < bp; i++) {
      action.accept(bindings[i]);
    }
    action.accept(currentBuffer);
  }
}
