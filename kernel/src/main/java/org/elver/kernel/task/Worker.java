package org.elver.kernel.task;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/** A thread of the kernel's: one that holds a carrier, or a spare one. */
public final class Worker extends Thread {
  private final Kernel kernel;

  /**
   * The carrier that this thread holds; null: it is spare. Given by another thread, taken off by
   * itself.
   */
  volatile Carrier role;

  /** What a language keeps for the thread; only for itself. */
  public Object local;

  /** Bytes that the thread had allocated when somebody last looked; only for itself. */
  public long allocated;

  /** For the language: runs since somebody looked; only for itself. */
  public int uncounted;

  /** How long it has run what it is leaving, in nanoseconds; only for itself. */
  long ran;

  /** How long it has run the isolate that it is leaving, in nanoseconds; only for itself. */
  public long ran() {
    return ran;
  }

  /** What it runs; only for itself. */
  Isolate isolate;

  /** Its stack is to be unwound: what waited on it has been killed. Written by any thread. */
  private volatile boolean abandoned;

  /** Unwinds the stack of a worker whose isolate has been killed while it waited. */
  static final class Abandoned extends Error {
    private static final long serialVersionUID = 1;

    Abandoned() {
      super("its isolate has been killed", null, false, false);
    }
  }

  Worker(Kernel kernel, String name, Carrier role) {
    super(null, null, name, kernel.stackSize());
    this.kernel = kernel;
    this.role = role;
    setDaemon(true);
  }

  static Worker current() {
    return (Worker) Thread.currentThread();
  }

  /** The current thread if it is one, else null. */
  public static Worker currentOrNull() {
    return Thread.currentThread() instanceof Worker w ? w : null;
  }

  /** The isolate that the current thread runs; null: none. */
  public static Isolate currentIsolate() {
    return Thread.currentThread() instanceof Worker w ? w.isolate : null;
  }

  @Override
  public void run() {
    while (!kernel.isClosed()) {
      Carrier c = role;
      if (c == null) {
        if (!kernel.waitAsSpare(this)) {
          return;
        }
        continue;
      }
      if (c.retired) {
        kernel.retire(c);
        role = null;
        continue;
      }
      Isolate i = kernel.next(this, c);
      if (i != null) {
        try {
          i.quantum(this, c);
        } catch (Abandoned e) {
          abandoned = false;
        } catch (RuntimeException e) {
          if (!abandoned) {
            kernel.failed(e);
            return;
          }
          abandoned = false; // It took the place of the other on the way.
        } catch (Error e) {
          kernel.failed(e);
          return;
        }
      }
    }
  }

  long sliceStart(long otherwise) {
    Carrier c = role;
    return c == null ? otherwise : c.sliceStart();
  }

  /** Gives the carrier and what it runs to {@code to}, which waits for them; from here on spare. */
  void handOver(Worker to, Isolate i) {
    Carrier c = role;
    role = null;
    isolate = null;
    to.isolate = i;
    to.role = c;
    LockSupport.unpark(to);
  }

  /** Has another thread take this one's carrier, and waits until {@code f} is to go on. */
  void anchor(Fiber f) {
    Isolate i = isolate;
    Carrier c = role;
    c.setRunning(null);
    isolate = null;
    role = null;
    i.setCurrent(null);
    ran = Long.MAX_VALUE;
    i.left();
    kernel.addAnchored(this, f);
    kernel.replace(c, i);
    while (role == null) {
      if (abandoned) {
        kernel.removeAnchored(this);
        throw new Abandoned();
      }
      LockSupport.park(this);
    }
    kernel.removeAnchored(this);
    c = role;
    c.setRunning(i);
    i.setCurrent(f);
    i.entered();
    VarHandle.fullFence(); // As at the beginning of a quantum.
  }

  void abandon() {
    abandoned = true;
    LockSupport.unpark(this);
  }
}
