package org.elver.lisp.isolate;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.elver.heap.graph.Copies;
import org.elver.heap.graph.NotTransferableException;
import org.elver.heap.graph.Parcel;
import org.elver.heap.graph.Transfer;
import org.elver.lisp.machine.Alias;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Redirect;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Provider;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.View;
import org.elver.lisp.print.Printer;
import org.elver.lisp.text.LocalVariable;

/**
 * How an isolate with a fresh heap gets what its parent has and it has not: a variable, function or
 * property list of the parent is copied when it is first looked at, as it is then. What the parent
 * has not is noted too, so that each is asked for once. When the parent has ended there is nothing
 * more to get: what has not been copied is void.
 *
 * <p>Belongs to the runner of its isolate; while that waits for an answer, to who gives it.
 */
public final class Asking implements Provider {
  private final WeakReference<LispIsolate> whom;
  private final Wrapper live;
  private final Copies copies;

  /**
   * That of an isolate whom {@code whom} has started.
   *
   * @param live if not null, variables are not copied but looked at each time, and this makes of
   *     their values what others than their isolate may have
   * @param copies what has been copied to it already
   */
  Asking(LispIsolate whom, Wrapper live, Copies copies) {
    this(whom.weakly(), live, copies);
  }

  private Asking(WeakReference<LispIsolate> whom, Wrapper live, Copies copies) {
    this.whom = whom;
    this.live = live;
    this.copies = copies;
  }

  /** That of a fork of its isolate. By the runner. */
  Asking fork() {
    return new Asking(whom, live, copies.fork());
  }

  /** Makes a value of a variable into one that others than its isolate may have. */
  public interface Wrapper {
    /** In {@code owner}: {@code value} of {@code variable}, as others have it. */
    Object wrap(LispIsolate owner, Symbol variable, Object value);
  }

  // ---- Answers ------------------------------------------------------------------------------

  /** What somebody is told who has not asked anybody yet, and whose parent is to be asked. */
  private static final Object FURTHER = new Object();

  /** A packed value; or why it cannot be packed. */
  private record Packed(Object value, Stays stays) {
    Object open(Task t, Symbol s) {
      if (stays != null) {
        throw stays.signal(t, s);
      }
      return value instanceof Parcel p ? p.unpack(t.c) : value;
    }
  }

  /** An object that cannot leave its isolate, in words, and how it is reached. */
  private record Stays(String object, List<String> path) {
    LispSignal signal(Task t, Symbol s) {
      List<Object> all = new ArrayList<>();
      all.add(LispString.of(t.c, s.name()));
      for (String p : path) {
        all.add(LispString.of(t.c, p));
      }
      return new LispSignal(
          Conditions.NOT_TRANSFERABLE, LispString.of(t.c, object), Lisp.list(t.c, all));
    }
  }

  /** A variable: its value, its flags, and where the value is if not in the symbol. */
  private record Variable(Packed value, int flags, Redirect redirect) {}

  private Packed pack(Task x, Object value) {
    if (Lisp.isImmediate(value) && !Values.PASSAGE.refuses(value)) {
      return new Packed(value, null);
    }
    try {
      return new Packed(Transfer.pack(x.c, value, Values.PASSAGE, copies), null);
    } catch (NotTransferableException e) {
      return new Packed(null, new Stays(Printer.text(x, e.object()), e.path()));
    }
  }

  /** Done with a machine of an isolate that is asked. */
  private interface Look {
    Object at(Task x, LispIsolate of);
  }

  /** What somebody up the line says when looked into; null: nobody is there any more. */
  private Object ask(Task t, Look look) {
    if (LispFiber.of(t) == null) {
      return null; // The isolate has ended, and somebody prints what it has left.
    }
    for (LispIsolate i = whom.get(); i != null && !i.isDone(); ) {
      LispIsolate of = i;
      Object answer;
      try {
        answer = Inspection.run(t, of, x -> look.at(x, of));
      } catch (LispSignal s) {
        if (s.symbol() == Conditions.ISOLATE_DEAD) {
          return null;
        }
        throw s;
      }
      if (answer != FURTHER) {
        return answer;
      }
      Asking next = of.asking();
      i = next == null ? null : next.whom.get();
    }
    return null;
  }

  // ---- Variables ----------------------------------------------------------------------------

  private Variable variable(Task t, Symbol s, boolean withValue) {
    return (Variable) ask(t, (x, of) -> lookAtVariable(x, of, s, withValue));
  }

