package org.elver.heap.version;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.epoch.EpochTree;
import org.elver.heap.epoch.WriteRecord;
import org.elver.heap.epoch.WriteSet;

/**
 * One isolate's view of the heap. Every access to an object goes through one.
 *
 * <p><b>Threads.</b> A context is used by one thread at a time; whoever hands it from one thread to
 * another (a scheduler's run slot, {@code Thread.start} and {@code join}) orders the accesses
 * before the handing over before those after it. Different contexts need no ordering among
 * themselves: what one writes, no other sees. Only {@link #adopt} and {@link #tryCommit} take two
 * contexts, and the caller must hold both.
 *
 * <p>Two of every idle isolate's three objects are epochs and the third is this, so it is small: 40
 * bytes.
 */
public final class Context {
  /** The epoch of contexts that have ended: no object is labelled with it. */
  private static final Epoch ENDED = new Epoch();

  /** In the place of the savepoint of a {@link #builder}. */
  private static final Savepoint BUILDING = new Savepoint(null, null, null);

  final Heap heap;

  /** The leaf that is this context's; {@link #ENDED} at the end. */
  Epoch epoch;

  /** The versions written in {@link #epoch}: all that older objects have of this context's. */
  private WriteRecord writes;

  /** What was read, while speculating; else null. */
  ReadLog reads;

  /** See {@link #driver}; used by the thread that has the context. */
  private Object driver;

  /** See {@link #companion}; used by the thread that has the context. */
  private Companion companion;

  /** The innermost savepoint, or null. */
  private Savepoint savepoint;

  Context(Heap heap, Epoch leaf) {
    this.heap = heap;
    this.epoch = leaf;
  }

  /**
   * A child that begins with this context's state as of now. Neither sees what the other does from
   * here on. O(1), whatever the heap holds. A speculating context's child speculates too.
   */
  public Context fork() {
    Context child = childFor(split());
    if (reads != null) {
      child.reads = new ReadLog();
    }
    return child;
  }

  /** As {@link #fork}; the child records what it reads, for {@link #tryCommit}. */
  public Context forkSpeculating() {
    Context child = childFor(split());
    child.reads = new ReadLog();
    return child;
  }

  private Context childFor(Epoch leaf) {
    Context child = new Context(heap, leaf);
    if (companion != null) {
      child.companion = companion.fork();
    }
    return child;
  }

  /** This context's state as of now, to fork from later. O(1). */
  public Snapshot snapshot() {
    Epoch pin = split();
    return new Snapshot(heap, pin, companion == null ? null : companion.fork());
  }

  /**
   * A context that makes objects under {@code label}: parts of an image that are read late, for
   * instance. It may be used while others have the contexts that see the label's objects, even by
   * several threads, but only to make objects and to fill those that it has made and that nobody
   * else has seen; it cannot fork, end, or write to anything that has versions.
   */
  public Context builder(Label label) {
    Context c = new Context(heap, label.epoch);
    c.savepoint = BUILDING;
    return c;
  }

  private void requireOwnLeaf() {
    if (savepoint == BUILDING) {
      throw new IllegalStateException("a builder only makes objects");
    }
  }

  /** Freezes the present state; returns the other leaf below it. */
  private Epoch split() {
    requireOpen();
    tidy();
    Epoch mine = new Epoch();
    Epoch other = new Epoch();
    heap.tree.fork(epoch, writes, mine, other);
    writes = null;
    epoch = mine;
    return other;
  }

  /**
   * Ends this context: what it wrote is gone, and what it alone kept alive is garbage. Later use of
   * it is an error. Costs O(1) for each older object that it wrote, and for each that ancestors
   * wrote which nobody else sees.
   */
  public void end() {
    requireOpen();
    requireOwnLeaf();
    EpochTree tree = heap.tree;
    Care.removeAll(tree, writes);
    Epoch leaf = epoch;
    close();
    Care.take(tree, tree.retire(leaf));
    while (savepoint != null) {
      Epoch pin = savepoint.pin;
      savepoint = savepoint.outer;
      Care.take(tree, tree.retire(pin));
    }
  }

  private void close() {
    epoch = ENDED;
    writes = null;
    reads = null;
    companion = null;
  }

  /**
   * What the language keeps beside a context although it is no part of the heap: what it has worked
   * out and could work out again (caches).
   */
  public interface Companion {
    /**
     * The companion of a context that is being forked from this one's. Called by the thread that
     * has this one's context; for that of a {@link Snapshot}, by any thread.
     */
    Companion fork();

