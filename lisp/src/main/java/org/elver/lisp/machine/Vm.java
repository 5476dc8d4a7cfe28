package org.elver.lisp.machine;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.elver.lisp.object.Realm;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.SymbolTable;

/**
 * One virtual machine: a heap, the names of its symbols, its primitives. What Lisp can see and
 * change is in the heap, never here; what is here is fixed once built, or Java's own resources. Any
 * thread of any isolate may use it.
 */
public final class Vm {
  private final Heap heap = new Heap();
  private final Context root = heap.newContext();
  private final SymbolTable symbols = new SymbolTable(root);
  private final Evaluator evaluator;
  private final Tier tier;
  private final Map<String, Subr> subrs = new HashMap<>();
  private final PrimitiveGroup[] groups;
  private final Map<Subr, String> interactive = new HashMap<>();

  /** Java's resources that belong to the VM (processes, caches), by class. Any thread. */
  private final ConcurrentHashMap<Class<?>, Object> services = new ConcurrentHashMap<>();

  /** The primitives that instructions stand for, by instruction. */
  final Subr[] instructionSubrs = new Subr[256];

  /** A VM with these primitives, and a main task that has them defined. */
  public Vm(Evaluator evaluator, PrimitiveGroup... groups) {
    this.evaluator = evaluator;
    this.tier = evaluator.tier();
    this.groups = groups;
    root.setCompanion(new Memo(symbols.home()));
    for (PrimitiveGroup g : groups) {
      Subr[] all = g.all();
      for (int i = 0; i < all.length; i++) {
        subrs.put(all[i].name(), all[i]);
        String spec = g.interactive(i);
        if (spec != null) {
          interactive.put(all[i], spec);
        }
      }
    }
    Instructions.link(subrs, instructionSubrs);
  }

  /** The main task of a VM that nothing runs in yet; to be called once. */
  public Task newMainTask() {
    return define(new Task(this, root));
  }

  /** Gives {@code t}, in whose world there is nothing, the primitives; returns it. */
  public Task define(Task t) {
    for (Subr s : subrs.values()) {
      symbols.intern(t, s.name()).setFunction(t, s);
    }
    for (PrimitiveGroup g : groups) {
      g.variables(t);
    }
    return t;
  }

  /** The main task of a VM whose world comes from an image; instead of {@link #newMainTask}. */
  public Task newBareTask() {
    return new Task(this, root);
  }

  /**
   * A task in a world beside the VM's first: a family of contexts of its own, with symbols that
   * have nothing in their slots. Any thread; to be filled as {@link #newBareTask}'s.
   */
  public Task newWorld() {
    Context first = heap.newContext();
    first.setCompanion(new Memo(Realm.beside(first)));
    return new Task(this, first);
  }

  /** The names of symbols. */
  public SymbolTable symbols() {
    return symbols;
  }

  /** The compiler. */
  public Evaluator evaluator() {
    return evaluator;
  }

  /** What makes code that runs often faster. */
  public Tier tier() {
    return tier;
  }

  /** The primitive of this name, whatever its symbol's function is now; or null. */
  public Subr subr(String name) {
    return subrs.get(name);
  }

  /** The interactive specification of a primitive that is a command; else null. */
  public String interactive(Subr s) {
    return interactive.get(s);
  }

  /** The primitives, by class. */
  public PrimitiveGroup[] groups() {
    return groups.clone();
  }

  /** The VM's only instance of {@code type}, made on first use by {@code maker}. */
  public <S> S service(Class<S> type, java.util.function.Supplier<S> maker) {
    return type.cast(services.computeIfAbsent(type, k -> maker.get()));
  }

  /** Defines a special variable with its first value: for {@link PrimitiveGroup#variables}. */
  public static void defvar(Task t, Symbol s, Object value) {
    s.setRawValue(t, value);
    s.setFlags(t, s.flags(t) | Symbol.SPECIAL);
  }

  /** As {@link #defvar(Task, Symbol, Object)}, by name. */
  public static void defvar(Task t, String name, Object value) {
    defvar(t, t.symbols().intern(t, name), value);
  }
}
