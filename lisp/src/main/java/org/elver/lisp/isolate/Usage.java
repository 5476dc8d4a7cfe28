package org.elver.lisp.isolate;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.elver.heap.graph.Footprint;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.kernel.task.Fiber;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;

/** What an isolate uses of memory. */
public final class Usage {
  private static final com.sun.management.ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);

  /** The fields of a kind of frame that may hold Lisp objects. */
  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          List<Field> all = new ArrayList<>();
          for (Class<?> c = type;
              c != NativeFrame.class && c != Object.class;
              c = c.getSuperclass()) {
            for (Field f : c.getDeclaredFields()) {
              if (!Modifier.isStatic(f.getModifiers()) && !f.getType().isPrimitive()) {
                f.setAccessible(true);
                all.add(f);
              }
            }
          }
          return all;
        }
      };

  private Usage() {}

  /** Bytes that the current thread has allocated since it began. */
  static long allocatedByThread() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  /** Bytes that {@code thread} has allocated since it began. Any thread. */
  static long allocatedBy(Thread thread) {
    return THREADS.getThreadAllocatedBytes(thread.threadId());
  }

  /**
   * About how many bytes the running isolate of {@code t} has made since {@code origin} and still
   * reaches; not much more than {@code limit} is counted. By its runner.
   */
  public static long live(Task t, Context.Origin origin, long limit) {
    Footprint f = new Footprint(t.c, origin, o -> payload(t.c, o), limit);
    f.addWritten();
    Consumer<Object> add = x -> root(f, x);
    t.forEachRoot(add);
    LispIsolate isolate = LispIsolate.of(t);
    if (isolate != null) {
      for (Fiber other : isolate.fibers()) {
        if (other instanceof LispFiber l && f.bytes() <= limit) {
          l.forEachRoot(add);
        }
      }
    }
    return f.bytes();
  }

  /** Frames of primitives hold objects in their fields, in arrays, and in lists. */
  private static void root(Footprint f, Object x) {
    switch (x) {
      case null -> {}
      case HeapObject o -> f.add(o);
      case Object[] all -> {
        for (Object y : all) {
          root(f, y);
        }
      }
      case List<?> all -> {
        for (Object y : all) {
          root(f, y);
        }
      }
      case NativeFrame n -> {
        for (Field field : FIELDS.get(n.getClass())) {
          try {
            Object y = field.get(n);
            if (!(y instanceof NativeFrame)) {
              root(f, y);
            }
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
      default -> {}
    }
  }

  private static long payload(Context c, HeapObject o) {
    return o instanceof LispString s ? s.length(c) : 0;
  }
}
