package org.elver.lisp.concurrent;

import org.elver.heap.object.Cell;
import org.elver.heap.version.Context;
import org.elver.lisp.isolate.Conditions;
import org.elver.lisp.isolate.Inspection;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Values;
import org.elver.lisp.machine.ProxyCalls;
import org.elver.lisp.machine.ProxyObject;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.View;

/**
 * A proxy as Lisp has it: the same one in every isolate. What an isolate has done with it (whether
 * it is unlocked there) is that isolate's own, inherited by its forks and undone by rollbacks like
 * everything in the heap.
 */
final class LispProxy extends ProxyObject {
  /** How it is used. */
  enum Way {
    /** As the object. */
    OBJECT,
    /** As the global variable that the symbol names. */
    VARIABLE,
    /** As the object, without locks and messages. */
    DIRECT
  }

  /**
   * What an isolate has done with it. Immutable.
   *
   * @param mode what {@code proxy-unlock} said, or {@link #LOCKED}; null: nothing has been said
   * @param from where nothing has been said of this: what it has been read through; or null
   * @param handler this isolate's copy of the handler; null: none yet
   */
  private record State(Object mode, LispProxy from, Object handler) {}

  private static final State NOTHING = new State(null, null, null);

  /** The mode of proxies that are not to be written through. */
  static final Symbol LOCKED = Symbol.known("locked");

  private final LispIsolate owner;
  private final Object object;
  private final Way way;

  /** What was shared, which led to this; null: this was. */
  private final LispProxy root;

  /** A {@link ProxyHandler}; a function of the owner, packed; null: none. */
  private final Object handler;

  /**
   * What each isolate has done with it: in versions of a cell that seems to have been there from
   * the VM's start. Null as long as none has done anything. Written once, under this one's lock.
   */
  private volatile Cell state;

  private LispProxy(LispIsolate owner, Object object, Way way, LispProxy root, Object handler) {
    this.owner = owner;
    this.object = object;
    this.way = way;
    this.root = root;
    this.handler = handler;
  }

  /** The proxy of {@code object}, of which {@code owner} is the isolate. Any thread. */
  static LispProxy of(LispIsolate owner, Object object, Way way, LispProxy root) {
    return (LispProxy)
        owner
            .proxies()
            .of(object, way.ordinal(), () -> new LispProxy(owner, object, way, root, null));
  }

  /** A new proxy of {@code object} whose operations {@code handler} answers. */
  static LispProxy handled(LispIsolate owner, Object object, Object handler) {
    return new LispProxy(owner, object, Way.OBJECT, null, handler);
  }

  LispIsolate owner() {
    return owner;
  }

  @Override
  public Object object() {
    return object;
  }

  Way way() {
    return way;
  }

  boolean isDirect() {
    return way == Way.DIRECT;
  }

  boolean hasHandler() {
    return handler != null;
  }

  /** The same object without messages. */
  LispProxy direct() {
    return of(owner, object, Way.DIRECT, null);
  }

  /** What {@code x}, a part of the object, is elsewhere: itself, or a proxy. Any thread. */
  Object wrap(Object x) {
    if (Values.isShared(x)) {
      return x;
    }
    return of(owner, x, isDirect() ? Way.DIRECT : Way.OBJECT, root == null ? this : root);
  }

  /** Whether {@code t} runs in the owner. */
  boolean isHome(Task t) {
    return Inspection.isolateOf(t) == owner;
  }

  // ---- What the isolate of a task has done with it --------------------------------------------

  private State state(Task t) {
    Cell s = state;
    return s != null && s.get(t.c) instanceof State mine ? mine : NOTHING;
  }

  private void setState(Task t, State s) {
    Cell cell = state;
    if (cell == null) {
      synchronized (this) {
        cell = state;
        if (cell == null) {
          cell = new Cell(t.c.builder(t.symbols().label()), Symbol.NIL);
          state = cell;
        }
      }
    }
    cell.set(t.c, s);
  }

  /** The proxy whose lock is this one's for the isolate of {@code t}. */
  private LispProxy decider(Task t) {
    State s = state(t);
    if (s.mode != null) {
      return this;
    }
    return s.from != null ? s.from : root != null ? root : this;
  }

  /** What writes do: {@link #LOCKED}, {@code sync}, {@code async} or a function. */
  Object mode(Task t) {
    Object m = decider(t).state(t).mode;
    return m == null ? LOCKED : m;
  }

  void setMode(Task t, Object mode) {
    State s = state(t);
    setState(t, new State(mode, s.from, s.handler));
  }

  /** {@code part} has been read through this: it is unlocked if this is, unless it was told. */
  void inherit(Task t, LispProxy part) {
    if (part != this && mode(t) != LOCKED) {
      State s = part.state(t);
      if (s.mode == null && part.mode(t) == LOCKED) {
        part.setState(t, new State(null, decider(t), s.handler));
      }
    }
  }

