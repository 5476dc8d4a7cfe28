package org.elver.lisp.image;

import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.object.Equality;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Table;
import org.elver.heap.object.Text;
import org.elver.heap.object.Vector;
import org.elver.heap.version.Context;
import org.elver.heap.version.Heap;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.lisp.chartable.SubCharTable;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.code.Code;
import org.elver.lisp.machine.Alias;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.Late;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.SymbolTable;
import org.elver.lisp.text.BufferVariable;
import org.objenesis.instantiator.sun.UnsafeFactoryInstantiator;

/**
 * Makes a VM's Lisp world from an image. Trusts the image: what is not one that {@link ImageWriter}
 * of this build wrote fails in any way.
 */
public final class ImageReader {
  private final Vm vm;
  private final Task t;

  /** Labels objects that are made later as belonging to what the VM had at its start. */
  private final Label label;

  /** Makes and fills objects under the label, whatever the first task's context has become. */
  private final Context builder;

  private Symbol[] symbols;
  private Object[] common;
  private String[] classes;

  /**
   * Classes and static fields by their number, once found. Written by any thread, always the same.
   */
  private Object[] found;

  private byte[] late;

  private ImageReader(Task t) {
    this.vm = t.vm();
    this.t = t;
    this.label = Label.of(t.c);
    this.builder = t.c.builder(label);
  }

  /**
   * Gives {@code t}, in whose world there is nothing and nothing runs yet, the world of the image.
   *
   * @return false when the image has another stamp
   */
  public static boolean read(byte[] image, String stamp, Task t) {
    Input in = new Input(image, 0);
    if (!in.name().equals(stamp)) {
      return false;
    }
    new ImageReader(t).world(in);
    return true;
  }

  /** Bytes being read. */
  private static final class Input {
    final byte[] b;
    int at;

    Input(byte[] b, int at) {
      this.b = b;
      this.at = at;
    }

    int next() {
      return b[at++] & 0xFF;
    }

    long number() {
      int x = b[at++];
      if (x >= 0) {
        return x;
      }
      long n = x & 0x7F;
      for (int shift = 7; ; shift += 7) {
        x = b[at++];
        n |= (long) (x & 0x7F) << shift;
        if (x >= 0) {
          return n;
        }
      }
    }

    int count() {
      return (int) number();
    }

    long signed() {
      long n = number();
      return n >>> 1 ^ -(n & 1);
    }

    long eight() {
      long n = 0;
      for (int i = 0; i < 64; i += 8) {
        n |= (long) next() << i;
      }
      return n;
    }

    long[] longs() {
      long[] a = new long[count()];
      ByteBuffer.wrap(b, at, 8 * a.length).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(a);
      at += 8 * a.length;
      return a;
    }

    byte[] block() {
      int n = count();
      byte[] a = Arrays.copyOfRange(b, at, at + n);
      at += n;
      return a;
    }

    String name() {
      int n = count();
      if ((n & 1) == 0) {
        String s = new String(b, at, n >> 1, StandardCharsets.ISO_8859_1);
        at += n >> 1;
        return s;
      }
      char[] a = new char[n >> 1];
      for (int i = 0; i < a.length; i++) {
        a[i] = (char) (next() | next() << 8);
      }
      return new String(a);
    }

    byte[] bytes() {
      return block();
    }

    char[] chars() {
      char[] a = new char[count()];
      for (int i = 0; i < a.length; i++) {
        a[i] = (char) number();
      }
      return a;
    }

    int[] ints() {
      int[] a = new int[count()];
      for (int i = 0; i < a.length; i++) {
        a[i] = (int) signed();
      }
      return a;
    }
  }

