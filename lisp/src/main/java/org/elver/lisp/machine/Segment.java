package org.elver.lisp.machine;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.code.ByteCode;

/**
 * What a task was in the middle of above a {@link Delimiter}: a part of its stacks as data, waiting
 * for a value. Never changed, so that it may be gone on with several times, in forks: what is
 * mutable in it, the primitives' frames, is copied on the way back to a stack.
 */
public final class Segment {
  private final Object[] stack;
  private final Object[] functions;
  private final Object[] bindings;
  private final Handler[] handlers;

  /** The frames' numbers: see {@link Task#FRAME}. */
  private final int[] frames;

  // Where it was: numbers in the frames and handlers are relative to that.
  private final int stackBase;
  private final int depthBase;
  private final int bindingsBase;

  private final HeapObject currentBuffer;
  private final Object matchData;

  private Segment(Task t, int frame, int sp) {
    Delimiter d = (Delimiter) t.frameFunction[frame];
    stackBase = t.frameBase(frame) + t.frameArgs(frame);
    depthBase = frame + 1;
    bindingsBase = d.bindings;
    stack = Arrays.copyOfRange(t.stack, stackBase, sp);
    functions = Arrays.copyOfRange(t.frameFunction, depthBase, t.depth);
    bindings = Arrays.copyOfRange(t.bindings, bindingsBase, t.bp);
    handlers = Arrays.copyOfRange(t.handlers, d.handlers, t.hp);
    frames = Arrays.copyOfRange(t.frames, Task.FRAME * depthBase, Task.FRAME * t.depth);
    currentBuffer = t.currentBuffer;
    matchData = t.matchData;
  }

  /** {@code of}, which refers to other objects. */
  private Segment(Segment of, UnaryOperator<Object> replacement) {
    stack = replaced(of.stack, replacement);
    functions = replaced(of.functions, replacement);
    bindings = replaced(of.bindings, replacement);
    handlers = of.handlers;
    frames = of.frames;
    stackBase = of.stackBase;
    depthBase = of.depthBase;
    bindingsBase = of.bindingsBase;
    currentBuffer = (HeapObject) replacement.apply(of.currentBuffer);
    matchData = of.matchData;
  }

  private static Object[] replaced(Object[] from, UnaryOperator<Object> replacement) {
    Object[] to = from.clone();
    for (int i = 0; i < to.length; i++) {
      to[i] = replacement.apply(to[i]);
    }
    return to;
  }

  /** This, where each object that {@link #forEachReference} shows is what replaces it. */
  public Segment relinked(UnaryOperator<Object> replacement) {
    return new Segment(this, replacement);
  }

  /** The innermost delimiter's place among the frames; -1: there is none. */
  public static int innermost(Task t) {
    for (int i = t.depth - 1; i >= 0; i--) {
      if (t.frameFunction[i] instanceof Delimiter) {
        return i;
      }
    }
    return -1;
  }

  /** The delimiter at a place. */
  public static Delimiter at(Task t, int frame) {
    return (Delimiter) t.frameFunction[frame];
  }

  /** Whether all above a place is data: no Java frames are in between. */
  public static boolean isCuttable(Task t, int frame) {
    return frame >= t.runBase;
  }

  /**
   * By the running primitive, which waits for a value in the segment: takes what is above a
   * delimiter off the stacks, with dynamic bindings taken back. The delimiter stays, on top.
   */
  public static Segment cut(Task t, int frame) {
    int sp = t.sp - t.callArgs - 1;
    Delimiter d = (Delimiter) t.frameFunction[frame];
    for (int i = t.bp - 2; i >= d.bindings; i -= 2) {
      Bindings.swap(t, t.bindings, i);
    }
    Segment s = new Segment(t, frame, sp);
    Arrays.fill(t.stack, s.stackBase, t.sp, null);
    Arrays.fill(t.frameFunction, s.depthBase, t.depth, null);
    Arrays.fill(t.bindings, s.bindingsBase, t.bp, null);
    Arrays.fill(t.handlers, d.handlers, t.hp, null);
    t.sp = s.stackBase;
    t.depth = s.depthBase;
    t.bp = s.bindingsBase;
    t.hp = d.handlers;
    t.callArgs = -1;
    Stacks.clearPopped(t.stack, s.stackBase + s.stack.length); // Not to be hidden behind the gap.
    return s;
  }

