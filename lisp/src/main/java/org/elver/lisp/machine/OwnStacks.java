package org.elver.lisp.machine;

import java.util.Arrays;

/**
 * The stacks of their own that tasks of one isolate have: those that are switched often, a few
 * thousand at most. Who has not gone on for long gives them up, and waits as a {@link Continuation}
 * of two arrays again. By the isolate's runner, or who has borrowed it.
 */
public final class OwnStacks {
  /** So many tasks of an isolate at most have stacks of their own. */
  static final int MOST = 4096;

  /** So many are looked at to find one that does not need them, when all are taken. */
  private static final int PROBES = 4;

  private Stacks[] all = new Stacks[8];
  private int count;
  private int hand;

  /** How many there are. */
  public int count() {
    return count;
  }

  /**
   * New ones, used by {@code t} from here on, for {@code owner}, which is about to go on from what
   * was captured of it; null: there are too many.
   *
   * @param captured how many objects were captured
   */
  public Stacks admit(Task t, Continuation owner, int captured) {
    if (count == MOST && !makeRoom(t)) {
      return null;
    }
    Stacks s = Stacks.of(owner, captured);
    if (count == all.length) {
      all = Arrays.copyOf(all, 2 * count);
    }
    s.place = count;
    all[count++] = s;
    s.switched = true;
    s.use(t);
    return s;
  }

  private boolean makeRoom(Task t) {
    for (int i = 0; i < PROBES; i++) {
      Stacks s = all[hand++ & (MOST - 1)];
      if (mayGo(s)) {
        giveUp(t, s);
        return true;
      }
    }
    return false;
  }

  private static boolean mayGo(Stacks s) {
    if (s.switched) {
      s.switched = false;
      return false;
    }
    return s.isWaiting();
  }

  /** Has who waits in {@code s} do so without. */
  public void giveUp(Task idle, Stacks s) {
    remove(s);
    s.giveUp(idle);
  }

  /** Nobody has these any more. */
  public void remove(Stacks s) {
    Stacks last = all[--count];
    all[s.place] = last;
    last.place = s.place;
    all[count] = null;
  }

  /** Has those give theirs up that have not gone on since this was last called. */
  public void sweep(Task idle) {
    for (int i = count - 1; i >= 0; i--) {
      if (mayGo(all[i])) {
        giveUp(idle, all[i]);
      }
    }
    if (all.length > 8 && count < all.length / 4) {
      all = Arrays.copyOf(all, Math.max(8, 2 * count));
    }
  }
}
