package org.elver.lisp.object;

import org.elver.heap.version.Context;

/**
 * Who looks at Lisp objects: the heap context of the running isolate, and its VM's symbols. Used by
 * one thread at a time, as the context is.
 */
public abstract class View {
  /** The heap context that every access to a mutable object takes. */
  public final Context c;

  private final SymbolTable symbols;
  private final Realm realm;

  /** -1 in the VM's first realm, where most symbols have their contents themselves; else 0. */
  final int home;

  /**
   * The realm's contents of known symbols, by {@link Symbol#known}; refreshed when it was too
   * short.
   */
  private Symbol[] known;

  /** Whom to ask for what open slots would hold; null: nobody. */
  private Provider provider;

  protected View(Context c, SymbolTable symbols, Realm realm) {
    this.c = c;
    this.symbols = symbols;
    this.realm = realm;
    this.home = realm.isHome() ? -1 : 0;
    this.known = realm.known();
  }

  /** Another context's view with the symbols of {@code like}. */
  protected View(Context c, View like) {
    this.c = c;
    this.symbols = like.symbols;
    this.realm = like.realm;
    this.home = like.home;
    this.known = like.known;
    this.provider = like.provider;
  }

  /** The main obarray's names. */
  public final SymbolTable symbols() {
    return symbols;
  }

  /** Whether the contents of symbols are those of the VM's first realm. */
  public final boolean isHome() {
    return home != 0;
  }

  /** Whom to ask for what open slots would hold; null: nobody. */
  public final Provider provider() {
    return provider;
  }

  /** Names whom to ask for what open slots would hold; null: nobody. */
  public final void setProvider(Provider p) {
    provider = p;
  }

  /** The object that holds the contents of {@code s}, where that is another than {@code s}. */
  final Symbol contents(Symbol s) {
    int i = s.knownNumber();
    if (i < 0) {
      return realm.contentsOf(s);
    }
    Symbol[] k = known;
    return i < k.length ? k[i] : knownLate(i);
  }

  private Symbol knownLate(int i) {
    known = realm.known();
    return known[i];
  }
}
