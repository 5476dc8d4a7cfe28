package org.elver.lisp.concurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.elver.heap.object.Pair;
import org.elver.heap.version.HeapObject;
import org.elver.kernel.task.Completion;
import org.elver.lisp.isolate.FreshCall;
import org.elver.lisp.isolate.LispChannel;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.isolate.Results;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.NativeFrame;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.primitive.Startup;

/** Isolates with options, and what can be asked of isolates. */
final class Spawning {
  private static final Symbol NAME = Symbol.known(":name");
  private static final Symbol HEAP = Symbol.known(":heap");
  private static final Symbol TIMEOUT = Symbol.known(":timeout");
  private static final Symbol MEMORY = Symbol.known(":memory");
  private static final Symbol NICE = Symbol.known(":nice");
  private static final Symbol CARRIER = Symbol.known(":carrier");
  private static final Symbol GLOBALS = Symbol.known(":globals");
  private static final Symbol CHANNELS = Symbol.known(":channels");
  private static final Symbol ON_ERROR = Symbol.known(":on-error");
  private static final Symbol CALLBACK = Symbol.known(":callback");
  private static final Symbol FORK = Symbol.known("fork");
  private static final Symbol FRESH = Symbol.known("fresh");
  private static final Symbol PROXY = Symbol.known("proxy");
  private static final Symbol OWN = Symbol.known("own");
  private static final Symbol REPORT = Symbol.known("report");
  private static final Symbol IGNORE = Symbol.known("ignore");

  private static final Symbol TASKS = Symbol.known(":tasks");
  private static final Symbol CPU = Symbol.known(":cpu");
  private static final Symbol ALLOCATED = Symbol.known(":allocated");
  private static final Symbol LIVE = Symbol.known(":live");
  private static final Symbol MAILBOX = Symbol.known(":mailbox");
  private static final Symbol STATE = Symbol.known(":state");
  private static final Symbol RUNNABLE = Symbol.known("runnable");
  private static final Symbol RUNNING = Symbol.known("running");
  private static final Symbol WAITING = Symbol.known("waiting");
  private static final Symbol DONE = Symbol.known("done");
  private static final Symbol FAILED = Symbol.known("failed");
  private static final Symbol KILLED = Symbol.known("killed");

  private Spawning() {}

  /** What the property list of {@code isolate-spawn-with} says; checked. */
  private static final class Options {
    String name;
    boolean fresh;
    boolean proxies;
    long timeout = -1;
    long memory = -1;
    long nice;
    boolean ownCarrier;
    boolean ignore;
    Object callback = Symbol.NIL;
    final List<LispChannel> channels = new ArrayList<>();

    static Options of(Task t, Object plist) {
      Options o = new Options();
      Object tail = plist;
      int guard = 0;
      while (tail instanceof Pair p) {
        if (!(p.second(t.c) instanceof Pair q) || guard++ > 1000) {
          throw LispSignal.wrongType(Symbol.known("plistp"), plist);
        }
        o.set(t, p.first(t.c), q.first(t.c));
        tail = q.second(t.c);
      }
      if (tail != Symbol.NIL) {
        throw LispSignal.wrongType(Symbol.known("plistp"), plist);
      }
      if (o.proxies && !o.fresh) {
        throw LispSignal.error("`:globals proxy' needs `:heap fresh'");
      }
      return o;
    }

    private void set(Task t, Object key, Object v) {
      if (key == NAME) {
        name = v == Symbol.NIL ? null : Lisp.string(v).toJava(t.c);
      } else if (key == HEAP) {
        fresh = one(v, FRESH, FORK);
      } else if (key == TIMEOUT) {
        timeout = Waits.nanos(v);
      } else if (key == MEMORY) {
        memory = v == Symbol.NIL ? -1 : Lisp.natnum(v);
      } else if (key == NICE) {
        nice = v == Symbol.NIL ? 0 : Lisp.intValue(v);
      } else if (key == CARRIER) {
        ownCarrier = one(v, OWN, Symbol.NIL);
      } else if (key == GLOBALS) {
        proxies = one(v, PROXY, Symbol.NIL);
      } else if (key == ON_ERROR) {
        ignore = one(v, IGNORE, REPORT);
      } else if (key == CALLBACK) {
        if (v != Symbol.NIL && !Lisp.isTrue(t.callNamed("functionp", v))) {
          throw LispSignal.wrongType(Symbol.known("functionp"), v);
        }
        callback = v;
      } else if (key == CHANNELS) {
        for (Object c : Lisp.elements(t.c, v)) {
          channels.add(Channels.channel(c));
        }
      } else {
        throw new LispSignal(
            Q.ERROR,
            "Keyword argument "
                + Lisp.string(t.callNamed("prin1-to-string", key)).toJava(t.c)
                + " not one of (:name :heap :timeout :memory :nice :carrier :globals :channels"
                + " :on-error :callback)");
      }
    }