  private void world(Input header) {
    Input names = new Input(header.block(), 0);
    classes = new String[names.count()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = names.name();
    }
    found = new Object[classes.length];
    late = header.block();
    Input in = new Input(header.block(), 0);
    symbols = new Symbol[in.count()];
    for (int i = 0; i < symbols.length; i++) {
      int kind = in.next();
      String name = in.name();
      symbols[i] =
          switch (kind) {
            case 0 -> Symbol.known(name);
            case 1 -> t.symbols().intern(t, name);
            default -> Symbol.uninterned(t, label, name);
          };
    }
    common = new Object[in.count()];
    Part part = new Part(in, common);
    part.read();
    for (Symbol s : symbols) {
      int flags = in.count();
      Object redirect = part.reference();
      Late lateValue = null;
      if (in.next() == 0) {
        Object value = part.reference();
        if (value != null || s.rawValue(t) != Symbol.UNBOUND) {
          s.setRawValue(t, value == null ? Symbol.UNBOUND : value);
        }
      } else {
        lateValue = new Late(new LatePart(in.count()));
      }
      Late lateFunction = null;
      if (in.next() == 0) {
        Object f = part.reference();
        if (f != Symbol.NIL) {
          s.setFunction(t, f);
        }
      } else {
        lateFunction = new Late(new LatePart(in.count()));
      }
      Late latePlist = null;
      if (in.next() == 0) {
        Object p = part.reference();
        if (p != Symbol.NIL) {
          s.setPlist(t, p);
        }
      } else {
        latePlist = new Late(new LatePart(in.count()));
      }
      if (redirect != null) {
        s.setRedirect(t, redirect);
      }
      s.setFlags(t, flags);
      s.setLate(t, lateValue, lateFunction, latePlist);
    }
    t.currentBuffer = (HeapObject) part.reference();
  }

  /** The contents of a symbol's slot. */
  private final class LatePart implements Late.Source {
    private final int offset;

    LatePart(int offset) {
      this.offset = offset;
    }

    @Override
    public Object make() {
      // Reads only what is fixed once the world is there, and makes objects that belong to what the
      // VM had at its start, which all isolates see: any thread of any of them may do this.
      Input in = new Input(late, offset);
      Part part = new Part(in, new Object[in.count()]);
      part.read();
      return part.reference();
    }
  }

  /** The code of a function, set when what it refers to is there. */
  private static final class KnownCode implements ByteCode.Source {
    ByteCode.Made made;

    @Override
    public ByteCode.Made make(Context c, ByteCode of) {
      return made;
    }

    @Override
    public boolean isShareable() {
      return true;
    }
  }

  /** Objects that are read together. */
  private final class Part {
    private final Input in;
    private final Object[] objects;
    private final KnownCode[] codes;

    /** The slots of objects that keep the array they are made with, filled afterwards. */
    private final Object[][] slots;

    /** Where the contents of records begin, which can only be made when those are there. */
    private int[] recordAt;

    private Class<?>[] recordClass;
    private final List<Object[]> maps = new ArrayList<>();

    Part(Input in, Object[] objects) {
      this.in = in;
      this.objects = objects;
      this.codes = new KnownCode[objects.length];
      this.slots = new Object[objects.length][];
    }

    void read() {
      int n = objects.length;
      int[] kinds = new int[n];
      int[] sizes = new int[n];
      for (int i = 0; i < n; i++) {
        int kind = in.next();
        kinds[i] = kind;
        if (kind == Kind.PAIR) {
          objects[i] = new Pair(label, Symbol.NIL, Symbol.NIL);
        } else {
          sizes[i] = shape(kind, i);
        }
      }
      if (recordAt != null) {
        findRecords(kinds, sizes);
      }
      for (int i = 0; i < n; i++) {
        if (kinds[i] == Kind.PAIR) {
          Pair p = (Pair) objects[i];
          p.setFirst(builder, reference());
          p.setSecond(builder, reference());
        } else {
          contents(kinds[i], sizes[i], i);
        }
      }
      for (Object[] m : maps) {
        if (m[0] instanceof Table table) {
          for (int i = 1; i < m.length; i += 2) {
            table.put(builder, m[i], m[i + 1]);
          }
        } else {
          @SuppressWarnings("unchecked")
          Map<Object, Object> map = (Map<Object, Object>) m[0];
          for (int i = 1; i < m.length; i += 2) {
            map.put(m[i], m[i + 1]);
          }
        }
      }
    }

