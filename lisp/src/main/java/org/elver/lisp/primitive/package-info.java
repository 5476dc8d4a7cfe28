/**
 * The primitives, in one class per part of GNU Emacs they belong to there: {@code Data}, {@code
 * Fns}, {@code Alloc}, {@code Editfns} and so on, so that finding one takes a guess. They do what
 * their Lisp names say and keep no state; mechanisms they use are in packages of their own.
 */
package org.elver.lisp.primitive;