    /** Whether {@code v} is {@code yes}; it may be {@code no} or nil otherwise. */
    private static boolean one(Object v, Symbol yes, Symbol no) {
      if (v != yes && v != no && v != Symbol.NIL) {
        throw LispSignal.error("Value should be `" + yes.name() + "' or `" + no.name() + "'");
      }
      return v == yes;
    }
  }

  @Primitive(
      value = "isolate-spawn-with",
      min = 2,
      args = "(PLIST FUNCTION &rest ARGS)",
      doc =
          "Start an isolate that calls FUNCTION with ARGS, as PLIST says; return it.\n"
              + "Keys: `:name' STRING; `:timeout' SECONDS, after which it is unwound and ended;"
              + " `:memory'\n"
              + "BYTES of live data of its own; `:nice' N, as a negative priority; `:carrier'"
              + " `own', a\n"
              + "thread of its own; `:channels' LIST, connected to it; `:on-error' `report' or"
              + " `ignore',\n"
              + "when nobody learns of an error in it; `:callback' FUNCTION, called here with the"
              + " isolate,\n"
              + "in a task of its own, when it has ended; `:heap' `fork' or `fresh'.\n"
              + "\n"
              + "With `:heap' `fresh' the isolate sees only the boot image: what GNU Emacs's"
              + " library and\n"
              + "the start-up have defined.  FUNCTION and ARGS are copied.  Any other variable,"
              + " function\n"
              + "or property list of the present isolate is copied when first touched, with the"
              + " global\n"
              + "value that it has then; what has been copied stays `eq', and what was void stays"
              + " void.\n"
              + "What cannot be copied signals `not-transferable' then.  When the present isolate"
              + " has\n"
              + "ended, what has not been copied is void.\n"
              + "\n"
              + "With `:globals' `proxy' besides, such variables are not copied but read each time,"
              + " mutable\n"
              + "objects through locked proxies, until the isolate sets them itself; reading them"
              + " signals\n"
              + "`isolate-dead' when the present isolate has ended.")
  static Object isolateSpawnWith(Task t, Object[] args) {
    LispIsolate parent = Tasks.isolate(t);
    Options o = Options.of(t, args[0]);
    Object[] call = Arrays.copyOfRange(args, 1, args.length);
    FreshCall packed = o.fresh ? FreshCall.pack(t, call) : null;
    LispIsolate i;
    if (packed != null) {
      i = packed.isolate(t, o.proxies ? Sharing::wrapped : null);
    } else {
      CodeInAdvance.make(t, args[1]);
      i = new LispIsolate(t);
      i.prepareWith(Startup::forked);
    }
    if (o.name != null) {
      i.setIsolateName(o.name);
    }
    if (o.timeout >= 0 || o.memory >= 0) {
      i.limit(o.timeout, o.memory);
    }
    if (o.nice != 0) {
      i.setPriority((int) -o.nice);
    }
    if (o.ownCarrier) {
      i.useOwnCarrier();
    }
    if (o.ignore) {
      i.ignoreErrors();
    }
    for (LispChannel c : o.channels) {
      i.connect(c);
    }
    if (o.callback != Symbol.NIL) {
      i.whenDone(new Calling(parent, t.currentBuffer, o.callback, i));
    }
    i.connectAll(t.c, call);
    i.begin(packed != null ? packed.fiber(i) : new LispFiber(i, t.currentBuffer, call));
    return i;
  }

  /** Calls a function in the spawner when an isolate has ended. */
  private static final class Calling extends Completion.Callback {
    private final LispIsolate parent;
    private final HeapObject buffer;
    private final Object function;
    private final LispIsolate of;

    Calling(LispIsolate parent, HeapObject buffer, Object function, LispIsolate of) {
      this.parent = parent;
      this.buffer = buffer;
      this.function = function;
      this.of = of;
    }

    @Override
    public void done(Object value, boolean failed) {
      of.observe();
      parent.post(new LispFiber(parent, buffer, function, of));
    }
  }

  @Primitive(
      value = "isolate-set-priority",
      doc =
          "Set the priority of ISOLATE to N, and return N.\n"
              + "Isolates of higher priority run first, but none starves.  It is 0 at first.")
  static Object isolateSetPriority(Task t, Object isolate, Object n) {
    Isolates.isolate(isolate).setPriority(Lisp.intValue(n));
    return n;
  }

