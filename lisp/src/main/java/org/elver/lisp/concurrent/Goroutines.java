package org.elver.lisp.concurrent;

import org.elver.heap.version.HeapObject;
import org.elver.kernel.task.Completion;
import org.elver.kernel.task.Fiber;
import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispGoroutine;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.LispPromise;
import org.elver.lisp.machine.Bindings;
import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.Delimiter;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Segment;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * Coroutines of one isolate. {@code resume} is a frame on the resumer's own stack, above which the
 * goroutine's frames go on; {@code yield} takes them off again and keeps them as data. So a
 * goroutine is, while it runs, a part of what its resumer does: errors, throws, cancellation and
 * dynamic bindings are as in any call.
 *
 * <p>Frames of Java cannot be taken off. When some are between a yield and the resume, it is the
 * resumer that is taken off and goes on elsewhere, and the goroutine stays on this Java stack as a
 * fiber of its own ({@link Anchored}) until it needs none. A resumer that has Java frames itself
 * cannot be taken off either: it resumes in a fiber made for that, and waits for it.
 */
final class Goroutines {
  private static final Symbol GOROUTINEP = Symbol.known("goroutinep");
  private static final Symbol RESUME_IN = Symbol.known("elver--resume-in");

  private static final Symbol STEP = Symbol.known("elver--goroutine-step");
  private static final Symbol ISOLATE = Symbol.known(":isolate");

  private static final String OUTSIDE = "`iter-yield' used outside a generator";

  private Goroutines() {}

  static LispGoroutine goroutine(Object x) {
    if (x instanceof LispGoroutine g) {
      return g;
    }
    throw LispSignal.wrongType(GOROUTINEP, x);
  }

  private static LispSignal error(Task t, String what, Object... more) {
    Object[] data = new Object[more.length + 1];
    data[0] = LispString.of(t.c, what);
    System.arraycopy(more, 0, data, 1, more.length);
    return new LispSignal(Conditions.GOROUTINE_ERROR, data);
  }

  @Primitive(value = "goroutinep", doc = "Return t if OBJECT is a goroutine.")
  static boolean goroutinep(Task t, Object object) {
    return object instanceof LispGoroutine;
  }

  @Primitive(
      value = "goroutine",
      min = 1,
      args = "(FUNCTION &rest KEYS)",
      doc =
          "Return a goroutine that `resume' lets run: it calls FUNCTION.\n"
              + "What `yield' in it is given, `resume' returns.  When FUNCTION has returned, it"
              + " is\n"
              + "called again.  KEYS may be `:isolate t', to run it in a fork of its own; values"
              + " are then\n"
              + "copied both ways, and when nobody has the goroutine any more the fork ends, unless"
              + " it has\n"
              + "tasks that go on.")
  static Object goroutine(Task t, Object[] args) {
    Object function = args[0];
    if (t.callNamed("functionp", function) == Symbol.NIL) {
      throw LispSignal.wrongType(Symbol.known("functionp"), function);
    }
    boolean isolated = false;
    for (int i = 1; i < args.length; i += 2) {
      if (args[i] != ISOLATE) {
        throw error(t, "Unknown keyword", args[i]);
      }
      if (i + 1 == args.length) {
        throw error(t, "Missing argument for the last keyword", args[i]);
      }
      isolated = args[i + 1] != Symbol.NIL;
    }
    return isolated
        ? t.tail(Symbol.known("elver--isolate-goroutine"), function)
        : new LispGoroutine(t.c, function, false);
  }

  // ---- Resuming -----------------------------------------------------------------------------

  @Primitive(
      value = "resume",
      min = 1,
      doc =
          "Let GOROUTINE go on with VALUE and return what it yields then.\n"
              + "The first time its function is called with VALUE.  An error in it is signaled"
              + " here\n"
              + "and ends it.  Signal `goroutine-error' when GOROUTINE has ended or is running,"
              + " and\n"
              + "`not-forkable' when this is a fork and it waits with frames of Java below it.")
  static Object resume(Task t, Object goroutine, Object value) {
    return resume(t, goroutine(goroutine), value, t.bindingMark());
  }

