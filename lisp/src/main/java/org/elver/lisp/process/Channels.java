package org.elver.lisp.process;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.elver.lisp.machine.Task;

/** All channels of a VM, by number. Also the lock that they and those who wait for them use. */
public final class Channels {
  private final ConcurrentHashMap<Long, Channel> channels = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  /** The task's VM's channels. */
  public static Channels of(Task t) {
    return t.vm().service(Channels.class, Channels::new);
  }

  /** A new channel, which is the process's from now on. */
  public Channel open(Task t, LispProcess p) {
    long id = last.incrementAndGet();
    Channel c = new Channel(this);
    channels.put(id, c);
    p.set(t.c, LispProcess.CHANNEL, id);
    return c;
  }

  /** The process's channel; null when it has none any more. */
  public Channel get(Task t, LispProcess p) {
    return p.get(t.c, LispProcess.CHANNEL) instanceof Long id ? channels.get(id) : null;
  }

  /** Closes the process's channel. */
  public void close(Task t, LispProcess p) {
    if (p.get(t.c, LispProcess.CHANNEL) instanceof Long id) {
      Channel c = channels.remove(id);
      if (c != null) {
        c.close();
      }
    }
  }

  /** Ends all programs. */
  public void closeAll() {
    for (Channel c : channels.values()) {
      if (c.process() != null) {
        c.process().destroy();
      }
      c.close();
    }
    channels.clear();
  }

  /** Waits until something happens, but not longer than {@code nanos}. */
  public void await(long nanos) {
    synchronized (this) {
      for (Channel c : channels.values()) {
        if (c.hasInput()) {
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