  /**
   * By the running primitive: its frame is {@code d}, which has its place, and above that goes on
   * what this is, with {@code value}. To be returned at once.
   */
  public Object splice(Task t, Delimiter d, Object value) {
    int n = t.callArgs;
    int frame = t.depth;
    int more = functions.length + 1;
    if (frame + more >= t.depthLimit) {
      t.checkDepth(more);
    }
    t.ensureFrames(more);
    t.pushFrame(d, t.sp - n, n, t.bp);
    int ds = t.sp - stackBase;
    int dd = frame + 1 - depthBase;
    int db = t.bp - bindingsBase;
    int room = stack.length + 8;
    int[] to = t.frames;
    System.arraycopy(frames, 0, to, Task.FRAME * (frame + 1), frames.length);
    for (int i = 0; i < functions.length; i++) {
      int j = frame + 1 + i;
      Object f = functions[i];
      if (f instanceof NativeFrame nf) {
        NativeFrame mine = nf.copy();
        if (db != 0) {
          mine.moved(db);
        }
        f = mine;
      }
      t.frameFunction[j] = f;
      to[Task.FRAME * j + Task.BASE] += ds;
      to[Task.FRAME * j + Task.BINDINGS] += db;
      if (f instanceof ByteCode b) {
        int args = Math.max(b.maxArgs + 1, t.frameArgs(j));
        room = Math.max(room, t.frameBase(j) - t.sp + args + b.code(t.c).maxDepth + 8);
      }
    }
    t.ensureStack(room);
    System.arraycopy(stack, 0, t.stack, t.sp, stack.length);
    t.sp += stack.length;
    t.depth = frame + more;
    for (Handler h : handlers) {
      t.pushHandler(
          ds == 0 && dd == 0 && db == 0
              ? h
              : new Handler(
                  h.kind(), h.tag(), h.pc(), h.sp() + ds, h.frame() + dd, h.bindings() + db));
    }
    for (int i = 0; i < bindings.length; i += 2) {
      t.pushBinding(bindings[i], bindings[i + 1]);
      Bindings.swap(t, t.bindings, t.bp - 2);
    }
    t.currentBuffer = currentBuffer;
    t.matchData = matchData;
    t.callArgs = -1;
    return t.switched(value);
  }

  /** Whether it is inside of an extent after which another buffer is to be current again. */
  public boolean restoresBuffer() {
    for (Object o : bindings) {
      if (o instanceof Cleanup c && c.restoresBuffer()) {
        return true;
      }
    }
    return false;
  }

  /** The objects in it: what is not data of primitives' frames. */
  public void forEachReference(Consumer<Object> visitor) {
    for (Object[] part : new Object[][] {stack, functions, bindings}) {
      for (Object o : part) {
        visitor.accept(o);
      }
    }
    visitor.accept(currentBuffer);
  }

  // ---- Parting ------------------------------------------------------------------------------

  /**
   * For a delimiter that has Java frames above it: what is below it is captured for {@code into},
   * to go on elsewhere as if the delimiter had returned; what is above it stays on this task, for
   * whose errors nothing below is a handler any more.
   *
   * @param mark the height of the binding stack below all that was bound for the delimiter
   */
  public static void part(
      Task t, int frame, int mark, Continuation into, HeapObject buffer, Object matchData) {
    Delimiter d = (Delimiter) t.frameFunction[frame];
    Bindings.swapOut(t);
    Captured.captureBelow(t, frame, mark, d.handlers, into, buffer, matchData);
    for (int i = 0; i < mark; i += 2) {
      if (!(t.bindings[i] instanceof org.elver.lisp.object.Symbol)) {
        t.bindings[i] = NOTHING;
        t.bindings[i + 1] = null;
      }
    }
    Arrays.fill(t.handlers, 0, d.handlers, NOBODY);
    Bindings.swapIn(t);
    t.rooted = true;
  }

  private static final Cleanup NOTHING = t -> {};
  private static final Handler NOBODY = new Handler(Handler.Kind.CATCH, new Object(), 0, 0, 0, 0);
}
