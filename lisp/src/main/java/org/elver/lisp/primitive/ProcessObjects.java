package org.elver.lisp.primitive;

import org.elver.heap.object.Pair;
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
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferList;
import org.elver.lisp.text.Marker;

/** Processes as objects: what they are, and what belongs to them. */
final class ProcessObjects {
  private static final Symbol K_BUFFER = Symbol.known(":buffer");
  private static final Symbol K_HOST = Symbol.known(":host");
  private static final Symbol K_SERVICE = Symbol.known(":service");
  private static final Symbol K_FILTER = Symbol.known(":filter");
  private static final Symbol K_SENTINEL = Symbol.known(":sentinel");
  private static final Symbol PLIST_GET = Symbol.known("plist-get");
  private static final Symbol PLIST_PUT = Symbol.known("plist-put");
  private static final Symbol UTF_8_UNIX = Symbol.known("utf-8-unix");

  private ProcessObjects() {}

  private static LispProcess p(Object x) {
    return LispProcess.check(x);
  }

  /** The process that an argument names: itself, its name, its buffer or that's name; nil: here. */
  static LispProcess named(Task t, Object x) {
    if (x instanceof LispProcess q) {
      return q;
    }
    Object b = x;
    if (x instanceof LispString s) {
      String name = s.toJava(t.c);
      LispProcess q = LispProcess.find(t, name);
      if (q != null) {
        return q;
      }
      b = BufferList.find(t, s);
      if (b == null) {
        throw LispSignal.error("Process " + name + " does not exist");
      }
    } else if (x == Symbol.NIL) {
      b = Buffer.current(t);
    }
    if (b instanceof Buffer buffer) {
      if (!buffer.isLive(t.c)) {
        throw LispSignal.error("Attempt to get process for a dead buffer");
      }
      LispProcess q = ofBuffer(t, buffer);
      if (q == null) {
        throw LispSignal.error(
            "Buffer " + ((LispString) buffer.name(t.c)).toJava(t.c) + " has no process");
      }
      return q;
    }
    throw LispSignal.wrongType(Q.PROCESSP, x);
  }

  private static LispProcess ofBuffer(Task t, Buffer b) {
    LispProcess found = null;
    for (Object x : Lisp.elements(t.c, LispProcess.all(t))) {
      LispProcess q = (LispProcess) x;
      if (q.get(t.c, LispProcess.BUFFER) == b) {
        found = found == null ? q : found;
      }
    }
    return found;
  }

  @Primitive(value = "processp", doc = "Return t if OBJECT is a process.")
  static boolean processp(Task t, Object object) {
    return object instanceof LispProcess;
  }

  @Primitive(value = "get-process", doc = "Return the process named NAME, or nil.")
  static Object getProcess(Task t, Object name) {
    if (name instanceof LispProcess) {
      return name;
    }
    LispProcess q = LispProcess.find(t, Lisp.string(name).toJava(t.c));
    return q == null ? Symbol.NIL : q;
  }

  @Primitive(
      value = "get-buffer-process",
      doc = "Return the process of BUFFER, a buffer or its name; nil if it has none.")
  static Object getBufferProcess(Task t, Object buffer) {
    if (buffer != Symbol.NIL && !(buffer instanceof Buffer)) {
      Lisp.string(buffer);
    }
    Object b = buffer instanceof LispString s ? BufferList.find(t, s) : buffer;
    LispProcess q = b instanceof Buffer x ? ofBuffer(t, x) : null;
    return q == null ? Symbol.NIL : q;
  }

  @Primitive(value = "process-list", doc = "Return a list of all processes.")
  static Object processList(Task t) {
    return Lisp.list(t.c, Lisp.elements(t.c, LispProcess.all(t)));
  }

  @Primitive(
      value = "delete-process",
      interactive = "(list 'message)",
      doc = "Delete PROCESS: kill it and forget it.  It may be a process, its buffer or a name.")
  static Object deleteProcess(Task t, Object process) {
    return delete(t, named(t, process));
  }

