package org.elver.heap.epoch;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The tree of epochs of one heap: forks, ends and merges change it; readers ask it who sees what.
 *
 * <p>The tree is kept as two orders, preorder and postorder; an epoch is an ancestor of another
 * exactly when it precedes it in the one and follows it in the other (Dietz, "Maintaining order in
 * a linked list", STOC 1982). So the question costs four loads whatever the depth, and an epoch in
 * the middle of a long ancestry is spliced out in constant time.
 *
 * <p><b>Threads.</b> Changes take one lock, held for O(1) steps (amortised O(log n) where labels
 * run out). Questions take no lock: a sequence number, odd while labels are being spread, tells a
 * reader to ask again. Insertion and removal need no such signal, since they change the label of no
 * other epoch, and a removed epoch is marked {@link Epoch#DEAD} before its labels can become stale
 * (staleness needs a relabelling, which does change the number).
 *
 * <p><b>Care.</b> When an epoch loses a viewer, something may be left to do that takes time: a
 * frozen epoch without viewers must have its writes removed, and one that absorbed its only child
 * must clear what the child hid. The operations here only <i>claim</i> such an epoch (one claimer
 * at a time) and return it; the caller does the work outside the lock and then calls {@link
 * #release}. A claimed epoch is neither absorbed, nor does it absorb, nor is it collapsed into.
 */
public final class EpochTree {
  /** What {@link #postLabel} says of an epoch that is in no tree. No label is this small. */
  public static final long DROPPED = Epoch.DEAD;

  /** Reads that failed this often because of relabellings wait for the lock instead. */
  private static final int OPTIMISTIC_TRIES = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final OrderList preorder = new OrderList.PreOrder(this);
  private final OrderList postorder = new OrderList.PostOrder(this);

  /**
   * Odd while labels change. Written under the lock, read by every reader; volatile, so that a
   * window begins with an acquire read (the fence in {@link #validRead} ends it).
   */
  private volatile long sequence;

  private long forks;
  private int members;

  /** A new leaf in a family of its own. */
  public Epoch plant() {
    Epoch root = new Epoch();
    lock.lock();
    try {
      preorder.insertAfter(null, root);
      postorder.insertAfter(null, root);
      members++;
    } finally {
      lock.unlock();
    }
    return root;
  }

  /**
   * Freezes the leaf {@code parent} and makes {@code a} and {@code b} its children.
   *
   * @param writes what the context wrote in {@code parent} since it became a leaf
   */
  public void fork(Epoch parent, WriteRecord writes, Epoch a, Epoch b) {
    lock.lock();
    try {
      // A first child that forks is one of a line that forks again and again: its first child will
      // fork next. A second one is one of a line of generations.
      boolean first = parent.link == null || parent.link.preNext == parent;
      preorder.insertTwoAfter(parent, a, b, first ? OrderList.Gap.BETWEEN : OrderList.Gap.AFTER);
      postorder.insertTwoAfter(
          postorder.prev(parent), a, b, first ? OrderList.Gap.BEFORE : OrderList.Gap.BETWEEN);
      a.link = parent;
      b.link = parent;
      parent.writes = WriteSet.meld(this, parent.writes, writes);
      setViewers(parent, parent.viewers + 2);
      members += 2;
      forks++;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A new leaf beside the leaf {@code pin}: a view of the same state. Returns null when {@code pin}
   * has been retired.
   */
  public Epoch sprout(Epoch pin) {
    Epoch child = new Epoch();
    lock.lock();
    try {
      if (!isAlive(pin)) {
        return null;
      }
      // After a leaf in both orders: nothing of the leaf's lies in between.
      preorder.insertAfter(pin, child);
      postorder.insertAfter(pin, child);
      child.link = pin.link;
      setViewers(pin.link, pin.link.viewers + 1);
      members++;
      forks++;
    } finally {
      lock.unlock();
    }
    return child;
  }

  /**
   * Takes {@code e}, of which no version is left anywhere, out of the tree: a leaf that ended, or a
   * claimed epoch without viewers. Returns an epoch claimed for the caller's care, or null.
   */
  public Epoch retire(Epoch e) {
    lock.lock();
    try {
      Epoch parent = e.link;
      e.link = null;
      takeOut(e);
      if (parent == null) {
        return null;
      }
      setViewers(parent, parent.viewers - 1);
      return claimIfDue(parent);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the caller's claim on {@code e}. Returns an epoch claimed for the caller next, or null.
   */
  public Epoch release(Epoch e) {
    lock.lock();
    try {
      setViewers(e, e.viewers & ~Epoch.CLAIMED);
      Epoch due = claimIfDue(e);
      // While it was claimed, e could not be absorbed.
      return due == null && e.link != null && isAlive(e) ? claimIfDue(e.link) : due;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Claims the parent of {@code e} for the caller, unless it is the parent of {@code pin} too;
   * then, or at a root, returns null. {@code e} is the caller's leaf, or an epoch that the caller
   * has claimed.
   *
   * <p>Waits while another thread has a claim on the parent. Nobody waits for anything while caring
   * for an epoch, so the wait is short and cannot end in a deadlock.
   */
  @SuppressWarnings("ThreadPriorityCheck") // The claimer may need this very core to finish.
  public Epoch claimParent(Epoch e, Epoch pin) {
    for (; ; ) {
      lock.lock();
      try {
        Epoch parent = e.link;
        if (parent == null || parent == pin.link) {
          return null;
        }
        if (!parent.isClaimed()) {
          setViewers(parent, parent.viewers | Epoch.CLAIMED);
          return parent;
        }
      } finally {
        lock.unlock();
      }
      Thread.yield();
    }
  }

  /**
   * The writes of a leaf of the caller's, or of an epoch it has claimed; they become the caller's.
   */
  public WriteRecord takeWrites(Epoch owned) {
    lock.lock();
    try {
      WriteRecord writes = owned.writes;
      owned.writes = null;
      return writes;
    } finally {
      lock.unlock();
    }
  }

  /** Gives {@code writes} to an epoch that the caller has claimed. */
  public void giveWrites(Epoch claimed, WriteRecord writes) {
    lock.lock();
    try {
      claimed.writes = WriteSet.meld(this, claimed.writes, writes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether {@link #collapse} of this leaf would probably succeed. A hint, read without the lock.
   */
  public boolean mayCollapse(Epoch leaf) {
    Epoch parent = (Epoch) Epoch.LINK.getAcquire(leaf);
    return parent != null && (int) Epoch.VIEWERS.getAcquire(parent) == 1;
  }

  /**
   * Merges a leaf into its parent when nobody else views the parent, which becomes the leaf in its
   * place. Called by the leaf's owner only. Returns the parent, or null when it has other viewers.
   *
   * <p>Taking the lock orders everything that ended viewers did before everything that the owner
   * does next; this is what makes writing in place safe.
   */
  public Epoch collapse(Epoch leaf) {
    lock.lock();
    try {
      Epoch parent = leaf.link;
      if (parent == null || parent.viewers != 1) {
        return null;
      }
      setViewers(parent, 0);
      merge(leaf, parent);
      return parent;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes {@code survivor} stand for the leaf {@code ended}, none of whose versions is left.
   * Returns an epoch claimed for the caller's care, or null.
   */
  public Epoch adopt(Epoch ended, Epoch survivor) {
    lock.lock();
    try {
      Epoch parent = ended.link;
      merge(ended, survivor);
      if (parent == null) {
        return null;
      }
      setViewers(parent, parent.viewers - 1);
      return claimIfDue(parent);
    } finally {
      lock.unlock();
    }
  }

  /** Makes {@code leaf} stand for an epoch that is in no tree. */
  public static void attach(Epoch detached, Epoch leaf) {
    Epoch.LINK.setRelease(detached, leaf);
  }

  /** Whether an epoch that the caller has claimed has no children. */
  public boolean isUnviewed(Epoch claimed) {
    return ((int) Epoch.VIEWERS.getAcquire(claimed) & ~Epoch.CLAIMED) == 0;
  }

  /** The parent of a leaf or frozen epoch, or null. For the owner of a leaf below it. */
  public Epoch parent(Epoch e) {
    lock.lock();
    try {
      return e.link;
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@code e} is a leaf or a frozen epoch of the tree. */
  public static boolean isAlive(Epoch e) {
    return (long) Epoch.POST.getAcquire(e) != Epoch.DEAD;
  }

  /**
   * The epoch that stands for {@code e} today: itself, or what it was merged into. Unless something
   * keeps it from merging (the caller owns or has claimed it), the answer may be out of date at
   * once.
   */
  public static Epoch find(Epoch e) {
    if (isAlive(e)) {
      return e;
    }
    Epoch next = (Epoch) Epoch.LINK.getAcquire(e);
    if (next == null || isAlive(next)) {
      return next == null ? e : next;
    }
    return findAndCompress(e);
  }

  /** Path halving, so that a long history of merges is walked once. Racing writes all hold. */
  private static Epoch findAndCompress(Epoch start) {
    Epoch e = start;
    for (; ; ) {
      if (isAlive(e)) {
        return e;
      }
      Epoch next = (Epoch) Epoch.LINK.getAcquire(e);
      if (next == null) {
        return e;
      }
      if (!isAlive(next)) {
        Epoch afterNext = (Epoch) Epoch.LINK.getAcquire(next);
        if (afterNext != null) {
          Epoch.LINK.setRelease(e, afterNext);
        }
      }
      e = next;
    }
  }

  /** Whether a reader at {@code leaf} sees what is labelled {@code label}. */
  public boolean sees(Epoch leaf, Epoch label) {
    if (leaf == label) {
      return true;
    }
    for (int tries = 0; tries < OPTIMISTIC_TRIES; tries++) {
      long stamp = beginRead();
      boolean result = covers(label, leaf);
      if (validRead(stamp)) {
        return result;
      }
      Thread.onSpinWait();
    }
    lock.lock();
    try {
      return covers(label, leaf);
    } finally {
      lock.unlock();
    }
  }

  /** Orders two ancestors of one epoch: positive when {@code a} is the deeper. */
  public int compareDepth(Epoch a, Epoch b) {
    return a == b ? 0 : comparePosition(a, b);
  }

  /** Orders two epochs by their place in preorder. */
  public int comparePosition(Epoch a, Epoch b) {
    return consistently(() -> Long.compare(preLabel(a), preLabel(b)));
  }

  /**
   * What {@code reads} returns, run in a window of reads: again if labels changed meanwhile, and
   * under the lock if that happens too often. It must have no effect but its result.
   */
  public <R> R consistently(Supplier<R> reads) {
    for (int tries = 0; tries < OPTIMISTIC_TRIES; tries++) {
      long stamp = beginRead();
      R result = reads.get();
      if (validRead(stamp)) {
        return result;
      }
      Thread.onSpinWait();
    }
    lock.lock();
    try {
      return reads.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins a window of reads of labels; what was read counts only if {@link #validRead} says so
   * afterwards. Waits while labels are being spread.
   */
  public long beginRead() {
    long stamp = sequence;
    return (stamp & 1) == 0 ? stamp : awaitRelabel();
  }

  private long awaitRelabel() {
    // The lock is held by whoever is spreading labels.
    lock.lock();
    try {
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /** Whether no label changed since {@link #beginRead} returned {@code stamp}. */
  public boolean validRead(long stamp) {
    VarHandle.loadLoadFence();
    return sequence == stamp;
  }

  /** Whether {@code leaf} sees {@code label}; to be called in a window of reads. */
  public static boolean covers(Epoch label, Epoch leaf) {
    return label == leaf || covers(label, leaf.pre, leaf.post);
  }

  /**
   * Whether a leaf with the labels {@code pre} and {@code post} sees {@code label}; to be called in
   * a window of reads.
   *
   * <p>The labels are read plainly, as is usual in optimistic reading: the window's fences keep the
   * reads inside it. (A JVM may read a long in two halves only where it has no 64-bit loads.)
   */
  public static boolean covers(Epoch label, long pre, long post) {
    long own = label.post;
    // Should the label's epoch merge now, what was read still says what it said: merging changes no
    // label, and who is below the epoch is below its survivor.
    return own == Epoch.DEAD ? coversMerged(label, pre, post) : label.pre <= pre && post <= own;
  }

  private static boolean coversMerged(Epoch label, long pre, long post) {
    Epoch e = label;
    for (; ; ) {
      Epoch survivor = find(e);
      if (survivor == e) {
        return false;
      }
      e = survivor;
      long own = (long) Epoch.POST.getAcquire(e);
      if (own != Epoch.DEAD) {
        // A leaf that took the label over has the very labels asked about.
        return (long) Epoch.PRE.getOpaque(e) <= pre && post <= own;
      }
    }
  }

  /**
   * The place in preorder of what {@code e}, which was not dropped, stands for; to be called in a
   * window of reads.
   */
  public static long preLabel(Epoch e) {
    return (e.post == Epoch.DEAD ? find(e) : e).pre;
  }

  /**
   * The place in postorder of what {@code e} stands for, or {@link #DROPPED}; to be called in a
   * window of reads. Reads the label once: the epoch that carries it may merge at any moment, and a
   * second look would find it dead.
   */
  public static long postLabel(Epoch e) {
    long post = e.post;
    return post == Epoch.DEAD ? postLabelMerged(e) : post;
  }

  private static long postLabelMerged(Epoch merged) {
    Epoch e = merged;
    for (; ; ) {
      Epoch survivor = find(e);
      if (survivor == e) {
        return DROPPED;
      }
      e = survivor;
      long post = (long) Epoch.POST.getAcquire(e);
      if (post != Epoch.DEAD) {
        return post;
      }
    }
  }

  /** How many forks there were since the tree was made. */
  public long forks() {
    lock.lock();
    try {
      return forks;
    } finally {
      lock.unlock();
    }
  }

  /** How many epochs the tree has now. */
  public int size() {
    lock.lock();
    try {
      return members;
    } finally {
      lock.unlock();
    }
  }

  /** How many labels were changed to make room since the tree was made. */
  public long relabelled() {
    lock.lock();
    try {
      return preorder.relabelled + postorder.relabelled;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Under the lock.
  void beginRelabel() {
    sequence++;
    // No label may be seen changed by a reader that saw the number even.
    VarHandle.storeStoreFence();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Under the lock.
  void endRelabel() {
    sequence++;
  }

  /** Takes a member out of the lists with {@code link} as it is to stay. */
  private void takeOut(Epoch e) {
    preorder.remove(e);
    postorder.remove(e);
    e.writes = null;
    e.viewers = 0;
    members--;
    // Release: whoever sees the epoch dead sees its final link.
    Epoch.POST.setRelease(e, Epoch.DEAD);
  }

  private void merge(Epoch e, Epoch survivor) {
    survivor.writes = WriteSet.meld(this, survivor.writes, e.writes);
    // A reader that still takes e for alive ignores its link; one that sees it dead sees this link.
    Epoch.LINK.setRelease(e, survivor);
    takeOut(e);
  }

  /**
   * Looks at an epoch whose viewers have changed. Claims and returns it when it has no viewers
   * left, or when it has absorbed its only child (whose writes it now has); else returns null.
   */
  private Epoch claimIfDue(Epoch e) {
    if (e.isClaimed()) {
      return null; // Its claimer will look at it on release.
    }
    if (e.viewers == 0) {
      setViewers(e, Epoch.CLAIMED);
      return e;
    }
    if (e.viewers != 1) {
      return null;
    }
    Epoch only = e.preNext;
    if (only == null || only.link != e || only.viewers == 0 || only.isClaimed()) {
      // A leaf (its owner collapses it, unless it is a pin), or in somebody's care.
      return null;
    }
    absorb(e, only);
    return e;
  }

  private void absorb(Epoch e, Epoch only) {
    // Children of `only`, last to first: each is the last in postorder before the one after it.
    Epoch child = only.postPrev;
    Epoch firstChild = only.preNext;
    while (child != null && child.link == only) {
      Epoch before = child == firstChild ? null : siblingBefore(child, only);
      Epoch.LINK.setRelease(child, e);
      child = before;
    }
    int viewers = only.viewerCount();
    merge(only, e);
    setViewers(e, viewers | Epoch.CLAIMED);
  }

  /** The child of {@code parent} before {@code child}, which is not its first. */
  private static Epoch siblingBefore(Epoch child, Epoch parent) {
    Epoch e = child.prePrev; // The last in preorder of the sibling's family.
    while (e.link != parent) {
      e = e.link;
    }
    return e;
  }

  private static void setViewers(Epoch e, int viewers) {
    // Release: a leaf's owner that reads 1 as a hint; the lock orders the rest.
    Epoch.VIEWERS.setRelease(e, viewers);
  }
}