  private static Object resume(Task t, LispGoroutine go, Object value, int mark) {
    Object state = go.get(t.c, LispGoroutine.STATE);
    if (state != Symbol.NIL) {
      throw error(
          t, state == LispGoroutine.RUNNING ? "Goroutine is running" : "Goroutine has ended", go);
    }
    if (go.get(t.c, LispGoroutine.FUNCTION) instanceof LispGoroutine.Place p) {
      return t.invoke(new Asked(p, false), Symbol.known("isolate-call"), p.isolate(), STEP, value);
    }
    Object place = go.get(t.c, LispGoroutine.PLACE);
    if (place instanceof Anchored a) {
      return a.resume(t, go, value);
    }
    if (!t.isSuspendable() && LispFiber.of(t) != null) {
      return apart(t, go, value);
    }
    Resumption r = new Resumption(t, go, value, mark, place != Symbol.NIL);
    go.set(t.c, LispGoroutine.RUNNING, Symbol.NIL);
    boolean ownBuffer = !go.isIterator() || (place instanceof Segment s && s.restoresBuffer());
    t.onUnbind(new Ending(go, t.currentBuffer, t.matchData, ownBuffer));
    r.notePlace(t);
    if (!(place instanceof Segment s)) {
      return t.invoke(r, go.get(t.c, LispGoroutine.FUNCTION), value);
    }
    Object spliced = s.splice(t, r, value);
    if (go.isIterator()) {
      t.matchData = r.matchData;
      if (!ownBuffer) {
        t.currentBuffer = r.buffer;
      }
    }
    return spliced;
  }

  @Primitive(
      value = "elver--iterator-goroutine",
      doc = "Return a goroutine for an iterator, that calls FUNCTION.")
  static Object iteratorGoroutine(Task t, Object function) {
    return new LispGoroutine(t.c, function, true);
  }

  @Primitive(
      value = "elver--goroutine-ended-p",
      doc = "Return t if an error or a throw has left GOROUTINE.")
  static boolean goroutineEndedP(Task t, Object goroutine) {
    return goroutine(goroutine).get(t.c, LispGoroutine.STATE) == LispGoroutine.ENDED;
  }

  @Primitive(
      value = "elver--goroutine-of",
      doc = "Return a goroutine that runs in ISOLATE, as its task.")
  static Object goroutineOf(Task t, Object isolate) {
    LispIsolate i = Isolates.isolate(isolate);
    i.serves();
    return new LispGoroutine(t.c, LispGoroutine.Place.of(i), false);
  }

  /** Keeps the isolate of a goroutine, which may have been dropped meanwhile, until it answers. */
  private static final class Asked extends NativeFrame {
    private final LispGoroutine.Place place;
    private final boolean later;

    /** {@code later}: it has been given a promise of the answer. */
    Asked(LispGoroutine.Place place, boolean later) {
      this.place = place;
      this.later = later;
    }

    @Override
    public Object resume(Task t, Object value) {
      if (later) {
        ((LispPromise) value).whenDone(new Answer(place));
      }
      place.reached();
      return value;
    }
  }

  /** What a promise of a goroutine's waits for. */
  private static final class Answer extends Completion.Callback {
    private final LispGoroutine.Place place;

    Answer(LispGoroutine.Place place) {
      this.place = place;
    }

    @Override
    public void done(Object value, boolean failed) {
      place.reached();
    }
  }

  @Primitive(
      value = "resume-async",
      min = 1,
      doc =
          "Let GOROUTINE go on with VALUE, and return a promise of what it yields.\n"
              + "A goroutine of an isolate of its own does so while the caller goes on; any other"
              + " one as a\n"
              + "task of this isolate.")
  static Object resumeAsync(Task t, Object goroutine, Object value) {
    LispGoroutine go = goroutine(goroutine);
    if (go.get(t.c, LispGoroutine.FUNCTION) instanceof LispGoroutine.Place p) {
      return t.invoke(new Asked(p, true), Symbol.known("isolate-post"), p.isolate(), STEP, value);
    }
    LispIsolate isolate = Tasks.isolate(t);
    LispFiber f = new LispFiber(isolate, t.currentBuffer, Symbol.known("resume"), go, value);
    LispPromise result = new LispPromise();
    result.follow(f);
    isolate.start(f);
    return result;
  }