  /** Runs in the one that is asked. Bindings of its tasks do not count. */
  private Object lookAtVariable(Task x, LispIsolate of, Symbol s, boolean withValue) {
    Object bound = Inspection.hiddenOrOpen(x, s);
    if (bound == Symbol.OPEN || s.isOpenVariable(x)) {
      return FURTHER;
    }
    Object where = s.redirect(x);
    int flags = s.flags(x);
    if (where instanceof Alias a) {
      return new Variable(new Packed(Symbol.UNBOUND, null), flags, a);
    }
    if (!withValue) {
      return new Variable(null, flags, LocalVariable.copied(where));
    }
    Object value = bound;
    if (bound == null) {
      value = where instanceof Redirect r ? r.getDefault(x, s) : s.rawValue(x);
    }
    Packed packed =
        value == Symbol.UNBOUND
            ? new Packed(Symbol.UNBOUND, null)
            : live != null ? new Packed(live.wrap(of, s, value), null) : pack(x, value);
    return new Variable(packed, flags, LocalVariable.copied(where));
  }

  @Override
  public Object variable(View v, Symbol s) {
    Task t = (Task) v;
    Variable a = variable(t, s, true);
    if (a == null) {
      if (live != null && LispFiber.of(t) != null) {
        LispIsolate i = whom.get();
        throw new LispSignal(Conditions.ISOLATE_DEAD, i == null ? Symbol.NIL : i);
      }
      return Symbol.UNBOUND;
    }
    if (live != null) {
      return a.value().open(t, s);
    }
    Object value = a.value().open(t, s);
    s.fillVariable(t, value, a.flags(), a.redirect());
    return value;
  }

  @Override
  public int flags(View v, Symbol s) {
    Task t = (Task) v;
    Variable a = variable(t, s, live == null);
    if (a == null) {
      return 0;
    }
    if (live != null || a.value().stays() != null) {
      return a.flags();
    }
    s.fillVariable(t, a.value().open(t, s), a.flags(), a.redirect());
    return 0;
  }

  @Override
  public Object redirect(View v, Symbol s) {
    if (live != null) {
      Variable a = variable((Task) v, s, false);
      if (a == null || !(a.redirect() instanceof Alias)) {
        return null;
      }
      s.fillVariable(v, Symbol.UNBOUND, a.flags(), a.redirect());
      return a.redirect();
    }
    flags(v, s);
    return s.isOpenVariable(v) ? null : s.redirect(v);
  }

  @Override
  public void owned(View v, Symbol s) {
    Variable a = variable((Task) v, s, false);
    s.fillVariable(v, Symbol.UNBOUND, a == null ? 0 : a.flags(), a == null ? null : a.redirect());
  }

  // ---- The rest -----------------------------------------------------------------------------

  @Override
  public Object function(View v, Symbol s) {
    return part((Task) v, s, x -> s.isOpenFunction(x) ? null : s.function(x), s::setFunction);
  }

  @Override
  public Object plist(View v, Symbol s) {
    return part((Task) v, s, x -> s.isOpenPlist(x) ? null : s.plist(x), s::setPlist);
  }

  /**
   * A part of {@code s} that is one value, which is kept.
   *
   * @param there gives it in the one that is asked; null: that one has not asked for it yet
   */
  private Object part(
      Task t, Symbol s, Function<Task, Object> there, BiConsumer<View, Object> keep) {
    Packed p =
        (Packed)
            ask(
                t,
                (x, of) -> {
                  Object value = there.apply(x);
                  return value == null ? FURTHER : pack(x, value);
                });
    if (p == null) {
      return Symbol.NIL;
    }
    Object value = p.open(t, s);
    keep.accept(t, value);
    return value;
  }

  @Override
  public boolean hasName(View v, Symbol s) {
    Object interned =
        ask((Task) v, (x, of) -> s.isOpenName(x) ? FURTHER : (Object) s.isInterned(x));
    if (interned == null) {
      return false;
    }
    s.setInterned(v, (Boolean) interned);
    return (Boolean) interned;
  }

  /** Whether those who are asked have {@code feature}. */
  boolean provides(Task t, Symbol feature) {
    Object there =
        ask(
            t,
            (x, of) -> {
              Object all = Q.FEATURES.rawValue(x);
              if (Lisp.elements(x.c, all).contains(feature)) {
                return true;
              }
              return of.asking() == null ? (Object) false : FURTHER;
            });
    return there != null && (Boolean) there;
  }
}
