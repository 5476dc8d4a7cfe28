package org.elver.lisp.object;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.elver.heap.version.Context;

/**
 * The text properties of a string, as the functions on strings need them: an immutable object, in
 * {@link LispString#properties}; null when there are none. Implemented by the package that has text
 * properties.
 */
public interface TextProperties {
  /** Shows every name and value of a property. */
  void forEachValue(Consumer<Object> visitor);

  /** The same with every name and value replaced. */
  TextProperties map(UnaryOperator<Object> replacement);

  /** The properties of the part from {@code from} to {@code to}; null when it has none. */
  TextProperties part(int from, int to);

  /** These for a text of {@code length}, followed by {@code others}, which may be null. */
  TextProperties append(int length, TextProperties others);

  /** Those of {@code length} characters without any, followed by these. */
  TextProperties after(int length);

  /** A list of {@code (FROM TO PLIST)}, without the intervals that have none. */
  Object intervals(Context c);

  /**
   * Whether both say the same: intervals and properties compared as {@code
   * equal-including-properties}.
   */
  boolean isSame(Context c, TextProperties other);

  /** Whether both, which may be null, say the same. */
  static boolean same(Context c, Object a, Object b) {
    if (a == b) {
      return true;
    }
    return a instanceof TextProperties x && b instanceof TextProperties y && x.isSame(c, y);
  }
}