    private int shape(int kind, int i) {
      switch (kind) {
        case Kind.STRING -> {
          int how = in.next();
          Object a =
              switch (how & 3) {
                case 0 -> in.bytes();
                case 1 -> in.chars();
                default -> in.ints();
              };
          objects[i] = LispString.labelled(label, a, (how & 4) != 0, null);
          return how & 8;
        }
        case Kind.VECTOR -> {
          int n = in.count();
          objects[i] = n == 0 ? Lisp.EMPTY_VECTOR : new Vector(label, slots(i, n));
          return n;
        }
        case Kind.RECORD -> {
          int n = in.count();
          objects[i] = Record.labelled(label, slots(i, n));
          return n;
        }
        case Kind.BYTE_CODE -> {
          long arity = in.signed();
          int depth = in.count();
          int extra = in.count();
          codes[i] = new KnownCode();
          objects[i] =
              new ByteCode(
                  label,
                  arity >= 0 ? (Object) arity : Symbol.NIL,
                  codes[i],
                  depth,
                  new Object[extra]);
          return extra;
        }
        case Kind.FLOAT -> objects[i] = Double.longBitsToDouble(in.eight());
        case Kind.BIG -> objects[i] = new BigInteger(in.block());
        case Kind.SUBR -> objects[i] = vm.subr(in.name());
        case Kind.TABLE -> {
          Equality equality = (Equality) staticOf(in.count());
          int n = in.count();
          objects[i] = new Table(builder, equality, n);
          return n;
        }
        case Kind.TEXT -> objects[i] = new Text(builder, in.ints());
        case Kind.JAVA_STRING -> objects[i] = in.name();
        case Kind.INTEGER -> objects[i] = (int) in.signed();
        case Kind.BOOLEAN -> objects[i] = in.next() != 0;
        case Kind.CHAR_TABLE_PART -> {
          int depth = in.count();
          int n = SubCharTable.slotsAt(depth);
          objects[i] = SubCharTable.labelled(label, depth, in.count(), slots(i, n));
          return n;
        }
        case Kind.MADE -> {
          Maker maker = Maker.number(in.next());
          Object[] fixed = new Object[in.next()];
          for (int k = 0; k < fixed.length; k++) {
            fixed[k] =
                switch (in.next()) {
                  case 0 -> symbols[in.count()];
                  case 1 -> in.signed();
                  default -> Double.longBitsToDouble(in.eight());
                };
          }
          int n = in.count();
          objects[i] = maker.make(label, slots(i, n), fixed);
          return n;
        }
        case Kind.ALIAS -> objects[i] = new Alias(symbols[in.count()]);
        case Kind.BUFFER_VARIABLE -> objects[i] = BufferVariable.numbered(in.count());
        case Kind.OBJECTS, Kind.RUNS -> {
          Class<?> c = classOf(in.count());
          int n = in.count();
          objects[i] = Array.newInstance(c, n);
          return n;
        }
        case Kind.BYTES -> objects[i] = in.bytes();
        case Kind.CHARS -> objects[i] = in.chars();
        case Kind.INTS -> objects[i] = in.ints();
        case Kind.LONGS -> {
          objects[i] = in.longs();
        }
        case Kind.BOOLEANS -> {
          boolean[] a = new boolean[in.count()];
          for (int k = 0; k < a.length; k++) {
            a[k] = in.next() != 0;
          }
          objects[i] = a;
        }
        case Kind.STATIC -> objects[i] = staticOf(in.count());
        case Kind.ENUM -> {
          Class<?> c = classOf(in.count());
          objects[i] = c.getEnumConstants()[in.count()];
        }
        case Kind.ENVIRONMENT -> objects[i] = environment(classes[in.count()]);
        case Kind.RECORD_CLASS, Kind.WEAK -> {
          if (recordAt == null) {
            recordAt = new int[objects.length];
            recordClass = new Class<?>[objects.length];
          }
          recordClass[i] = kind == Kind.WEAK ? WeakReference.class : classOf(in.count());
        }
        case Kind.FIELDS -> objects[i] = Allocator.make(classOf(in.count()), builder);
        case Kind.LIST -> {
          objects[i] = new ArrayList<>();
          return in.count();
        }
        case Kind.MAP -> {
          objects[i] = Allocator.construct(classOf(in.count()));
          return in.count();
        }
        default -> throw new IllegalStateException("kind " + kind + " in an image");
      }
      return 0;
    }

