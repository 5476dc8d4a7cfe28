package org.elver.lisp.primitive;

import java.util.Locale;
import org.elver.lisp.file.Recoding;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.process.Channel;
import org.elver.lisp.process.Channels;
import org.elver.lisp.process.LispProcess;
import org.elver.lisp.process.Signals;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Marker;

/** What happens to processes while Lisp waits: output, ends, new connections. */
final class Processes {
  static final Symbol RUN = Symbol.known("run");
  static final Symbol STOP = Symbol.known("stop");
  static final Symbol EXIT = Symbol.known("exit");
  static final Symbol SIGNAL = Symbol.known("signal");
  static final Symbol OPEN = Symbol.known("open");
  static final Symbol CLOSED = Symbol.known("closed");
  static final Symbol CONNECT = Symbol.known("connect");
  static final Symbol FAILED = Symbol.known("failed");
  static final Symbol LISTEN = Symbol.known("listen");
  static final Symbol REAL = Symbol.known("real");
  static final Symbol PIPE = Symbol.known("pipe");
  static final Symbol NETWORK = Symbol.known("network");
  static final Symbol DEFAULT_FILTER = Symbol.known("internal-default-process-filter");
  static final Symbol DEFAULT_SENTINEL = Symbol.known("internal-default-process-sentinel");
  private static final Symbol ERROR_FUNCTION = Symbol.known("command-error-function");
  private static final Symbol READ_MAX = Symbol.known("read-process-output-max");
  private static final Symbol DELETE_EXITED = Symbol.known("delete-exited-processes");
  private static final Symbol KILL_BUFFER_PROCESSES = Symbol.known(" kill-buffer-processes");

  private Processes() {}

  static void variables(Task t) {
    Vm.defvar(t, "delete-exited-processes", Symbol.T);
    Vm.defvar(t, "process-connection-type", Symbol.T);
    Vm.defvar(t, "process-adaptive-read-buffering", Symbol.T);
    Vm.defvar(t, "process-prioritize-lower-fds", Symbol.NIL);
    Vm.defvar(t, "internal--daemon-sockname", Symbol.NIL);
    Vm.defvar(t, READ_MAX, 4096L);
    Vm.defvar(
        t,
        "interrupt-process-functions",
        t.list(Symbol.known("internal-default-interrupt-process")));
    KILL_BUFFER_PROCESSES.setRawValue(t, Symbol.NIL);
  }

  /** The status as it is now: a program may have ended meanwhile. */
  static Symbol status(Task t, LispProcess p) {
    if (p.get(t.c, LispProcess.STATUS) instanceof Symbol s) {
      Channel c = Channels.of(t).get(t, p);
      if ((s == RUN || s == STOP) && c != null && c.process() != null && !c.process().isAlive()) {
        int code = c.process().exitValue();
        int signal = Signals.ofExit(code);
        p.set(t.c, LispProcess.STATUS, signal > 0 ? SIGNAL : EXIT);
        p.set(t.c, LispProcess.CODE, (long) (signal > 0 ? signal : code));
        p.set(t.c, LispProcess.NEWS, Symbol.T);
      }
      return (Symbol) p.get(t.c, LispProcess.STATUS);
    }
    return CLOSED;
  }

  /**
   * Has the processes that were live where this task's isolate was forked from read as exited: they
   * are the other's.
   */
  static void abandon(Task t) {
    for (Object x : Lisp.elements(t.c, LispProcess.all(t))) {
      LispProcess p = (LispProcess) x;
      if (p.get(t.c, LispProcess.STATUS) instanceof Symbol s && isLive(s)) {
        p.set(t.c, LispProcess.STATUS, p.get(t.c, LispProcess.TYPE) == REAL ? EXIT : CLOSED);
        p.set(t.c, LispProcess.CODE, 0L);
      }
      p.set(t.c, LispProcess.CHANNEL, -1L);
      p.set(t.c, LispProcess.NEWS, Symbol.NIL);
      p.delist(t);
    }
  }

  static boolean isLive(Symbol status) {
    return status == RUN
        || status == STOP
        || status == OPEN
        || status == CONNECT
        || status == LISTEN;
  }

  /** What is told of a status, as the sentinel gets it. */
  private static String news(Task t, LispProcess p, Symbol status) {
    long code = p.get(t.c, LispProcess.CODE) instanceof Long l ? l : 0;
    if (status == SIGNAL) {
      String s = Signals.text((int) code);
      return s.substring(0, 1).toLowerCase(Locale.ROOT) + s.substring(1) + "\n";
    }
    if (status == EXIT) {
      return code == 0 ? "finished\n" : "exited abnormally with code " + code + "\n";
    }
    if (status == CLOSED) {
      return p.get(t.c, LispProcess.TYPE) == NETWORK
          ? "connection broken by remote peer\n"
          : "finished\n";
    }
    return status.name();
  }

