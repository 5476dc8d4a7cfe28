package org.elver.lisp.image;

import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Slots;
import org.elver.heap.object.Table;
import org.elver.heap.object.Text;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.elver.lisp.chartable.SubCharTable;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.code.Code;
import org.elver.lisp.machine.Alias;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.SymbolTable;
import org.elver.lisp.text.BufferVariable;

/**
 * Writes what is reachable from the symbols of a VM, and the main task's current buffer.
 *
 * <p>Objects that only one slot of one symbol leads to are written apart, to be read when somebody
 * looks into that slot; all others are in the common part.
 */
public final class ImageWriter {
  private final Task t;
  private final IdentityHashMap<Object, Integer> symbols = new IdentityHashMap<>();
  private final List<Symbol> symbolList = new ArrayList<>();

  /** Common objects, by number. */
  private final IdentityHashMap<Object, Integer> common = new IdentityHashMap<>();

  private final List<Object> commonList = new ArrayList<>();

  /** A slot of a symbol whose contents may be written apart. */
  private record Slot(Symbol symbol, Object root) {}

  /** Of objects met from one slot only: the slot. */
  private final IdentityHashMap<Object, Slot> owner = new IdentityHashMap<>();

  private final IdentityHashMap<Object, String> statics = new IdentityHashMap<>();
  private final IdentityHashMap<Class<?>, Boolean> scanned = new IdentityHashMap<>();

  private ImageWriter(Task t) {
    this.t = t;
  }

  /**
   * The image of the VM of {@code t}, its main task, which must be the only one.
   *
   * @param stamp says what the image is good for; a reader wants the same
   * @throws IllegalStateException when something is reachable that cannot be in an image
   */
  public static byte[] write(Task t, String stamp) {
    return new ImageWriter(t).image(stamp);
  }

  private byte[] image(String stamp) {
    t.symbols().forEachKnown(this::symbol); // Those that hide internal objects too.
    t.symbols().forEach(t, this::symbol);
    visit(t.currentBuffer, null);
    drainCommon();
    // Symbols that are met on the way are added to the list while it is walked.
    for (int i = 0; i < symbolList.size(); i++) {
      Symbol s = symbolList.get(i);
      visit(s.redirect(t), null);
      drainCommon();
      for (Object x : new Object[] {s.rawValue(t), s.function(t), s.plist(t)}) {
        if (x instanceof Symbol other) {
          symbol(other);
        }
      }
      Slot[] slots = {slot(s, s.rawValue(t)), slot(s, s.function(t)), slot(s, s.plist(t))};
      slotsOf.put(s, slots);
      for (Slot slot : slots) {
        if (slot != null) {
          visit(slot.root, slot);
          drainOwned();
          drainCommon();
        }
      }
    }
    return emit(stamp);
  }

  private final IdentityHashMap<Symbol, Slot[]> slotsOf = new IdentityHashMap<>();

  /** A slot that is worth being written apart; null for contents that are no trouble to read. */
  private static Slot slot(Symbol s, Object root) {
    return root == Symbol.UNBOUND || root instanceof Symbol || isSmall(root)
        ? null
        : new Slot(s, root);
  }

  private final ArrayDeque<Object> toWalk = new ArrayDeque<>();
  private final ArrayDeque<Object> ownedToWalk = new ArrayDeque<>();

  private void symbol(Symbol s) {
    if (symbols.putIfAbsent(s, symbolList.size()) == null) {
      symbolList.add(s);
    }
  }

  private static boolean isSmall(Object o) {
    return o instanceof Long;
  }

  /** Notes that {@code o} is reachable: from the common part, or from slot {@code f}. */
  private void visit(Object o, Slot f) {
    if (o == null || isSmall(o)) {
      return;
    }
    if (o instanceof Symbol s) {
      symbol(s);
      return;
    }
    if (common.containsKey(o)) {
      return;
    }
    Slot known = owner.get(o);
    if (f != null && known == null) {
      owner.put(o, f);
      ownedToWalk.add(o);
    } else if (f == null || known != f) {
      owner.remove(o);
      common.put(o, commonList.size());
      commonList.add(o);
      toWalk.add(o);
    }
  }

  private void drainCommon() {
    while (!toWalk.isEmpty()) {
      for (Object x : references(toWalk.poll())) {
        visit(x, null);
      }
    }
  }

