package org.elver.lisp.isolate;

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
 * nil        nil                                       its function is to be called
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
