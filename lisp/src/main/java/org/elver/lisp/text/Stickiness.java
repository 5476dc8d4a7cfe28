package org.elver.lisp.text;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.Symbol;

/** Which properties text inserted between two characters takes from them. */
public final class Stickiness {
  private static final Symbol FRONT_STICKY = Symbol.known("front-sticky");
  private static final Symbol REAR_NONSTICKY = Symbol.known("rear-nonsticky");
  private static final Symbol DEFAULT_NONSTICKY = Symbol.known("text-property-default-nonsticky");

  private Stickiness() {}

  private static boolean memq(Task t, Object x, Object list) {
    for (Object l = list; l instanceof Pair p; l = p.second(t.c)) {
      if (Lisp.eq(p.first(t.c), x)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a stickiness property says something of {@code property}: t, or a list with it. */
  private static boolean isListed(Task t, Object stickiness, Object property) {
    return stickiness instanceof Pair ? memq(t, property, stickiness) : stickiness != Symbol.NIL;
  }

  /** Whether a property of the character before a place is rear-sticky there. */
  private static boolean rearSticky(Task t, Object[] before, Object property) {
    Object rear = Properties.get(t, before, REAR_NONSTICKY);
    if (rear instanceof Pair ? memq(t, property, rear) : rear != Symbol.NIL) {
      return false;
    }
    if (rear instanceof Pair
        || Intervals.indexOf(before, REAR_NONSTICKY) < 0
        || rear == Symbol.NIL) {
      for (Object l = Variables.orNil(t, DEFAULT_NONSTICKY);
          l instanceof Pair p;
          l = p.second(t.c)) {
        if (p.first(t.c) instanceof Pair e && Lisp.eq(e.first(t.c), property)) {
          return e.second(t.c) == Symbol.NIL;
        }
      }
    }
    return true;
  }

  static boolean isRear(Task t, Object[] before, Object property) {
    return rearSticky(t, before, property);
  }

  static boolean isFront(Task t, Object[] after, Object property) {
    return frontSticky(t, after, property);
  }

  private static boolean frontSticky(Task t, Object[] after, Object property) {
    Object front = Properties.get(t, after, FRONT_STICKY);
    return front == Symbol.T || (front instanceof Pair && memq(t, property, front));
  }

  /**
   * From which side text inserted at {@code pos} takes {@code property}: -1 from before, 1 from
   * after, 0 from neither.
   */
  public static int side(Task t, Buffer b, Object property, int pos) {
    Intervals all = b.intervals(t.c);
    Object[] before = pos > b.begv(t.c) ? Intervals.at(all, pos - 2) : Intervals.NONE;
    Object[] after = Intervals.at(all, pos - 1);
    boolean rear = pos > b.begv(t.c) && rearSticky(t, before, property);
    boolean front = frontSticky(t, after, property);
    if (rear && !front) {
      return -1;
    }
    if (!rear && front) {
      return 1;
    }
    if (!rear) {
      return 0;
    }
    return pos == b.begv(t.c) || Properties.get(t, before, property) == Symbol.NIL ? 1 : -1;
  }

  /** The properties that text inserted at {@code pos} with inheritance takes. */
  static Object[] inherited(Task t, Buffer b, int pos) {
    Intervals all = b.intervals(t.c);
    Object[] before = pos > 1 ? Intervals.at(all, pos - 2) : Intervals.NONE;
    Object[] after = Intervals.at(all, pos - 1);
    List<Object> result = new ArrayList<>();
    List<Object> rearNonsticky = new ArrayList<>();
    List<Object> frontSticky = new ArrayList<>();
    for (int side = 0; side < 2; side++) {
      Object[] own = side == 0 ? after : before;
      for (int i = 0; i < own.length; i += 2) {
        Object property = own[i];
        if (property == FRONT_STICKY
            || property == REAR_NONSTICKY
            || (side == 1 && Intervals.indexOf(after, property) >= 0)) {
          continue;
        }
        boolean rear = Intervals.indexOf(before, property) >= 0 && rearSticky(t, before, property);
        boolean front = Intervals.indexOf(after, property) >= 0 && frontSticky(t, after, property);
        boolean fromBefore = rear && !(front && Intervals.value(before, property) == Symbol.NIL);
        if (!fromBefore && !front) {
          continue;
        }
        Object[] from = fromBefore ? before : after;
        result.add(property);
        result.add(Intervals.value(from, property));
        if (frontSticky(t, from, property)) {
          frontSticky.add(property);
        }
        if (isListed(t, Properties.get(t, from, REAR_NONSTICKY), property)) {
          rearNonsticky.add(property);
        }
      }
    }
    if (!rearNonsticky.isEmpty()) {
      result.addAll(0, List.of(REAR_NONSTICKY, Lisp.list(t.c, rearNonsticky)));
    }
    if (!frontSticky.isEmpty()) {
      result.addAll(0, List.of(FRONT_STICKY, Lisp.list(t.c, frontSticky)));
    }
    return result.toArray();
  }
}
