package org.elver.heap.version;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.epoch.EpochTree;

/**
 * A mutable object of the versioned heap: an identity whose contents depend on who looks.
 *
 * <p>A kind of object is a subclass with private contents (its <i>inline</i> contents), a subclass
 * of {@link Version} with the same contents, and accessors that take the {@link Context} of the
 * caller. Every accessor follows one of two patterns:
 *
 * <pre>{@code
 * Object first(Context c) {                       void setFirst(Context c, Object x) {
 *   if (readsInline(c)) return first;               if (writesInline(c)) { first = x; return; }
 *   Version v = versionToRead(c);                   Version v = versionToWrite(c);
 *   return v == null ? first : ((PairVersion) v).first;   if (v == null) first = x; else ...
 * }                                               }
 * }</pre>
 *
 * (Between the two, kinds that are used most look for a version of the caller's own by themselves;
 * see {@link #header}.) What an accessor resolved is good until the next time that the context
 * forks, ends, tidies, rolls back or commits, and no longer: use it and forget it.
 *
 * <p>The one header word, {@code meta}, has these states:
 *
 * <pre>
 * meta          contents
 * ------------  ------------------------------------------------------------------------------------
 * Epoch         the inline ones, for everybody who can reach the object
 * Version       its own for readers that see its epoch, else the inline ones
 * VersionSet    those of the deepest member that the reader sees, else the inline ones
 *
 * Epoch      -first write by one of several viewers-&gt; Version
 * Version    -write by another viewer-&gt; VersionSet     VersionSet -versions removed-&gt; Version
 * Version    -version removed-&gt; Epoch (the label of the inline contents)
 * Version    -owner is the only viewer left-&gt; Epoch (its own; contents moved inline)
 * Epoch      -owner is the only viewer left, write-&gt; Epoch (its own)
 * </pre>
 *
 * <p><b>Memory order.</b> {@code meta} is read plainly. That is enough: versions have final fields;
 * the contents that a reader is entitled to were written before the fork that made the reader, or
 * by itself; and all that others may do to {@code meta} meanwhile (add, remove or merge versions
 * that the reader does not see, or that say the same to it) leaves every value that the reader
 * could have loaded valid. (A large set of versions is searched by the places of its epochs, which
 * mean something only while the set is the object's; so after a search there, {@code meta} is
 * looked at again.) Changes are made by compare-and-set, except by an owner that is the only
 * viewer.
 */
public abstract class HeapObject {
  /** Labels objects that nobody may write, ever. */
  private static final Epoch IMMUTABLE = new Epoch();

  private static final VarHandle META;

