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

  /**
   * The VM's contents of known symbols, by {@link Symbol#known}; refreshed when it was too short.
   */
  private Symbol[] known;

  protected View(Context c, SymbolTable symbols) {
    this.c = c;
    this.symbols = symbols;
    this.known = symbols.known();
  }

  /** Another context's view with the symbols of {@code like}. */
  protected View(Context c, View like) {
    this.c = c;
    this.symbols = like.symbols;
    this.known = like.known;
  }

  /** The main obarray's names, and the contents of known symbols. */
  public final SymbolTable symbols() {
    return symbols;
  }

  /** The object that holds the contents of known symbol {@code i} in this VM. */
  final Symbol known(int i) {
    Symbol[] k = known;
    return i < k.length ? k[i] : knownLate(i);
  }

  private Symbol knownLate(int i) {
    known = symbols.known();
    return known[i];
  }
}
