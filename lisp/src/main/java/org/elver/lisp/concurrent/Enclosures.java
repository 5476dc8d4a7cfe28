package org.elver.lisp.concurrent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.elver.kernel.task.Completion;
import org.elver.kernel.task.Fiber;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.isolate.Enclosure;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Results;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.primitive.Startup;
import org.elver.lisp.print.Console;
import org.elver.lisp.print.Transcript;

/**
 * Isolates that are enclosed: what they write, how they end and what they leave behind is known to
 * who started them, and to nobody else. For programs that run what they do not trust, such as
 * tests.
 */
final class Enclosures {
  private static final Symbol DONE = Symbol.known("done");
  private static final Symbol FAILED = Symbol.known("failed");
  private static final Symbol EXITED = Symbol.known("exited");
  private static final Symbol KILLED = Symbol.known("killed");

  private Enclosures() {}

  private static LispIsolate enclosed(Object x) {
    LispIsolate i = Isolates.isolate(x);
    if (i.enclosure() == null) {
      throw LispSignal.error("This isolate is not enclosed");
    }
    return i;
  }

  private static Enclosure own(Task t) {
    Enclosure e = Enclosure.of(t);
    if (e == null) {
      throw LispSignal.error("The current isolate is not enclosed");
    }
    return e;
  }

  @Primitive(
      value = "elver--enclosed-spawn",
      min = 2,
      args = "(MEMORY FUNCTION &rest ARGS)",
      doc =
          "Start an enclosed isolate that calls FUNCTION with ARGS, and return the isolate.\n"
              + "It is a fork that writes to a transcript instead of the standard streams, finds"
              + " no\n"
              + "input, and may have MEMORY bytes of live data of its own (nil: no limit).")
  static Object enclosedSpawn(Task t, Object[] args) {
    Tasks.isolate(t);
    long memory = args[0] == Symbol.NIL ? -1 : Lisp.natnum(args[0]);
    CodeInAdvance.makeAll(t, args[1]);
    LispIsolate i = new LispIsolate(t);
    i.prepareWith(Startup::forked);
    i.enclose(new Enclosure());
    i.ignoreErrors();
    i.sparePartners();
    if (memory >= 0) {
      i.limit(-1, memory);
    }
    Object[] call = new Object[args.length - 1];
    System.arraycopy(args, 1, call, 0, call.length);
    i.begin(new LispFiber(i, t.currentBuffer, call));
    return i;
  }

  @Primitive(
      value = "elver--enclosed-report",
      doc =
          "Leave a copy of VALUE for who started the current, enclosed isolate.\n"
              + "Signal `not-transferable' when it cannot pass.")
  static Object enclosedReport(Task t, Object value) {
    own(t).setReport(Values.pack(t, value));
    return Symbol.NIL;
  }

  @Primitive(
      value = "elver--enclosed-turn",
      doc =
          "What the current, enclosed isolate writes from now on is the transcript's second part.")
  static Object enclosedTurn(Task t) {
    own(t).transcript().turn();
    return Symbol.NIL;
  }

  @Primitive(
      value = "elver--enclosed-wait",
      min = 1,
      doc =
          "Wait until one of ISOLATES has ended; return a list of those that have.\n"
              + "Wait TIMEOUT seconds at most (nil: no limit), then return nil.")
  static Object enclosedWait(Task t, Object isolates, Object timeout) {
    long nanos = Waits.nanos(timeout);
    List<LispIsolate> all = new ArrayList<>();
    for (Object x : Lisp.elements(t.c, isolates)) {
      all.add(enclosed(x));
    }
    Object ended = ended(t, all);
    if (ended != Symbol.NIL || all.isEmpty() || nanos == 0) {
      return ended;
    }
    LispFiber f = Waits.waiter(t);
    Completion any = new Completion();
    Waiting waiting = new Waiting(all);
    for (LispIsolate i : all) {
      First first = new First(any);
      waiting.callbacks.add(first);
      i.whenDone(first);
    }
    if (!any.await(f)) {
      return waiting.resume(t, null);
    }
    return Waits.park(t, f, nanos, waiting);
  }

  /** Ends a completion when the first of several has ended. */
  private static final class First extends Completion.Callback {
    private final Completion any;

    First(Completion any) {
      this.any = any;
    }

    @Override
    public void done(Object value, boolean failed) {
      any.complete(Symbol.NIL);
    }
  }

  private static Object ended(Task t, List<LispIsolate> all) {
    List<Object> ended = new ArrayList<>();
    for (LispIsolate i : all) {
      if (i.isDone()) {
        ended.add(i);
      }
    }
    return Lisp.list(t.c, ended);
  }

  private static final class Waiting extends NativeFrame {
    private final List<LispIsolate> all;
    private final List<First> callbacks = new ArrayList<>();

    Waiting(List<LispIsolate> all) {
      this.all = all;
    }

