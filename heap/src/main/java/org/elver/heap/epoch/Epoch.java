package org.elver.heap.epoch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A node in the tree of heap versions, and the label that objects and versions carry to say in
 * which stretch of whose life they were written.
 *
 * <pre>
 * state      post   link      viewers   meaning
 * ---------  -----  --------  --------  ------------------------------------------------------------
 * DETACHED   DEAD   null      0         labels a message on its way; in no tree
 * LEAF       label  parent    0         the current epoch of one context, which alone may write in it;
 *                                      or a pin, which keeps its parent as it is
 * FROZEN     label  parent    &ge; 1        has children; nothing labelled with it changes
 * MERGED     DEAD   survivor  0         stands for the epoch that took it over
 * DROPPED    DEAD   null      0         ended; nothing labelled with it is visible to anybody
 *
 * DETACHED -attach-&gt; MERGED       LEAF -fork, savepoint, snapshot-&gt; FROZEN
 * LEAF -collapse, adopt-&gt; MERGED  LEAF -retire-&gt; DROPPED
 * FROZEN -absorbed by its parent-&gt; MERGED   FROZEN -last viewer gone-&gt; DROPPED
 * FROZEN -collapse of its only child, a leaf-&gt; LEAF
 * </pre>
 *
 * DETACHED and DROPPED look alike on purpose: neither is visible to anybody.
 *
 * <p><b>Who may touch what.</b> {@code prePrev}, {@code preNext}, {@code postPrev}, {@code
 * postNext} and {@code writes} are read and written under the tree's lock only (a claimed epoch's
 * {@code writes} by the claimer only). {@code pre} and {@code post} are written under the lock and
 * read by anyone inside a read window of the tree, which repeats the read when a relabelling
 * intervened. {@code link} and {@code viewers} are written under the lock; {@code link} may be read
 * by anyone who has seen {@code post == DEAD} with acquire semantics, {@code viewers} by anyone as
 * a hint that is confirmed under the lock.
 *
 * <p>A million idle isolates cost two of these each, so the layout is counted: 56 bytes with
 * compressed class pointers.
 */
public final class Epoch {
  /** Value of {@link #post} for an epoch that is in no order list. No live label is this small. */
  static final long DEAD = Long.MIN_VALUE;

  /** Set in {@link #viewers} while one thread has exclusive care of a frozen epoch. */
  static final int CLAIMED = 1 << 30;

  static final VarHandle PRE;
  static final VarHandle POST;
  static final VarHandle LINK;
  static final VarHandle VIEWERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PRE = lookup.findVarHandle(Epoch.class, "pre", long.class);
      POST = lookup.findVarHandle(Epoch.class, "post", long.class);
      LINK = lookup.findVarHandle(Epoch.class, "link", Epoch.class);
      VIEWERS = lookup.findVarHandle(Epoch.class, "viewers", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Position in preorder; orders ancestors before descendants. */
  long pre;

  /**
   * Position in postorder; orders descendants before ancestors. {@link #DEAD} outside the lists.
   */
  long post = DEAD;

  Epoch prePrev;
  Epoch preNext;
  Epoch postPrev;
  Epoch postNext;

  /** The parent while in the tree; afterwards the epoch that took this one over, or null. */
  Epoch link;

  /** The number of children, and {@link #CLAIMED}. */
  int viewers;

  /** What was written in this epoch over older contents; null when nothing. */
  WriteRecord writes;

  /** A detached epoch, to label objects that belong to nobody yet (a message under way). */
  public Epoch() {}

  boolean isClaimed() {
    return (viewers & CLAIMED) != 0;
  }

  int viewerCount() {
    return viewers & ~CLAIMED;
  }
}