    /** What {@link #reset} needs to go back to what is known now; not null. Own thread. */
    Object mark();

    /** Forgets what was worked out since {@code mark}: the context has been rolled back. */
    void reset(Object mark);
  }

  /** The companion; null where none was given, to this context or to one that it comes from. */
  public Companion companion() {
    return companion;
  }

  /** Gives this context a companion, from which forks get theirs. Own thread only. */
  public void setCompanion(Companion newCompanion) {
    companion = newCompanion;
  }

  /**
   * Who runs programs in this context: the language's business, so that what has only the context
   * can find it. Null before anyone has been named. Own thread only.
   */
  public Object driver() {
    return driver;
  }

  /** Names the {@link #driver}. */
  public void setDriver(Object newDriver) {
    driver = newDriver;
  }

  /** Whether this context has ended, by itself or by adoption or commitment. */
  public boolean isEnded() {
    return epoch == ENDED;
  }

  /**
   * Merges this context's epoch with those above it that nobody else views any more, so that it
   * writes in place what it now alone sees, and drops contents that nobody sees. Happens by itself
   * at forks and at first writes; worth a call for a context that will be idle for long. Costs one
   * look when there is nothing to do, else O(1) for each object that it tidies.
   */
  public void tidy() {
    requireOwnLeaf();
    EpochTree tree = heap.tree;
    boolean collapsed = false;
    while (tree.mayCollapse(epoch)) {
      Epoch parent = tree.collapse(epoch);
      if (parent == null) {
        break;
      }
      epoch = parent;
      writes = WriteSet.meld(tree, writes, tree.takeWrites(parent));
      // Before the next step up, so that what is hidden is looked for in one epoch at a time.
      writes = Care.settle(tree, writes, epoch, epoch);
      collapsed = true;
    }
    assert collapsed || writes == null || EpochTree.find(writes.shadowed()) != epoch;
  }

  // Savepoints.

  /** Marks the present state, to go back to by {@link #rollback}. O(1). Savepoints nest. */
  public Savepoint savepoint() {
    Object mark = companion == null ? null : companion.mark();
    savepoint = new Savepoint(split(), savepoint, mark);
    return savepoint;
  }

  /** Keeps what was done since {@code s}, the innermost savepoint, and forgets {@code s}. */
  public void commit(Savepoint s) {
    popSavepoint(s);
    Care.take(heap.tree, heap.tree.retire(s.pin));
    tidy();
  }

  /**
   * Undoes what was written since {@code s}, the innermost savepoint, to objects older than it, and
   * forgets {@code s}. Objects made since keep their contents. Contexts forked since go on with
   * what they saw. O(1) for each object that is undone.
   */
  public void rollback(Savepoint s) {
    popSavepoint(s);
    if (s.companion != null) {
      companion.reset(s.companion);
    }
    EpochTree tree = heap.tree;
    tidy();
    List<Epoch> path = new ArrayList<>();
    for (Epoch e = tree.claimParent(epoch, s.pin); e != null; e = tree.claimParent(e, s.pin)) {
      path.add(e);
    }
    List<Version> own = new ArrayList<>();
    WriteSet.drain(writes, r -> own.add((Version) r));
    writes = null;
    Epoch before = s.pin;
    Set<HeapObject> done = Collections.newSetFromMap(new IdentityHashMap<>());
    // Where contexts forked since still view an epoch in between, its versions must stay, and the
    // old contents come back as new versions on top.
    for (Epoch e : path) {
      List<Version> shared = new ArrayList<>();
      WriteSet.drain(tree.takeWrites(e), r -> shared.add((Version) r));
      WriteRecord given = null;
      for (Version v : shared) {
        if (tree.sees(before, v.base) && done.add(v.object)) {
          restore(v.object, before, v.base);
        }
        given = WriteSet.meld(tree, given, v);
      }
      tree.giveWrites(e, given);
    }
    for (Version v : own) {
      if (!tree.sees(before, v.base)) {
        writes = WriteSet.meld(tree, writes, v);
      } else if (!done.contains(v.object)) {
        v.object.remove(tree, v);
      }
    }
    for (Epoch e : path) {
      Care.take(tree, tree.release(e));
    }
    Care.take(tree, tree.retire(s.pin));
    tidy();
  }