  @Primitive(
      value = "isolate-list",
      doc = "Return a list of the live isolates, the main one first, then the oldest first.")
  static Object isolateList(Task t) {
    return Lisp.list(t.c, new ArrayList<Object>(Tasks.isolate(t).roster().all()));
  }

  @Primitive(
      value = "isolate-stats",
      doc =
          "Return what ISOLATE has and uses, as a property list.\n"
              + "`:tasks', how many live; `:cpu', seconds; `:allocated', bytes so far; `:live',"
              + " bytes\n"
              + "of live data of its own when they were last measured, as happens now for the"
              + " current\n"
              + "isolate, or nil; `:mailbox', how many messages wait; `:state', a symbol.")
  static Object isolateStats(Task t, Object isolate) {
    LispIsolate i = Isolates.isolate(isolate);
    boolean own = i == LispIsolate.of(t);
    long live = own ? i.measure(t) : i.live();
    return t.list(
        TASKS,
        (long) (i.isDone() ? 0 : i.fiberCount()),
        CPU,
        i.cpuNanos() / 1e9,
        ALLOCATED,
        i.allocated(),
        LIVE,
        live < 0 ? Symbol.NIL : (Object) live,
        MAILBOX,
        (long) i.mailboxLength(),
        STATE,
        state(i, own));
  }

  private static Symbol state(LispIsolate i, boolean own) {
    if (i.isDone()) {
      if (!i.isFailed()) {
        return DONE;
      }
      return i.outcome() instanceof Results.Killed ? KILLED : FAILED;
    }
    if (own || i.isRunning()) {
      return RUNNING;
    }
    return i.isActive() ? RUNNABLE : WAITING;
  }

  @Primitive(
      value = "isolate-join-all",
      min = 0,
      doc =
          "Wait until all other isolates have ended.\n"
              + "Not those that the current one comes from, nor those of goroutines, nor those of"
              + " open\n"
              + "pools: of a pool, what has been submitted to it is waited for.  Wait TIMEOUT"
              + " seconds at\n"
              + "most (nil: no limit), then signal `operation-timeout'.  Errors in them are not"
              + " signaled\n"
              + "here.  Value is nil.")
  static Object isolateJoinAll(Task t, Object timeout) {
    long nanos = Waits.nanos(timeout);
    return new JoiningAll(nanos < 0 ? -1 : System.nanoTime() + nanos).resume(t, null);
  }

  private static final class JoiningAll extends NativeFrame {
    /** By {@code System.nanoTime}; -1: never. */
    private final long until;

    /** What it waits for, while it does. */
    private Ends waited;

    JoiningAll(long until) {
      this.until = until;
    }

    @Override
    public Object resume(Task t, Object woken) {
      if (waited != null) {
        waited.forget();
        waited = null;
      }
      Waits.checkTimeout(t, woken, "isolate-join-all");
      List<LispIsolate> others = Tasks.isolate(t).roster().all();
      for (LispIsolate i = Tasks.isolate(t); i != null; i = i.parent()) {
        others.remove(i);
        LispIsolate above = i;
        others.removeIf(o -> o.sharesWork(above)); // Of a pool that does this.
      }
      others.removeIf(LispIsolate::isMain);
      Set<Completion> awaited = new LinkedHashSet<>();
      for (LispIsolate i : others) {
        if (i.isServing()) {
          awaited.addAll(i.work());
          awaited.removeIf(Completion::isDone);
        } else {
          awaited.add(i);
        }
      }
      if (awaited.isEmpty()) {
        return Symbol.NIL;
      }
      LispFiber f = Waits.waiter(t);
      Completion all = new Completion();
      waited = new Ends(List.copyOf(awaited), all);
      if (!all.await(f)) {
        return resume(t, null);
      }
      return Waits.park(t, f, until == -1 ? -1 : Math.max(0, until - System.nanoTime()), this);
    }
  }

  /** The ends of several isolates and calls. */
  private static final class Ends {
    private final List<Completion> of;
    private final List<Completion.Callback> callbacks = new ArrayList<>();

    /** Has {@code all} completed when those {@code of} have ended. */
    Ends(List<Completion> of, Completion all) {
      this.of = of;
      AtomicInteger left = new AtomicInteger(of.size());
      for (Completion i : of) {
        Completion.Callback c =
            new Completion.Callback() {
              @Override
              public void done(Object value, boolean failed) {
                if (left.decrementAndGet() == 0) {
                  all.complete(Symbol.NIL);
                }
              }
            };
        callbacks.add(c);
        i.whenDone(c);
      }
    }

    /** Who runs on need not keep what nobody waits for any more. */
    void forget() {
      for (int k = 0; k < callbacks.size(); k++) {
        of.get(k).forget(callbacks.get(k));
      }
    }
  }
}
