package org.elver.heap.object;

import org.elver.heap.version.Context;

/**
 * When two keys of a {@link Table} are the same.
 *
 * <p>The methods may do anything, run programs included: fork, tidy or end up writing in the
 * context, even change the table that asks. They must agree with each other (keys that are the same
 * have the same hash) and with identity (a key is the same as itself; a table does not ask about
 * that).
 */
public interface Equality {
  /** Keys are the same when they are the same object. */
  Equality IDENTITY =
      new Equality() {
        @Override
        public int hash(Context c, Object key) {
          return System.identityHashCode(key);
        }

        @Override
        public boolean same(Context c, Object a, Object b) {
          return a == b;
        }

        @Override
        public boolean dependsOnIdentity() {
          return true;
        }
      };

  /** A hash of {@code key} as {@code c} sees it. Any bits may carry the information. */
  int hash(Context c, Object key);

  /**
   * Whether two different objects with equal hashes are the same key for {@code c}.
   *
   * @param a a key of the table
   * @param b the key that is looked for
   */
  boolean same(Context c, Object a, Object b);

  /**
   * Whether the copy of a key may have another hash than the key, or be another key: then a table
   * whose keys have been replaced by copies must be rehashed.
   */
  boolean dependsOnIdentity();
}