  /** Makes this context see {@code o} as a reader at {@code before} does. */
  private void restore(HeapObject o, Epoch before, Epoch base) {
    EpochTree tree = heap.tree;
    Version now = o.visibleAt(tree, epoch);
    Version old = o.visibleAt(tree, before);
    Version restored = o.newVersion(old, epoch, base);
    if (owns(now.epoch)) {
      restored.setShadowed(now.shadowed());
      o.replace(tree, now, restored);
    } else {
      restored.setShadowed(now.epoch);
      o.add(tree, restored);
    }
    writes = WriteSet.meld(tree, writes, restored);
  }

  /** Whether anything that is older than {@code s} may have been changed since. */
  public boolean hasChangedSince(Savepoint s) {
    tidy();
    return writes != null || heap.tree.parent(epoch) != heap.tree.parent(s.pin);
  }

  /** Whether {@code o}, which this context sees, is older than {@code s}. */
  public boolean isOlderThan(Savepoint s, HeapObject o) {
    return heap.tree.sees(s.pin, o.creator());
  }

  /** Whether {@code o}, an object older than {@code s}, has been changed since. */
  public boolean changedSince(Savepoint s, HeapObject o) {
    Version v = o.visibleAt(heap.tree, epoch);
    return v != null && !heap.tree.sees(s.pin, v.epoch);
  }

  private void popSavepoint(Savepoint s) {
    requireOpen();
    if (savepoint != s) {
      throw new IllegalStateException("not the innermost savepoint of this context");
    }
    savepoint = s.outer;
  }

  // Joining.

  /**
   * Whether {@code child} was forked from this context's line and nothing forked from {@code child}
   * lives, so that {@link #adopt} may take it over. The caller holds both.
   */
  public boolean canAdopt(Context child) {
    requireOpen();
    child.requireOpen();
    child.tidy();
    if (child.heap != heap || child == this || child.savepoint != null) {
      return false;
    }
    Epoch origin = heap.tree.parent(child.epoch);
    return origin != null && heap.tree.sees(epoch, origin);
  }

  /** Whether this context has changed objects that are older than it. Exact after {@link #tidy}. */
  public boolean hasChangedOlderObjects() {
    return writes != null;
  }

  /** Whether {@code o} was made by this context (or received by it), not by one above it. */
  public boolean created(HeapObject o) {
    return owns(o.creator());
  }

  /** Whether {@code o} is an object that this context can have: made before it or by it. */
  public boolean sees(HeapObject o) {
    return heap.tree.sees(epoch, o.creator());
  }

  /**
   * What this context has made and written is its own from here on: for a context that has just
   * been forked.
   */
  public Origin origin() {
    return new Origin(heap.tree.parent(epoch));
  }

  /** A moment in the past of a context. */
  public static final class Origin {
    private final Epoch epoch;

    private Origin(Epoch epoch) {
      this.epoch = epoch;
    }
  }

  /**
   * Whether {@code o}, which this context sees, was made in its line after {@code origin}. When the
   * other contexts forked there have ended, all that was theirs counts as this one's own.
   */
  public boolean madeSince(Origin origin, HeapObject o) {
    Epoch label = o.creator();
    if (owns(label)) {
      return true;
    }
    Epoch from = origin.epoch == null ? null : EpochTree.find(origin.epoch);
    return from != null
        && !o.isFrozen()
        && heap.tree.sees(epoch, label)
        && heap.tree.sees(epoch, from)
        && heap.tree.compareDepth(EpochTree.find(label), from) > 0;
  }

  /** Shows {@code action} the older objects that have contents of this context's alone. */
  public void forEachWritten(java.util.function.Consumer<HeapObject> action) {
    requireOpen();
    WriteSet.forEach(writes, r -> action.accept(((Version) r).object));
  }

  /** Whether this context has changed {@code o}, an object older than it. */
  public boolean changed(HeapObject o) {
    Version v = o.visibleAt(heap.tree, epoch);
    return v != null && owns(v.epoch);
  }

  /**
   * Ends {@code child} and takes over the objects it made, where they lie; what it wrote to older
   * objects is gone. O(1) for each older object that it wrote.
   *
   * @throws IllegalStateException unless {@link #canAdopt}
   */
  public void adopt(Context child) {
    if (!canAdopt(child)) {
      throw new IllegalStateException("only a child whose own forks have ended can be adopted");
    }
    EpochTree tree = heap.tree;
    if (reads != null && child.reads != null) {
      reads.addAll(child.reads);
    }
    Care.removeAll(tree, child.writes);
    Epoch leaf = child.epoch;
    child.close();
    Care.take(tree, tree.adopt(leaf, epoch));
  }

