package org.elver.lisp.text;

import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** The live buffers, in the order {@code buffer-list} tells: a Lisp list, the value of a symbol. */
public final class BufferList {
  private static final Symbol ALL = Symbol.known(" buffers");

  private BufferList() {}

  /** The list itself, not to be changed. */
  public static Object all(Task t) {
    Object x = ALL.rawValue(t);
    return x == Symbol.UNBOUND ? Symbol.NIL : x;
  }

  static void setAll(Task t, Object list) {
    ALL.setRawValue(t, list);
  }

  /** The buffer of a name; null when there is none. */
  public static Buffer find(Task t, LispString name) {
    int n = name.length(t.c);
    for (Object x = all(t); x instanceof Pair p; x = p.second(t.c)) {
      Buffer b = (Buffer) p.first(t.c);
      if (b.name(t.c) instanceof LispString s
          && s.length(t.c) == n
          && java.util.Arrays.equals(s.characters(t.c), name.characters(t.c))) {
        return b;
      }
    }
    return null;
  }

  /** The buffer of a Java name; null when there is none. */
  public static Buffer find(Task t, String name) {
    return find(t, LispString.of(t.c, name));
  }

  /** A new buffer of this name, which must be free; no hooks are run. */
  public static Buffer create(Task t, LispString name) {
    Buffer b = new Buffer(t.c, new BufferText(t.c));
    register(t, b, name);
    return b;
  }

  static void register(Task t, Buffer b, LispString name) {
    LispString own = LispString.of(t.c, name.codeArray(t.c), name.isMultibyte(t.c));
    b.setSlot(t.c, Buffer.NAME, own);
    b.setSlot(t.c, Buffer.LAST_NAME, own);
    b.setSlot(t.c, Buffer.MARK, new Marker(t.c));
    for (BufferVariable v : BufferVariable.all()) {
      if (v.isAlways()) {
        v.setIn(t, b, v.symbol().rawValue(t));
      }
    }
    if (Buffer.current(t) != null) {
      BufferVariable.DIRECTORY.setIn(t, b, BufferVariable.DIRECTORY.in(t, Buffer.current(t)));
    }
    BufferVariable.UNDO_LIST.setIn(
        t, b, own.length(t.c) > 0 && own.get(t.c, 0) == ' ' ? Symbol.T : Symbol.NIL);
    append(t, b);
  }

  /** Adds or moves a buffer to the end. */
  public static void append(Task t, Buffer b) {
    Object list = t.list(b);
    Object[] items = org.elver.lisp.machine.Lisp.elements(t.c, all(t)).toArray();
    for (int i = items.length - 1; i >= 0; i--) {
      if (items[i] != b) {
        list = t.cons(items[i], list);
      }
    }
    setAll(t, list);
  }

  /** Takes a buffer out. */
  static void remove(Task t, Buffer b) {
    Object list = Symbol.NIL;
    Object[] items = org.elver.lisp.machine.Lisp.elements(t.c, all(t)).toArray();
    for (int i = items.length - 1; i >= 0; i--) {
      if (items[i] != b) {
        list = t.cons(items[i], list);
      }
    }
    setAll(t, list);
  }
}
