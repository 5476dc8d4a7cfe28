package org.elver.kernel.stress;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What {@link Waits} do when calls come one after the other. A request to end is seen when the
 * fiber looks or begins to wait; until then something else may end the wait. All are seen, one
 * after the other, but one for a reason for which it has been asked already and does not know yet.
 */
public abstract class PlainWaits {
  /** Whether it waits, for somebody to end that. */
  private final boolean[] waiting = new boolean[2];

  /** What ended the wait; null: nothing, or it has been seen. */
  private final Object[] woken = new Object[2];

  private final List<Deque<Object>> requests =
      List.of(new ArrayDeque<Object>(), new ArrayDeque<Object>());

  /** Whether it may begin a wait. */
  protected final boolean isFree(int me) {
    return !waiting[me - 1] && woken[me - 1] == null;
  }

  /** It begins a wait, that is over at once if it is to end. */
  protected final void begin(int me) {
    woken[me - 1] = requests.get(me - 1).poll();
    waiting[me - 1] = woken[me - 1] == null;
  }

  protected final boolean isWaiting(int who) {
    return waiting[who - 1];
  }

  protected final void wake(int who, Object with) {
    waiting[who - 1] = false;
    woken[who - 1] = with;
  }

  public Object look(int me) {
    Deque<Object> mine = requests.get(me - 1);
    if (waiting[me - 1] && !mine.isEmpty()) {
      wake(me, mine.poll());
    }
    Object v = waiting[me - 1] ? "waiting" : woken[me - 1] == null ? "idle" : woken[me - 1];
    woken[me - 1] = null;
    if (v.equals(mine.peek())) {
      mine.poll();
    }
    return v;
  }

  public boolean timeOver(int of) {
    boolean was = waiting[of - 1];
    if (was) {
      wake(of, "timeout");
    }
    return was;
  }

  public void cancel(int whose, int number) {
    if (!requests.get(whose - 1).contains("cancel" + number)) {
      requests.get(whose - 1).add("cancel" + number);
    }
  }
}
