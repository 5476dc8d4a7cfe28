package org.elver.lisp.object;

/** An object that cannot be read back, and says itself how it is shown. */
public interface Printable {
  /** What is printed of it, such as {@code #<mutex x>}. */
  String printed(View view);
}