  // ---- The loop -----------------------------------------------------------------------------

  /** Deals with what happened; whether there was output. Does not wait. */
  static boolean poll(Task t) {
    return step(t, null, false);
  }

  /** Deals with what happened; whether there was output of {@code wanted}, or any when null. */
  private static boolean step(Task t, LispProcess wanted, boolean only) {
    if (LispProcess.all(t) == Symbol.NIL) {
      return false;
    }
    boolean got = false;
    for (Object x : Lisp.elements(t.c, LispProcess.all(t))) {
      LispProcess p = (LispProcess) x;
      if (only && p != wanted) {
        continue;
      }
      boolean here = arrivals(t, p);
      here |= output(t, p);
      got |= here && (wanted == null || p == wanted);
    }
    for (Object x : Lisp.elements(t.c, LispProcess.all(t))) {
      LispProcess p = (LispProcess) x;
      if (!only || p == wanted) {
        ends(t, p, only);
      }
    }
    return got;
  }

  /** Waits for output of {@code wanted} or, when null, any. */
  private static final class Output extends EventWait {
    private final LispProcess wanted;
    private final boolean only;
    private final boolean unlimited;

    /** Whether there were processes when it looked before. */
    private boolean had;

    Output(LispProcess wanted, double seconds, boolean timers, boolean only) {
      super(seconds, timers);
      this.unlimited = seconds == Double.POSITIVE_INFINITY;
      this.wanted = wanted;
      this.only = only;
    }

    @Override
    Object look(Task t, boolean timeIsUp) {
      had |= LispProcess.all(t) != Symbol.NIL;
      boolean over = wanted != null && isOver(t, wanted);
      if (step(t, wanted, only)) {
        return Symbol.T;
      }
      // Without a limit: where all have ended nothing else would end the wait.
      boolean alone = unlimited && LispProcess.all(t) == Symbol.NIL && had;
      return over || timeIsUp || alone ? Symbol.NIL : null;
    }
  }

  private static boolean isOver(Task t, LispProcess p) {
    Channel c = Channels.of(t).get(t, p);
    return c == null
        || (c.isEnded() && p.get(t.c, LispProcess.TYPE) != PIPE && !isLive(status(t, p)));
  }

  // ---- Output -------------------------------------------------------------------------------

  /** Gives the filter what came in, one piece; whether there was any. */
  private static boolean output(Task t, LispProcess p) {
    Channel c = Channels.of(t).get(t, p);
    if (c == null || p.get(t.c, LispProcess.FILTER) == Symbol.T) {
      return false;
    }
    int max = READ_MAX.plainValue(t) instanceof Long l ? Math.clamp(l, 1, 1 << 20) : 4096;
    byte[] b = c.next(max);
    if (b == null) {
      if (!c.isEnded() || c.undecoded().length == 0) {
        return false;
      }
      b = new byte[0]; // Half a character that was never completed.
    }
    byte[] before = c.undecoded();
    byte[] all = java.util.Arrays.copyOf(before, before.length + b.length);
    System.arraycopy(b, 0, all, before.length, b.length);
    Object coding = p.get(t.c, LispProcess.DECODING);
    boolean utf =
        coding instanceof Symbol s
            && (s == Symbol.NIL || s.name().startsWith("utf-8") || s.name().contains("undecided"));
    int whole = c.isEnded() || !utf ? all.length : whole(all);
    c.setUndecoded(java.util.Arrays.copyOfRange(all, whole, all.length));
    if (whole == 0) {
      return true;
    }
    LispString text = Recoding.decode(t, java.util.Arrays.copyOf(all, whole), coding);
    filter(t, p, text);
    return true;
  }

  /** How many bytes there are before a character of UTF-8 that is not complete. */
  private static int whole(byte[] b) {
    for (int back = 1; back <= 3 && back <= b.length; back++) {
      int x = b[b.length - back] & 0xFF;
      if (x >= 0xC0) {
        int n = x < 0xE0 ? 2 : x < 0xF0 ? 3 : x < 0xF8 ? 4 : 1;
        return back < n ? b.length - back : b.length;
      }
      if (x < 0x80) {
        return b.length;
      }
    }
    return b.length;
  }

  private static void filter(Task t, LispProcess p, LispString text) {
    Object filter = p.get(t.c, LispProcess.FILTER);
    if (filter == DEFAULT_FILTER) {
      insert(t, p, text);
    } else {
      guarded(t, "error in process filter: ", filter, p, text);
    }
  }

