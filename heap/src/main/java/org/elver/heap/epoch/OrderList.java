package org.elver.heap.epoch;

/**
 * A list of epochs whose members carry labels that ascend along it, so that two members compare in
 * constant time while members come and go.
 *
 * <p>The technique is that of Bender, Cole, Demaine, Farach-Colton and Zito, "Two Simplified
 * Algorithms for Maintaining Order in a List" (ESA 2002), the tag-range relabelling: when no label
 * is free at the place of an insertion, the smallest enclosing range of labels that is sparse
 * enough is spread evenly. Insertion costs O(log n) amortised, deletion O(1).
 *
 * <p>The links live in the epochs themselves, once per list; the two subclasses say which. All
 * methods are called under the tree's lock. Only {@link #relabel} changes a label that readers may
 * be looking at; it does so between {@link EpochTree#beginRelabel} and {@link
 * EpochTree#endRelabel}.
 */
abstract sealed class OrderList {
  private static final int LABEL_BITS = 62;
  private static final long LABEL_END = 1L << LABEL_BITS;

  /**
   * A range of 2^i labels is sparse enough when it holds at most (2/T)^i members. T between 1 and
   * 2: near 1 spreads rarely and widely, near 2 often and narrowly.
   */
  private static final double T = 1.5;

  /** Between two members with this distance, two more find a label each. */
  private static final int MIN_GAP = 3;

  /** The gaps that are not wanted get one of so many shares of the free labels. */
  private static final int SHARES = 16;

  private static final long[] CAPACITY = capacities();

  private final EpochTree tree;
  private Epoch first;

  /** The members relabelled so far, for the benchmarks. */
  long relabelled;

  OrderList(EpochTree tree) {
    this.tree = tree;
  }

  abstract long label(Epoch e);

  abstract void setLabel(Epoch e, long label);

  abstract Epoch prev(Epoch e);

  abstract Epoch next(Epoch e);

  abstract void setPrev(Epoch e, Epoch p);

  abstract void setNext(Epoch e, Epoch n);

  /** Which of the gaps that an insertion of two makes is likely to be needed next. */
  enum Gap {
    BEFORE,
    BETWEEN,
    AFTER
  }

  /**
   * Puts {@code a} and then {@code b} right after {@code place}; null stands for the front. Most of
   * the labels free there are left in the gap that is {@code wanted}, so that many insertions in a
   * row find room without a relabelling.
   */
  final void insertTwoAfter(Epoch place, Epoch a, Epoch b, Gap wanted) {
    makeRoom(place);
    long low = lowerBound(place);
    long high = upperBound(place);
    long part = (high - low) / SHARES;
    if (part == 0) {
      long third = (high - low) / 3;
      setLabel(a, low + third);
      setLabel(b, low + 2 * third);
    } else {
      setLabel(a, wanted == Gap.BEFORE ? high - 2 * part : low + part);
      setLabel(b, wanted == Gap.AFTER ? low + 2 * part : high - part);
    }
    linkAfter(place, a);
    linkAfter(a, b);
  }

  /** Puts {@code a} right after {@code place}; null stands for the front. */
  final void insertAfter(Epoch place, Epoch a) {
    makeRoom(place);
    long low = lowerBound(place);
    setLabel(a, low + (upperBound(place) - low) / 2);
    linkAfter(place, a);
  }

  /** Sees to it that two labels are free after {@code place}. */
  private void makeRoom(Epoch place) {
    if (upperBound(place) - lowerBound(place) < MIN_GAP) {
      relabel(place == null ? first : place);
    }
  }

  final void remove(Epoch e) {
    Epoch p = prev(e);
    Epoch n = next(e);
    if (p == null) {
      first = n;
    } else {
      setNext(p, n);
    }
    if (n != null) {
      setPrev(n, p);
    }
    setPrev(e, null);
    setNext(e, null);
  }

  private void linkAfter(Epoch place, Epoch e) {
    Epoch n = place == null ? first : next(place);
    setPrev(e, place);
    setNext(e, n);
    if (place == null) {
      first = e;
    } else {
      setNext(place, e);
    }
    if (n != null) {
      setPrev(n, e);
    }
  }

  private long lowerBound(Epoch place) {
    return place == null ? -1 : label(place);
  }

  private long upperBound(Epoch place) {
    Epoch n = place == null ? first : next(place);
    return n == null ? LABEL_END : label(n);
  }

  /** Spreads the smallest sparse enough range around {@code centre}. */
  private void relabel(Epoch centre) {
    long at = label(centre);
    Epoch left = centre;
    Epoch right = centre;
    long count = 1;
    for (int bits = 3; bits <= LABEL_BITS; bits++) {
      long base = at & -(1L << bits);
      long end = base + (1L << bits);
      for (Epoch p = prev(left); p != null && label(p) >= base; p = prev(left)) {
        left = p;
        count++;
      }
      for (Epoch n = next(right); n != null && label(n) < end; n = next(right)) {
        right = n;
        count++;
      }
      long gap = (1L << bits) / (count + 1);
      // Room for two more between any neighbours, or the range would be full again at once.
      if ((count <= CAPACITY[bits] || bits == LABEL_BITS) && gap >= MIN_GAP) {
        spread(left, count, base, gap);
        return;
      }
    }
    throw new IllegalStateException("the order of epochs is full");
  }

  private void spread(Epoch left, long count, long base, long gap) {
    tree.beginRelabel();
    long label = base + gap;
    Epoch e = left;
    for (long i = 0; i < count; i++) {
      setLabel(e, label);
      label += gap;
      e = next(e);
    }
    relabelled += count;
    tree.endRelabel();
  }

  private static long[] capacities() {
    long[] capacity = new long[LABEL_BITS + 1];
    double c = 1;
    for (int i = 0; i <= LABEL_BITS; i++) {
      capacity[i] = (long) c;
      c *= 2 / T;
    }
    return capacity;
  }

  static final class PreOrder extends OrderList {
    PreOrder(EpochTree tree) {
      super(tree);
    }

    @Override
    long label(Epoch e) {
      return e.pre;
    }

    @Override
    void setLabel(Epoch e, long label) {
      Epoch.PRE.setOpaque(e, label);
    }

    @Override
    Epoch prev(Epoch e) {
      return e.prePrev;
    }

    @Override
    Epoch next(Epoch e) {
      return e.preNext;
    }

    @Override
    void setPrev(Epoch e, Epoch p) {
      e.prePrev = p;
    }

    @Override
    void setNext(Epoch e, Epoch n) {
      e.preNext = n;
    }
  }

  static final class PostOrder extends OrderList {
    PostOrder(EpochTree tree) {
      super(tree);
    }

    @Override
    long label(Epoch e) {
      return e.post;
    }

    @Override
    void setLabel(Epoch e, long label) {
      Epoch.POST.setOpaque(e, label);
    }

    @Override
    Epoch prev(Epoch e) {
      return e.postPrev;
    }

    @Override
    Epoch next(Epoch e) {
      return e.postNext;
    }

    @Override
    void setPrev(Epoch e, Epoch p) {
      e.postPrev = p;
    }

    @Override
    void setNext(Epoch e, Epoch n) {
      e.postNext = n;
    }
  }
}