    @Override
    public Object resume(Task t, Object woken) {
      // Else one that runs for long would keep those of all that have ended meanwhile.
      for (int k = 0; k < callbacks.size(); k++) {
        all.get(k).forget(callbacks.get(k));
      }
      return woken == Fiber.TIMEOUT ? Symbol.NIL : ended(t, all);
    }
  }

  @Primitive(
      value = "elver--enclosed-signal",
      min = 2,
      args = "(ISOLATE SYMBOL &rest DATA)",
      doc =
          "Signal SYMBOL in the first task of ISOLATE, an enclosed one, wherever it is.\n"
              + "DATA are numbers, symbols and strings.")
  static Object enclosedSignal(Task t, Object[] args) {
    LispIsolate i = enclosed(args[0]);
    Object[] data = new Object[args.length - 2];
    for (int k = 0; k < data.length; k++) {
      Object x = args[k + 2];
      if (x instanceof LispString s) {
        data[k] = s.toJava(t.c); // It becomes a string of the other isolate.
      } else if (x instanceof Symbol || x instanceof Long || x instanceof Double) {
        data[k] = x;
      } else {
        throw LispSignal.wrongType(Symbol.known("atom"), x);
      }
    }
    i.root().cancel(new LispSignal(Lisp.symbol(args[1]), data));
    return Symbol.NIL;
  }

  @Primitive(
      value = "elver--enclosed-kill",
      doc = "End ISOLATE, an enclosed one, at once; `elver--enclosed-wait' tells when it has.")
  static Object enclosedKill(Task t, Object isolate) {
    enclosed(isolate).requestKill(new Results.Killed("killed"));
    return Symbol.NIL;
  }

  @Primitive(
      value = "elver--enclosed-end",
      doc =
          "Return how ISOLATE, an enclosed one, has ended, and remove what it has left.\n"
              + "Isolates that it has started are ended, temporary files removed.  Value is (done"
              + " . WHAT\n"
              + "IT REPORTED), (failed . MESSAGE), (exited . STATUS) or (killed . REASON).")
  static Object enclosedEnd(Task t, Object isolate) {
    LispIsolate i = enclosed(isolate);
    if (!i.isDone()) {
      throw LispSignal.error("The isolate has not ended");
    }
    Enclosure e = i.enclosure();
    i.observe();
    if (i.roster().size() > 1) {
      for (LispIsolate other : i.roster().all()) {
        if (other.enclosure() == e) {
          other.observe();
          other.requestKill(new Results.Killed("killed"));
        }
      }
    }
    i.roster().reportAll(e);
    for (String file : e.takeFiles()) {
      remove(FileErrors.path(file));
    }
    Object outcome = i.outcome();
    if (!i.isFailed()) {
      Results.discard(i);
      return t.cons(DONE, e.report() == null ? Symbol.NIL : Values.unpack(t, e.report()));
    }
    Results.discard(i);
    return switch (outcome) {
      case Shutdown s -> t.cons(EXITED, (long) s.status());
      case Results.Killed k -> t.cons(KILLED, t.symbols().intern(t, k.reason()));
      case LispFiber.Failed f ->
          t.cons(FAILED, LispString.of(t.c, f.message() == null ? "unknown error" : f.message()));
      default -> t.cons(FAILED, LispString.of(t.c, String.valueOf(outcome)));
    };
  }

  /** Removes a file, or a directory with all that is in it, as far as that is possible. */
  private static void remove(Path path) {
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e)
                throws IOException {
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // It is gone, as it should be; or it may not be removed, and whoever saw to that wants it so.
    }
  }

  @Primitive(
      value = "elver--enclosed-replay",
      doc =
          "Write PART, 0 or 1, of the transcript of ISOLATE to the streams it was meant for.\n"
              + "Return nil if it is empty.")
  static boolean enclosedReplay(Task t, Object isolate, Object part) {
    Console console = Console.of(t);
    List<Transcript.Piece> pieces = enclosed(isolate).enclosure().transcript().part(part(part));
    for (Transcript.Piece p : pieces) {
      if (p.isError()) {
        console.errorBytes(p.bytes());
      } else {
        console.outBytes(p.bytes());
      }
    }
    return !pieces.isEmpty();
  }

  @Primitive(
      value = "elver--enclosed-text",
      doc =
          "Return what ISOLATE wrote to standard output, or with STDERR to standard error.\n"
              + "PART, 0 or 1, is the part of its transcript.")
  static Object enclosedText(Task t, Object isolate, Object part, Object stderr) {
    byte[] b = enclosed(isolate).enclosure().transcript().bytes(part(part), Lisp.isTrue(stderr));
    return LispString.of(t.c, new String(b, StandardCharsets.UTF_8));
  }

  private static int part(Object x) {
    if (x instanceof Long n && (n == 0 || n == 1)) {
      return n.intValue();
    }
    throw LispSignal.outOfRange(x, 0L, 1L);
  }
}