  static Object delete(Task t, LispProcess q) {
    Symbol status = Processes.status(t, q);
    Object type = q.get(t.c, LispProcess.TYPE);
    if (type == Processes.REAL) {
      if (status == Processes.RUN || status == Processes.STOP) {
        Channel c = Channels.of(t).get(t, q);
        if (c != null && c.process() != null) {
          c.process().descendants().forEach(ProcessHandle::destroyForcibly);
          c.process().destroyForcibly();
        }
        q.set(t.c, LispProcess.STATUS, Processes.SIGNAL);
        q.set(t.c, LispProcess.CODE, 9L);
        q.set(t.c, LispProcess.NEWS, Symbol.T);
      }
    } else if (Processes.isLive(status)) {
      q.set(t.c, LispProcess.STATUS, Processes.CLOSED);
      q.set(
          t.c,
          LispProcess.NEWS,
          LispString.of(t.c, type == Processes.NETWORK ? "deleted\n" : "finished\n"));
    }
    Channels.of(t).close(t, q);
    q.delist(t);
    Processes.tell(t, q);
    return Symbol.NIL;
  }

  @Primitive(
      value = "process-status",
      doc =
          "Return the status of PROCESS: run, stop, exit, signal; open, closed, connect, failed,\n"
              + "listen for connections; nil if there is no such process.")
  static Object processStatus(Task t, Object process) {
    Object x = process;
    if (x instanceof LispString s) {
      LispProcess q = LispProcess.find(t, s.toJava(t.c));
      if (q == null) {
        return Symbol.NIL;
      }
      x = q;
    } else if (x == Symbol.NIL || x instanceof Buffer) {
      x = named(t, x);
    }
    return Processes.status(t, p(x));
  }

  @Primitive(
      value = "process-exit-status",
      doc = "Return the exit code of PROCESS or the signal that killed it; 0 while it runs.")
  static Object processExitStatus(Task t, Object process) {
    LispProcess q = p(process);
    Symbol s = Processes.status(t, q);
    return s == Processes.RUN || s == Processes.STOP ? (Object) 0L : q.get(t.c, LispProcess.CODE);
  }

  @Primitive(
      value = "process-id",
      doc = "Return the system's number of PROCESS; nil for a connection.")
  static Object processId(Task t, Object process) {
    return p(process).get(t.c, LispProcess.PID);
  }

  @Primitive(value = "process-name", doc = "Return the name of PROCESS.")
  static Object processName(Task t, Object process) {
    return p(process).get(t.c, LispProcess.NAME);
  }

  @Primitive(
      value = "process-command",
      doc = "Return the program and arguments of PROCESS; t: stopped connection, nil: connection.")
  static Object processCommand(Task t, Object process) {
    return p(process).get(t.c, LispProcess.COMMAND);
  }

  @Primitive(
      value = "process-tty-name",
      doc = "Return the name of the terminal of PROCESS: nil, as there are only pipes.")
  static Object processTtyName(Task t, Object process) {
    p(process);
    return Symbol.NIL;
  }

  @Primitive(value = "process-buffer", doc = "Return the buffer of PROCESS, or nil.")
  static Object processBuffer(Task t, Object process) {
    return p(process).get(t.c, LispProcess.BUFFER);
  }

  @Primitive(
      value = "set-process-buffer",
      doc = "Make BUFFER, which may be nil, the buffer of PROCESS.")
  static Object setProcessBuffer(Task t, Object process, Object buffer) {
    LispProcess q = p(process);
    if (buffer != Symbol.NIL && !(buffer instanceof Buffer)) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    if (q.get(t.c, LispProcess.BUFFER) != buffer) {
      q.set(t.c, LispProcess.BUFFER, buffer);
      Marker m = (Marker) q.get(t.c, LispProcess.MARK);
      if (buffer instanceof Buffer b && b.isLive(t.c)) {
        m.set(t.c, b, b.z(t.c));
      } else {
        m.detach(t.c);
      }
    }
    remember(t, q, K_BUFFER, buffer);
    return buffer;
  }

  /** Keeps a connection's contact plist up to date. */
  private static void remember(Task t, LispProcess q, Symbol key, Object value) {
    if (q.get(t.c, LispProcess.CONTACT) instanceof Pair plist) {
      q.set(t.c, LispProcess.CONTACT, t.call(PLIST_PUT, plist, key, value));
    }
  }

  @Primitive(value = "process-mark", doc = "Return the marker where output of PROCESS is inserted.")
  static Object processMark(Task t, Object process) {
    return p(process).get(t.c, LispProcess.MARK);
  }

  @Primitive(value = "process-filter", doc = "Return the filter function of PROCESS.")
  static Object processFilter(Task t, Object process) {
    return p(process).get(t.c, LispProcess.FILTER);
  }

