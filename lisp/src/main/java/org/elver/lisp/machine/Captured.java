package org.elver.lisp.machine;

import java.util.Arrays;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.object.Symbol;

/**
 * What a suspended task is in the middle of, as two arrays: the contents of its stacks, and
 * numbers. Who waits keeps these and nothing else: a million tasks do.
 *
 * <p>The objects: the value stack, the frames' functions, the bindings, the handlers.
 *
 * <pre>
 * The numbers, as most are small:
 *   narrow   frames: a number each: place 12 bits, base 9, arguments + 1: 4, bindings / 2: 7.
 *            Then sp 9 bits, depth 9, handlers 5, args + 1: 4, mode 2; and bindings / 2: 10,
 *            bindings / 2 below the root 10, handlers below the root 8.
 *   wide     frames: four numbers each; then sp, depth, bp, handlers, args + 1, the mode,
 *            rootBindings, rootHandlers, -1.
 *
 * The last number is negative in wide ones only.
 * </pre>
 */
public final class Captured {
  private static final int NARROW = 2;
  private static final int WIDE = 9;

  private static final Task.Mode[] MODES = Task.Mode.values();

  private Captured() {}

  // ---- Capturing ----------------------------------------------------------------------------

  /**
   * Takes what a suspended task is in the middle of off its stacks, which are empty afterwards.
   * Dynamic bindings are in effect still: they are taken back ({@link #swapOut}) when another task
   * of the isolate is to run, and not before.
   *
   * @param into gets the two arrays
   * @return whether there are dynamic bindings
   */
  public static boolean capture(Task t, Continuation into) {
    t.settle();
    int bp = t.bp;
    Object[] v = contents(t, t.sp, t.depth, bp, t.hp);
    int[] n = numbers(t, t.sp, t.depth, bp, t.hp, t.mode, t.pendingArgs, into.oldNumbers());
    t.used = Math.max(t.used, t.sp);
    t.usedFrames = Math.max(t.usedFrames, t.depth);
    if (bp > 0) {
      Arrays.fill(t.bindings, 0, bp, null);
    }
    t.truncateHandlers(0);
    t.sp = 0;
    t.depth = 0;
    t.bp = 0;
    t.mode = Task.Mode.VALUE;
    into.setContinuation(v, n, t.currentBuffer, t.matchData);
    return bp > 0;
  }

  /**
   * As {@link #capture} of what is below {@code frame}, as if that had been left and waited for its
   * value; all stays there too. Bindings have been swapped out.
   */
  static void captureBelow(
      Task t,
      int frame,
      int mark,
      int handlerCount,
      Continuation into,
      HeapObject buffer,
      Object match) {
    int top = t.frameBase(frame) - 1;
    int[] n = numbers(t, top, frame, mark, handlerCount, Task.Mode.VALUE, 0, null);
    into.setContinuation(contents(t, top, frame, mark, handlerCount), n, buffer, match);
  }

  /** What lies on the stacks up to some heights. */
  private static Object[] contents(Task t, int sp, int depth, int bp, int hp) {
    Object[] v = new Object[sp + depth + bp + hp];
    copy(t.stack, 0, v, 0, sp);
    copy(t.frameFunction, 0, v, sp, depth);
    if (bp > 0) {
      copy(t.bindings, 0, v, sp + depth, bp);
    }
    int at = sp + depth + bp;
    Handler[] handlers = t.handlers;
    for (int i = 0; i < hp; i++) {
      v[at + i] = handlers[i];
    }
    return v;
  }

