package org.elver.lisp.isolate;

import java.util.function.Supplier;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Snapshot;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;

/**
 * What isolates with a fresh heap begin with: a world beside the VM's first, in a family of
 * contexts of its own, so that neither sees anything of the other and neither pays for the other.
 * It is made when the first such isolate starts; each is a fork of it. Any thread.
 */
public final class FreshWorld {
  /** Written before the VM runs anything. */
  private volatile Supplier<Task> maker;

  // Guarded by this.
  private Snapshot world;
  private HeapObject buffer;

  private FreshWorld() {}

  /** That of {@code vm}. */
  public static FreshWorld of(Vm vm) {
    return vm.service(FreshWorld.class, FreshWorld::new);
  }

  /**
   * Names what makes it: a task in a new world, in which all is done and nothing runs. To be called
   * before the VM runs anything.
   */
  public void setMaker(Supplier<Task> m) {
    maker = m;
  }

  /** A context that begins with the world; its first task has {@link #buffer} current. */
  synchronized Context fork() {
    if (world == null) {
      if (maker == null) {
        throw LispSignal.error("This VM was started without what a fresh heap begins with");
      }
      Task t = make();
      buffer = t.currentBuffer;
      world = t.c.snapshot();
      t.c.end();
    }
    return world.fork();
  }

  private Task make() {
    try {
      return maker.get();
    } catch (LispSignal e) {
      // Its data are of another world.
      throw LispSignal.error("A fresh heap cannot be made: " + e.getMessage());
    }
  }

  /** The buffer that is current at the beginning; after {@link #fork}. */
  synchronized HeapObject buffer() {
    return buffer;
  }
}
