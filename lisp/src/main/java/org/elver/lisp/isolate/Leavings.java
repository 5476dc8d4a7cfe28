package org.elver.lisp.isolate;

import org.elver.heap.graph.NotTransferableException;
import org.elver.heap.graph.Parcel;
import org.elver.heap.graph.Transfer;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.print.Console;

/**
 * What an isolate that has ended leaves behind: a heap, for those who ask for its value, and
 * perhaps an error that is reported when nobody asks. Does not lead to the isolate: {@link #run}
 * runs when nobody has that any more.
 */
public final class Leavings implements Runnable {
  private static final Symbol REPORT = Symbol.known("elver--isolate-failed");

  private final Roster roster;
  private final String name;
  private final long number;
  private final Context context;
  private final Object outcome;
  private final Parcel small;

  /** Where the report goes. */
  private final Enclosure enclosure;

  /** What {@code of} leaves, which is not kept; {@code outcome}: to be reported, or null. */
  Leavings(LispIsolate of, Context context, Object outcome, Parcel small) {
    this.roster = of.roster();
    this.name = of.isolateName();
    this.number = of.number();
    this.enclosure = of.enclosure();
    this.context = context;
    this.outcome = outcome;
    this.small = small;
    if (outcome != null) {
      roster.addUnreported(this);
    }
  }

  long number() {
    return number;
  }

  void observed() {
    roster.removeUnreported(this);
  }

  /** Whether an end is an error that somebody should learn of. */
  static boolean isError(Object outcome) {
    return switch (outcome) {
      case LispFiber.Failed f -> true;
      case Results.Killed k -> k.isByLimit();
      case Shutdown s -> s.status() != 0;
      default -> false;
    };
  }

  /** Nobody can ask any more, or nobody needs to. On the thread of a cleaner, or of a joiner. */
  @Override
  public void run() {
    if (roster.removeUnreported(this)) {
      show();
      if (enclosure != null) {
        endContext();
        return; // Main has nothing to do with it.
      }
      LispIsolate main = roster.main();
      main.post(new LispFiber(main, null, REPORT, new Report(name, packed())));
    }
    endContext();
  }

  private void endContext() {
    if (!context.isEnded()) {
      context.end();
    }
  }

  /** What the isolate was enclosed in; or null. */
  public Enclosure enclosure() {
    return enclosure;
  }

  /**
   * At the end of the program, when nothing schedules any more: as {@link #run}, in {@code main}.
   */
  void reportIn(Task main) {
    if (roster.removeUnreported(this)) {
      show();
      try {
        main.call(REPORT, new Report(name, packed()));
      } catch (RuntimeException e) {
        // Whatever its functions do: the program is at its end.
      }
    }
  }

  private void show() {
    int[] line = ("Isolate " + name + ": " + message() + "\n").codePoints().toArray();
    Console console = enclosure == null ? roster.console() : enclosure.console();
    console.debug(line, line.length);
  }

  private String message() {
    return switch (outcome) {
      case LispFiber.Failed f -> f.message();
      case Results.Killed k -> "Isolate was killed: " + k.reason();
      case Shutdown s -> "kill-emacs " + s.status();
      default -> String.valueOf(outcome);
    };
  }

  private Object packed() {
    if (!(outcome instanceof LispFiber.Failed f)) {
      return outcome;
    }
    if (context.isEnded()) {
      return small == null ? f.message() : small;
    }
    try {
      return Transfer.pack(context, f.error(), Values.PASSAGE);
    } catch (NotTransferableException e) {
      return f.message();
    }
  }

  /** For the primitive that calls Lisp's functions in main. */
  public record Report(String name, Object packed) {
    /** The name and the condition. */
    public Object[] unpack(Task t) {
      LispString n = LispString.of(t.c, name);
      Object condition =
          switch (packed) {
            case String message -> t.list(Q.ERROR, LispString.of(t.c, message));
            case Results.Killed k ->
                t.list(Conditions.ISOLATE_KILLED, n, t.symbols().intern(t, k.reason()));
            case Shutdown s -> t.list(Symbol.known("kill-emacs"), (long) s.status());
            default -> Values.copyOut(t, packed);
          };
      return new Object[] {n, condition};
    }
  }
}
