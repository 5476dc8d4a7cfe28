package org.elver.heap.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes random programs, each step sensible in the state that the model is in. */
final class Generator {
  private static final int MAX_VECTOR = 12;

  private final Random random;
  private final Model model;

  /** Avoid steps whose effect the model cannot foretell without looking at the heap. */
  private final boolean exact;

  private final boolean pairsOnly;
  private final int mostLiving;
  private final int most;

  /** Of 100 steps, how many make objects; the fewer, the more often the same ones are written. */
  private final int makes;

  Generator(Random random, Model model, boolean exact, boolean pairsOnly) {
    this.random = random;
    this.model = model;
    this.exact = exact;
    this.pairsOnly = pairsOnly;
    boolean crowd = random.nextInt(8) == 0;
    mostLiving = crowd ? 30 : 2 + random.nextInt(6);
    most = crowd ? 60 : 20;
    makes = 3 + random.nextInt(14);
  }

  /** How many steps a program of this generator should have. */
  int steps() {
    return (most > 20 ? 100 : 20) + random.nextInt(100);
  }

  Op next() {
    for (; ; ) {
      Op op = attempt();
      if (op != null) {
        return op;
      }
    }
  }

  private Op attempt() {
    List<Model.Isolate> living = model.living();
    Model.Isolate i = living.get(random.nextInt(living.size()));
    int dice = random.nextInt(100);
    if (dice < makes) {
      return make(i);
    }
    if (dice < 52) {
      return access(i);
    }
    if (dice < 64) {
      boolean room = model.isolates.size() < most && living.size() < mostLiving;
      return room ? new Op.Fork(i.number, model.isolates.size(), random.nextInt(3) == 0) : null;
    }
    if (dice < 68) {
      return living.size() > 1 ? new Op.End(i.number) : null;
    }
    if (dice < 78) {
      return join(i);
    }
    if (dice < 82) {
      Model.Isolate to = living.get(random.nextInt(living.size()));
      return to == i ? null : new Op.Send(i.number, to.number, root(), root());
    }
    if (dice < 86) {
      // Which of several equal objects becomes the one depends on who comes first.
      boolean intern = !exact && random.nextBoolean();
      return new Op.Freeze(i.number, root(), root(), intern);
    }
    if (dice < 91) {
      return i.savepoints() < 3 ? new Op.Save(i.number) : null;
    }
    if (dice < 97) {
      return unsave(i);
    }
    return new Op.Check(i.number);
  }

  private int root() {
    return random.nextInt(Model.ROOTS);
  }

  private int atom() {
    return random.nextInt(100);
  }

  private Op.Source source() {
    return random.nextInt(3) == 0 ? Op.Source.atom(atom()) : Op.Source.root(root());
  }

  private Op make(Model.Isolate i) {
    Kind[] kinds = Kind.values();
    Kind kind =
        pairsOnly || random.nextInt(3) == 0 ? Kind.PAIR : kinds[random.nextInt(kinds.length)];
    List<Op.Source> items = new ArrayList<>();
    switch (kind) {
      case PAIR -> fill(items, 2);
      case CELL -> fill(items, 1);
      case SLOTS -> fill(items, 1 + random.nextInt(3));
      case VECTOR -> fill(items, random.nextInt(4));
      case TABLE -> {
        int first = atom();
        for (int k = 0; k < random.nextInt(3); k++) {
          items.add(Op.Source.atom((first + k) % 100));
          items.add(source());
        }
      }
      case TEXT -> {
        for (int k = random.nextInt(5); k > 0; k--) {
          items.add(Op.Source.atom(atom()));
        }
      }
    }
    return new Op.Make(i.number, root(), kind, items);
  }

  private void fill(List<Op.Source> items, int n) {
    for (int k = 0; k < n; k++) {
      items.add(source());
    }
  }

  private Op access(Model.Isolate i) {
    int target = root();
    Model.Contents c = i.contents(i.roots[target]);
    if (c == null) {
      return null;
    }
    int n = c.items().size();
    if (n > 0 && random.nextInt(3) == 0) {
      return new Op.Get(i.number, root(), target, random.nextInt(n));
    }
    return switch (c.kind()) {
      case PAIR, CELL, SLOTS -> new Op.Set(i.number, target, random.nextInt(n), source());
      case VECTOR ->
          switch (random.nextInt(3)) {
            case 0 -> n == 0 ? null : new Op.Set(i.number, target, random.nextInt(n), source());
            case 1 -> n > MAX_VECTOR ? null : new Op.Add(i.number, target, n, source());
            default -> n == 0 ? null : new Op.Cut(i.number, target, random.nextInt(n));
          };
      case TABLE -> {
        Op.Source key = n > 0 && random.nextBoolean() ? existingKey(c) : source();
        yield random.nextInt(3) == 0
            ? new Op.Remove(i.number, target, key)
            : new Op.Put(i.number, target, key, source());
      }
      case TEXT -> {
        Op.Source code = Op.Source.atom(atom());
        yield switch (random.nextInt(3)) {
          case 0 -> n == 0 ? null : new Op.Set(i.number, target, random.nextInt(n), code);
          case 1 ->
              n > MAX_VECTOR ? null : new Op.Add(i.number, target, random.nextInt(n + 1), code);
          default -> n == 0 ? null : new Op.Cut(i.number, target, random.nextInt(n));
        };
      }
    };
  }

  private Op.Source existingKey(Model.Contents table) {
    Object key = table.items().get(2 * random.nextInt(table.items().size() / 2));
    return key instanceof Integer atom ? Op.Source.atom(atom) : source();
  }

  private Op join(Model.Isolate parent) {
    for (Model.Isolate child : model.living()) {
      if (child.spawner == parent
          && child.savepoints() == 0
          && !model.hasLivingDescendants(child)
          && random.nextBoolean()) {
        return child.speculating && (!parent.speculating || random.nextBoolean())
            ? new Op.TryCommit(parent.number, child.number)
            : new Op.Adopt(parent.number, child.number, root(), root());
      }
    }
    return null;
  }

  private Op unsave(Model.Isolate i) {
    if (i.savepoints() == 0) {
      return null;
    }
    boolean back = random.nextInt(3) > 0;
    return back && !(exact && model.hasLivingForksInside(i))
        ? new Op.Rollback(i.number)
        : new Op.Keep(i.number);
  }
}
