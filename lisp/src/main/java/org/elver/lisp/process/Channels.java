package org.elver.lisp.process;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.elver.heap.version.Context;
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

  /** Ends all programs. */
  public void closeAll() {
    closeAll(null);
  }

  /** Ends all programs of an isolate that has ended, or, when null, of all. Any thread. */
  public void closeAll(Context owner) {
    for (Map.Entry<Long, Channel> e : channels.entrySet()) {
      Channel c = e.getValue();
      if ((owner == null || c.owner == owner) && channels.remove(e.getKey(), c)) {
        if (c.process() != null) {
          c.process().destroy();
        }
        c.close();
      }
    }
  }

  /**
   * Waits until something happens to a channel of the task's isolate, but not longer than {@code
   * nanos}; may end earlier because of another's.
   */
  public void await(Task t, long nanos) {
    synchronized (this) {
      for (Channel c : channels.values()) {
        if (c.owner == t.c && c.hasInput()) {
          return;
        }
      }
      try {
        this.wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
