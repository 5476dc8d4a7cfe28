package org.elver.lisp.machine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a static method to be a Lisp primitive. From these declarations the build generates the
 * dispatch ({@link Subr}), the documentation and the reference.
 *
 * <p>The method takes the {@link Task} and then up to eight {@code Object}s, the greatest number of
 * arguments (those left out are nil); or {@code Object[]}: any number. It returns an {@code
 * Object}, never null; a {@code boolean}, which becomes t or nil; or an {@code int} or {@code
 * long}, which becomes a fixnum. A {@link #special} form has no arguments after the task and is
 * never called.
 */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.METHOD)
public @interface Primitive {
  /** The Lisp name. */
  String value();

  /** The least number of arguments; by default as many as the method has. */
  int min() default -1;

  /** Documentation, in Emacs's convention. */
  String doc();

  /**
   * The argument list as shown to users, such as "(STRING &optional FROM)"; default: from names.
   */
  String args() default "";

  /**
   * The interactive specification of a command; {@code NONE} for functions that are no commands.
   */
  String interactive() default NONE;

  /**
   * Whether it is a special form: handled by the compiler, an object only for {@code
   * symbol-function}.
   */
  boolean special() default false;

  /** No interactive specification. */
  String NONE = "\0";
}
