package org.elver.lisp.isolate;

import java.lang.ref.WeakReference;
import org.elver.kernel.channel.Channel;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;
import org.elver.lisp.object.View;

/** A channel as Lisp sees it: the same one in every isolate. */
public final class LispChannel extends Channel implements Typed, Printable {
  private static final Symbol TYPE = Symbol.known("channel");

  private final LispIsolate owner;
  private final boolean poisonable;

  /**
   * A channel.
   *
   * @param owner the only isolate that may use it, and whose values pass by reference; null: any
   *     may
   * @param poisonable whether the end of an isolate connected to it poisons it
   */
  public LispChannel(int capacity, LispIsolate owner, boolean poisonable) {
    super(capacity, owner != null);
    this.owner = owner;
    this.poisonable = poisonable;
  }

  /** For isolates that use it, which need not keep it; null until one does. Any thread. */
  private volatile WeakReference<LispChannel> weakly;

  /** A reference that does not keep it, always the same. Any thread. */
  WeakReference<LispChannel> weakly() {
    WeakReference<LispChannel> w = weakly;
    if (w == null) {
      synchronized (this) {
        w = weakly;
        if (w == null) {
          w = new WeakReference<>(this);
          weakly = w;
        }
      }
    }
    return w;
  }

  public LispIsolate owner() {
    return owner;
  }

  public boolean isPoisonable() {
    return poisonable;
  }

  @Override
  public Symbol lispType() {
    return TYPE;
  }

  @Override
  public String printed(View t) {
    return "#<channel 0x" + Integer.toHexString(hashCode()) + ">";
  }
}
