package org.elver.lisp.process;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/** A process as Lisp sees it; {@link #CHANNEL} leads to what runs in the system. */
public final class LispProcess extends Slots implements Typed, Printable {
  public static final int NAME = 0;

  /** The program and its arguments, a list; for connections nil. */
  public static final int COMMAND = 1;

  /** {@code real}, {@code pipe} or {@code network}. */
  public static final int TYPE = 2;

  /** The status, a symbol as {@code process-status} returns it. */
  public static final int STATUS = 3;

  /** Exit code or number of the signal. */
  public static final int CODE = 4;

  public static final int FILTER = 5;
  public static final int SENTINEL = 6;
  public static final int BUFFER = 7;
  public static final int MARK = 8;
  public static final int PLIST = 9;

  /** Whether to ask before it is killed on exit. */
  public static final int QUERY = 10;

  public static final int DECODING = 11;
  public static final int ENCODING = 12;
  public static final int INHERIT = 13;
  public static final int PID = 14;

  /** The plist of a connection; t for a program. */
  public static final int CONTACT = 15;

  /** The process that has the program's error output, or nil. */
  public static final int STDERR = 16;

  /** The number of the channel; -1: none. */
  public static final int CHANNEL = 17;

  public static final int THREAD = 18;

  /** What is still to be told to the sentinel: a string, t: to be found out, nil: nothing. */
  public static final int NEWS = 19;

  /** A server's function for new connections. */
  public static final int LOG = 20;

  private static final int COUNT = 21;
  private static final Symbol LIST = Symbol.known(" process-list");

  /** A process of this name; everything else nil. */
  public LispProcess(Context c, LispString name) {
    super(c, initial(name));
  }

  private static Object[] initial(LispString name) {
    Object[] s = new Object[COUNT];
    java.util.Arrays.fill(s, Symbol.NIL);
    s[NAME] = name;
    s[CODE] = 0L;
    s[CHANNEL] = -1L;
    return s;
  }

  private LispProcess(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new LispProcess(label, contents);
  }

  @Override
  public Symbol lispType() {
    return Q.PROCESS;
  }

  /** The name. */
  public String name(Context c) {
    return get(c, NAME) instanceof LispString s ? s.toJava(c) : "";
  }

  /** The live processes, the newest first: a Lisp list. */
  public static Object all(Task t) {
    Object x = LIST.rawValue(t);
    return x == Symbol.UNBOUND ? Symbol.NIL : x;
  }

  /** Adds it to the live ones. */
  public void enlist(Task t) {
    LIST.setRawValue(t, t.cons(this, all(t)));
  }

  /** Takes it out of the live ones. */
  public void delist(Task t) {
    java.util.List<Object> left = new java.util.ArrayList<>();
    for (Object p : Lisp.elements(t.c, all(t))) {
      if (p != this) {
        left.add(p);
      }
    }
    LIST.setRawValue(t, Lisp.list(t.c, left));
  }

  /** The live process of that name, or null. */
  public static LispProcess find(Task t, String name) {
    for (Object p : Lisp.elements(t.c, all(t))) {
      if (((LispProcess) p).name(t.c).equals(name)) {
        return (LispProcess) p;
      }
    }
    return null;
  }

  /** An argument that must be a process. */
  public static LispProcess check(Object x) {
    if (x instanceof LispProcess p) {
      return p;
    }
    throw LispSignal.wrongType(Q.PROCESSP, x);
  }

  /** A name that no live process has. */
  public static String freeName(Task t, String name) {
    String s = name;
    for (int i = 1; find(t, s) != null; i++) {
      s = name + "<" + i + ">";
    }
    return s;
  }

  @Override
  public String printed(View view) {
    return "#<process " + name(view.c) + ">";
  }
}