    /** The {@code n} slots of object {@code i}, to be filled afterwards. */
    private Object[] slots(int i, int n) {
      slots[i] = new Object[n];
      return slots[i];
    }

    /** Walks over all contents once to learn where those of records are. */
    private void findRecords(int[] kinds, int[] sizes) {
      int start = in.at;
      for (int i = 0; i < kinds.length; i++) {
        recordAt[i] = in.at;
        skip(kinds[i], sizes[i], i);
      }
      in.at = start;
    }

    private void skip(int kind, int size, int i) {
      switch (kind) {
        case Kind.PAIR -> skipNumbers(2);
        case Kind.WEAK -> skipNumbers(1);
        case Kind.STRING -> skipNumbers(size != 0 ? 1 : 0);
        case Kind.VECTOR, Kind.RECORD, Kind.OBJECTS, Kind.LIST, Kind.MADE -> skipNumbers(size);
        case Kind.RUNS, Kind.CHAR_TABLE_PART -> {
          int k = 0;
          while (k < size) {
            k += in.count();
            in.number();
          }
        }
        case Kind.TABLE, Kind.MAP -> skipNumbers(2 * size);
        case Kind.BYTE_CODE -> {
          skipNumbers(2 + size);
          in.number();
          in.next();
          int n = in.count();
          in.at += n;
          skipNumbers(in.count());
        }
        case Kind.RECORD_CLASS -> {
          for (RecordComponent c : recordClass[i].getRecordComponents()) {
            skipField(c.getType());
          }
        }
        case Kind.FIELDS -> {
          for (Field f : Fields.of(objects[i].getClass())) {
            skipField(f.getType());
          }
        }
        default -> {}
      }
    }

    private void skipField(Class<?> type) {
      if (type == double.class) {
        in.at += 8;
      } else {
        in.number();
      }
    }

    private void skipNumbers(int n) {
      for (int i = 0; i < n; i++) {
        in.number();
      }
    }

    private void contents(int kind, int size, int i) {
      switch (kind) {
        case Kind.STRING -> {
          if (size != 0) {
            ((LispString) objects[i]).setProperties(builder, reference());
          }
        }
        case Kind.VECTOR, Kind.RECORD, Kind.MADE -> {
          Object[] a = slots[i];
          for (int k = 0; k < size; k++) {
            a[k] = reference();
          }
        }
        case Kind.BYTE_CODE -> {
          Object arglist = reference();
          Object text = reference();
          Object[] extra = new Object[size];
          for (int k = 0; k < size; k++) {
            extra[k] = reference();
          }
          ((ByteCode) objects[i]).complete(arglist, text, extra);
          codes[i].made = code();
        }
        case Kind.OBJECTS -> {
          Object[] a = (Object[]) objects[i];
          for (int k = 0; k < size; k++) {
            a[k] = reference();
          }
        }
        case Kind.RUNS -> runs((Object[]) objects[i]);
        case Kind.CHAR_TABLE_PART -> runs(slots[i]);
        case Kind.LIST -> {
          @SuppressWarnings("unchecked")
          List<Object> l = (List<Object>) objects[i];
          for (int k = 0; k < size; k++) {
            l.add(reference());
          }
        }
        case Kind.TABLE, Kind.MAP -> {
          Object[] m = new Object[1 + 2 * size];
          m[0] = objects[i];
          for (int k = 1; k < m.length; k++) {
            m[k] = reference();
          }
          maps.add(m);
        }
        case Kind.RECORD_CLASS, Kind.WEAK -> {
          object(i);
          skip(kind, size, i);
        }
        case Kind.FIELDS -> fields(objects[i]);
        default -> {}
      }
    }

    private void runs(Object[] a) {
      int k = 0;
      while (k < a.length) {
        int n = in.count();
        Object x = reference();
        if (n == 1) {
          a[k++] = x;
        } else {
          Arrays.fill(a, k, k + n, x);
          k += n;
        }
      }
    }

