package org.elver.heap.graph;

import java.util.concurrent.atomic.AtomicBoolean;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;

/**
 * A value on its way from one context to another. Made by {@link Transfer#pack}.
 *
 * <p>Whoever hands the parcel to another thread orders the packing before the unpacking.
 */
public final class Parcel {
  private final Label label;
  private final Object value;
  private final AtomicBoolean unpacked = new AtomicBoolean();

  Parcel(Label label, Object value) {
    this.label = label;
    this.value = value;
  }

  /**
   * The value, whose objects belong to {@code receiver} from now on. O(1).
   *
   * @throws IllegalStateException when the parcel was unpacked before; pack the value again
   */
  public Object unpack(Context receiver) {
    if (!unpacked.compareAndSet(false, true)) {
      throw new IllegalStateException("this parcel was unpacked before; pack the value again");
    }
    receiver.attach(label);
    return value;
  }

  /**
   * A copy of the value for {@code receiver}, the calling thread's; the parcel stays packed.
   * Several threads may do so at once. Not for a parcel that is ever unpacked.
   */
  public Object copy(Context receiver, Passage passage) {
    if (unpacked.get()) {
      throw new IllegalStateException("this parcel was unpacked before; pack the value again");
    }
    return Transfer.copyGraph(
        receiver, value, passage, Label.of(receiver), Transfer.goesByCopy(passage));
  }
}
