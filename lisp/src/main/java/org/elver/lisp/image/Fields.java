package org.elver.lisp.image;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.elver.heap.version.HeapObject;

/** The fields of a class that an image holds: all of its and its superclasses', but the header. */
final class Fields {
  /** Found once per class; the same for everybody. */
  private static final ConcurrentHashMap<Class<?>, Field[]> KNOWN = new ConcurrentHashMap<>();

  private Fields() {}

  static Field[] of(Class<?> c) {
    return KNOWN.computeIfAbsent(c, Fields::find);
  }

  private static Field[] find(Class<?> c) {
    List<Field> all = new ArrayList<>();
    for (Class<?> k = c;
        k != null && k != Object.class && k != HeapObject.class;
        k = k.getSuperclass()) {
      for (Field f : k.getDeclaredFields()) {
        if (!Modifier.isStatic(f.getModifiers()) && !Modifier.isTransient(f.getModifiers())) {
          f.setAccessible(true);
          all.add(f);
        }
      }
    }
    return all.toArray(new Field[0]);
  }
}