    private void fields(Object o) {
      try {
        for (Field f : Fields.of(o.getClass())) {
          f.set(o, field(f.getType()));
        }
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }

    private Object field(Class<?> type) {
      if (!type.isPrimitive()) {
        return reference();
      }
      if (type == double.class) {
        return Double.longBitsToDouble(in.eight());
      }
      long n = in.signed();
      if (type == int.class) {
        return (int) n;
      }
      if (type == long.class) {
        return n;
      }
      if (type == boolean.class) {
        return n != 0;
      }
      if (type == char.class) {
        return (char) n;
      }
      if (type == byte.class) {
        return (byte) n;
      }
      return (short) n;
    }

    /** Object {@code i}, a record being made when it is not there yet. */
    private Object object(int i) {
      Object o = objects[i];
      if (o == null && recordAt != null && recordClass[i] != null) {
        int back = in.at;
        in.at = recordAt[i];
        if (recordClass[i] == WeakReference.class) {
          o = new WeakReference<>(reference());
          in.at = back;
          objects[i] = o;
          return o;
        }
        RecordComponent[] parts = recordClass[i].getRecordComponents();
        Class<?>[] types = new Class<?>[parts.length];
        Object[] values = new Object[parts.length];
        for (int k = 0; k < parts.length; k++) {
          types[k] = parts[k].getType();
          values[k] = field(types[k]);
        }
        in.at = back;
        try {
          Constructor<?> maker = recordClass[i].getDeclaredConstructor(types);
          maker.setAccessible(true);
          o = maker.newInstance(values);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
        objects[i] = o;
      }
      return o;
    }

    Object reference() {
      long n = in.number();
      int i = (int) (n >>> 2);
      switch ((int) n & 3) {
        case Kind.SYMBOL -> {
          return symbols[i];
        }
        case Kind.OBJECT -> {
          if (i == 0) {
            return null;
          }
          Object o = common[i - 1];
          return o == null && objects == common ? object(i - 1) : o;
        }
        case Kind.SMALL -> {
          long x = n >>> 2;
          return x >>> 1 ^ -(x & 1);
        }
        default -> {
          return object(i);
        }
      }
    }

    ByteCode.Made code() {
      int depth = in.count();
      boolean evaluated = in.next() != 0;
      byte[] bytes = in.block();
      Object[] constants = new Object[in.count()];
      for (int i = 0; i < constants.length; i++) {
        constants[i] = reference();
      }
      return new ByteCode.Made(Code.decode(bytes, depth, evaluated), constants);
    }
  }

  private Object environment(String name) {
    if (name.equals(Context.class.getName())) {
      return t.c;
    }
    if (name.equals(Epoch.class.getName())) {
      return label.epoch();
    }
    if (name.equals(Vm.class.getName())) {
      return vm;
    }
    if (name.equals(Task.class.getName())) {
      return t;
    }
    if (name.equals(SymbolTable.class.getName())) {
      return t.symbols();
    }
    throw new IllegalStateException(
        name.equals(Heap.class.getName()) ? "a heap in an image" : name + " in an image");
  }

  private Class<?> classOf(int i) {
    Object c = found[i];
    if (c == null) {
      c = classNamed(classes[i]);
      found[i] = c;
    }
    return (Class<?>) c;
  }

  private Object staticOf(int i) {
    Object o = found[i];
    if (o == null) {
      o = staticField(classes[i]);
      found[i] = o;
    }
    return o;
  }

  private static Class<?> classNamed(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object staticField(String name) {
    int i = name.indexOf('#');
    try {
      Field f = classNamed(name.substring(0, i)).getDeclaredField(name.substring(i + 1));
      f.setAccessible(true);
      return f.get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes objects without calling their constructors, and objects of the JDK by calling them. */
  private static final class Allocator {
    /** The header of heap objects, which is no business of subclasses'. */
    private static final Field META;

    static {
      try {
        META = HeapObject.class.getDeclaredField("meta");
        META.setAccessible(true);
      } catch (NoSuchFieldException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    static Object make(Class<?> c, Context context) {
      Object o = new UnsafeFactoryInstantiator<>(c).newInstance();
      if (o instanceof HeapObject) {
        try {
          META.set(o, context.epoch());
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
      return o;
    }

    static Object construct(Class<?> c) {
      try {
        return c.getConstructor().newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
