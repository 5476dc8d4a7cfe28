package org.elver.lisp.isolate;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.print.Console;

/** The isolates of a VM. Any thread. */
public final class Roster {
  private LispIsolate main;

  // All that live but main; guarded by this.
  private LispIsolate newest;
  private int count;

  /** Errors that nobody has learnt of yet. */
  private final Set<Leavings> unreported = ConcurrentHashMap.newKeySet();

  private volatile Cleaner cleaner;

  private final Console console;

  private Roster(Console console) {
    this.console = console;
  }

  static Roster of(Vm vm) {
    Console console = Console.of(vm);
    return vm.service(Roster.class, () -> new Roster(console));
  }

  Console console() {
    return console;
  }

  synchronized void setMain(LispIsolate i) {
    main = i;
  }

  /** The first isolate. */
  public synchronized LispIsolate main() {
    return main;
  }

  synchronized void add(LispIsolate i) {
    i.older = newest;
    if (newest != null) {
      newest.newer = i;
    }
    newest = i;
    count++;
  }

  synchronized void remove(LispIsolate i) {
    if (i.newer == null && newest != i) {
      return; // It has not been started.
    }
    if (i.newer != null) {
      i.newer.older = i.older;
    } else {
      newest = i.older;
    }
    if (i.older != null) {
      i.older.newer = i.newer;
    }
    i.newer = null;
    i.older = null;
    count--;
  }

  /** Reports the errors that nobody has learnt of in isolates enclosed in {@code e}. */
  public void reportAll(Enclosure e) {
    for (Leavings l : unreported()) {
      if (l.enclosure() == e) {
        l.run();
      }
    }
  }

  /** How many live, main included. */
  public synchronized int size() {
    return count + 1;
  }

  /** Those that live, main first, then oldest first. */
  public synchronized List<LispIsolate> all() {
    List<LispIsolate> all = new ArrayList<>(count + 1);
    for (LispIsolate i = newest; i != null; i = i.older) {
      all.add(i);
    }
    all.add(main);
    return all.reversed();
  }

  /** Released when memory is exhausted, so that there is some for ending what takes it. */
  private volatile byte[] reserve = new byte[RESERVE];

  private static final int RESERVE = 1 << 20;

  private volatile LispIsolate victim;

  /**
   * Memory is exhausted: the largest isolate is ended, and main is told. The largest is the one
   * with most live data, or where that has not been measured, the one that has allocated most.
   */
  void outOfMemory() {
    reserve = null;
    LispIsolate before = victim;
    if (before != null && !before.isDone()) {
      return; // Its end will help.
    }
    LispIsolate largest = null;
    synchronized (this) {
      for (LispIsolate i = newest; i != null; i = i.older) {
        if (largest == null || i.weight() > largest.weight()) {
          largest = i;
        }
      }
    }
    if (largest == null) {
      return; // Main alone is it, and gets the signal.
    }
    victim = largest;
    largest.requestKill(new Results.Killed("memory"));
    if (largest.enclosure()
        == null) { // Else whoever enclosed it learns of it, and of nothing else.
      main().root().cancel(new LispSignal(Q.MEMORY_FULL));
    }
  }

  /** The memory of an isolate that was ended for that is free again. */
  void recovered(LispIsolate i) {
    if (victim == i && reserve == null) {
      try {
        reserve = new byte[RESERVE];
      } catch (OutOfMemoryError e) {
        // Not yet: the next one ends the next.
      }
      victim = null;
    }
  }

  Cleaner cleaner() {
    Cleaner c = cleaner;
    if (c == null) {
      synchronized (this) {
        c = cleaner;
        if (c == null) {
          c = Cleaner.create();
          cleaner = c;
        }
      }
    }
    return c;
  }

  void addUnreported(Leavings l) {
    unreported.add(l);
  }

  boolean removeUnreported(Leavings l) {
    return unreported.remove(l);
  }

  /** The errors that nobody has learnt of, oldest isolates first. */
  List<Leavings> unreported() {
    List<Leavings> all = new ArrayList<>(unreported);
    all.sort(Comparator.comparingLong(Leavings::number));
    return all;
  }
}
