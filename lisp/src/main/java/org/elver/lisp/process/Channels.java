package org.elver.lisp.process;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Scheduling;
import org.elver.lisp.machine.Task;

/**
 * All channels of a VM, by number. Also the lock that they and those who wait for them use. Any
 * thread.
 *
 * <p>A channel is that of the isolate that opened it. In a fork, the objects of processes lead to
 * the same numbers; but there they have no channels.
 */
public final class Channels {
  private final ConcurrentHashMap<Long, Channel> channels = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /** The programs that tasks wait for, and whose they are. */
  private final ConcurrentHashMap<Process, Context> awaited = new ConcurrentHashMap<>();

  /** The program has ended: whatever is opened from now on is closed at once. */
  private volatile boolean closed;

  /** The task's VM's channels. */
  public static Channels of(Task t) {
    return t.vm().service(Channels.class, Channels::new);
  }

  /** Those of {@code vm}. */
  public static Channels of(org.elver.lisp.machine.Vm vm) {
    return vm.service(Channels.class, Channels::new);
  }

  /** A new channel, which is the process's from now on. */
  public Channel open(Task t, LispProcess p) {
    long id = last.incrementAndGet();
    Channel c = new Channel(this, t.c);
    channels.put(id, c);
    p.set(t.c, LispProcess.CHANNEL, id);
    return c;
  }

  /** The process's channel; null when it has none any more. */
  public Channel get(Task t, LispProcess p) {
    Channel c = p.get(t.c, LispProcess.CHANNEL) instanceof Long id ? channels.get(id) : null;
    return c != null && c.owner == t.c ? c : null;
  }

  /** Closes the process's channel. */
  public void close(Task t, LispProcess p) {
    Channel c = get(t, p);
    if (c != null && p.get(t.c, LispProcess.CHANNEL) instanceof Long id) {
      channels.remove(id);
      c.close();
    }
  }

  /** A task of {@code t}'s isolate is to wait for {@code p}, which ends with that at the latest. */
  public void beginAwaiting(Task t, Process p) {
    awaited.put(p, t.c);
    if (closed) {
      Programs.end(p);
    }
  }

  /** Nobody waits for {@code p} any more. */
  public void endAwaiting(Process p) {
    awaited.remove(p);
  }

  /** Whether {@link #close()} has been called. */
  boolean isClosed() {
    return closed;
  }

  /** The program has ended: ends all programs, and whatever is begun from now on. Any thread. */
  public void close() {
    closed = true;
    closeAll();
  }

  /** Ends all programs. */
  public void closeAll() {
    closeAll(null);
  }

  /** Ends all programs of an isolate that has ended, or, when null, of all. Any thread. */
  public void closeAll(Context owner) {
    for (Map.Entry<Long, Channel> e : channels.entrySet()) {
      Channel c = e.getValue();
      if ((owner == null || c.owner == owner) && channels.remove(e.getKey(), c)) {
        if (c.process() != null && c.process().isAlive()) {
          Programs.end(c.process());
        }
        c.close();
      }
    }
    for (Map.Entry<Process, Context> e : awaited.entrySet()) {
      if ((owner == null || e.getValue() == owner) && awaited.remove(e.getKey()) != null) {
        Programs.end(e.getKey());
      }
    }
  }

  /**
   * Waits until something happens to a channel of the task's isolate, but not longer than {@code
   * nanos}; may end earlier because of another's.
   */
  public void await(Task t, long nanos) {
    Scheduling s = t.scheduling();
    if (s != null && s.mayWait()) {
      Runnable waker = prepare(t, nanos);
      Object woken;
      try {
        woken = s.waitHere(t);
      } finally {
        forget(waker);
      }
      if (woken instanceof RuntimeException e) {
        throw e;
      }
      return;
    }
    synchronized (this) {
      if (isAnythingThere(t.c)) {
        return;
      }
      try {
        this.wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Has the running task wait as {@link #await} does, once it is suspended.
   *
   * @return what {@link #forget} is to be given then
   */
  public Runnable prepare(Task t, long nanos) {
    Runnable[] waker = new Runnable[1];
    t.scheduling()
        .prepare(
            nanos,
            wake -> {
              waker[0] = wake;
              synchronized (this) {
                if (isAnythingThere(t.c)) {
                  wake.run();
                } else {
                  wakers.add(wake);
                }
              }
            });
    return waker[0];
  }

  /** A wait is over. */
  public void forget(Runnable waker) {
    synchronized (this) {
      wakers.remove(waker);
    }
  }

  private boolean isAnythingThere(Context c) {
    for (Channel ch : channels.values()) {
      if (ch.owner == c && ch.hasInput()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tasks that wait for something to happen; under the lock. Weakly: who waits has his waker, and
   * who is killed while he waits does not come to {@link #forget} it.
   */
  private final Set<Runnable> wakers = Collections.newSetFromMap(new WeakHashMap<>());

  /** Something has happened to a channel. With the lock held. */
  void happened() {
    notifyAll();
    for (Runnable r : wakers) {
      r.run();
    }
    wakers.clear();
  }
}
