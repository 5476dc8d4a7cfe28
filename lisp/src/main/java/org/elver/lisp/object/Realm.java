package org.elver.lisp.object;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;

/**
 * What the contexts of one family, all those forked from one, have of a VM's symbols: their
 * contents. The VM's first family has them in the symbols; a world that is made beside it, so that
 * the two see nothing of each other, has contents of its own for the same symbols.
 *
 * <p>Shared by all threads. {@code known} is replaced, never changed, under the lock of this
 * object, and volatile. {@code others} is replaced by longer ones under it; elements are set once,
 * under it too, and read with acquire semantics. What an element holds is labelled with the
 * family's first epoch and empty, so it is the same for all; what is written there later are
 * versions of each context.
 */
public final class Realm {
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Symbol[].class);

  private final Label label;
  private final boolean home;

  private volatile Symbol[] known = {};

  /** By the number in the VM's table. Not of the first family. */
  private volatile Symbol[] others = {};

  /** Contents of symbols that are in no table and were made in the VM's first family. */
  private final Map<Symbol, Symbol> unnumbered = Collections.synchronizedMap(new WeakHashMap<>());

  /** That of the family that begins with {@code root}; {@code home}: it is the VM's first. */
  Realm(Context root, boolean home) {
    this.label = Label.of(root);
    this.home = home;
    known();
  }

  /** A realm beside a VM's first, for the family that begins with {@code root}. */
  public static Realm beside(Context root) {
    return new Realm(root, false);
  }

  /** Whether it is the VM's first. */
  public boolean isHome() {
    return home;
  }

  /** The contents of all symbols known to Java by now. */
  Symbol[] known() {
    int n = Symbol.knownCount();
    if (known.length < n) {
      synchronized (this) {
        Symbol[] old = known;
        n = Symbol.knownCount();
        Symbol[] grown = Arrays.copyOf(old, n);
        for (int i = old.length; i < n; i++) {
          grown[i] = Symbol.contentsOfKnown(label, i, home);
        }
        known = grown;
      }
    }
    return known;
  }

  /** The contents of {@code s}, which is not known to Java, in a realm that is not the first. */
  Symbol contentsOf(Symbol s) {
    int i = s.tableNumber();
    if (i >= 0) {
      Symbol[] all = others;
      Symbol found = i < all.length ? (Symbol) ELEMENT.getAcquire(all, i) : null;
      return found != null ? found : makeContents(s, i);
    }
    return s.isOfOtherRealm() ? s : unnumbered.computeIfAbsent(s, k -> k.newContents(label));
  }

  private synchronized Symbol makeContents(Symbol s, int i) {
    Symbol[] all = others;
    if (i >= all.length) {
      all = Arrays.copyOf(all, Math.max(i + 1, 2 * all.length));
      others = all;
    }
    if (all[i] == null) {
      ELEMENT.setRelease(all, i, s.newContents(label));
    }
    return all[i];
  }
}
