package org.elver.lisp.object;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;

/**
 * The names of a VM's main obarray. A name stands for one symbol in the whole VM, whichever isolate
 * interned it first; whether it is interned is each isolate's own (a flag of the symbol's
 * contents).
 *
 * <p>Shared by all threads: the map is concurrent.
 */
public final class SymbolTable {
  private final ConcurrentHashMap<String, Symbol> byName = new ConcurrentHashMap<>(1 << 15);

  /**
   * What symbols belong to: what the VM has from its start, which every isolate sees. So the
   * contents that a symbol is made with are the same for all, and what the isolate that interned it
   * first does with it is a version of its own.
   */
  private final Label label;

  private final AtomicInteger count = new AtomicInteger();

  private final Realm home;

  /**
   * The table of a VM whose first isolate runs in {@code root}, and which nothing has forked yet.
   */
  public SymbolTable(Context root) {
    this.label = Label.of(root);
    Symbol.completeKnown();
    this.home = new Realm(root, true);
  }

  /** The VM's first realm: the symbols of the table have their contents themselves. */
  public Realm home() {
    return home;
  }

  /** What the VM has from its start belongs to this: every isolate sees it. */
  public Label label() {
    return label;
  }

  /** The symbol of this name, made when the VM has none; {@code view}'s isolate has it interned. */
  public Symbol intern(View view, String name) {
    Symbol s = find(name);
    if (s == null) {
      Symbol fresh = Symbol.ofTable(label, name, count.getAndIncrement());
      s = byName.putIfAbsent(name, fresh);
      if (s == null) {
        s = fresh;
      }
    }
    if (!s.isInternedHere(view)) {
      s.setInterned(view, true);
    }
    return s;
  }

  /** The VM's symbol of this name, interned in {@code view}'s isolate; null when there is none. */
  public Symbol findInterned(View view, String name) {
    Symbol s = find(name);
    return s != null && s.isInterned(view) ? s : null;
  }

  private Symbol find(String name) {
    Symbol s = byName.get(name);
    return s != null ? s : Symbol.knownByName(name);
  }

  /**
   * Shows every symbol that is interned in {@code view}'s isolate, in no order; those that it would
   * have to ask for are not.
   */
  public void forEach(View view, Consumer<Symbol> action) {
    for (Symbol s : Symbol.allKnown()) {
      if (s.isInternedHere(view)) {
        action.accept(s);
      }
    }
    for (Symbol s : byName.values()) {
      if (s.isInternedHere(view)) {
        action.accept(s);
      }
    }
  }

  /** Shows every symbol that Java code names, interned or not. */
  public void forEachKnown(Consumer<Symbol> action) {
    for (Symbol s : Symbol.allKnown()) {
      action.accept(s);
    }
  }
}