  /**
   * Does what the speculating {@code child} did, as if this context had done it now, provided that
   * nothing {@code child} read or wrote was written here since the fork; what was written and has
   * been restored ({@link HeapObject#saysTheSame}) counts as not written, on either side. Ends
   * {@code child} then and returns true. Otherwise does nothing and returns false: end {@code
   * child} and run it again. O(1) for each object read or written. The caller holds both.
   *
   * @throws IllegalStateException unless {@link #canAdopt} and {@code child} speculates
   */
  public boolean tryCommit(Context child) {
    if (!canAdopt(child)) {
      throw new IllegalStateException("only a child whose own forks have ended can be committed");
    }
    if (child.reads == null) {
      throw new IllegalStateException("the child was not forked with forkSpeculating");
    }
    EpochTree tree = heap.tree;
    Epoch origin = tree.parent(child.epoch);
    for (HeapObject o : child.reads.objects()) {
      Version here = o.visibleAt(tree, epoch);
      if (here != null
          && tree.compareDepth(here.epoch, origin) > 0
          && !o.saysTheSame(here, child.forkedWith(o))) {
        return false;
      }
    }
    child.forgetRestored();
    List<Version> versions = new ArrayList<>();
    WriteSet.drain(child.writes, r -> versions.add((Version) r));
    child.writes = null;
    for (Version v : versions) {
      HeapObject o = v.object;
      Version here = o.visibleAt(tree, epoch);
      if (here != null && owns(here.epoch)) {
        // Written and restored here too: this context's version is there already.
        Version mine = o.newVersion(v, epoch, v.base);
        mine.setShadowed(here.shadowed());
        o.remove(tree, v);
        o.replace(tree, here, mine);
        rewrote(here, mine);
        continue;
      }
      Version mine = o.newVersion(v, epoch, v.base);
      mine.setShadowed(here == null ? v.shadowed() : here.epoch);
      o.remove(tree, v);
      o.add(tree, mine);
      writes = WriteSet.meld(tree, writes, mine);
    }
    if (reads != null) {
      reads.addAll(child.reads);
    }
    Epoch leaf = child.epoch;
    child.close();
    Care.take(tree, tree.adopt(leaf, epoch));
    return true;
  }

  /**
   * Forgets that older objects were written whose contents have been restored since: see {@link
   * HeapObject#saysTheSame}. O(1) for each older object that it wrote.
   */
  public void forgetRestored() {
    requireOpen();
    EpochTree tree = heap.tree;
    WriteRecord all = writes;
    writes = null;
    WriteSet.drain(
        all,
        r -> {
          Version v = (Version) r;
          if (v.object.saysTheSame(v, v.object.hiddenBy(tree, v))) {
            v.object.remove(tree, v);
          } else {
            writes = WriteSet.meld(tree, writes, v);
          }
        });
  }

  /** The version of {@code o} that this context had when it was forked; null: the inline one. */
  private Version forkedWith(HeapObject o) {
    Version v = o.visibleAt(heap.tree, epoch);
    return v != null && owns(v.epoch) ? o.hiddenBy(heap.tree, v) : v;
  }

  /** Makes the objects of {@code label} this context's. Once for each label. O(1). */
  public void attach(Label label) {
    requireOpen();
    requireOwnLeaf();
    EpochTree.attach(label.epoch, epoch);
  }

  // For objects.

  /** The epoch in which this context writes now; it changes with each fork. */
  public Epoch epoch() {
    return epoch;
  }

  /** Whether this context alone sees what is labelled {@code label}, which it sees. */
  public boolean owns(Epoch label) {
    return label == epoch || EpochTree.find(label) == epoch;
  }

  /** Says that this context has read {@code o} otherwise than through its accessors. */
  public void noteRead(HeapObject o) {
    requireOpen();
    if (reads != null) {
      reads.add(o);
    }
  }

  /** The heap that it is a view of. */
  public Heap heap() {
    return heap;
  }

  void wrote(HeapObject o, Version v) {
    heap.versions.increment();
    writes = WriteSet.meld(heap.tree, writes, v);
    if (reads != null) {
      reads.add(o);
    }
  }

  /** Says that {@code v} has taken the place of {@code old}, which hid the same. */
  void rewrote(Version old, Version v) {
    if (WriteSet.contains(writes, old)) {
      writes = WriteSet.replace(writes, old, v);
    }
  }

  void requireOpen() {
    if (epoch == ENDED) {
      throw new IllegalStateException("this context has ended");
    }
  }
}