  /** What is done when an error or a throw leaves a goroutine, or when it has answered. */
  private record Ending(LispGoroutine go, HeapObject buffer, Object matchData, boolean ownBuffer)
      implements Cleanup {
    @Override
    public void run(Task t) {
      if (go.get(t.c, LispGoroutine.STATE) == LispGoroutine.RUNNING) {
        go.set(t.c, LispGoroutine.ENDED, Symbol.NIL);
      }
      back(t);
    }

    /** Makes the resumer's buffer and match data current again, where the goroutine has its own. */
    void back(Task t) {
      if (!go.isIterator()) {
        t.matchData = matchData;
      }
      if (ownBuffer
          || (go.get(t.c, LispGoroutine.PLACE) instanceof Segment s && s.restoresBuffer())) {
        t.currentBuffer = buffer;
      }
    }
  }

  /** The resumer's frame, above which are the goroutine's. */
  private static final class Resumption extends Delimiter {
    private final LispGoroutine go;
    private Object value;
    private final HeapObject buffer;
    private final Object matchData;

    /** The height of the binding stack below all that belongs to the resumption. */
    private final int mark;

    /** Whether the present call of the function has yielded. */
    private boolean yielded;

    /** What the goroutine is on a Java stack of its own; or null. */
    private Anchored anchored;

    /** How many extents without waiting the resumer was in. */
    private final boolean waitForbidden;

    Resumption(Task t, LispGoroutine go, Object value, int mark, boolean yielded) {
      this.go = go;
      this.value = value;
      this.buffer = t.currentBuffer;
      this.matchData = t.matchData;
      this.mark = mark;
      this.yielded = yielded;
      LispFiber f = LispFiber.of(t);
      this.waitForbidden = f != null && f.isWaitForbidden();
    }

    /** The function has returned. */
    @Override
    public Object resume(Task t, Object returned) {
      if (returned instanceof Yielded y) {
        return answer(t, y.value);
      }
      if (yielded) {
        yielded = false;
        return t.invoke(this, go.get(t.c, LispGoroutine.FUNCTION), value);
      }
      go.set(t.c, Symbol.NIL, Symbol.NIL);
      return answer(t, returned);
    }

    /** Gives the resumer a value, when the goroutine's own frames are gone. */
    private Object answer(Task t, Object answer) {
      if (anchored != null) {
        anchored.answer(answer, false);
        return t.suspend();
      }
      t.unbindTo(mark);
      return answer;
    }
  }

  // ---- Yielding -----------------------------------------------------------------------------

  @Primitive(
      value = "yield",
      min = 0,
      doc =
          "Have the `resume' of the present goroutine return VALUE.\n"
              + "Return the value of the next `resume'.  This may be done at any depth of calls. "
              + " Signal\n"
              + "`goroutine-error' outside a goroutine.")
  static Object yieldValue(Task t, Object value) {
    int frame = Segment.innermost(t);
    if (frame < 0 || !(Segment.at(t, frame) instanceof Resumption r)) {
      throw error(t, "Not in a goroutine");
    }
    return yieldTo(t, frame, r, value);
  }

  @Primitive(
      value = "elver--iter-yield",
      doc = "Have the `resume' of the present iterator's goroutine return VALUE.")
  static Object iterYield(Task t, Object value) {
    int frame = Segment.innermost(t);
    if (frame >= 0 && Segment.at(t, frame) instanceof Resumption r && r.go.isIterator()) {
      return yieldTo(t, frame, r, value);
    }
    throw new LispSignal(Q.ERROR, t.callNamed("format-message", LispString.of(t.c, OUTSIDE)));
  }

  private static Object yieldTo(Task t, int frame, Resumption r, Object value) {
    LispFiber f = LispFiber.of(t);
    if (f != null && f.isWaitForbidden() && !r.waitForbidden) {
      throw new LispSignal(Conditions.WAIT_FORBIDDEN);
    }
    if (!Segment.isCuttable(t, frame)) {
      return r.anchored != null
          ? r.anchored.handBack(t, r, value)
          : Anchored.begin(t, frame, r, value);
    }
    Segment s = Segment.cut(t, frame);
    r.go.set(t.c, Symbol.NIL, s);
    if (r.anchored != null) {
      r.anchored.answer(value, false);
      return t.suspend();
    }
    return t.switched(new Yielded(value));
  }

  /** What is delivered to the resumer's frame when its function has not returned. */
  private record Yielded(Object value) {}

  // ---- With frames of Java ------------------------------------------------------------------

  /** A goroutine that is on a Java stack of its own, as a fiber. Only for its isolate. */
  private static final class Anchored implements LispFiber.Remainder {
    private LispFiber fiber;

