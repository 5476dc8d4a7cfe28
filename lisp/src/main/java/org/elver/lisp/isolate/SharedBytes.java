package org.elver.lisp.isolate;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongUnaryOperator;
import org.elver.kernel.task.Waiter;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/**
 * Bytes that all isolates see and change at once, as fields of 8, 32 or 64 bits at multiples of
 * their size, little end first. Each operation is atomic and ordered with all others. Any thread.
 */
public final class SharedBytes implements Typed, Printable {
  private static final Symbol TYPE = Symbol.known("shared-bytes");

  private final int length;
  private final AtomicLongArray words;

  /** Who waits for a notification; guarded by itself. */
  private final ArrayDeque<Wait> waits = new ArrayDeque<>();

  /** A fiber's wait. */
  private static final class Wait extends Waiter {
    private final SharedBytes of;
    private final int index;

    Wait(LispFiber fiber, SharedBytes of, int index) {
      super(fiber);
      this.of = of;
      this.index = index;
    }

    @Override
    public void withdraw() {
      synchronized (of.waits) {
        of.waits.remove(this);
      }
    }
  }

  /** Zeros. */
  public SharedBytes(int length) {
    this.length = length;
    this.words = new AtomicLongArray((int) (((long) length + 7) / 8));
  }

  /** How many bytes. */
  public int length() {
    return length;
  }

  private static long mask(int bits) {
    return bits == 64 ? -1L : (1L << bits) - 1;
  }

  private static long field(long word, int index, int bits) {
    long x = word >>> ((index & 7) * 8);
    return switch (bits) {
      case 8 -> x & 0xFF;
      case 32 -> (int) x;
      default -> x;
    };
  }

  /** The field at byte {@code index}: unsigned if it has 8 bits, else signed. */
  public long get(int index, int bits) {
    return field(words.get(index >> 3), index, bits);
  }

  /**
   * Replaces the field by what {@code change} makes of it, called perhaps several times.
   *
   * @return the new value
   */
  public long update(int index, int bits, LongUnaryOperator change) {
    int shift = (index & 7) * 8;
    long mask = mask(bits) << shift;
    for (; ; ) {
      long old = words.get(index >> 3);
      long x = change.applyAsLong(field(old, index, bits));
      long word = (old & ~mask) | (x << shift & mask);
      if (words.compareAndSet(index >> 3, old, word)) {
        return field(word, index, bits);
      }
    }
  }

  /** Sets the field to {@code x} if it is {@code expected}; says whether it was. */
  public boolean replace(int index, int bits, long expected, long x) {
    int shift = (index & 7) * 8;
    long mask = mask(bits) << shift;
    for (; ; ) {
      long old = words.get(index >> 3);
      if ((old & mask) != (expected << shift & mask)) {
        return false;
      }
      if (words.compareAndSet(index >> 3, old, (old & ~mask) | (x << shift & mask))) {
        return true;
      }
    }
  }

  /**
   * Has {@code f}, which is running, wait for {@link #notify} if the field is {@code expected}.
   *
   * @return false when it is not: nothing is registered then
   */
  public boolean await(LispFiber f, int index, int bits, long expected) {
    synchronized (waits) { // A notification after a change comes before the look, or finds it.
      if (((get(index, bits) ^ expected) & mask(bits)) != 0) {
        return false;
      }
      Wait w = new Wait(f, this, index);
      f.beginWait(w);
      if (f.waitsFor(w)) {
        waits.add(w);
      }
      return true;
    }
  }

  /** Wakes up to {@code most} of those that wait at {@code index}; the number of them. */
  public int notify(int index, long most) {
    int n = 0;
    synchronized (waits) {
      for (Iterator<Wait> i = waits.iterator(); i.hasNext() && n < most; ) {
        Wait w = i.next();
        if (w.index == index) {
          i.remove();
          if (w.fiber.claim(w)) {
            w.fiber.wake(Symbol.T);
            n++;
          }
        }
      }
    }
    return n;
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<shared-bytes " + length + ">";
  }
}
