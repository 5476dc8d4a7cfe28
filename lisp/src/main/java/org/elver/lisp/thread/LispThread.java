package org.elver.lisp.thread;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/** What a task is to Emacs's functions of threads. The main thread is each isolate's first task. */
public final class LispThread extends Slots implements Typed, Printable {
  /** The variable that holds the error that ended a thread last. */
  public static final Symbol LAST_ERROR = Symbol.known(" thread-last-error");

  private static final Symbol TYPE = Symbol.known("thread");
  public static final int NAME = 0;

  /** What it waits for: another thread, a mutex or a condition variable; or nil. */
  public static final int BLOCKER = 1;

  /** The task; null: the first one of the isolate that asks. */
  private final Object task;

  private final boolean listed;

  /** One for a task; {@code listed}: it was made as a thread. */
  public LispThread(Context creator, Object name, Object task, boolean listed) {
    super(creator, name, Symbol.NIL);
    this.task = task;
    this.listed = listed;
  }

  private LispThread(Label label, Object[] slots, LispThread of) {
    super(label, slots);
    this.task = of.task;
    this.listed = of.listed;
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new LispThread(label, contents, this);
  }

  @Override
  protected boolean sameKind(Slots other) {
    return other instanceof LispThread o && o.task == task;
  }

  /** The task; null: the first one of the isolate that asks. */
  public Object task() {
    return task;
  }

  /** Whether it was made as a thread. */
  public boolean isListed() {
    return listed;
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<thread "
        + (get(t.c, NAME) instanceof LispString s
            ? s.toJava(t.c)
            : "0x" + Integer.toHexString(System.identityHashCode(this)))
        + ">";
  }
}