    /** The wait of the fiber for a resumption. */
    private Fiber.Sleep rest;

    /** Who has resumed it, and its wait for the answer. */
    private LispFiber resumer;

    private Fiber.Sleep wait;

    /**
     * Leaves the goroutine on this Java stack; the resumer goes on elsewhere, with {@code value}.
     */
    static Object begin(Task t, int frame, Resumption r, Object value) {
      LispFiber f = LispFiber.of(t);
      if (f == null || f.isWaitForbidden()) {
        throw new LispSignal(Conditions.WAIT_FORBIDDEN);
      }
      Anchored a = new Anchored();
      r.anchored = a;
      Segment.part(t, frame, r.mark, f, r.buffer, r.matchData);
      a.resumer = f;
      a.wait = new Fiber.Sleep(f);
      f.beginWait(a.wait);
      a.fiber = LispFiber.remaining(t, a);
      return a.handBack(t, r, value);
    }

    /** Answers the resumer, and waits for the next one. */
    Object handBack(Task t, Resumption r, Object value) {
      r.go.set(t.c, Symbol.NIL, this);
      answer(value, false);
      rest = new Fiber.Sleep(fiber);
      fiber.beginWait(rest);
      Object v = t.scheduling().waitHere(t);
      r.go.set(t.c, LispGoroutine.RUNNING, Symbol.NIL);
      if (v instanceof RuntimeException e) {
        throw e;
      }
      r.yielded = true;
      r.value = v;
      return v;
    }

    void answer(Object value, boolean failed) {
      LispFiber f = resumer;
      resumer = null;
      if (f != null && f.claim(wait)) {
        f.wake(failed ? new Completion.Failure(value) : value);
        f.isolate().runNext(f);
      }
    }

    @Override
    public void ended(LispFiber of, LispFiber.Failed error) {
      if (error != null) {
        answer(error, true);
      }
    }

    Object resume(Task t, LispGoroutine go, Object value) {
      LispFiber f = Waits.waiter(t);
      if (fiber.isolate() != f.isolate()) {
        throw new LispSignal(
            Conditions.NOT_FORKABLE, LispString.of(t.c, "It has frames of Java"), go);
      }
      if (!fiber.claim(rest)) {
        throw error(t, "Goroutine has ended", go); // Cancelled with its isolate.
      }
      go.set(t.c, LispGoroutine.RUNNING, Symbol.NIL);
      resumer = f;
      wait = new Fiber.Sleep(f);
      f.beginWait(wait);
      fiber.wake(value);
      f.isolate().runNext(fiber);
      return t.park(Answered.FRAME);
    }
  }

  /** Waits for the answer of an anchored goroutine. */
  private static final class Answered extends NativeFrame {
    static final Answered FRAME = new Answered();

    @Override
    public Object resume(Task t, Object woken) {
      if (woken instanceof Completion.Failure fail
          && fail.reason() instanceof LispFiber.Failed failed) {
        throw LispSignal.of(Lisp.car(t.c, failed.error()), Lisp.cdr(t.c, failed.error()));
      }
      return woken;
    }
  }

  /**
   * Resumes in a task made for that, with this one's dynamic bindings, and waits for the answer.
   */
  private static Object apart(Task t, LispGoroutine go, Object value) {
    LispFiber f = Waits.waiter(t);
    LispIsolate isolate = f.lispIsolate();
    Object bindings = Symbol.NIL;
    for (Object[] b : Bindings.current(t)) {
      bindings = t.cons(t.cons(b[0], b[1]), bindings);
    }
    LispFiber other = new LispFiber(isolate, t.currentBuffer, RESUME_IN, go, value, bindings);
    isolate.start(other);
    isolate.runNext(other);
    if (!other.await(f)) {
      return Tasks.result(t, other);
    }
    return Waits.park(t, f, -1, new Tasks.Joining(other));
  }

  @Primitive(
      value = "elver--resume-in",
      doc = "Resume GOROUTINE with VALUE, with the dynamic BINDINGS, an alist.")
  static Object resumeIn(Task t, Object goroutine, Object value, Object bindings) {
    int mark = t.bindingMark();
    for (Object b : Lisp.elements(t.c, bindings)) {
      t.bind((Symbol) Lisp.car(t.c, b), Lisp.cdr(t.c, b));
    }
    return resume(t, goroutine(goroutine), value, mark);
  }
}
