package org.elver.lisp.machine;

import java.util.Arrays;

/**
 * The machines of their own that tasks of one isolate have: those that are switched often, a few
 * thousand at most. Such a task waits in its machine as it is, and a switch changes which machine
 * runs. Who has not gone on for long gives it up, and waits as a {@link Continuation} of two arrays
 * again. By the isolate's runner, or who has borrowed it.
 */
public final class OwnMachines {
  /** So many tasks of an isolate at most have machines of their own. */
  static final int MOST = 4096;

  /** So many are looked at to find one that is not needed, when all are taken. */
  private static final int PROBES = 4;

  private Task[] all = new Task[8];
  private int count;
  private int hand;

  /** How many there are. */
  public int count() {
    return count;
  }

  /**
   * A new one for {@code owner}, which is about to go on from what was captured of it; null: there
   * are too many.
   *
   * @param like another machine of the isolate
   * @param captured how many objects were captured
   */
  public Task admit(Task like, Continuation owner, int captured) {
    if (count == MOST && !makeRoom()) {
      return null;
    }
    Task m = new Task(like, owner, new Stacks(captured + 16, 4, 0, 2));
    if (count == all.length) {
      all = Arrays.copyOf(all, 2 * count);
    }
    m.place = count;
    all[count++] = m;
    m.switched = true;
    return m;
  }

  private boolean makeRoom() {
    for (int i = 0; i < PROBES; i++) {
      Task m = all[hand++ & (MOST - 1)];
      if (mayGo(m)) {
        giveUp(m);
        return true;
      }
    }
    return false;
  }

  private static boolean mayGo(Task m) {
    if (m.switched) {
      m.switched = false;
      return false;
    }
    return m.isParked();
  }

  /** Has who waits in {@code m} do so without. */
  public void giveUp(Task m) {
    remove(m);
    Captured.capture(m, m.owner());
  }

  /** Nobody has this one any more. */
  public void remove(Task m) {
    Task last = all[--count];
    all[m.place] = last;
    last.place = m.place;
    all[count] = null;
  }

  /** Has those give theirs up that have not gone on since this was last called. */
  public void sweep() {
    for (int i = count - 1; i >= 0; i--) {
      if (mayGo(all[i])) {
        giveUp(all[i]);
      }
    }
    if (all.length > 8 && count < all.length / 4) {
      all = Arrays.copyOf(all, Math.max(8, 2 * count));
    }
  }
}