  @Primitive(
      value = "set-process-filter",
      doc =
          "Make FILTER, called with process and text, get the output of PROCESS.\n"
              + "Nil means to insert it into the buffer, t to hold output back.")
  static Object setProcessFilter(Task t, Object process, Object filter) {
    LispProcess q = p(process);
    Object f = filter == Symbol.NIL ? Processes.DEFAULT_FILTER : filter;
    q.set(t.c, LispProcess.FILTER, f);
    remember(t, q, K_FILTER, f);
    return f;
  }

  @Primitive(value = "process-sentinel", doc = "Return the sentinel function of PROCESS.")
  static Object processSentinel(Task t, Object process) {
    return p(process).get(t.c, LispProcess.SENTINEL);
  }

  @Primitive(
      value = "set-process-sentinel",
      doc = "Make SENTINEL, called with process and a message, be told of changes of PROCESS.")
  static Object setProcessSentinel(Task t, Object process, Object sentinel) {
    LispProcess q = p(process);
    Object s = sentinel == Symbol.NIL ? Processes.DEFAULT_SENTINEL : sentinel;
    q.set(t.c, LispProcess.SENTINEL, s);
    remember(t, q, K_SENTINEL, s);
    return s;
  }

  @Primitive(value = "process-plist", doc = "Return the property list of PROCESS.")
  static Object processPlist(Task t, Object process) {
    return p(process).get(t.c, LispProcess.PLIST);
  }

  @Primitive(value = "set-process-plist", doc = "Make PLIST the property list of PROCESS.")
  static Object setProcessPlist(Task t, Object process, Object plist) {
    p(process).set(t.c, LispProcess.PLIST, Lisp.list(plist));
    return plist;
  }

  @Primitive(
      value = "process-query-on-exit-flag",
      doc = "Return whether to ask before PROCESS is killed on exit.")
  static Object processQueryOnExitFlag(Task t, Object process) {
    return p(process).get(t.c, LispProcess.QUERY);
  }

  @Primitive(
      value = "set-process-query-on-exit-flag",
      doc = "Say with FLAG whether to ask before PROCESS is killed on exit.")
  static Object setProcessQueryOnExitFlag(Task t, Object process, Object flag) {
    p(process).set(t.c, LispProcess.QUERY, Lisp.bool(Lisp.isTrue(flag)));
    return flag;
  }

  @Primitive(
      value = "process-coding-system",
      doc = "Return (DECODING . ENCODING), the coding systems of PROCESS.")
  static Object processCodingSystem(Task t, Object process) {
    LispProcess q = p(process);
    return t.cons(q.get(t.c, LispProcess.DECODING), q.get(t.c, LispProcess.ENCODING));
  }

  @Primitive(
      value = "set-process-coding-system",
      min = 1,
      doc = "Set the coding systems of PROCESS for its output and its input.")
  static Object setProcessCodingSystem(Task t, Object process, Object decoding, Object encoding) {
    LispProcess q = p(process);
    for (Object c : new Object[] {decoding, encoding}) {
      if (Lisp.isTrue(Symbol.known("check-coding-system").function(t))) {
        t.callNamed("check-coding-system", c);
      }
    }
    q.set(t.c, LispProcess.DECODING, decoding);
    Object e =
        encoding == Symbol.NIL
                || !Lisp.isTrue(Symbol.known("coding-system-change-eol-conversion").function(t))
            ? encoding
            : unixEol(t, encoding);
    q.set(t.c, LispProcess.ENCODING, e);
    return Symbol.NIL;
  }

  /** Programs get Unix's line ends unless others are asked for. */
  private static Object unixEol(Task t, Object coding) {
    Object type = t.callNamed("coding-system-eol-type", coding);
    return type instanceof Long
        ? coding
        : t.callNamed("coding-system-change-eol-conversion", coding, 0L);
  }

  @Primitive(
      value = "process-inherit-coding-system-flag",
      doc = "Return whether the buffer of PROCESS gets the coding system of its output.")
  static Object processInheritCodingSystemFlag(Task t, Object process) {
    return p(process).get(t.c, LispProcess.INHERIT);
  }