  static {
    try {
      META = MethodHandles.lookup().findVarHandle(HeapObject.class, "meta", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Object meta;

  /** A new object of {@code creator}, which alone can see it until it forks or hands it on. */
  protected HeapObject(Context creator) {
    meta = creator.epoch;
  }

  /** A new object that belongs to whoever {@code label} is attached to. */
  protected HeapObject(Label label) {
    meta = label.epoch;
  }

  /** The label of frozen objects. */
  static Epoch immutable() {
    return IMMUTABLE;
  }

  /** Whether {@code c} may read the inline contents. When false, ask {@link #versionToRead}. */
  protected final boolean readsInline(Context c) {
    // Tried: testing meta == c.epoch first. It made reads of one's own objects 5 % faster at best,
    // and those of shared ones 10 to 30 % slower.
    return meta.getClass() == Epoch.class && (c.reads == null || c.reads.last == this);
  }

  /** Whether {@code c} may write the inline contents. When false, ask {@link #versionToWrite}. */
  protected final boolean writesInline(Context c) {
    return meta == c.epoch;
  }

  /**
   * The object's header word, for a quick look at whether it is a version of the caller's own: a
   * kind whose accesses must be fast tests {@code header() instanceof Contents own && own.isOf(c)}
   * after the inline case and before the general one.
   */
  protected final Object header() {
    return meta;
  }

  /** The version that {@code c} reads; null for the inline contents. Records the read. */
  protected final Version versionToRead(Context c) {
    Object m = meta;
    if (m instanceof Version v && v.epoch == c.epoch) {
      return v;
    }
    return isKnownInline(m, c) ? null : findVersion(c);
  }

  /**
   * Whether {@code c}, which speculates, reads the inline contents and there is nothing to record:
   * the object is its own, immutable, or one that it has read lately.
   */
  private boolean isKnownInline(Object m, Context c) {
    ReadLog r = c.reads;
    return r != null
        && m.getClass() == Epoch.class
        && (m == c.epoch || m == IMMUTABLE || r.hasLately(this));
  }

  private Version findVersion(Context c) {
    c.requireOpen();
    if (c.reads != null && meta != c.epoch && meta != IMMUTABLE) {
      c.reads.add(this);
    }
    if (meta instanceof FewVersions few) {
      return few.visibleTo(c.heap.tree, c.epoch); // The common case, without a dispatch.
    }
    return visibleAt(c.heap.tree, c.epoch);
  }

  /** The version that a reader at {@code leaf} sees; null for the inline contents. */
  final Version visibleAt(EpochTree tree, Epoch leaf) {
    for (; ; ) {
      Object m = META.getAcquire(this);
      Version v = visibleIn(m, tree, leaf);
      if (!(m instanceof ManyVersions) || isStill(m)) {
        return v;
      }
    }
  }

  /**
   * Whether {@code m} has been the header word since it was read, so that what was found out about
   * its versions meanwhile is so: versions leave an object before their epochs leave the tree or
   * move in it. (Sets never come back. Windows of reads of labels end with a volatile read, so this
   * look comes after them.)
   */
  private boolean isStill(Object m) {
    return META.getAcquire(this) == m;
  }

  private static Version visibleIn(Object m, EpochTree tree, Epoch leaf) {
    if (m instanceof Epoch) {
      return null;
    }
    if (m instanceof Version v) {
      return tree.sees(leaf, v.epoch) ? v : null;
    }
    return ((VersionSet) m).visibleTo(tree, leaf);
  }

  /**
   * The version that {@code c} may write; null for the inline contents. Makes the version when this
   * is the context's first write to contents that others view.
   *
   * @throws FrozenObjectException when the object is frozen
   */
  protected final Version versionToWrite(Context c) {
    Object m = meta;
    if (m instanceof Version v && v.epoch == c.epoch) {
      return v;
    }
    return makeWritable(c);
  }

  private Version makeWritable(Context c) {
    c.requireOpen();
    // First, since it may move this object's contents inline.
    c.tidy();
    EpochTree tree = c.heap.tree;
    for (; ; ) {
      Object m = META.getAcquire(this);
      Version seen = visibleIn(m, tree, c.epoch);
      if (!isStill(m)) {
        continue;
      }
      Epoch base = baseOf(m);
      if (base == IMMUTABLE) {
        throw new FrozenObjectException(this);
      }
      if (seen == null && c.owns(base)) {
        // Whatever versions there are belong to contexts that are ending.
        if (m == base) {
          meta = c.epoch;
        }
        return null;
      }
      if (seen != null && c.owns(seen.epoch)) {
        if (m == seen && c.owns(base)) {
          restoreInline(seen);
          meta = c.epoch;
          return null;
        }
        if (seen.epoch == c.epoch) {
          return seen;
        }
        // Its epoch has merged into the leaf. With the leaf's own label, access is fast again.
        Version relabelled = newVersion(seen, c.epoch, base);
        Object changed =
            m == seen ? relabelled : ((VersionSet) m).replacing(tree, seen, relabelled);
        if (META.compareAndSet(this, m, changed)) {
          c.rewrote(seen, relabelled);
          return relabelled;
        }
        continue;
      }
      Version v = newVersion(seen, c.epoch, base);
      if (META.compareAndSet(this, m, with(m, v, tree))) {
        c.wrote(this, v);
        return v;
      }
    }
  }

  private static Epoch baseOf(Object m) {
    if (m instanceof Epoch e) {
      return e;
    }
    return m instanceof Version v ? v.base : ((VersionSet) m).base();
  }

  private static Object with(Object m, Version v, EpochTree tree) {
    if (m instanceof Epoch) {
      return v;
    }
    return m instanceof Version only
        ? FewVersions.of(tree, only, v)
        : ((VersionSet) m).with(tree, v);
  }

  /** The label of the inline contents: who made the object. */
  final Epoch creator() {
    return baseOf(META.getAcquire(this));
  }

  /** Takes {@code v} away, before its epoch leaves the tree. */
  final void remove(EpochTree tree, Version v) {
    for (; ; ) {
      Object m = META.getAcquire(this);
      Object rest;
      if (m == v) {
        rest = v.base;
      } else {
        rest = ((VersionSet) m).without(tree, v);
      }
      if (META.compareAndSet(this, m, rest)) {
        return;
      }
    }
  }

  /** Puts {@code b} in the place of {@code a}, both of {@code a}'s epoch or one it merges into. */
  final void replace(EpochTree tree, Version a, Version b) {
    for (; ; ) {
      Object m = META.getAcquire(this);
      Object changed = m == a ? b : ((VersionSet) m).replacing(tree, a, b);
      if (META.compareAndSet(this, m, changed)) {
        return;
      }
    }
  }

  /** Adds {@code v}, whose epoch has no version here yet. */
  final void add(EpochTree tree, Version v) {
    for (; ; ) {
      Object m = META.getAcquire(this);
      if (META.compareAndSet(this, m, with(m, v, tree))) {
        return;
      }
    }
  }

  /**
   * Clears what {@code v} hides: the epochs of both have become one, so nobody sees it any more.
   *
   * @param owner the leaf's epoch when its owner calls this, null when the epoch is frozen and
   *     claimed by the caller
   * @return the version that was hidden and is removed; null if the inline contents were, which are
   *     cleared or replaced
   */
  final Version settle(EpochTree tree, Version v, Epoch owner) {
    for (; ; ) {
      Object m = META.getAcquire(this);
      Version hidden = m instanceof VersionSet set ? set.hiddenBy(tree, v) : null;
      if (!isStill(m)) {
        continue;
      }
      assert EpochTree.find(hidden == null ? v.base : hidden.epoch) == EpochTree.find(v.epoch);
      if (hidden != null) {
        if (META.compareAndSet(this, m, ((VersionSet) m).without(tree, hidden))) {
          return hidden;
        }
      } else if (owner != null && m == v) {
        restoreInline(v);
        meta = owner;
        return null;
      } else {
        clearInline();
        return null;
      }
    }
  }

  /**
   * A version for {@code epoch} with the contents of {@code from}, or with the inline contents when
   * it is null. Reads the object without any check; changes nothing.
   */
  protected abstract Version newVersion(Version from, Epoch epoch, Epoch base);

  /**
   * Whether {@code a} and {@code b}, versions of this object or null for the inline contents, say
   * the same, by the identity of what they refer to: a write that was taken back is then none for
   * {@link Context#tryCommit}. Worth a look for kinds that are written for a while and restored;
   * false is always right.
   */
  protected boolean saysTheSame(Version a, Version b) {
    return a == b;
  }

  /**
   * The version that {@code v} hides from its reader, null for the inline contents. The epoch of
   * {@code v} is the leaf of the caller.
   */
  final Version hiddenBy(EpochTree tree, Version v) {
    for (; ; ) {
      Object m = META.getAcquire(this);
      Version hidden = m instanceof VersionSet set ? set.hiddenBy(tree, v) : null;
      if (isStill(m)) {
        return hidden;
      }
    }
  }

  /** Makes the contents of {@code v}, which nobody uses any more, the inline ones. */
  protected abstract void restoreInline(Version v);

  /** Drops the inline contents, which nobody sees any more, so that they do not retain anything. */
  protected abstract void clearInline();

  // For walks over graphs of objects (package graph). None of these checks or records anything.

  /** Whether this object is immutable, so that it may be shared by everybody. */
  public final boolean isFrozen() {
    return creator() == IMMUTABLE;
  }

  /** Shows {@code visitor} every reference in the contents that {@code view} sees, in order. */
  public abstract void forEachReference(Context view, ReferenceVisitor visitor);

  /** Says where reference number {@code ordinal} of {@link #forEachReference} lies, as in "[3]". */
  public abstract String referenceName(Context view, int ordinal);

  /**
   * A new object with the contents that {@code view} sees, and the same references. It shares no
   * mutable part with this one.
   */
  public abstract HeapObject copy(Context view, Label label);

  /**
   * Replaces each reference by what {@code replacement} says; {@link #rehash} must follow when all
   * objects concerned have been relinked. Only for objects that {@code maker} owns, or that it is
   * still making under a label.
   */
  public abstract void relink(Context maker, UnaryOperator<Object> replacement);

  /**
   * Restores what depends on the identity of references, after {@link #relink} by the same maker.
   */
  public void rehash(Context maker) {}

  /**
   * A hash of the contents of this frozen object, equal for objects that {@link #sameContents}.
   *
   * @param referenceHash the hash of a reference
   */
  public abstract int contentHash(ToIntFunction<Object> referenceHash);

  /**
   * Whether {@code other}, frozen as this one is, is of the same kind and has the same contents.
   */
  public abstract boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference);

  /**
   * The version that {@code maker} relinks, null for the inline contents: those of an object under
   * a label that is attached to nobody yet are the maker's, though no context owns them.
   */
  protected final Version versionToRelink(Context maker) {
    boolean beingMade = EpochTree.postLabel(creator()) == EpochTree.DROPPED;
    return beingMade || writesInline(maker) ? null : versionToWrite(maker);
  }

  /** The version that {@code view} sees, null for the inline contents, without recording a read. */
  protected final Version versionToWalk(Context view) {
    return visibleAt(view.heap.tree, view.epoch);
  }

  /** Sees references, numbered from 0 in each object. */
  @FunctionalInterface
  public interface ReferenceVisitor {
    /** Sees {@code reference}, which may be anything, null included. */
    void visit(Object reference, int ordinal);
  }
}
