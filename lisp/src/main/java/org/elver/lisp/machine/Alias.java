package org.elver.lisp.machine;

import org.elver.lisp.object.Symbol;

/**
 * A variable that is another name of {@code target} ({@code defvaralias}).
 *
 * @param target the variable meant
 */
public record Alias(Symbol target) implements Redirect {
  @Override
  public Object get(Task t, Symbol s) {
    return Variables.get(t, target);
  }

  @Override
  public void set(Task t, Symbol s, Object value) {
    Variables.set(t, target, value);
  }

  @Override
  public Object getDefault(Task t, Symbol s) {
    return Variables.getDefault(t, target);
  }

  @Override
  public void setDefault(Task t, Symbol s, Object value) {
    Variables.setDefault(t, target, value);
  }

  @Override
  public void bind(Task t, Symbol s, Object value) {
    t.bind(target, value);
  }
}
