package org.elver.lisp.image;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Label;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.coding.CodingSystem;
import org.elver.lisp.collection.HashTable;

/**
 * How to make objects of the classes that an image has most of: slots, and fixed parts that are
 * symbols, integers or floats. Looking into classes, as is done for others, would take a tenth of a
 * start.
 */
enum Maker {
  CHAR_TABLE(CharTable.class) {
    @Override
    Slots make(Label label, Object[] slots, Object[] fixed) {
      return CharTable.labelled(label, slots);
    }
  },
  CODING_SYSTEM(CodingSystem.class) {
    @Override
    Slots make(Label label, Object[] slots, Object[] fixed) {
      return CodingSystem.labelled(label, slots);
    }
  },
  CODING_ATTRIBUTES(CodingSystem.Attributes.class) {
    @Override
    Object[] fixed(Slots o) {
      return ((CodingSystem.Attributes) o).fixed();
    }

    @Override
    Slots make(Label label, Object[] slots, Object[] fixed) {
      return CodingSystem.Attributes.labelled(label, slots, fixed);
    }
  },
  HASH_TABLE(HashTable.class) {
    @Override
    Object[] fixed(Slots o) {
      return ((HashTable) o).fixed();
    }

    @Override
    Slots make(Label label, Object[] slots, Object[] fixed) {
      return HashTable.labelled(label, slots, fixed);
    }
  };

  private static final Maker[] ALL = values();

  private final Class<? extends Slots> type;

  Maker(Class<? extends Slots> type) {
    this.type = type;
  }

  /** The fixed parts of {@code o}, from which {@link #make} makes the same. */
  Object[] fixed(Slots o) {
    return new Object[0];
  }

  /** An object that keeps {@code slots}, which are not filled yet. */
  abstract Slots make(Label label, Object[] slots, Object[] fixed);

  /** The maker of objects of class {@code c}; null when there is none. */
  static Maker of(Class<?> c) {
    for (Maker m : ALL) {
      if (m.type == c) {
        return m;
      }
    }
    return null;
  }

  static Maker number(int i) {
    return ALL[i];
  }
}