  private void drainOwned() {
    while (!ownedToWalk.isEmpty()) {
      Object o = ownedToWalk.poll();
      Slot f = owner.get(o);
      if (f == null) {
        continue; // It has become common.
      }
      for (Object x : references(o)) {
        visit(x, f);
      }
    }
  }

  /** What an object refers to, in the order in which it is written. */
  private List<Object> references(Object o) {
    switch (o) {
      case Pair p -> {
        return Arrays.asList(p.first(t.c), p.second(t.c));
      }
      case LispString s -> {
        return Arrays.asList(s.properties(t.c));
      }
      case ByteCode b -> {
        return parts(b);
      }
      case Vector v -> {
        Object[] a = new Object[v.length(t.c)];
        v.copyInto(t.c, 0, a, 0, a.length);
        return Arrays.asList(a);
      }
      case Record r -> {
        Object[] a = new Object[r.length(t.c)];
        for (int i = 0; i < a.length; i++) {
          a[i] = r.get(t.c, i);
        }
        return Arrays.asList(a);
      }
      case SubCharTable s -> {
        return slots(s);
      }
      case Alias a -> {
        return List.of(a.target());
      }
      case BufferVariable v -> {
        return List.of();
      }
      case Table table -> {
        List<Object> all = new ArrayList<>();
        all.add(table.equality());
        table.forEach(
            t.c,
            (k, v) -> {
              all.add(k);
              all.add(v);
            });
        return all;
      }
      case Object[] a -> {
        return Arrays.asList(a);
      }
      case WeakReference<?> w -> {
        return Arrays.asList(w.get());
      }
      case List<?> l when o.getClass() == ArrayList.class -> {
        return new ArrayList<>(l);
      }
      case Map<?, ?> m when o.getClass().getName().startsWith("java.util.") -> {
        List<Object> all = new ArrayList<>();
        m.forEach(
            (k, v) -> {
              all.add(k);
              all.add(v);
            });
        return all;
      }
      default -> {}
    }
    if (hasNoReferences(o) || staticName(o) != null) {
      return List.of();
    }
    Maker maker = Maker.of(o.getClass());
    if (maker != null) {
      List<Object> all = slots((Slots) o);
      for (Object x : maker.fixed((Slots) o)) {
        if (x instanceof Symbol s) {
          symbol(s);
        }
      }
      return all;
    }
    List<Object> all = new ArrayList<>();
    try {
      if (o.getClass().isRecord()) {
        for (RecordComponent c : o.getClass().getRecordComponents()) {
          c.getAccessor().setAccessible(true);
          if (!c.getType().isPrimitive()) {
            all.add(c.getAccessor().invoke(o));
          }
        }
        return all;
      }
      for (Field f : Fields.of(o.getClass())) {
        if (!f.getType().isPrimitive()) {
          all.add(f.get(o));
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot look into " + o.getClass(), e);
    }
    return all;
  }

  private List<Object> slots(Slots s) {
    Object[] a = new Object[s.length(t.c)];
    for (int i = 0; i < a.length; i++) {
      a[i] = s.get(t.c, i);
    }
    return Arrays.asList(a);
  }

  private static boolean hasNoReferences(Object o) {
    return o instanceof Double
        || o instanceof BigInteger
        || o instanceof Subr
        || o instanceof String
        || o instanceof Text
        || o instanceof Enum<?>
        || o instanceof Integer
        || o instanceof Boolean
        || isEnvironment(o)
        || (o.getClass().isArray() && o.getClass().getComponentType().isPrimitive());
  }

  static boolean isEnvironment(Object o) {
    return o instanceof Context
        || o instanceof Epoch
        || o instanceof Heap
        || o instanceof Vm
        || o instanceof Task
        || o instanceof SymbolTable;
  }

  /** The static field that holds {@code o}, as {@code CLASS#FIELD}; or null. */
  private String staticName(Object o) {
    Class<?> c = o.getClass();
    String name = c.getName();
    int lambda = name.indexOf("$$Lambda");
    try {
      if (lambda >= 0) {
        scan(Class.forName(name.substring(0, lambda)));
      } else if (name.startsWith("org.elver.")) {
        for (Class<?> k = c; k != null; k = k.getEnclosingClass()) {
          scan(k);
        }
        for (Class<?> k : c.getInterfaces()) {
          scan(k);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return statics.get(o);
  }

  private void scan(Class<?> c) throws ReflectiveOperationException {
    if (scanned.put(c, true) != null) {
      return;
    }
    for (Field f : c.getDeclaredFields()) {
      if (Modifier.isStatic(f.getModifiers())
          && Modifier.isFinal(f.getModifiers())
          && !f.getType().isPrimitive()) {
        f.setAccessible(true);
        Object x = f.get(null);
        if (x != null && !(x instanceof Symbol)) {
          statics.putIfAbsent(x, c.getName() + "#" + f.getName());
        }
      }
    }
  }

  // ---- Writing ------------------------------------------------------------------------------

  private final Bytes out = new Bytes();
  private final Map<String, Integer> classes = new java.util.LinkedHashMap<>();

  private byte[] emit(String stamp) {
    Bytes header = new Bytes();
    header.name(stamp);
    // The symbols.
    out.number(symbolList.size());
    for (Symbol s : symbolList) {
      boolean interned = s.isInterned(t) && t.symbols().findInterned(t, s.name()) == s;
      out.put(s.isKnown() ? 0 : interned ? 1 : 2);
      out.name(s.name());
    }
    current.number(commonList.size());
    for (Object o : commonList) {
      shape(o);
    }
    for (Object o : commonList) {
      contents(o);
    }
    Bytes late = new Bytes();
    for (Symbol s : symbolList) {
      current.number(s.flags(t));
      reference(s.redirect(t));
      Object[] contents = {s.rawValue(t), s.function(t), s.plist(t)};
      Slot[] slots = slotsOf.get(s);
      for (int i = 0; i < 3; i++) {
        if (slots[i] == null || common.containsKey(slots[i].root)) {
          current.put(0);
          reference(contents[i] == Symbol.UNBOUND ? null : contents[i]);
        } else {
          current.put(1);
          current.number(late.length());
          Bytes main = swap(late);
          latePart(slots[i]);
          swap(main);
        }
      }
    }
    reference(t.currentBuffer);
    Bytes names = new Bytes();
    names.number(classes.size());
    for (String c : classes.keySet()) {
      names.name(c);
    }
    header.block(names.toArray());
    header.block(late.toArray());
    header.block(out.toArray());
    return header.toArray();
  }

  private Bytes current = out;
  private IdentityHashMap<Object, Integer> local;

  private Bytes swap(Bytes other) {
    Bytes old = current;
    current = other;
    return old;
  }

  private List<Object> collect(Slot slot) {
    List<Object> into = new ArrayList<>();
    IdentityHashMap<Object, Boolean> seen = new IdentityHashMap<>();
    ArrayDeque<Object> todo = new ArrayDeque<>();
    todo.add(slot.root);
    while (!todo.isEmpty()) {
      Object o = todo.poll();
      if (isSmall(o) || o instanceof Symbol || common.containsKey(o) || seen.put(o, true) != null) {
        continue;
      }
      into.add(o);
      for (Object x : references(o)) {
        if (x != null) {
          todo.add(x);
        }
      }
    }
    return into;
  }

  private List<Object> parts(ByteCode b) {
    List<Object> all = new ArrayList<>();
    all.add(b.arglist());
    all.add(b.text());
    all.addAll(Arrays.asList(b.extra()));
    all.addAll(Arrays.asList(b.constants(t.c)));
    return all;
  }

  private void latePart(Slot slot) {
    List<Object> objects = collect(slot);
    local = new IdentityHashMap<>();
    for (Object o : objects) {
      local.put(o, local.size());
    }
    current.number(objects.size());
    for (Object o : objects) {
      shape(o);
    }
    for (Object o : objects) {
      contents(o);
    }
    reference(slot.root);
    local = null;
  }

  private void code(ByteCode f) {
    Code k = f.code(t.c);
    current.number(k.maxDepth);
    current.put(k.evaluated ? 1 : 0);
    current.block(k.bytes());
    Object[] constants = f.constants(t.c);
    current.number(constants.length);
    for (Object x : constants) {
      reference(x);
    }
  }

  private void reference(Object o) {
    if (o == null) {
      current.number(Kind.OBJECT);
    } else if (o instanceof Symbol) {
      current.number((long) symbols.get(o) << 2 | Kind.SYMBOL);
    } else if (o instanceof Long n) {
      long x = n << 1 ^ n >> 63;
      current.number(x << 2 | Kind.SMALL);
    } else {
      Integer i = local == null ? null : local.get(o);
      if (i != null) {
        current.number((long) i << 2 | Kind.LOCAL);
        return;
      }
      i = common.get(o);
      if (i == null) {
        throw new IllegalStateException("not in the image: " + o.getClass());
      }
      current.number((long) (i + 1) << 2 | Kind.OBJECT);
    }
  }

  private int className(String name) {
    return classes.computeIfAbsent(name, k -> classes.size());
  }

  /** What is needed to make the object, before what it refers to is there. */
  private void shape(Object o) {
    switch (o) {
      case Pair p -> current.put(Kind.PAIR);
      case LispString s -> {
        current.put(Kind.STRING);
        Object codes = s.codes(t.c);
        int width = codes instanceof byte[] ? 0 : codes instanceof char[] ? 1 : 2;
        boolean properties = s.properties(t.c) != null;
        current.put(width | (s.isMultibyte(t.c) ? 4 : 0) | (properties ? 8 : 0));
        array(codes);
      }
      case Vector v -> {
        current.put(Kind.VECTOR);
        current.number(v.length(t.c));
      }
      case Record r -> {
        current.put(Kind.RECORD);
        current.number(r.length(t.c));
      }
      case ByteCode b -> {
        current.put(Kind.BYTE_CODE);
        current.signed(b.arglist() instanceof Long l ? l : -1);
        current.number(b.depth());
        current.number(b.extra().length);
      }
      case Double d -> {
        current.put(Kind.FLOAT);
        current.eight(Double.doubleToRawLongBits(d));
      }
      case BigInteger b -> {
        current.put(Kind.BIG);
        current.block(b.toByteArray());
      }
      case Subr s -> {
        current.put(Kind.SUBR);
        current.name(s.name());
      }
      case Table table -> {
        current.put(Kind.TABLE);
        String equality = staticName(table.equality());
        if (equality == null) {
          throw new IllegalStateException("table with an equality of its own");
        }
        current.number(className(equality));
        current.number(table.size(t.c));
      }
      case Text text -> {
        current.put(Kind.TEXT);
        int[] codes = new int[text.length(t.c)];
        text.getCodes(t.c, 0, codes.length, codes, 0);
        array(codes);
      }
      case String s -> {
        current.put(Kind.JAVA_STRING);
        current.name(s);
      }
      case Integer i -> {
        current.put(Kind.INTEGER);
        current.signed(i);
      }
      case Boolean b -> {
        current.put(Kind.BOOLEAN);
        current.put(b ? 1 : 0);
      }
      case SubCharTable s -> {
        current.put(Kind.CHAR_TABLE_PART);
        current.number(s.depth());
        current.number(s.minChar());
      }
      case Alias a -> {
        current.put(Kind.ALIAS);
        current.number(symbols.get(a.target()));
      }
      case BufferVariable v -> {
        current.put(Kind.BUFFER_VARIABLE);
        current.number(v.number());
      }
      case Object[] a -> {
        current.put(countRuns(a) * 2 < a.length ? Kind.RUNS : Kind.OBJECTS);
        current.number(className(a.getClass().getComponentType().getName()));
        current.number(a.length);
      }
      case byte[] a -> {
        current.put(Kind.BYTES);
        array(a);
      }
      case char[] a -> {
        current.put(Kind.CHARS);
        array(a);
      }
      case int[] a -> {
        current.put(Kind.INTS);
        array(a);
      }
      case long[] a -> {
        current.put(Kind.LONGS);
        current.number(a.length);
        for (long x : a) {
          current.eight(x);
        }
      }
      case boolean[] a -> {
        current.put(Kind.BOOLEANS);
        current.number(a.length);
        for (boolean x : a) {
          current.put(x ? 1 : 0);
        }
      }
      case WeakReference<?> w -> current.put(Kind.WEAK);
      case Enum<?> e -> {
        current.put(Kind.ENUM);
        current.number(className(e.getDeclaringClass().getName()));
        current.number(e.ordinal());
      }
      default -> otherShape(o);
    }
  }

  private void otherShape(Object o) {
    Maker maker = Maker.of(o.getClass());
    if (maker != null) {
      made(maker, (Slots) o);
      return;
    }
    if (isEnvironment(o)) {
      current.put(Kind.ENVIRONMENT);
      current.number(className(o.getClass().getName()));
      return;
    }
    String name = staticName(o);
    if (name != null) {
      current.put(Kind.STATIC);
      current.number(className(name));
      return;
    }
    Class<?> c = o.getClass();
    if (c == ArrayList.class) {
      current.put(Kind.LIST);
      current.number(((List<?>) o).size());
      return;
    }
    if (o instanceof Map<?, ?> m && c.getName().startsWith("java.util.")) {
      current.put(Kind.MAP);
      current.number(className(c.getName()));
      current.number(m.size());
      return;
    }
    if (!c.getName().startsWith("org.elver.") || c.isHidden()) {
      throw new IllegalStateException("an image cannot hold a " + c.getName());
    }
    current.put(c.isRecord() ? Kind.RECORD_CLASS : Kind.FIELDS);
    current.number(className(c.getName()));
  }

  private void made(Maker maker, Slots o) {
    current.put(Kind.MADE);
    current.put(maker.ordinal());
    Object[] fixed = maker.fixed(o);
    current.put(fixed.length);
    for (Object x : fixed) {
      switch (x) {
        case Symbol s -> {
          current.put(0);
          current.number(symbols.get(s));
        }
        case Long n -> {
          current.put(1);
          current.signed(n);
        }
        case Double d -> {
          current.put(2);
          current.eight(Double.doubleToRawLongBits(d));
        }
        default -> throw new IllegalStateException("a fixed part of " + o.getClass() + ": " + x);
      }
    }
    current.number(o.length(t.c));
  }

  private void array(Object a) {
    int n = Array.getLength(a);
    current.number(n);
    if (a instanceof byte[] b) {
      current.all(b);
    } else if (a instanceof char[] s) {
      for (char x : s) {
        current.number(x);
      }
    } else {
      for (int x : (int[]) a) {
        current.signed(x);
      }
    }
  }

  private void contents(Object o) {
    if (o instanceof Alias
        || o instanceof BufferVariable
        || hasNoReferences(o)
        || staticName(o) != null) {
      return;
    }
    if (o instanceof LispString s) {
      if (s.properties(t.c) != null) {
        reference(s.properties(t.c));
      }
      return;
    }
    if (o instanceof ByteCode b) {
      reference(b.arglist());
      reference(b.text());
      for (Object x : b.extra()) {
        reference(x);
      }
      code(b);
      return;
    }
    if (o instanceof SubCharTable s) {
      runs(references(s).toArray());
      return;
    }
    if (o instanceof Object[] a && countRuns(a) * 2 < a.length) {
      runs(a);
      return;
    }
    if (o instanceof Pair
        || o instanceof Vector
        || o instanceof Record
        || Maker.of(o.getClass()) != null
        || o instanceof Object[]
        || o instanceof WeakReference<?>
        || o.getClass().getName().startsWith("java.util.")) {
      for (Object x : references(o)) {
        reference(x);
      }
      return;
    }
    if (o instanceof Table) {
      List<Object> all = references(o);
      for (Object x : all.subList(1, all.size())) {
        reference(x);
      }
      return;
    }
    fields(o);
  }

  private static boolean same(Object x, Object y) {
    return x == y || (x instanceof Long && x.equals(y));
  }

  private static int countRuns(Object[] a) {
    int n = 0;
    for (int i = 0; i < a.length; i++) {
      if (i == 0 || !same(a[i], a[i - 1])) {
        n++;
      }
    }
    return n;
  }

  /** Writes elements as runs of the same one. */
  private void runs(Object[] a) {
    int i = 0;
    while (i < a.length) {
      int end = i + 1;
      while (end < a.length && same(a[i], a[end])) {
        end++;
      }
      current.number(end - i);
      reference(a[i]);
      i = end;
    }
  }

  private void fields(Object o) {
    try {
      if (o.getClass().isRecord()) {
        for (RecordComponent c : o.getClass().getRecordComponents()) {
          c.getAccessor().setAccessible(true);
          field(c.getType(), c.getAccessor().invoke(o));
        }
        return;
      }
      for (Field f : Fields.of(o.getClass())) {
        field(f.getType(), f.get(o));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot look into " + o.getClass(), e);
    }
  }

  private void field(Class<?> type, Object value) {
    if (type == double.class) {
      current.eight(Double.doubleToRawLongBits((Double) value));
    } else if (type == boolean.class) {
      current.signed((Boolean) value ? 1 : 0);
    } else if (type == char.class) {
      current.signed((Character) value);
    } else if (type.isPrimitive()) {
      current.signed(((Number) value).longValue());
    } else {
      reference(value);
    }
  }
}
