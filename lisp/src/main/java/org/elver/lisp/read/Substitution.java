package org.elver.lisp.read;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.object.Vector;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** Puts an object where something stood for it, all through an object. */
public final class Substitution {
  private Substitution() {}

  /** Replaces {@code from} by {@code to} in all that {@code root} consists of. */
  public static void apply(Task t, Object root, Object from, Object to) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Object> todo = new ArrayDeque<>();
    todo.add(root);
    while (!todo.isEmpty()) {
      Object x = todo.removeLast();
      if (!(x instanceof HeapObject h) || x instanceof Symbol || x == from || !seen.add(x)) {
        continue;
      }
      t.safepoint();
      switch (h) {
        case Pair p -> {
          Object a = p.first(t.c);
          if (a == from) {
            p.setFirst(t.c, to);
          } else {
            todo.add(a);
          }
          Object b = p.second(t.c);
          if (b == from) {
            p.setSecond(t.c, to);
          } else {
            todo.add(b);
          }
        }
        case Vector v -> {
          for (int i = 0; i < v.length(t.c); i++) {
            Object e = v.get(t.c, i);
            if (e == from) {
              v.set(t.c, i, to);
            } else {
              todo.add(e);
            }
          }
        }
        case Slots s -> {
          for (int i = 0; i < s.length(t.c); i++) {
            Object e = s.get(t.c, i);
            if (e == from) {
              s.set(t.c, i, to);
            } else if (e != null) {
              todo.add(e);
            }
          }
        }
        case ByteCode b -> {
          b.relink(t.c, e -> e == from ? to : e);
          for (Object e : b.constants(t.c)) {
            todo.add(e);
          }
        }
        case LispString s -> {
          if (s.properties(t.c) != null) {
            Objects.substituteProperties(t, s, from, to);
          }
        }
        default -> Objects.substituteOther(t, h, from, to, todo);
      }
    }
  }
}