  /** Calls a filter or sentinel: errors in it end with a message, the current buffer stays. */
  private static void guarded(Task t, String context, Object function, Object... args) {
    Buffer old = Buffer.current(t);
    Object matchData = t.matchData;
    Object deactivate = Variables.orNil(t, Q.DEACTIVATE_MARK);
    int mark = t.bindingMark();
    try {
      t.bind(Q.INHIBIT_QUIT, Symbol.T);
      if (Lisp.isTrue(Variables.orNil(t, Q.DEBUG_ON_ERROR))) {
        t.call(function, args);
      } else {
        t.handling(
            Q.ERROR,
            () -> t.call(function, args),
            e -> {
              Object f = Variables.orNil(t, ERROR_FUNCTION);
              t.call(
                  Lisp.isTrue(f) ? f : Symbol.known("command-error-default-function"),
                  e,
                  LispString.of(t.c, context),
                  Symbol.NIL);
              return Symbol.NIL;
            });
      }
    } finally {
      t.unbindTo(mark);
      t.matchData = matchData;
      Variables.set(t, Q.DEACTIVATE_MARK, deactivate);
      if (old.isLive(t.c)) {
        old.select(t);
      }
    }
  }

  /** Inserts output into the process's buffer at its mark. */
  private static void insert(Task t, LispProcess p, LispString text) {
    if (!(p.get(t.c, LispProcess.BUFFER) instanceof Buffer b) || !b.isLive(t.c)) {
      return;
    }
    Buffer old = Buffer.current(t);
    int depth = t.bindingMark();
    try {
      b.select(t);
      t.bind(Q.INHIBIT_READ_ONLY, Symbol.T);
      int point = b.point(t.c);
      Marker mark = (Marker) p.get(t.c, LispProcess.MARK);
      int at = mark.buffer(t.c) == b ? mark.charpos(t.c) : b.zv(t.c);
      int begv = b.begv(t.c);
      int zv = b.zv(t.c);
      boolean outside = at < begv || at > zv;
      if (outside) {
        b.widen(t.c);
      }
      b.setPoint(t.c, at);
      int before = b.point(t.c);
      Editing.insert(t, text, false, true);
      Buffer now = Buffer.current(t);
      int after = now.point(t.c);
      mark.set(t.c, now, after);
      int n = after - before;
      if (outside) {
        now.setNarrowing(t.c, begv >= before ? begv + n : begv, zv >= before ? zv + n : zv);
      }
      now.setPoint(
          t.c, Math.clamp(point >= before ? point + n : point, now.begv(t.c), now.zv(t.c)));
    } finally {
      t.unbindTo(depth);
      if (old.isLive(t.c)) {
        old.select(t);
      }
    }
  }

  @Primitive(
      value = "internal-default-process-filter",
      doc = "Insert TEXT, output of PROC, into its buffer at its mark.")
  static Object internalDefaultProcessFilter(Task t, Object proc, Object text) {
    insert(t, LispProcess.check(proc), Lisp.string(text));
    return Symbol.NIL;
  }

  @Primitive(
      value = "internal-default-process-sentinel",
      doc = "Tell in the buffer of PROC that it ended, as MSG says.")
  static Object internalDefaultProcessSentinel(Task t, Object proc, Object msg) {
    LispProcess p = LispProcess.check(proc);
    Symbol status = status(t, p);
    if (p.get(t.c, LispProcess.BUFFER) instanceof Buffer b
        && b.isLive(t.c)
        && status != RUN
        && status != OPEN
        && status != CONNECT
        && status != LISTEN) {
      insert(
          t,
          p,
          LispString.of(t.c, "\nProcess " + p.name(t.c) + " " + Lisp.string(msg).toJava(t.c)));
    }
    return Symbol.NIL;
  }

  // ---- Ends and arrivals -----------------------------------------------------------------------

  private static void ends(Task t, LispProcess p, boolean only) {
    Channel c = Channels.of(t).get(t, p);
    Symbol status = status(t, p);
    Object type = p.get(t.c, LispProcess.TYPE);
    if (c != null && type != REAL && status == OPEN && c.isEnded()) {
      status = CLOSED;
      p.set(t.c, LispProcess.STATUS, CLOSED);
      p.set(t.c, LispProcess.NEWS, Symbol.T);
    }
    if (p.get(t.c, LispProcess.NEWS) == Symbol.NIL) {
      return;
    }
    if (type == REAL) {
      long end = System.nanoTime() + 50_000_000;
      drain(t, p, end);
      if (!only && p.get(t.c, LispProcess.STDERR) instanceof LispProcess err) {
        drain(t, err, end);
      }
    }
    if (!isLive(status)) {
      deactivate(t, p);
    }
    tell(t, p);
  }

