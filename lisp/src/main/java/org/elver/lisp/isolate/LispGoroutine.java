package org.elver.lisp.isolate;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.function.UnaryOperator;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.machine.Segment;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/**
 * A coroutine: a function, and where in it a `yield' waits. All of that is versioned: in a fork it
 * may be resumed on both sides.
 *
 * <pre>
 * STATE      PLACE                                     means
 * nil        nil                                       its function is to be called; or a Place
 * nil        a Segment                                 a yield waits
 * nil        anything else                             a yield waits with Java frames below it
 * running    nil                                       some task has resumed it
 * ended      nil                                       an error or a throw has left it
 * </pre>
 *
 * <p>That of an iterator shares the buffer and the match data with whoever resumes it, as the calls
 * of a function do; any other has its own.
 */
public final class LispGoroutine extends Slots implements Typed, Printable, Values.NotTransferable {
  private static final Symbol TYPE = Symbol.known("goroutine");
  public static final Symbol RUNNING = Symbol.known("running");
  public static final Symbol ENDED = Symbol.known("ended");
  public static final int FUNCTION = 0;
  public static final int STATE = 1;
  public static final int PLACE = 2;

  /**
   * What a goroutine that runs in an isolate of its own has in the place of its function: the same
   * for all copies of the goroutine. When nobody has it any more, nobody will resume the goroutine,
   * and the isolate ends, unless the goroutine has started tasks there that go on.
   */
  public static final class Place {
    private static final Symbol DROPPED = Symbol.known("elver--goroutine-dropped");

    private final LispIsolate isolate;

    private Place(LispIsolate isolate) {
      this.isolate = isolate;
    }

    /** That of a goroutine in {@code i}. Once for each. */
    public static Place of(LispIsolate i) {
      Place p = new Place(i);
      // The roster has it while it lives.
      WeakReference<LispIsolate> weakly = new WeakReference<>(i);
      i.roster().cleaner().register(p, () -> dropped(weakly.get()));
      return p;
    }

    private static void dropped(LispIsolate i) {
      if (i != null && !i.isDone()) {
        i.post(new LispFiber(i, null, DROPPED));
      }
    }

    /** Where it runs. */
    public LispIsolate isolate() {
      return isolate;
    }

    /** Says that it was of use up to here. */
    @SuppressWarnings("ReachabilityFenceUsage") // Nothing is done that would have to be tried.
    public void reached() {
      Reference.reachabilityFence(this);
    }
  }

  private final boolean iterator;

  /** One that will call {@code function}. */
  public LispGoroutine(Context creator, Object function, boolean iterator) {
    super(creator, function, Symbol.NIL, Symbol.NIL);
    this.iterator = iterator;
  }

  private LispGoroutine(Label label, Object[] slots, boolean iterator) {
    super(label, slots);
    this.iterator = iterator;
  }

  /** Whether it belongs to an iterator. */
  public boolean isIterator() {
    return iterator;
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new LispGoroutine(label, contents, iterator);
  }

  /** Sets where it is. */
  public void set(Context c, Symbol state, Object place) {
    set(c, STATE, state);
    set(c, PLACE, place);
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    super.forEachReference(
        view,
        (reference, ordinal) -> {
          if (reference instanceof Segment s) {
            s.forEachReference(o -> visitor.visit(o, ordinal));
          } else {
            visitor.visit(reference, ordinal);
          }
        });
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    super.relink(
        maker, r -> r instanceof Segment s ? s.relinked(replacement) : replacement.apply(r));
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<goroutine 0x" + Integer.toHexString(System.identityHashCode(this)) + ">";
  }
}
