package org.elver.lisp.concurrent;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.kernel.task.Isolate;
import org.elver.lisp.collection.Sequences;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Memo;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Sequence;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.primitive.Startup;

/** Mapping and folding on all cores. */
final class Parallel {
  private static final Symbol CHUNK = Symbol.known("elver--chunk");

  /** How many chunks there are for each carrier, so that long elements are made up for. */
  private static final int PER_CARRIER = 4;

  /** However small the chunks that are asked for. */
  private static final int MOST = 4096;

  private Parallel() {}

  @Primitive(
      value = "parallel-mapcar",
      min = 2,
      doc =
          "Apply FUNCTION to each element of SEQUENCE, on all cores, and list the results.\n"
              + "Each element is worked on in a fork: it finds everything as it is now, and what"
              + " it\n"
              + "changes stays there.  CHUNK is how many elements share a fork, one after the"
              + " other.\n"
              + "Of errors, that of the first element that has one is signaled.")
  static Object parallelMapcar(Task t, Object function, Object sequence, Object chunk) {
    return map(t, Chunk.Work.LIST, function, sequence, chunk);
  }

  @Primitive(
      value = "parallel-mapc",
      min = 2,
      doc =
          "Apply FUNCTION to each element of SEQUENCE, on all cores, and return SEQUENCE.\n"
              + "For CHUNK and everything else see `parallel-mapcar'.")
  static Object parallelMapc(Task t, Object function, Object sequence, Object chunk) {
    return map(t, Chunk.Work.NONE, function, sequence, chunk);
  }