  /** As {@link System#arraycopy}, which is slow for a few. */
  static void copy(Object[] from, int start, Object[] to, int at, int n) {
    if (n > 24) {
      System.arraycopy(from, start, to, at, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      to[at + i] = from[start + i];
    }
  }

  /** The numbers; in {@code old}, if that fits. */
  private static int[] numbers(
      Task t, int sp, int depth, int bp, int hp, Task.Mode mode, int args, int[] old) {
    int size = depth + NARROW;
    int[] to = old != null && old.length == size ? old : new int[size];
    int over =
        (sp >>> 9)
            | (depth >>> 9)
            | (hp >>> 5)
            | ((args + 1) >>> 4)
            | (bp >>> 11)
            | (t.rootBindings >>> 11)
            | (t.rootHandlers >>> 8);
    for (int i = 0; i < depth; i++) {
      int pc = place(t, i);
      int base = t.frameBase(i);
      int given = t.frameArgs(i) + 1;
      int bound = t.frames[Task.FRAME * i + Task.BINDINGS] >> 1;
      over |= (pc >>> 12) | (base >>> 9) | (given >>> 4) | (bound >>> 7);
      to[i] = pc | (base << 12) | (given << 21) | (bound << 25);
    }
    if (over != 0) {
      return wideNumbers(t, sp, depth, bp, hp, mode, args);
    }
    to[depth] = sp | (depth << 9) | (hp << 18) | ((args + 1) << 23) | (mode.ordinal() << 27);
    to[depth + 1] = (bp >> 1) | (t.rootBindings >> 1 << 10) | (t.rootHandlers << 20);
    return to;
  }

  private static int[] wideNumbers(
      Task t, int sp, int depth, int bp, int hp, Task.Mode mode, int args) {
    int[] to = new int[Task.FRAME * depth + WIDE];
    int at = Task.FRAME * depth;
    System.arraycopy(t.frames, 0, to, 0, at);
    for (int i = 0; i < depth; i++) {
      to[Task.FRAME * i + Task.PC] = place(t, i);
    }
    to[at++] = sp;
    to[at++] = depth;
    to[at++] = bp;
    to[at++] = hp;
    to[at++] = args;
    to[at++] = mode.ordinal();
    to[at++] = t.rootBindings;
    to[at++] = t.rootHandlers;
    to[at] = -1;
    return to;
  }

  /** Where a frame of byte-code is; other frames have no place, but what an earlier one left. */
  private static int place(Task t, int frame) {
    return t.frameFunction[frame] instanceof ByteCode ? t.frames[Task.FRAME * frame + Task.PC] : 0;
  }

  // ---- Restoring ----------------------------------------------------------------------------

  /** Goes back to what {@link #capture} captured, but for dynamic bindings taken back since. */
  public static void restore(Task t, Object[] v, int[] n, HeapObject buffer, Object match) {
    if (n[n.length - 1] < 0) {
      restoreWide(t, n);
    } else {
      restoreNarrow(t, n);
    }
    t.currentBuffer = buffer;
    t.matchData = match;
    int sp = t.sp;
    int depth = t.depth;
    int bp = t.bp;
    int hp = t.hp;
    copy(v, 0, t.stack, 0, sp);
    copy(v, sp, t.frameFunction, 0, depth);
    if (bp > 0) {
      if (t.bindings.length < bp) {
        t.bindings = new Object[2 * bp];
      }
      copy(v, sp + depth, t.bindings, 0, bp);
    }
    if (t.handlers.length < hp) {
      t.handlers = new Handler[2 * hp];
    }
    int at = sp + depth + bp;
    for (int i = 0; i < hp; i++) {
      Object h = v[at + i];
      t.handlers[i] = h == Task.ROOT ? Task.ROOT : (Handler) h;
    }
    t.forgetHighLimit();
    ensureRoom(t);
  }

  /** Frames count on room that was there where they were before. */
  private static void ensureRoom(Task t) {
    int room = t.sp + 8;
    for (int i = 0; i < t.depth; i++) {
      if (t.frameFunction[i] instanceof ByteCode b) {
        int args = Math.max(b.maxArgs + 1, t.frameArgs(i));
        room = Math.max(room, t.frameBase(i) + args + b.code(t.c).maxDepth + 8);
      }
    }
    t.ensureStack(room - t.sp);
  }

  private static void restoreNarrow(Task t, int[] n) {
    int d = n.length - NARROW;
    int x = n[d];
    int y = n[d + 1];
    t.sp = 0;
    t.ensureStack((x & 0x1FF) + 8);
    t.sp = x & 0x1FF;
    t.depth = d;
    t.hp = x >> 18 & 0x1F;
    t.pendingArgs = (x >> 23 & 0xF) - 1;
    t.mode = MODES[x >> 27];
    t.bp = (y & 0x3FF) << 1;
    t.rootBindings = (y >> 10 & 0x3FF) << 1;
    t.rootHandlers = y >> 20;
    if (t.frameFunction.length < d) {
      newFrames(t, d);
    }
    int[] frames = t.frames;
    for (int i = 0; i < d; i++) {
      int f = n[i];
      frames[Task.FRAME * i + Task.PC] = f & 0xFFF;
      frames[Task.FRAME * i + Task.BASE] = f >>> 12 & 0x1FF;
      frames[Task.FRAME * i + Task.ARGS] = (f >>> 21 & 0xF) - 1;
      frames[Task.FRAME * i + Task.BINDINGS] = f >>> 25 << 1;
    }
  }

  private static void restoreWide(Task t, int[] n) {
    int at = n.length - WIDE;
    t.sp = 0;
    t.ensureStack(n[at] + 8);
    t.sp = n[at++];
    t.depth = n[at++];
    t.bp = n[at++];
    t.hp = n[at++];
    t.pendingArgs = n[at++];
    t.mode = MODES[n[at++]];
    t.rootBindings = n[at++];
    t.rootHandlers = n[at];
    if (t.frameFunction.length < t.depth) {
      newFrames(t, t.depth);
    }
    System.arraycopy(n, 0, t.frames, 0, Task.FRAME * t.depth);
  }

  private static void newFrames(Task t, int n) {
    int size = Math.max(2 * n, 16);
    t.frameFunction = new Object[size];
    t.frames = new int[Task.FRAME * size];
  }

  // ---- The bindings in it -------------------------------------------------------------------

  /** Takes back the dynamic bindings of what {@link #capture} captured: another task is to run. */
  public static void swapOut(Task t, Object[] v, int[] n) {
    int from = firstBinding(n);
    for (int i = from + bindingSlots(n) - 2; i >= from; i -= 2) {
      Bindings.swap(t, v, i);
    }
  }

  /** As {@link Bindings#hiddenValue}, of what {@link #capture} captured. */
  public static Object hiddenValue(Object[] v, int[] n, Symbol s) {
    int from = firstBinding(n);
    return Bindings.hidden(v, from, from + bindingSlots(n), s);
  }

  private static int firstBinding(int[] n) {
    int last = n.length - 1;
    return n[last] < 0 ? n[last - 8] + n[last - 7] : (n[last - 1] & 0x1FF) + last - 1;
  }

  private static int bindingSlots(int[] n) {
    int last = n.length - 1;
    return n[last] < 0 ? n[last - 6] : (n[last] & 0x3FF) << 1;
  }
}
