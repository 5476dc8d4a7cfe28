package org.elver.lisp.primitive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.file.Recoding;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.process.Channel;
import org.elver.lisp.process.Channels;
import org.elver.lisp.process.LispProcess;
import org.elver.lisp.process.Programs;
import org.elver.lisp.process.Signals;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Marker;

/** Programs that run beside: starting them, sending them text and signals. */
final class ProcessControl {
  private static final Symbol MAKE_PROCESS = Symbol.known("make-process");
  private static final Symbol START_PROCESS = Symbol.known("start-process");
  private static final Symbol GET_BUFFER_CREATE = Symbol.known("get-buffer-create");
  private static final Symbol RUN_UNTIL_SUCCESS = Symbol.known("run-hook-with-args-until-success");
  private static final Symbol INTERRUPT_FUNCTIONS = Symbol.known("interrupt-process-functions");
  private static final Symbol PTY = Symbol.known("pty");

  private ProcessControl() {}

  /** A keyword's value in the arguments, or null. */
  static Object keyword(Object[] args, String key) {
    Symbol s = Symbol.known(key);
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i] == s) {
        return args[i + 1];
      }
    }
    return null;
  }

  static Object keywordOrNil(Object[] args, String key) {
    Object x = keyword(args, key);
    return x == null ? Symbol.NIL : x;
  }

  /** The buffer that an argument names, made if need be; or nil. */
  static Object buffer(Task t, Object x) {
    return x == Symbol.NIL ? x : t.call(GET_BUFFER_CREATE, x);
  }

  /** Sets what all kinds of process take from their arguments. */
  static void common(Task t, LispProcess p, Object[] args, Object buffer) {
    if (Lisp.isTrue(keywordOrNil(args, ":filter"))) {
      p.set(t.c, LispProcess.FILTER, keyword(args, ":filter"));
    }
    if (Lisp.isTrue(keywordOrNil(args, ":sentinel"))) {
      p.set(t.c, LispProcess.SENTINEL, keyword(args, ":sentinel"));
    }
    if (Lisp.isTrue(keywordOrNil(args, ":noquery"))) {
      p.set(t.c, LispProcess.QUERY, Symbol.NIL);
    }
    p.set(t.c, LispProcess.BUFFER, buffer);
    if (buffer instanceof Buffer b && b.isLive(t.c)) {
      ((Marker) p.get(t.c, LispProcess.MARK)).set(t.c, b, b.zv(t.c));
    }
  }

  /** Sets the coding systems. */
  static void coding(Task t, LispProcess p, Object[] args, Symbol operation, Object... target) {
    Object coding = keywordOrNil(args, ":coding");
    Object in;
    Object out;
    if (coding instanceof Pair c) {
      in = c.first(t.c);
      out = c.second(t.c);
    } else if (coding != Symbol.NIL) {
      in = coding;
      out = coding;
    } else {
      in = Callproc.coding(t, false, operation, target);
      out = Callproc.coding(t, true, operation, target);
    }
    p.set(t.c, LispProcess.DECODING, in);
    p.set(t.c, LispProcess.ENCODING, out);
  }

  @Primitive(
      value = "make-process",
      min = 0,
      args = "(&rest ARGS)",
      doc =
          "Start a program and return its process.  ARGS: `:name' NAME, `:buffer' BUFFER,\n"
              + "`:command' (PROGRAM ARG...), `:coding' CODING, `:noquery' BOOL, `:stop' nil,\n"
              + "`:connection-type' TYPE (a pipe always), `:filter' FUNCTION, `:sentinel'"
              + " FUNCTION,\n"
              + "`:stderr' BUFFER or pipe process, `:file-handler' BOOL.")
  static Object makeProcess(Task t, Object[] args) {
    if (args.length == 0) {
      return Symbol.NIL;
    }
    if (Lisp.isTrue(keywordOrNil(args, ":file-handler"))) {
      Object d = org.elver.lisp.machine.Variables.orNil(t, Q.DEFAULT_DIRECTORY);
      if (d instanceof LispString dir) {
        Object done = org.elver.lisp.file.Handlers.tryCall(t, MAKE_PROCESS, dir, args);
        if (done != null) {
          return done;
        }
      }
    }
    Object buffer = buffer(t, keywordOrNil(args, ":buffer"));
    String directory = Programs.directory(t);
    LispString name = Lisp.string(keywordOrNil(args, ":name"));
    Object command = Lisp.list(keywordOrNil(args, ":command"));
    if (Lisp.isTrue(keywordOrNil(args, ":stop"))) {
      throw new LispSignal(Q.ERROR, ":stop cannot be non-nil", args[0]);
    }
    Object type = keywordOrNil(args, ":connection-type");
    if (type != Symbol.NIL && type != PTY && type != Processes.PIPE) {
      throw new LispSignal(Q.ERROR, "Unknown connection type", type);
    }
    List<String> words = new ArrayList<>();
    for (Object x : Lisp.elements(t.c, command)) {
      words.add(Lisp.string(x).toJava(t.c));
    }
    LispProcess err = null;
    Object stderr = keywordOrNil(args, ":stderr");
    if (stderr instanceof LispProcess e) {
      if (e.get(t.c, LispProcess.TYPE) != Processes.PIPE) {
        throw LispSignal.error("Process is not a pipe process");
      }
      err = e;
    } else if (stderr != Symbol.NIL) {
      LispString errName = LispString.of(t.c, name.toJava(t.c) + " stderr");
      err =
          (LispProcess)
              makePipeProcess(
                  t,
                  new Object[] {
                    Symbol.known(":name"),
                    errName,
                    Symbol.known(":buffer"),
                    buffer(t, stderr),
                    Symbol.known(":noquery"),
                    keywordOrNil(args, ":noquery")
                  });
    }
    LispString program = words.isEmpty() ? name : Lisp.string(Lisp.car(t.c, command));
    String file;
    try {
      file = words.isEmpty() ? null : Programs.find(t, program, directory);
    } catch (LispSignal e) {
      if (err != null && !(stderr instanceof LispProcess)) {
        ProcessObjects.delete(t, err);
      }
      throw e;
    }
    LispProcess p = ProcessObjects.make(t, name.toJava(t.c), Processes.REAL);
    p.set(t.c, LispProcess.COMMAND, command);
    p.set(t.c, LispProcess.CONTACT, Symbol.T);
    p.set(t.c, LispProcess.STATUS, Processes.RUN);
    p.set(t.c, LispProcess.STDERR, err == null ? Symbol.NIL : err);
    common(t, p, args, buffer);
    List<Object> target = new ArrayList<>(List.of(name, buffer));
    target.addAll(Lisp.elements(t.c, command));
    if (words.isEmpty()) {
      p.enlist(t);
      Channels.of(t).open(t, p);
      return p;
    }
    coding(t, p, args, START_PROCESS, target.toArray());
    words.set(0, file);
    ProcessBuilder b = Programs.builder(t, words, directory);
    if (err == null) {
      b.redirectErrorStream(true);
    }
    Process process = Programs.start(b, program);
    p.set(t.c, LispProcess.PID, process.pid());
    Channel c = Channels.of(t).open(t, p);
    c.setProcess(process);
    c.writeTo(process.getOutputStream());
    c.readFrom(process.getInputStream());
    if (err != null) {
      Channel e = Channels.of(t).get(t, err);
      if (e != null) {
        e.readFrom(process.getErrorStream());
      }
    }
    p.enlist(t);
    return p;
  }

  @Primitive(
      value = "make-pipe-process",
      min = 0,
      args = "(&rest ARGS)",
      doc =
          "Make a process that is one end of a pipe; its uses are as `:stderr' of another.\n"
              + "ARGS: `:name', `:buffer', `:coding', `:noquery', `:stop', `:filter', `:sentinel'.")
  static Object makePipeProcess(Task t, Object[] args) {
    if (args.length == 0) {
      return Symbol.NIL;
    }
    LispString name = Lisp.string(keywordOrNil(args, ":name"));
    Object wanted = keyword(args, ":buffer");
    LispProcess p = ProcessObjects.make(t, name.toJava(t.c), Processes.PIPE);
    Object buffer = buffer(t, wanted == null ? name : wanted);
    p.set(t.c, LispProcess.CONTACT, t.list(args));
    p.set(t.c, LispProcess.STATUS, Processes.OPEN);
    common(t, p, args, buffer);
    if (keyword(args, ":coding") != null) {
      coding(t, p, args, START_PROCESS);
    }
    Channels.of(t).open(t, p);
    p.enlist(t);
    return p;
  }

  @Primitive(
      value = "make-serial-process",
      min = 0,
      args = "(&rest ARGS)",
      doc = "Open a serial port; not possible here.")
  static Object makeSerialProcess(Task t, Object[] args) {
    if (args.length == 0) {
      return Symbol.NIL;
    }
    Object port = keywordOrNil(args, ":port");
    if (port == Symbol.NIL) {
      throw LispSignal.error("No port specified");
    }
    Lisp.string(port);
    if (keyword(args, ":speed") == null) {
      throw LispSignal.error(":speed not specified");
    }
    throw new LispSignal(Q.FILE_ERROR, "Opening serial port", "Operation not supported", port);
  }

  @Primitive(
      value = "serial-process-configure",
      min = 0,
      args = "(&rest ARGS)",
      doc = "Configure a serial port; not possible here.")
  static Object serialProcessConfigure(Task t, Object[] args) {
    Object process = Symbol.NIL;
    for (String key : new String[] {":process", ":name", ":buffer", ":port"}) {
      if (process == Symbol.NIL) {
        process = keywordOrNil(args, key);
      }
    }
    ProcessObjects.named(t, process);
    throw LispSignal.error("Not a serial process");
  }

  // ---- Sending ------------------------------------------------------------------------------

  private static void send(Task t, Object process, LispString text) {
    LispProcess p = ProcessObjects.named(t, process);
    Symbol status = Processes.status(t, p);
    if (status != Processes.RUN && status != Processes.OPEN) {
      throw LispSignal.error("Process " + p.name(t.c) + " not running");
    }
    Channel c = Channels.of(t).get(t, p);
    byte[] bytes = Recoding.encode(t, text, p.get(t.c, LispProcess.ENCODING));
    try {
      if (c == null) {
        throw new IOException("closed");
      }
      c.send(t, bytes);
    } catch (IOException e) {
      if (p.get(t.c, LispProcess.TYPE) == Processes.REAL && c != null) {
        throw LispSignal.error(
            "Process " + p.name(t.c) + " no longer connected to pipe; closed it");
      }
      throw LispSignal.error("Output file descriptor of " + p.name(t.c) + " is closed");
    }
  }

  @Primitive(
      value = "process-send-string",
      doc = "Send STRING to PROCESS: a process, a buffer, a name, or nil: the current buffer's.")
  static Object processSendString(Task t, Object process, Object string) {
    send(t, process, Lisp.string(string));
    return Symbol.NIL;
  }

  @Primitive(value = "process-send-region", doc = "Send the text between START and END to PROCESS.")
  static Object processSendRegion(Task t, Object process, Object start, Object end) {
    LispProcess p = ProcessObjects.named(t, process);
    Buffer b = Buffer.current(t);
    int[] r = b.region(t, start, end);
    send(t, p, LispString.of(t.c, b.codes(t.c, r[0], r[1]), b.isMultibyte(t.c)));
    return Symbol.NIL;
  }

  @Primitive(
      value = "process-send-eof",
      min = 0,
      doc = "End the input of PROCESS, by default the current buffer's; return PROCESS.")
  static Object processSendEof(Task t, Object process) {
    LispProcess p = ProcessObjects.named(t, process);
    Symbol status = Processes.status(t, p);
    if (status != Processes.RUN && status != Processes.OPEN) {
      throw LispSignal.error("Process " + p.name(t.c) + " not running");
    }
    Channel c = Channels.of(t).get(t, p);
    try {
      if (c != null) {
        c.endOutput(t);
      }
    } catch (IOException e) {
      return process; // It was closed by the other side.
    }
    return process;
  }

  // ---- Signals ------------------------------------------------------------------------------

  /** Sends a signal to a program and the programs it started, as to a process group. */
  static void signal(Task t, LispProcess p, int signal) {
    Symbol status = Processes.status(t, p);
    if (p.get(t.c, LispProcess.TYPE) != Processes.REAL) {
      throw LispSignal.error("Process " + p.name(t.c) + " is not a subprocess");
    }
    Channel c = Channels.of(t).get(t, p);
    if (c == null || c.process() == null || (status != Processes.RUN && status != Processes.STOP)) {
      throw LispSignal.error("Process " + p.name(t.c) + " is not active");
    }
    List<ProcessHandle> below = c.process().descendants().toList();
    for (ProcessHandle h : below) {
      Signals.send(h.pid(), signal);
    }
    Signals.send(c.process().pid(), signal);
    if (signal == 9 && org.elver.lisp.machine.Blocking.isAllowed(t)) { // Else it is told later.
      try {
        org.elver.lisp.machine.Blocking.await(
            t,
            c.process()
                .onExit()
                .thenApply(p2 -> true)
                .completeOnTimeout(false, 200, java.util.concurrent.TimeUnit.MILLISECONDS));
      } catch (java.io.IOException e) {
        throw new IllegalStateException(e); // Waiting for an end does no input.
      }
    }
  }

  private static Object send(Task t, Object process, int signal) {
    signal(t, ProcessObjects.named(t, process), signal);
    return process;
  }

  @Primitive(
      value = "interrupt-process",
      min = 0,
      doc =
          "Interrupt PROCESS, by default the current buffer's, as the functions in\n"
              + "`interrupt-process-functions' do.")
  static Object interruptProcess(Task t, Object process, Object currentGroup) {
    return t.call(RUN_UNTIL_SUCCESS, INTERRUPT_FUNCTIONS, process, currentGroup);
  }

  @Primitive(value = "internal-default-interrupt-process", min = 0, doc = "Send SIGINT to PROCESS.")
  static Object internalDefaultInterruptProcess(Task t, Object process, Object currentGroup) {
    return send(t, process, 2);
  }

  @Primitive(value = "kill-process", min = 0, doc = "Send SIGKILL to PROCESS.")
  static Object killProcess(Task t, Object process, Object currentGroup) {
    return send(t, process, 9);
  }

  @Primitive(value = "quit-process", min = 0, doc = "Send SIGQUIT to PROCESS.")
  static Object quitProcess(Task t, Object process, Object currentGroup) {
    return send(t, process, 3);
  }

  private static boolean hold(Task t, Object process, boolean stop) {
    if (process instanceof LispProcess p && p.get(t.c, LispProcess.TYPE) != Processes.REAL) {
      if (stop) {
        p.set(t.c, LispProcess.COMMAND, Symbol.T);
        p.set(t.c, LispProcess.FILTER, Symbol.T);
      } else {
        p.set(t.c, LispProcess.COMMAND, Symbol.NIL);
        p.set(t.c, LispProcess.FILTER, Processes.DEFAULT_FILTER);
      }
      return true;
    }
    return false;
  }

  @Primitive(
      value = "stop-process",
      min = 0,
      doc = "Stop PROCESS; a connection: hold back what it receives.")
  static Object stopProcess(Task t, Object process, Object currentGroup) {
    return hold(t, process, true) ? process : send(t, process, 20);
  }

  @Primitive(value = "continue-process", min = 0, doc = "Have PROCESS go on.")
  static Object continueProcess(Task t, Object process, Object currentGroup) {
    return hold(t, process, false) ? process : send(t, process, 18);
  }

  @Primitive(
      value = "signal-process",
      interactive = "(list (read-string \"Process: \") 15)",
      doc =
          "Send signal SIGCODE, a number or name, to PROCESS: a process, its name or a number.\n"
              + "Return 0, or -1 if there is no such process.")
  static Object signalProcess(Task t, Object process, Object sigcode) {
    Object x = process;
    if (x instanceof LispString s) {
      LispProcess p = LispProcess.find(t, s.toJava(t.c));
      if (p != null) {
        x = p;
      } else if (s.toJava(t.c).matches("[0-9]{1,18}")) {
        x = Long.parseLong(s.toJava(t.c));
      } else {
        return Symbol.NIL;
      }
    } else if (x instanceof Double d) {
      x = (long) (double) d;
    } else if (!(x instanceof Long)) {
      x = ProcessObjects.named(t, x);
    }
    long pid;
    if (x instanceof LispProcess p) {
      if (!(p.get(t.c, LispProcess.PID) instanceof Long l)) {
        throw LispSignal.error("Cannot signal process " + p.name(t.c));
      }
      pid = l;
    } else {
      pid = (Long) x;
    }
    int signal;
    if (sigcode instanceof Long l) {
      signal = Math.clamp(l, -1, 1000);
    } else {
      String name = Lisp.symbol(sigcode).name();
      signal = Signals.number(name);
      if (signal < 0) {
        throw LispSignal.error("Undefined signal name " + name);
      }
    }
    return Signals.send(pid, signal) ? 0L : -1L;
  }

  @Primitive(
      value = "process-running-child-p",
      min = 0,
      doc =
          "Return the number of the program that runs in the terminal of PROCESS; nil: there is\n"
              + "no terminal.")
  static Object processRunningChildP(Task t, Object process) {
    LispProcess p = ProcessObjects.named(t, process);
    if (p.get(t.c, LispProcess.TYPE) != Processes.REAL) {
      throw LispSignal.error("Process " + p.name(t.c) + " is not a subprocess");
    }
    return Symbol.NIL;
  }
}