  private static Object map(
      Task t, Chunk.Work work, Object function, Object sequence, Object chunk) {
    long size = chunk == Symbol.NIL ? 0 : Lisp.natnum(chunk);
    if (chunk != Symbol.NIL && size == 0) {
      throw new LispSignal(Q.ARGS_OUT_OF_RANGE, chunk, 1L);
    }
    Object[] elements = elements(t, sequence);
    Object end = work == Chunk.Work.LIST ? null : sequence;
    if (elements.length == 0) {
      return sequence == Symbol.NIL || work == Chunk.Work.LIST ? Symbol.NIL : sequence;
    }
    Memo.Descent descent = Startup.randomDescent(t);
    if (!canFork(t)) {
      return t.invoke(
          new Given(end),
          t.vm().subr("elver--run-chunk-here"),
          new Chunk(work, function, elements, 0, elements.length, null, descent));
    }
    int step = step(t, elements.length, size);
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < elements.length; i += step) {
      int to = Math.min(elements.length, i + step);
      chunks.add(new Chunk(work, function, elements, i, to, null, descent));
    }
    return new Gathering(t, chunks, end).begin(t);
  }

  /** Gives another value than that of the call it waits for; null: that one. */
  private static final class Given extends NativeFrame {
    private final Object instead;

    Given(Object instead) {
      this.instead = instead;
    }

    @Override
    public Object resume(Task t, Object value) {
      return instead == null ? value : instead;
    }
  }

  /** Whether the running task can wait for forks. */
  static boolean canFork(Task t) {
    LispFiber f = LispFiber.of(t);
    return f != null && !f.isWaitForbidden() && !f.lispIsolate().isSpeculating();
  }

  /** How many elements make a chunk; {@code wish} 0: as is best. */
  private static int step(Task t, int n, long wish) {
    int least = (n + MOST - 1) / MOST;
    if (wish > 0) {
      return Math.clamp(wish, least, Integer.MAX_VALUE / 2);
    }
    Isolate i = Tasks.isolate(t);
    int chunks = PER_CARRIER * Math.max(1, i.kernel().carriers());
    return Math.max(least, (n + chunks - 1) / chunks);
  }

  /** The elements of any sequence. */
  static Object[] elements(Task t, Object sequence) {
    int n = Sequences.length(t.c, sequence);
    if (sequence instanceof Sequence s && !s.isIterable()) {
      throw LispSignal.wrongType(Q.LISTP, sequence);
    }
    Object[] all = new Object[n];
    Object tail = sequence;
    for (int i = 0; i < n; i++) {
      if (tail instanceof Pair p) {
        all[i] = p.first(t.c);
        tail = p.second(t.c);
      } else {
        all[i] = Sequences.element(t.c, sequence, i);
      }
    }
    return all;
  }

  /** Waits for the forks and puts their lists together. */
  private static final class Gathering extends NativeFrame {
    private final int mark;
    private final Forks forks;

    /** The value of it all; null: the list. */
    private final Object end;

    Gathering(Task t, List<Chunk> chunks, Object end) {
      Memo.Descent before = Memo.of(t.c).descent();
      this.forks = Forks.begin(t, chunks);
      Memo.of(t.c).setDescent(before.next()); // However many chunks there are, it is one fork.
      this.mark = t.bindingMark();
      this.end = end;
    }

    Object begin(Task t) {
      t.onUnbind(forks);
      return waitFor(t, forks, this);
    }

    @Override
    public Object resume(Task t, Object woken) {
      check(t, forks);
      Object all = Symbol.NIL;
      for (int i = forks.size() - 1; i >= 0; i--) {
        Object list = forks.value(t, i);
        if (list instanceof Pair p) {
          lastPair(t, p).setSecond(t.c, all);
          all = list;
        }
      }
      t.unbindTo(mark);
      return end == null ? all : end;
    }

    private static Pair lastPair(Task t, Pair list) {
      Pair p = list;
      while (p.second(t.c) instanceof Pair next) {
        p = next;
      }
      return p;
    }
  }

  /** To be returned: {@code frame} goes on when the forks that matter have ended. */
  private static Object waitFor(Task t, Forks forks, NativeFrame frame) {
    LispFiber f = LispFiber.of(t);
    return forks.await(f) ? t.park(frame) : frame.resume(t, Symbol.NIL);
  }

  private static void check(Task t, Forks forks) {
    RuntimeException failure = forks.failure(t);
    if (failure != null) {
      throw failure;
    }
  }

  @Primitive(
      value = "parallel-reduce",
      min = 3,
      doc =
          "Combine INITIAL and the elements of SEQUENCE by FUNCTION, on all cores.\n"
              + "As `seq-reduce', where FUNCTION is associative; or parts of SEQUENCE are reduced\n"
              + "with FUNCTION, each beginning with INITIAL, and the results by COMBINE.  Calls"
              + " run\n"
              + "in forks, as those of `parallel-mapcar' do.")
  static Object parallelReduce(
      Task t, Object function, Object sequence, Object initial, Object combine) {
    Object[] elements = elements(t, sequence);
    if (elements.length == 0) {
      return initial;
    }
    Memo.Descent descent = Startup.randomDescent(t);
    if (!canFork(t)) {
      return t.tail(
          t.vm().subr("elver--run-chunk-here"),
          new Chunk(Chunk.Work.FOLD, function, elements, 0, elements.length, initial, descent));
    }
    int step = step(t, elements.length, 0);
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < elements.length; i += step) {
      int to = Math.min(elements.length, i + step);
      Object first = i == 0 || combine != Symbol.NIL ? initial : null;
      chunks.add(new Chunk(Chunk.Work.FOLD, function, elements, i, to, first, descent));
    }
    Object second = combine == Symbol.NIL ? function : combine;
    return new Reducing(t, chunks, second).begin(t);
  }

  /** Waits for the forks, then for the one that combines their values. */
  private static final class Reducing extends NativeFrame {
    private final int mark;
    private final Object combine;
    private final Memo.Descent after;
    private Forks forks;
    private boolean combining;

    Reducing(Task t, List<Chunk> chunks, Object combine) {
      Memo.Descent before = Memo.of(t.c).descent();
      this.after = before.next();
      this.forks = Forks.begin(t, chunks);
      Memo.of(t.c).setDescent(after);
      this.combine = combine;
      this.mark = t.bindingMark();
    }

    Object begin(Task t) {
      t.onUnbind(forks);
      return waitFor(t, forks, this);
    }

    @Override
    public Object resume(Task t, Object woken) {
      check(t, forks);
      Object[] values = new Object[forks.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = forks.value(t, i);
      }
      t.unbindTo(mark);
      if (combining || values.length == 1) {
        return values[0];
      }
      combining = true;
      Memo.Descent descent = Startup.randomDescent(t);
      forks =
          Forks.begin(
              t,
              List.of(
                  new Chunk(
                      Chunk.Work.FOLD, combine, values, 1, values.length, values[0], descent)));
      Memo.of(t.c).setDescent(after);
      return begin(t);
    }
  }

  @Primitive(value = "elver--run-chunk", doc = "Do CHUNK, in a fork made for it.")
  static Object runChunk(Task t, Object chunk) {
    return ChunkFrame.run(t, chunk(chunk));
  }

  @Primitive(value = "elver--run-chunk-here", doc = "Do CHUNK, without forks.")
  static Object runChunkHere(Task t, Object chunk) {
    return ChunkFrame.runInPlace(t, chunk(chunk));
  }

  private static Chunk chunk(Object x) {
    if (x instanceof Chunk c) {
      return c;
    }
    throw LispSignal.wrongType(CHUNK, x);
  }
}
