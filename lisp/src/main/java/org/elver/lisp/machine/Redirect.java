package org.elver.lisp.machine;

import org.elver.lisp.object.Symbol;

/**
 * Where the value of a variable is that is not in its symbol's value slot: an alias, a variable
 * with buffer-local values, a field of the buffer. In the symbol's {@code redirect} slot;
 * immutable, or with its mutable part in heap objects.
 */
public interface Redirect {
  /** The value in the present buffer, {@link Symbol#UNBOUND} included. */
  Object get(Task t, Symbol s);

  /** Sets it, as {@code setq} does. */
  void set(Task t, Symbol s, Object value);

  /** The default value, {@link Symbol#UNBOUND} included. */
  Object getDefault(Task t, Symbol s);

  /** Sets the default value. */
  void setDefault(Task t, Symbol s, Object value);

  /** Binds it, as {@code let} does: sets it and has what was before restored on unbinding. */
  void bind(Task t, Symbol s, Object value);

  /**
   * The buffer whose local value is there to be changed, nil for the default value: what watchers
   * are told.
   *
   * @param setting whether it is about to be set, which may make it local, rather than bound
   */
  default Object where(Task t, Symbol s, boolean setting) {
    return Symbol.NIL;
  }
}