  // ---- Operations -----------------------------------------------------------------------------

  @Override
  public boolean isAskedBy(Subr s) {
    ProxyOperation op = ProxyOperation.of(s.name());
    return op != null && op.silent();
  }

  @Override
  public Object call(Task t, Subr s, Object[] args, int index, boolean resumable) {
    return call(t, s, args, index, resumable, false);
  }

  /** As above; {@code plain}: this one's handler is not asked. */
  Object call(Task t, Subr s, Object[] args, int index, boolean resumable, boolean plain) {
    Object[] a = args.clone();
    int i = index;
    LispProxy skipped = plain ? this : null;
    for (int tries = 0; ; tries++) {
      LispProxy p = (LispProxy) a[i];
      ProxyOperation op = ProxyOperation.of(s.name());
      if (p.isHome(t)) {
        a[i] = p.object;
      } else if (op != null && op.kind() == ProxyOperation.Kind.TYPE) {
        return s.call(t, new Object[] {p.object}, 0, 1); // Nothing is looked into.
      } else if (p.handler != null && p != skipped) {
        if (isKnown(op, i)) {
          return p.handle(t, s.name(), without(a, i), resumable);
        }
        a[i] = p.handle(t, ProxyReads.COPY, new Object[0], false);
      } else if (!isKnown(op, i)) {
        a[i] = p.copyFor(t);
      } else {
        switch (op.kind()) {
          case WRITE -> {
            return ProxyWrites.write(t, p, s, a, op, resumable);
          }
          case ITERATE -> a[i] = ProxyReads.elements(t, p);
          default -> {
            try {
              return ProxyReads.read(t, p, s, op, a);
            } catch (Inspection.Refused e) {
              if (Inspection.isLook(t)) {
                throw e; // For who looks.
              }
              if (p.object instanceof Symbol) {
                return ProxyWrites.ask(t, p, s, a, resumable);
              }
              a[i] = p.copyFor(t); // It would have called Lisp there: it does so here.
            }
          }
        }
      }
      try {
        return s.call(t, a, 0, a.length);
      } catch (LispSignal e) {
        ProxyObject again = ProxyCalls.culprit(e);
        i = again == null ? -1 : ProxyCalls.position(again, a);
        if (i < 0 || tries > 2 * a.length) {
          throw e;
        }
      }
    }
  }

  /** Whether it is known what an operation does with argument {@code i}. */
  private static boolean isKnown(ProxyOperation op, int i) {
    return op != null && (op.subject() == i || op.kind() == ProxyOperation.Kind.ITERATE);
  }

  private static Object[] without(Object[] args, int i) {
    Object[] rest = new Object[args.length - 1];
    System.arraycopy(args, 0, rest, 0, i);
    System.arraycopy(args, i + 1, rest, i, rest.length - i);
    return rest;
  }

  /** The whole object, for what knows no proxies. */
  private Object copyFor(Task t) {
    Object copy = ProxyReads.copy(t, this);
    if (copy == this) {
      throw new LispSignal(Conditions.NOT_TRANSFERABLE, this, Symbol.NIL);
    }
    return copy;
  }

  /** Has the handler answer. */
  Object handle(Task t, String operation, Object[] args, boolean resumable) {
    if (handler instanceof ProxyHandler h) {
      return h.operate(t, operation, this, args);
    }
    State s = state(t);
    Object function = s.handler;
    if (function == null) {
      function = Values.copyOut(t, handler);
      setState(t, new State(s.mode, s.from, function));
    }
    Object[] all = new Object[args.length + 2];
    all[0] = t.symbols().intern(t, operation);
    all[1] = this;
    System.arraycopy(args, 0, all, 2, args.length);
    return resumable ? t.tail(function, all) : t.call(function, all);
  }

  @Override
  public Object elements(Task t) {
    return isHome(t) ? object : ProxyReads.elements(t, this);
  }

  @Override
  public Object contents(Context c) {
    Task t = Task.of(c);
    if (t == null || isHome(t)) {
      return object;
    }
    if (!Inspection.isScheduled(t)) {
      return this; // Nothing schedules this code: an error is being worded at the end of a task.
    }
    return handler != null
        ? handle(t, ProxyReads.COPY, new Object[0], false)
        : ProxyReads.copy(t, this);
  }

  @Override
  public String text(View view) {
    Task t = (Task) view;
    String text = null;
    if (handler == null && !owner.isDone() && Inspection.isScheduled(t)) {
      try {
        text = ProxyReads.text(t, this);
      } catch (LispSignal e) {
        if (!t.isError(e)) {
          throw e;
        } // Else it has ended meanwhile.
      } catch (Inspection.Refused e) {
        // Nothing can be said of it now.
      }
    }
    if (text != null) {
      return text;
    }
    return "#<proxy in " + owner.isolateName() + ">";
  }
}
