package org.elver.heap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.elver.heap.graph.Freezer;
import org.elver.heap.graph.Interner;
import org.elver.heap.graph.Parcel;
import org.elver.heap.graph.Passage;
import org.elver.heap.graph.Transfer;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Values pass from one thread to another.
 *
 * <p>The hand-over orders what the sender did before what the receiver does, as a channel would. At
 * stake is that nothing else is needed: that no part of the value is made, filled in or labelled
 * later, and that the sender's further life does not show in it.
 */
public class HandOver {
  private HandOver() {}

  /**
   * A frozen copy of a cycle, read by a context of another family. A part that is missing or not
   * frozen, or the value that the sender writes afterwards, is forbidden.
   */
  @JCStressTest
  @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "The receiver was early.")
  @Outcome(id = "sent inner true true", expect = ACCEPTABLE, desc = "Complete, and frozen.")
  @Outcome(expect = FORBIDDEN, desc = "The frozen copy is not complete, or not a copy.")
  @State
  public static class FrozenCopy {
    private final Heap heap = new Heap();
    private final Context sender = heap.newContext();
    private final Context receiver = heap.newContext();
    private final Pair inner = new Pair(sender, "inner", null);
    private final Pair outer = new Pair(sender, "sent", inner);
    private volatile Object channel;

    public FrozenCopy() {
      inner.setSecond(sender, outer);
    }

    @Actor
    public void send() {
      channel = Freezer.freeze(sender, outer, Passage.COPY_ALL);
      outer.setFirst(sender, "later");
      inner.setSecond(sender, "later");
    }

    @Actor
    public void receive(L_Result r) {
      Pair got = (Pair) channel;
      if (got == null) {
        r.r1 = "nothing";
        return;
      }
      Pair in = (Pair) got.second(receiver);
      boolean frozen = got.isFrozen() && in.isFrozen();
      r.r1 =
          got.first(receiver)
              + " "
              + in.first(receiver)
              + " "
              + (in.second(receiver) == got)
              + " "
              + frozen;
    }
  }

  /**
   * A parcel, unpacked by a context of another family, which then writes the objects: they are its
   * own, and the sender's are others.
   */
  @JCStressTest
  @Outcome(id = "nothing, later\\+later", expect = ACCEPTABLE, desc = "The receiver was early.")
  @Outcome(
      id = "sent inner true written, later\\+later",
      expect = ACCEPTABLE,
      desc = "Complete, and the receiver's own.")
  @Outcome(expect = FORBIDDEN, desc = "The value is not complete, or not the receiver's own.")
  @State
  public static class ParcelUnpacked {
    private final Heap heap = new Heap();
    private final Context sender = heap.newContext();
    private final Context receiver = heap.newContext();
    private final Pair inner = new Pair(sender, "inner", null);
    private final Pair outer = new Pair(sender, "sent", inner);
    private volatile Parcel channel;

    public ParcelUnpacked() {
      inner.setSecond(sender, outer);
    }

    @Actor
    public void send() {
      channel = Transfer.pack(sender, outer, Passage.COPY_ALL);
      outer.setFirst(sender, "later");
      outer.setSecond(sender, "later");
    }

    @Actor
    public void receive(LL_Result r) {
      Parcel parcel = channel;
      if (parcel == null) {
        r.r1 = "nothing";
        return;
      }
      Pair got = (Pair) parcel.unpack(receiver);
      Pair in = (Pair) got.second(receiver);
      String seen =
          got.first(receiver) + " " + in.first(receiver) + " " + (in.second(receiver) == got);
      got.setFirst(receiver, "written");
      r.r1 = seen + " " + got.first(receiver);
    }

    @Arbiter
    public void look(LL_Result r) {
      r.r2 = Scene.both(outer, sender);
    }
  }

  /**
   * Two threads intern equal contents, nested ones. Both must get the same object, or comparing
   * interned objects by identity would be wrong.
   */
  @JCStressTest
  @Outcome(id = "true, true, 2", expect = ACCEPTABLE, desc = "One object for equal contents.")
  @Outcome(expect = FORBIDDEN, desc = "There are two objects of equal contents.")
  @State
  public static class InternedTwice {
    private final Heap heap = new Heap();
    private final Interner interner = new Interner();
    private final Context a = heap.newContext();
    private final Context b = heap.newContext();
    private Pair fromA;
    private Pair fromB;

    @Actor
    public void internInA() {
      Pair value = new Pair(a, new Pair(a, "x", 1000), "y");
      fromA = (Pair) Freezer.freezeAndIntern(a, value, Passage.COPY_ALL, interner);
    }

    @Actor
    public void internInB() {
      Pair value = new Pair(b, new Pair(b, "x", 1000), "y");
      fromB = (Pair) Freezer.freezeAndIntern(b, value, Passage.COPY_ALL, interner);
    }

    @Arbiter
    public void look(LLL_Result r) {
      r.r1 = fromA == fromB;
      r.r2 = fromA.first(b) == fromB.first(a);
      r.r3 = interner.size();
    }
  }
}
