package org.elver.kernel.stress;

import java.util.List;
import org.elver.kernel.task.Waiter;

/** The fibers of a scenario: of threads 1 and 2, each of which runs its own when it looks. */
public final class Waits {
  private static final List<String> REASONS = List.of("cancel0", "cancel1", "cancel2", "cancel3");

  private final Bystander[] fibers = {new Bystander(), new Bystander()};

  /** Whether the thread's fiber has begun a wait whose end it has not seen; the thread's. */
  private final boolean[] waits = new boolean[fibers.length];

  /** The fiber of thread {@code me}, if it may begin a wait; else null. */
  public Bystander free(int me) {
    return waits[me - 1] ? null : fibers[me - 1];
  }

  /** The fiber of thread {@code me} has begun a wait. */
  public void began(int me) {
    waits[me - 1] = true;
  }

  /** What ended the wait of thread {@code me}; "waiting": nothing yet; "idle": it has none. */
  public Object look(int me) {
    if (!waits[me - 1]) {
      fibers[me - 1].attend();
      return "idle";
    }
    Object v = fibers[me - 1].look();
    waits[me - 1] = "waiting".equals(v);
    return v;
  }

  /** The time of a thread's wait is over; whether that ended it. */
  public boolean timeOver(int of) {
    return fibers[of - 1].waitToken() instanceof Waiter w && fibers[of - 1].timeOver(w);
  }

  /** Whether the wait of a thread, that has begun and whose end it has not seen, is over. */
  public boolean isOver(int of) {
    return !"waiting".equals(look(of));
  }

  /** Asks a thread's fiber to end, for one of several reasons. */
  public void cancel(int whose, int reason) {
    fibers[whose - 1].cancel(REASONS.get(reason));
  }
}
