package org.elver.lisp.primitive;

import org.elver.heap.object.Slots;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.collection.BoolVector;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Symbol;

/** Making objects, and what there is to know of memory. */
final class Alloc {
  private static final Symbol CONSES = Symbol.known("conses");
  private static final Symbol POST_GC_HOOK = Symbol.known("post-gc-hook");
  private static final Symbol GCS_DONE = Symbol.known("gcs-done");

  /** The greatest number of elements of one object; more could not be allocated anyway. */
  private static final long MAX_ELEMENTS = 1L << 28;

  private Alloc() {}

  static void variables(Task t) {
    Vm.defvar(t, "gc-cons-threshold", 800_000L);
    Vm.defvar(t, "gc-cons-percentage", 0.1);
    Vm.defvar(t, "pure-bytes-used", 0L);
    for (String counter :
        new String[] {
          "cons-cells-consed", "floats-consed", "vector-cells-consed", "symbols-consed",
          "string-chars-consed", "intervals-consed", "strings-consed", "gcs-done"
        }) {
      Vm.defvar(t, counter, 0L);
    }
    Vm.defvar(t, "purify-flag", Symbol.NIL);
    Vm.defvar(t, "garbage-collection-messages", Symbol.NIL);
    Vm.defvar(t, POST_GC_HOOK, Symbol.NIL);
    Vm.defvar(
        t,
        "memory-signal-data",
        t.list(
            Q.ERROR,
            LispString.of(t.c, "Memory exhausted--use C-x s then exit and restart Emacs")));
    Vm.defvar(t, "memory-full", Symbol.NIL);
    Vm.defvar(t, "gc-elapsed", 0.0);
    Vm.defvar(t, "integer-width", 65_536L);
  }

  /** Signals {@code memory-full} as far as {@code n} objects are too many. */
  private static int room(Task t, long n) {
    if (n > MAX_ELEMENTS || n * 8 > Runtime.getRuntime().maxMemory() / 2) {
      throw memoryFull(t);
    }
    return (int) n;
  }

  /** The condition for what does not fit in memory. */
  static LispSignal memoryFull(Task t) {
    Object data = t.symbols().intern(t, "memory-signal-data").plainValue(t);
    return LispSignal.of(Symbol.NIL, data == null ? Symbol.NIL : data);
  }

  @Primitive(value = "cons", doc = "Return a new cons cell of CAR and CDR.")
  static Object cons(Task t, Object car, Object cdr) {
    return t.cons(car, cdr);
  }

  @Primitive(value = "list", doc = "Return a new list of OBJECTS.", args = "(&rest OBJECTS)")
  static Object list(Task t, Object[] args) {
    return t.list(args);
  }

  @Primitive(value = "make-list", doc = "Return a new list of LENGTH times INIT.")
  static Object makeList(Task t, Object length, Object init) {
    int n = room(t, Lisp.natnum(length) * 3) / 3;
    Object list = Symbol.NIL;
    for (int i = 0; i < n; i++) {
      list = t.cons(init, list);
    }
    return list;
  }

  @Primitive(value = "vector", doc = "Return a new vector of OBJECTS.", args = "(&rest OBJECTS)")
  static Object vector(Task t, Object[] args) {
    return Lisp.vector(t.c, args);
  }

  @Primitive(value = "make-vector", doc = "Return a new vector of LENGTH times INIT.")
  static Object makeVector(Task t, Object length, Object init) {
    int n = room(t, Lisp.natnum(length));
    return n == 0 ? Lisp.EMPTY_VECTOR : Vector.filled(t.c, n, init);
  }

  @Primitive(
      value = "record",
      min = 1,
      doc = "Return a new record of TYPE with SLOTS.",
      args = "(TYPE &rest SLOTS)")
  static Object record(Task t, Object[] args) {
    checkRecord(args.length);
    return new Record(t.c, args);
  }

  private static void checkRecord(long size) {
    if (size > 4095) {
      throw LispSignal.error("Attempt to allocate a record of " + size + " slots; max is 4095");
    }
  }

  @Primitive(value = "make-record", doc = "Return a new record of TYPE with SLOTS times INIT.")
  static Object makeRecord(Task t, Object type, Object slots, Object init) {
    long n = Lisp.natnum(slots) + 1;
    checkRecord(n);
    Object[] all = new Object[(int) n];
    java.util.Arrays.fill(all, init);
    all[0] = type;
    return new Record(t.c, all);
  }

  @Primitive(
      value = "make-string",
      min = 2,
      doc = "Return a new string of LENGTH times INIT; multibyte if that is needed or MULTIBYTE.")
  static Object makeString(Task t, Object length, Object init, Object multibyte) {
    long n = Lisp.natnum(length);
    int ch = Lisp.character(init);
    room(t, n / (ch < 256 ? 8 : ch < 0x10000 ? 4 : 2));
    if (n > Integer.MAX_VALUE - 64) {
      throw memoryFull(t);
    }
    return LispString.filled(t.c, (int) n, ch, ch > 127 || multibyte != Symbol.NIL);
  }