  @Primitive(
      value = "set-process-inherit-coding-system-flag",
      doc = "Say with FLAG whether the buffer of PROCESS gets the coding system of its output.")
  static Object setProcessInheritCodingSystemFlag(Task t, Object process, Object flag) {
    p(process).set(t.c, LispProcess.INHERIT, Lisp.bool(Lisp.isTrue(flag)));
    return flag;
  }

  @Primitive(
      value = "set-process-filter-multibyte",
      doc = "Say with FLAG nil that the filter of PROCESS is to get bytes.")
  static Object setProcessFilterMultibyte(Task t, Object process, Object flag) {
    LispProcess q = p(process);
    if (flag == Symbol.NIL) {
      q.set(t.c, LispProcess.DECODING, Symbol.known("raw-text"));
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "process-filter-multibyte-p",
      doc = "Return t if the filter of PROCESS gets characters.")
  static boolean processFilterMultibyteP(Task t, Object process) {
    Object c = p(process).get(t.c, LispProcess.DECODING);
    return !(c instanceof Symbol s
        && (s.name().startsWith("raw-text")
            || s.name().equals("no-conversion")
            || s.name().equals("binary")));
  }

  @Primitive(value = "process-thread", doc = "Return the thread PROCESS is locked to, or nil.")
  static Object processThread(Task t, Object process) {
    return p(process).get(t.c, LispProcess.THREAD);
  }

  @Primitive(value = "set-process-thread", doc = "Lock PROCESS to THREAD; nil: to none.")
  static Object setProcessThread(Task t, Object process, Object thread) {
    p(process).set(t.c, LispProcess.THREAD, thread);
    return thread;
  }

  @Primitive(
      value = "set-process-window-size",
      doc = "Tell the terminal of PROCESS its HEIGHT and WIDTH; nil, as there is none.")
  static Object setProcessWindowSize(Task t, Object process, Object height, Object width) {
    p(process);
    Lisp.natnum(height);
    Lisp.natnum(width);
    return Symbol.NIL;
  }

  @Primitive(
      value = "process-type",
      doc = "Return the type of PROCESS: `real', `network', `serial' or `pipe'.")
  static Object processType(Task t, Object process) {
    return named(t, process).get(t.c, LispProcess.TYPE);
  }

  @Primitive(
      value = "process-contact",
      min = 1,
      doc =
          "Return what PROCESS is connected to: t for a program, (HOST SERVICE) for a connection.\n"
              + "KEY t: the whole property list; other non-nil: that property of it.")
  static Object processContact(Task t, Object process, Object key, Object noBlock) {
    LispProcess q = p(process);
    Object contact = q.get(t.c, LispProcess.CONTACT);
    if (!(contact instanceof Pair) || key == Symbol.T) {
      return contact;
    }
    if (key == Symbol.NIL) {
      if (q.get(t.c, LispProcess.TYPE) == Processes.NETWORK) {
        return t.list(t.call(PLIST_GET, contact, K_HOST), t.call(PLIST_GET, contact, K_SERVICE));
      }
      return Symbol.T;
    }
    return t.call(PLIST_GET, contact, key);
  }

  @Primitive(
      value = "process-datagram-address",
      doc = "Return the address datagrams of PROCESS go to; nil: it sends none.")
  static Object processDatagramAddress(Task t, Object process) {
    p(process);
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-process-datagram-address",
      doc = "Make ADDRESS where datagrams of PROCESS go to; nil: it sends none.")
  static Object setProcessDatagramAddress(Task t, Object process, Object address) {
    p(process);
    return Symbol.NIL;
  }

  /** A new process object with the usual defaults. */
  static LispProcess make(Task t, String name, Symbol type) {
    LispProcess q = new LispProcess(t.c, LispString.of(t.c, LispProcess.freeName(t, name)));
    q.set(t.c, LispProcess.TYPE, type);
    q.set(t.c, LispProcess.MARK, new Marker(t.c));
    q.set(t.c, LispProcess.FILTER, Processes.DEFAULT_FILTER);
    q.set(t.c, LispProcess.SENTINEL, Processes.DEFAULT_SENTINEL);
    q.set(t.c, LispProcess.QUERY, Symbol.T);
    q.set(t.c, LispProcess.DECODING, UTF_8_UNIX);
    q.set(t.c, LispProcess.ENCODING, UTF_8_UNIX);
    if (Lisp.isTrue(Symbol.known("current-thread").function(t))) {
      q.set(t.c, LispProcess.THREAD, t.callNamed("current-thread"));
    }
    return q;
  }
}
