package org.elver.kernel.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.elver.kernel.task.Fiber;
import org.elver.kernel.task.Waiter;

/**
 * A channel. Each operation of a fiber does its work at once and returns what came of it, or
 * registers the fiber and returns {@link #WAIT}: the fiber then returns to the scheduler, and is
 * woken with what would have been returned.
 *
 * <pre>
 * receiving gives   a value; END once the channel is closed and drained, or poisoned and drained
 * sending gives     SENT; END once it is closed or poisoned
 * </pre>
 *
 * <p>All fields are guarded by the channel's monitor, which is held for a few steps only and never
 * while anything is waited for; or, of a channel that belongs to one isolate, by being that
 * isolate's runner, without a lock. A selection holds the monitors of all its channels, taken in
 * the order of their numbers, so that it looks and registers in one step (as Go's does): what waits
 * in a queue is therefore never one that is being served by itself, and one claim decides.
 */
public class Channel {
  /** The fiber has been registered. */
  public static final Object WAIT = new Named("wait");

  /** The value has been taken over. */
  public static final Object SENT = new Named("sent");

  /** Nothing to receive, or no room: for those who will not wait. */
  public static final Object NOTHING = new Named("nothing");

  private record Named(String name) {}

  /**
   * The channel gives and takes no more.
   *
   * @param channel which
   * @param poison why, when it was poisoned; null: it was closed
   */
  public record End(Channel channel, Object poison) {}

  /**
   * A selection's outcome.
   *
   * @param index the number of the operation done
   * @param value what came of it
   * @param rest what is still registered with the other channels, to be withdrawn by the fiber when
   *     it goes on; null: nothing
   */
  public record Selected(int index, Object value, Waiter rest) implements Fiber.Unfinished {
    @Override
    public void finish() {
      if (rest != null) {
        rest.withdraw();
      }
    }
  }

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.incrementAndGet();
  private final int capacity;

  /** Whether only the runner of one isolate uses it, and only for fibers of that. */
  private final boolean local;

  /** What has been sent and not received; null until needed. */
  private ArrayDeque<Object> buffer;

  private Entry receivers;
  private Entry lastReceiver;
  private Entry senders;
  private Entry lastSender;
  private End end;

  /**
   * Of a local channel, the place of who received last, to be used again by the same fiber: no
   * timer has it as its token, and nobody else keeps it. Null: none.
   */
  private Entry spare;

  /**
   * A channel.
   *
   * @param capacity how many values it holds: 0 for a rendezvous, {@link Integer#MAX_VALUE} for any
   */
  public Channel(int capacity) {
    this(capacity, false);
  }