  @Primitive(value = "make-bool-vector", doc = "Return a new bool-vector of LENGTH times INIT.")
  static Object makeBoolVector(Task t, Object length, Object init) {
    long n = Lisp.natnum(length);
    room(t, n / 64);
    if (n > Integer.MAX_VALUE - 64) {
      throw memoryFull(t);
    }
    BoolVector b = new BoolVector(t.c, (int) n);
    if (init != Symbol.NIL) {
      b.fill(t.c, true);
    }
    return b;
  }

  @Primitive(
      value = "bool-vector",
      doc = "Return a new bool-vector of OBJECTS.",
      args = "(&rest OBJECTS)")
  static Object boolVector(Task t, Object[] args) {
    BoolVector b = new BoolVector(t.c, args.length);
    for (int i = 0; i < args.length; i++) {
      b.set(t.c, i, args[i] != Symbol.NIL);
    }
    return b;
  }

  @Primitive(value = "make-symbol", doc = "Return a new symbol of NAME that is not interned.")
  static Object makeSymbol(Task t, Object name) {
    return Symbol.uninterned(t, Lisp.string(name).toJava(t.c));
  }

  @Primitive(value = "purecopy", doc = "Return OBJ; there is no pure storage.")
  static Object purecopy(Task t, Object obj) {
    return obj;
  }

  /** An object whose function was to be called when it is garbage. */
  static final class Finalizer extends Slots {
    Finalizer(Context c, Object function) {
      super(c, function);
    }

    private Finalizer(Label label, Object[] slots) {
      super(label, slots);
    }

    @Override
    protected Slots like(Label label, Object[] contents) {
      return new Finalizer(label, contents);
    }
  }

  @Primitive(
      value = "make-finalizer",
      doc = "Return an object that holds FUNCTION, to be called late.")
  static Object makeFinalizer(Task t, Object function) {
    return new Finalizer(t.c, function);
  }

  // ---- Memory -----------------------------------------------------------------------------------

  @Primitive(
      value = "garbage-collect",
      interactive = "",
      doc =
          "Return a list of kinds of objects with size and numbers, as far as there are such.\n"
              + "Garbage is collected by the Java machine when it sees fit.")
  static Object garbageCollect(Task t) {
    count(t);
    long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    return t.list(
        t.list(CONSES, 16L, used / 64, 0L),
        t.list(Symbol.known("symbols"), 48L, used / 4096, 0L),
        t.list(Symbol.known("strings"), 32L, used / 512, 0L),
        t.list(Symbol.known("string-bytes"), 1L, used / 16),
        t.list(Symbol.known("vectors"), 16L, used / 1024),
        t.list(Symbol.known("vector-slots"), 8L, used / 64, 0L),
        t.list(Symbol.known("floats"), 8L, used / 65_536, 0L),
        t.list(Symbol.known("intervals"), 56L, used / 65_536, 0L),
        t.list(Symbol.known("buffers"), 992L, 10L));
  }

  private static void count(Task t) {
    if (GCS_DONE.plainValue(t) instanceof Long n) {
      GCS_DONE.setRawValue(t, n + 1);
    }
    Object hook = POST_GC_HOOK.plainValue(t);
    if (hook != null && hook != Symbol.NIL) {
      t.call(Q.RUN_HOOKS, POST_GC_HOOK);
    }
  }

  @Primitive(
      value = "garbage-collect-maybe",
      doc = "Return nil: it is the Java machine that collects garbage, when it sees fit.")
  static Object garbageCollectMaybe(Task t, Object factor) {
    Lisp.natnum(factor);
    return Symbol.NIL;
  }

  @Primitive(
      value = "malloc-info",
      doc = "Report on memory allocation; there is nothing to report.")
  static Object mallocInfo(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "memory-info", doc = "Return total and free RAM and swap space, in kilobytes.")
  static Object memoryInfo(Task t) {
    long[] kb = new long[4];
    String[] names = {"MemTotal:", "MemFree:", "SwapTotal:", "SwapFree:"};
    try {
      for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/meminfo"))) {
        for (int i = 0; i < names.length; i++) {
          if (line.startsWith(names[i])) {
            kb[i] = Long.parseLong(line.replaceAll("[^0-9]", ""));
          }
        }
      }
    } catch (java.io.IOException | NumberFormatException e) {
      return Symbol.NIL;
    }
    return t.list(kb[0], kb[1], kb[2], kb[3]);
  }

  @Primitive(value = "memory-use-counts", doc = "Return how many objects of seven kinds were made.")
  static Object memoryUseCounts(Task t) {
    return t.list(0L, 0L, 0L, 0L, 0L, 0L, 0L);
  }

  @Primitive(value = "suspicious-object", doc = "Return OBJ.")
  static Object suspiciousObject(Task t, Object obj) {
    return obj;
  }
}
