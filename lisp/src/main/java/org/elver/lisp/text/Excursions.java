package org.elver.lisp.text;

import org.elver.lisp.machine.Cleanup;
import org.elver.lisp.machine.Excursion;
import org.elver.lisp.machine.Task;

/** Saving and restoring the current buffer, point and narrowing. */
public final class Excursions implements Excursion {
  /** For the VM's services. */
  public Excursions() {}

  @Override
  public Cleanup saveExcursion(Task t) {
    Buffer b = Buffer.current(t);
    return new Point(b, new Marker(t.c, b, b.point(t.c), false));
  }

  private record Point(Buffer buffer, Marker point) implements Cleanup {
    @Override
    public void run(Task t) {
      if (buffer.isLive(t.c)) {
        buffer.select(t);
        int p = point.charpos(t.c);
        if (p != 0) {
          buffer.setPoint(t.c, Math.clamp(p, buffer.begv(t.c), buffer.zv(t.c)));
        }
      }
      point.detach(t.c);
    }

    @Override
    public boolean restoresBuffer() {
      return true;
    }
  }

  @Override
  public Cleanup saveCurrentBuffer(Task t) {
    return new Current(Buffer.current(t));
  }

  private record Current(Buffer buffer) implements Cleanup {
    @Override
    public void run(Task t) {
      if (buffer.isLive(t.c)) {
        buffer.select(t);
      }
    }

    @Override
    public boolean restoresBuffer() {
      return true;
    }
  }

  @Override
  public Cleanup saveRestriction(Task t) {
    Buffer b = Buffer.current(t);
    if (b.begv(t.c) == 1 && b.zv(t.c) == b.z(t.c)) {
      return new Narrowing(b, null, null);
    }
    return new Narrowing(
        b, new Marker(t.c, b, b.begv(t.c), false), new Marker(t.c, b, b.zv(t.c), true));
  }

  private record Narrowing(Buffer buffer, Marker from, Marker to) implements Cleanup {
    @Override
    public void run(Task t) {
      if (buffer.isLive(t.c)) {
        if (from == null) {
          buffer.widen(t.c);
        } else if (from.charpos(t.c) != 0 && to.charpos(t.c) != 0) {
          int a = from.charpos(t.c);
          int b = to.charpos(t.c);
          buffer.setNarrowing(t.c, a, b);
          buffer.setPoint(t.c, Math.clamp(buffer.point(t.c), a, b));
        }
      }
      if (from != null) {
        from.detach(t.c);
        to.detach(t.c);
      }
    }
  }
}