  /**
   * A channel.
   *
   * @param capacity how many values it holds: 0 for a rendezvous, {@link Integer#MAX_VALUE} for any
   * @param local whether only one isolate will use it, and only as its runner
   */
  protected Channel(int capacity, boolean local) {
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity " + capacity);
    }
    this.capacity = capacity;
    this.local = local;
  }

  /** A fiber's place in a queue, small: a million wait. Its own predecessor when in none. */
  private static class Entry extends Waiter {
    final Channel channel;

    /** What is to be sent; null for a receiver. */
    final Object value;

    Entry(Fiber fiber, Channel channel, Object value) {
      super(fiber);
      this.channel = channel;
      this.value = value;
      previous = this;
    }

    @Override
    public void withdraw() {
      channel.withdraw(this);
    }

    @Override
    public String operation() {
      return value == null ? "receive" : "send";
    }

    @Override
    public Object subject() {
      return channel;
    }

    /** Wakes its fiber, if nobody else has done so. */
    boolean offer(Object result) {
      if (channel.local) {
        boolean timed = fiber.isTimed();
        if (!fiber.claimHere(this)) {
          return false;
        }
        if (value == null && !timed) {
          channel.spare = this;
        }
        fiber.wakeHere(result);
        return true;
      }
      if (!fiber.claim(this)) {
        return false;
      }
      fiber.wake(result);
      return true;
    }
  }

  /** The place for one operation of a selection. */
  private static final class Selecting extends Entry {
    final Selection selection;
    final int index;

    Selecting(Fiber fiber, Operation operation, Selection selection, int index) {
      super(fiber, operation.channel, operation.value);
      this.selection = selection;
      this.index = index;
    }

    @Override
    public Object token() {
      return selection;
    }

    @Override
    boolean offer(Object result) {
      if (!fiber.claim(selection)) { // Which other channels may know, too.
        return false;
      }
      fiber.wake(new Selected(index, result, selection));
      return true;
    }
  }

  /** What the operations of one selection have in common; its token. */
  private static final class Selection extends Waiter {
    final Entry[] entries;

    Selection(Fiber fiber, Operation[] operations) {
      super(fiber);
      entries = new Entry[operations.length];
      for (int k = 0; k < entries.length; k++) {
        entries[k] = new Selecting(fiber, operations[k], this, k);
      }
    }

    @Override
    public String operation() {
      return "select";
    }

    @Override
    public Object subject() {
      List<Channel> all = new ArrayList<>();
      for (Entry e : entries) {
        all.add(e.channel);
      }
      return all;
    }

    @Override
    public void withdraw() {
      for (Entry e : entries) {
        e.channel.withdraw(e);
      }
    }
  }

  private void withdraw(Entry e) {
    if (local) {
      unlink(e);
    } else {
      synchronized (this) {
        unlink(e);
      }
    }
  }

  // ---- Single operations --------------------------------------------------------------------

  /** Receives if that needs no waiting; else {@link #NOTHING}. */
  public Object tryReceive() {
    if (local) {
      return receiveNow();
    }
    synchronized (this) {
      return receiveNow();
    }
  }

  /** Sends if that needs no waiting; else {@link #NOTHING}. */
  public Object trySend(Object value) {
    if (local) {
      return sendNow(value);
    }
    synchronized (this) {
      return sendNow(value);
    }
  }

  /** Receives, or registers {@code fiber}, which is running. */
  public Object receive(Fiber fiber) {
    if (local) {
      return receiveOrWait(fiber);
    }
    synchronized (this) {
      return receiveOrWait(fiber);
    }
  }

  private Object receiveOrWait(Fiber fiber) {
    Object v = receiveNow();
    if (v != NOTHING) {
      return v;
    }
    Entry e = spare;
    if (e != null && e.fiber == fiber) {
      spare = null;
    } else {
      e = new Entry(fiber, this, null);
    }
    begin(fiber, e);
    return WAIT;
  }

  /** Sends, or registers {@code fiber}, which is running. */
  public Object send(Fiber fiber, Object value) {
    if (local) {
      return sendOrWait(fiber, value);
    }
    synchronized (this) {
      return sendOrWait(fiber, value);
    }
  }

  private Object sendOrWait(Fiber fiber, Object value) {
    Object v = sendNow(value);
    if (v != NOTHING) {
      return v;
    }
    begin(fiber, new Entry(fiber, this, value));
    return WAIT;
  }

  /** Begins a wait that nobody can withdraw before this is done; it may be over at once. */
  private void begin(Fiber fiber, Entry e) {
    fiber.beginWait(e);
    if (fiber.waitsFor(e)) {
      add(e);
    }
  }

  /** What {@code fiber} is registered with after {@link #WAIT}: for a timeout. */
  public static Waiter registration(Fiber fiber) {
    return (Waiter) fiber.waitToken();
  }

  private Object receiveNow() {
    if (buffer != null && !buffer.isEmpty()) {
      Object v = buffer.poll();
      // Room for one who waits to send.
      for (Entry s = pollSender(); s != null; s = pollSender()) {
        if (s.offer(SENT)) {
          buffer.add(s.value);
          break;
        }
      }
      return v;
    }
    for (Entry s = pollSender(); s != null; s = pollSender()) {
      if (s.offer(SENT)) {
        return s.value;
      }
    }
    return end != null ? end : NOTHING;
  }

  private Object sendNow(Object value) {
    if (end != null) {
      return end;
    }
    for (Entry r = pollReceiver(); r != null; r = pollReceiver()) {
      if (r.offer(value)) {
        return SENT;
      }
    }
    if (capacity > 0 && (buffer == null || buffer.size() < capacity)) {
      if (buffer == null) {
        buffer = new ArrayDeque<>(4);
      }
      buffer.add(value);
      return SENT;
    }
    return NOTHING;
  }

  // ---- Selection ----------------------------------------------------------------------------

  /**
   * One of several operations.
   *
   * @param channel the channel
   * @param value what to send; null: receive
   */
  public record Operation(Channel channel, Object value) {}

  /**
   * Does one of the operations that can be done, chosen at random; if none can, registers {@code
   * fiber} with all of them, or, if that is null, returns {@link #NOTHING}.
   *
   * @return a {@link Selected}, {@link #WAIT} or {@link #NOTHING}
   */
  public static Object select(Fiber fiber, Operation[] operations) {
    Channel[] order =
        Arrays.stream(operations)
            .map(Operation::channel)
            .distinct()
            .sorted(Comparator.comparingLong(c -> c.number))
            .toArray(Channel[]::new);
    return locked(order, 0, fiber, operations);
  }

  /** Takes the monitors one by one, and acts when it has them all. */
  private static Object locked(Channel[] order, int i, Fiber fiber, Operation[] operations) {
    if (i < order.length) {
      synchronized (order[i]) {
        return locked(order, i + 1, fiber, operations);
      }
    }
    int n = operations.length;
    int start = n == 0 ? 0 : ThreadLocalRandom.current().nextInt(n);
    for (int k = 0; k < n; k++) {
      int at = (start + k) % n;
      Operation o = operations[at];
      Object v = o.value == null ? o.channel.receiveNow() : o.channel.sendNow(o.value);
      if (v != NOTHING) {
        return new Selected(at, v, null);
      }
    }
    if (fiber == null) {
      return NOTHING;
    }
    // Complete before anybody knows of it: from here on it may be withdrawn.
    Selection s = new Selection(fiber, operations);
    fiber.beginWait(s);
    if (fiber.waitsFor(s)) {
      for (Entry e : s.entries) {
        e.channel.add(e);
      }
    }
    return WAIT;
  }

  // ---- Ending -------------------------------------------------------------------------------

  /** Closes it: what is in it can still be received. False when it had ended. */
  public boolean close() {
    return finish(new End(this, null));
  }

  /** Poisons it, which is as closing, with a reason. False when it had been poisoned. */
  public boolean poison(Object reason) {
    return finish(new End(this, reason));
  }

  private synchronized boolean finish(End e) {
    if (end != null && (end.poison != null || e.poison == null)) {
      return false;
    }
    end = e;
    spare = null;
    for (Entry r = pollReceiver(); r != null; r = pollReceiver()) {
      r.offer(end);
    }
    for (Entry s = pollSender(); s != null; s = pollSender()) {
      s.offer(end);
    }
    return true;
  }

  /** Closes it and gives up what is in it: nobody will receive that. Not of a local one. */
  public synchronized void discard() {
    close();
    buffer = null;
  }

  /** How it ended; null while it is open. */
  public synchronized End end() {
    return end;
  }

  /** How many values are in it. */
  public synchronized int length() {
    return buffer == null ? 0 : buffer.size();
  }

  /** How many it holds. */
  public int capacity() {
    return capacity;
  }

  // ---- Queues -------------------------------------------------------------------------------

  private void add(Entry e) {
    if (e.value == null) {
      e.previous = lastReceiver;
      if (lastReceiver == null) {
        receivers = e;
      } else {
        lastReceiver.next = e;
      }
      lastReceiver = e;
    } else {
      e.previous = lastSender;
      if (lastSender == null) {
        senders = e;
      } else {
        lastSender.next = e;
      }
      lastSender = e;
    }
  }

  private Entry pollReceiver() {
    Entry e = receivers;
    if (e != null) {
      unlink(e);
    }
    return e;
  }

  private Entry pollSender() {
    Entry e = senders;
    if (e != null) {
      unlink(e);
    }
    return e;
  }

  private void unlink(Entry e) {
    if (e.previous == e) {
      return;
    }
    Entry before = (Entry) e.previous;
    Entry after = (Entry) e.next;
    boolean sender = e.value != null;
    if (before != null) {
      before.next = after;
    } else if (sender) {
      senders = after;
    } else {
      receivers = after;
    }
    if (after != null) {
      after.previous = before;
    } else if (sender) {
      lastSender = before;
    } else {
      lastReceiver = before;
    }
    e.next = null;
    e.previous = e;
  }
}
