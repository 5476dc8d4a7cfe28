package org.elver.lisp.display;

import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Printable;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.View;

/** A description of a font: some properties have slots, the others are in an alist. */
public final class FontSpec extends Slots implements Printable {
  private static final String[] KEYS = {
    ":type",
    ":foundry",
    ":family",
    ":adstyle",
    ":registry",
    ":weight",
    ":slant",
    ":width",
    ":size",
    ":dpi",
    ":spacing",
    ":avgwidth"
  };

  /** The index of the alist of other properties. */
  private static final int OTHERS = KEYS.length;

  /** One without properties. */
  public FontSpec(Context c) {
    super(c, blank());
  }

  private FontSpec(Label label, Object[] slots) {
    super(label, slots);
  }

  private static Object[] blank() {
    Object[] slots = new Object[KEYS.length + 1];
    java.util.Arrays.fill(slots, Symbol.NIL);
    return slots;
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new FontSpec(label, contents);
  }

  private static int index(Symbol key) {
    for (int i = 0; i < KEYS.length; i++) {
      if (KEYS[i].equals(key.name())) {
        return i;
      }
    }
    return -1;
  }

  /** A property, or nil. */
  public Object property(Context c, Symbol key) {
    int i = index(key);
    if (i >= 0) {
      return get(c, i);
    }
    Object tail = get(c, OTHERS);
    while (tail instanceof Pair p) {
      if (p.first(c) instanceof Pair q && q.first(c) == key) {
        return q.second(c);
      }
      tail = p.second(c);
    }
    return Symbol.NIL;
  }

  /** Sets a property; a name sets what it says of family and size too. */
  public void put(Context c, Symbol key, Object value, Task t) {
    int i = index(key);
    if (i >= 0) {
      boolean named = i >= 1 && i <= 4 && value instanceof LispString;
      set(c, i, named ? t.symbols().intern(t, ((LispString) value).toJava(c)) : value);
      return;
    }
    if (key.name().equals(":name") && value instanceof LispString s) {
      java.util.regex.Matcher m =
          java.util.regex.Pattern.compile("([^-:]+)(?:-([0-9.]+))?").matcher(s.toJava(c));
      if (m.matches()) {
        set(c, 2, t.symbols().intern(t, m.group(1)));
        if (m.group(2) != null && m.group(2).matches("[0-9]+(\\.[0-9]+)?")) {
          set(c, 8, Double.parseDouble(m.group(2)));
        }
      }
    }
    set(c, OTHERS, new Pair(c, new Pair(c, key, value), get(c, OTHERS)));
  }

  /** The name in X's form. */
  public LispString xlfd(Context c) {
    Object foundry = get(c, 1);
    Object family = get(c, 2);
    Object size = get(c, 8);
    String points = size instanceof Double d ? "*-" + (long) (d * 10) : size + "-*";
    return LispString.of(
        c,
        "-"
            + part(foundry)
            + "-"
            + part(family)
            + "-"
            + part(get(c, 5))
            + "-"
            + part(get(c, 6))
            + "-"
            + part(get(c, 7))
            + "-*-"
            + (size == Symbol.NIL ? "*-*" : points)
            + "-*-*-*-*-"
            + (get(c, 4) == Symbol.NIL ? "*-*" : part(get(c, 4))));
  }

  private static String part(Object x) {
    return x == Symbol.NIL ? "*" : x.toString();
  }

  @Override
  public String printed(View view) {
    StringBuilder s = new StringBuilder("#<font-spec");
    for (int i = 0; i < length(view.c); i++) {
      Object x = get(view.c, i);
      s.append(' ')
          .append(
              view instanceof Task t
                  ? ((LispString) t.callNamed("prin1-to-string", x)).toJava(t.c)
                  : x.toString());
    }
    return s.append('>').toString();
  }
}