  /**
   * Gives the filter all output of a program that has ended, so that its sentinel is told after
   * that. But who inherited its pipes may keep them open: not for longer than to {@code end}.
   */
  private static void drain(Task t, LispProcess p, long end) {
    Channel c = Channels.of(t).get(t, p);
    boolean more = c != null;
    while (more) {
      while (!c.isEnded() && !c.hasInput() && (c.isBehind() || System.nanoTime() < end)) {
        Channels.of(t).await(t, 5_000_000);
        t.safepoint();
      }
      more = false;
      while (output(t, p)) {
        t.safepoint();
        more = true;
      }
      more &= !c.isEnded() && System.nanoTime() < end;
    }
  }

  /** Closes what is open; the process is no longer listed. */
  static void deactivate(Task t, LispProcess p) {
    Channels.of(t).close(t, p);
    if (p.get(t.c, LispProcess.TYPE) != REAL || Lisp.isTrue(Variables.orNil(t, DELETE_EXITED))) {
      p.delist(t);
    }
  }

  /** Tells the sentinel the news, if any. */
  static void tell(Task t, LispProcess p) {
    Object news = p.get(t.c, LispProcess.NEWS);
    if (news == Symbol.NIL) {
      return;
    }
    p.set(t.c, LispProcess.NEWS, Symbol.NIL);
    Object text = news instanceof LispString ? news : LispString.of(t.c, news(t, p, status(t, p)));
    Object sentinel = p.get(t.c, LispProcess.SENTINEL);
    if (sentinel != Symbol.NIL) {
      guarded(t, "error in process sentinel: ", sentinel, p, text);
    }
  }

  private static boolean arrivals(Task t, LispProcess p) {
    Channel c = Channels.of(t).get(t, p);
    if (c == null) {
      return false;
    }
    Object status = p.get(t.c, LispProcess.STATUS);
    if (status == CONNECT) {
      if (c.isConnected()) {
        p.set(t.c, LispProcess.STATUS, OPEN);
        p.set(t.c, LispProcess.NEWS, LispString.of(t.c, "open\n"));
        tell(t, p);
      } else if (c.failure() != null) {
        p.set(t.c, LispProcess.STATUS, FAILED);
        p.set(t.c, LispProcess.CODE, 111L);
        p.set(t.c, LispProcess.NEWS, LispString.of(t.c, "failed with code 111\n"));
        deactivate(t, p);
        tell(t, p);
      }
    } else if (status == LISTEN) {
      Object x = c.nextArrival();
      if (x instanceof java.nio.channels.SocketChannel s) {
        Network.accept(t, p, s);
        return true;
      }
    }
    return false;
  }

  // ---- Waiting, for Lisp ----------------------------------------------------------------------

  @Primitive(
      value = "accept-process-output",
      min = 0,
      doc =
          "Let output of PROCESS, by default of any, be dealt with; return t if there was some.\n"
              + "Wait at most SECONDS, plus MILLISEC; by default until there is.  JUST-THIS-ONE\n"
              + "non-nil: deal with no other; an integer: with no timers either.")
  static Object acceptProcessOutput(
      Task t, Object process, Object seconds, Object millisec, Object justThisOne) {
    LispProcess p = process == Symbol.NIL ? null : LispProcess.check(process);
    double limit = Double.POSITIVE_INFINITY;
    if (millisec != Symbol.NIL) {
      long ms = Lisp.fixnum(millisec);
      limit = ms / 1000.0 + (seconds == Symbol.NIL ? 0 : Lisp.fixnum(seconds));
    } else if (seconds != Symbol.NIL) {
      if (!(seconds instanceof Number n)) {
        throw LispSignal.wrongType(Q.NUMBERP, seconds);
      }
      limit = n.doubleValue();
    }
    return new Output(
            p, limit, !(justThisOne instanceof Long), p != null && justThisOne != Symbol.NIL)
        .resume(t, null);
  }

  @Primitive(
      value = "waiting-for-user-input-p",
      doc = "Return non-nil if the program waits for input of the user.")
  static boolean waitingForUserInputP(Task t) {
    return false;
  }

  @Primitive(value = " kill-buffer-processes", doc = "Delete the processes of BUFFER.")
  static Object killBufferProcesses(Task t, Object buffer) {
    for (Object x : Lisp.elements(t.c, LispProcess.all(t))) {
      LispProcess p = (LispProcess) x;
      if (p.get(t.c, LispProcess.BUFFER) == buffer) {
        if (p.get(t.c, LispProcess.TYPE) != REAL) {
          ProcessObjects.delete(t, p);
        } else {
          ProcessControl.signal(t, p, 1);
        }
      }
    }
    return Symbol.NIL;
  }
}
