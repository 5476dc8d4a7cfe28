package org.elver.lisp.load;

import org.elver.lisp.machine.Task;

/** Where the forms come from that are evaluated one after another. State as data, may be copied. */
public interface Forms {
  /** What {@link #next} gives at the end. */
  Object END = new Object();

  /** The next form, or {@link #END}. */
  Object next(Task t);

  /** An independent one in the same state. */
  Forms copy();
}
