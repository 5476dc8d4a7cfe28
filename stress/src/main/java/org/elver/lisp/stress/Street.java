package org.elver.lisp.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.elver.heap.object.Pair;
import org.elver.kernel.task.Hand;
import org.elver.kernel.task.Kernel;
import org.elver.lisp.compile.Compiler;
import org.elver.lisp.isolate.Inspection;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Results;
import org.elver.lisp.machine.AllPrimitives;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.BufferList;

/** Houses, each an isolate, and two workers for them. */
final class Street {
  private static final Vm VM = new Vm(new Compiler(), AllPrimitives.groups());
  private static final Symbol DEAD = Symbol.known("isolate-dead");

  /** How often one looks whether the other is there, who may not be run at the same time. */
  private static final int PATIENCE = 2_000;

  private final Kernel kernel = new Kernel(0, 0);
  private final Hand first = new Hand(kernel);
  private final Hand second = new Hand(kernel);
  private final Task founder = VM.newWorld();
  private final LispIsolate main = new LispIsolate(kernel, founder);
  private final LispFiber founding = new LispFiber(main, null);
  private final List<House> houses = new ArrayList<>();
  private final AtomicInteger present = new AtomicInteger();

  Street() {
    founder.currentBuffer = BufferList.create(founder, LispString.of(founder.c, "*scratch*"));
    founder.setScheduling(founding);
  }

  /**
   * Goes on when another one has come here, too, or does not for a while. By two, once.
   *
   * @return whether the other one has come
   */
  boolean meet() {
    return meet(1);
  }

  /** As {@link #meet()}, for the {@code n}th time. */
  boolean meet(int n) {
    present.incrementAndGet();
    for (int k = 0; present.get() < 2 * n && k < PATIENCE; k++) {
      Thread.onSpinWait();
    }
    return present.get() >= 2 * n;
  }

  /** Has the task come to so many safepoints that somebody else gets to something meanwhile. */
  static void linger(Task t) {
    for (int n = 0; n < 30; n++) {
      t.safepoint();
      Thread.onSpinWait();
    }
  }

  /** What a task does. */
  interface Life {
    void live(Task t);
  }

  /**
   * An isolate with one task. What others may see of it is a pair, whose slots its task changes one
   * after the other, and a plain field, which is for whoever has the right to the isolate.
   */
  final class House {
    private final LispIsolate isolate = new LispIsolate(founder);
    private final Pair view = new Pair(isolate.context(), 0L, 0L);
    private int tally;
    private String last;

    /** Has its task begin when a worker comes. */
    void begin(Life life) {
      houses.add(this);
      isolate.begin(new LispFiber(isolate, founder.currentBuffer, below(life)));
    }

    /** A function with a Java frame below it, as {@code sort} has: a kill unwinds that. */
    private Subr below(Life life) {
      Subr lives =
          new Subr("live", 0, 0) {
            @Override
            public Object call0(Task t) {
              life.live(t);
              last = seen(t);
              return Symbol.NIL;
            }
          };
      return new Subr("house", 0, 0) {
        @Override
        public Object call0(Task t) {
          return t.call(lives);
        }
      };
    }

    /** Its task adds {@code n} to both slots, one after the other, and counts that. */
    void paint(Task t, long n) {
      tally++;
      view.setFirst(t.c, (Long) view.first(t.c) + n);
      view.setSecond(t.c, (Long) view.second(t.c) + n);
    }

    /** As {@link #paint}, in an update that is interrupted in the middle. */
    void paintBehindCurtain(Task t, long n) {
      isolate.seal(t);
      tally++;
      view.setFirst(t.c, (Long) view.first(t.c) + n);
      linger(t);
      view.setSecond(t.c, (Long) view.second(t.c) + n);
      isolate.unseal();
    }

    private String seen(Task x) {
      return view.first(x.c) + "-" + view.second(x.c);
    }

    /** The task that {@code t} runs looks at it; "dead": too late. */
    String look(Task t) {
      try {
        return Inspection.run(t, isolate, this::seen);
      } catch (LispSignal s) {
        return dead(s);
      }
    }

    /** As {@link #look}, and counts that it did: as one that nobody else does at the same time. */
    String lookAndCount(Task t) {
      return change(
          t,
          x -> {
            tally++;
            return seen(x);
          });
    }

    /**
     * The task that {@code t} runs adds {@code n} to both slots, and gets to know what they were.
     */
    String repaint(Task t, long n) {
      return change(
          t,
          x -> {
            String before = seen(x);
            paint(x, n);
            return before;
          });
    }

    /** As {@link #repaint}; where somebody is to end, that is noticed before anything is done. */
    String repaintOrLeave(Task t, long n) {
      return change(
          t,
          x -> {
            String before = seen(x);
            x.safepoint();
            paint(x, n);
            return before;
          });
    }

    private String change(Task t, Function<Task, String> v) {
      try {
        return Inspection.change(t, isolate, v);
      } catch (LispSignal s) {
        return dead(s);
      }
    }

    private static String dead(LispSignal s) {
      if (s.symbol() != DEAD) {
        throw s;
      }
      return "dead";
    }

    /** Puts something into its mailbox, whoever made that; false: nobody will take it out. */
    boolean send(Object letter) {
      return isolate.mailbox().deliver(letter);
    }

    /** What is taken out of its mailbox. */
    Object receive() {
      return isolate.mailbox().tryReceive();
    }

    int letters() {
      return isolate.mailboxLength();
    }

    void kill() {
      isolate.requestKill(new Results.Killed("killed"));
    }

    /** What was to be seen when its task had done all it does; null: it has not. */
    String last() {
      return last;
    }

    /** How often it has been painted, and looked at with {@link #lookAndCount}. */
    int tally() {
      return tally;
    }

    /** How it ended. */
    String fate() {
      return !isolate.isDone() ? "forgotten" : last != null ? "finished" : "unfinished";
    }
  }

  /** What the one worker does, and what the other one does. */
  void workFirst() {
    work(first);
  }

  void workSecond() {
    work(second);
  }

  /** How many workers are looking for something to do, or do it. */
  private final AtomicInteger busy = new AtomicInteger();

  /**
   * Until all is done, or something is in no queue. Who asks whom somebody has killed asks again
   * until a worker has ended that: so none leaves while the other is at work.
   */
  private void work(Hand h) {
    int inVain = 0;
    while (inVain < 100 && isAnythingToDo()) {
      busy.incrementAndGet();
      boolean ran = h.run();
      inVain = busy.decrementAndGet() == 0 && !ran ? inVain + 1 : 0;
    }
  }

  private boolean isAnythingToDo() {
    for (House h : houses) {
      if (h.isolate.isActive()) {
        return true;
      }
    }
    return false;
  }
}
