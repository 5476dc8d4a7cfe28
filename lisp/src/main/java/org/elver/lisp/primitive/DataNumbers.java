package org.elver.lisp.primitive;

import java.math.BigInteger;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.number.Arithmetic;
import org.elver.lisp.number.NumberText;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Arithmetic, comparison and bits of numbers; their text. */
final class DataNumbers {
  private DataNumbers() {}

  static void variables(Task t) {
    Vm.defvar(t, "most-positive-fixnum", Lisp.MOST_POSITIVE_FIXNUM);
    Vm.defvar(t, "most-negative-fixnum", Lisp.MOST_NEGATIVE_FIXNUM);
    for (String name : new String[] {"most-positive-fixnum", "most-negative-fixnum"}) {
      Symbol s = t.symbols().intern(t, name);
      s.setFlags(t, s.flags(t) | Symbol.CONSTANT);
    }
  }

  @Primitive(
      value = "+",
      doc = "Return the sum of any number of numbers or markers.",
      args = "(&rest NUMBERS-OR-MARKERS)")
  static Object plus(Task t, Object[] args) {
    if (args.length == 2) {
      return Arithmetic.add(t, args[0], args[1]);
    }
    Object sum = 0L;
    for (int i = 0; i < args.length; i++) {
      sum = i == 0 ? Arithmetic.number(t.c, args[0]) : Arithmetic.add(t, sum, args[i]);
    }
    return sum;
  }

  @Primitive(
      value = "-",
      doc = "Negate a number, or subtract all further ones from the first.",
      args = "(&optional NUMBER-OR-MARKER &rest MORE-NUMBERS-OR-MARKERS)")
  static Object minus(Task t, Object[] args) {
    if (args.length == 2) {
      return Arithmetic.subtract(t, args[0], args[1]);
    }
    if (args.length == 0) {
      return 0L;
    }
    if (args.length == 1) {
      return Arithmetic.negate(t, args[0]);
    }
    Object rest = Arithmetic.number(t.c, args[0]);
    for (int i = 1; i < args.length; i++) {
      rest = Arithmetic.subtract(t, rest, args[i]);
    }
    return rest;
  }

  @Primitive(
      value = "*",
      doc = "Return the product of any number of numbers or markers.",
      args = "(&rest NUMBERS-OR-MARKERS)")
  static Object times(Task t, Object[] args) {
    if (args.length == 2) {
      return Arithmetic.multiply(t, args[0], args[1]);
    }
    Object product = 1L;
    for (int i = 0; i < args.length; i++) {
      product = i == 0 ? Arithmetic.number(t.c, args[0]) : Arithmetic.multiply(t, product, args[i]);
    }
    return product;
  }

  @Primitive(
      value = "/",
      min = 1,
      doc = "Divide NUMBER by the DIVISORS, or 1 by NUMBER.\nIf any is a float, so is the result.",
      args = "(NUMBER &rest DIVISORS)")
  static Object divide(Task t, Object[] args) {
    if (args.length == 2) {
      return Arithmetic.divide(t, args[0], args[1]);
    }
    if (args.length == 1) {
      return Arithmetic.divide(t, 1L, args[0]);
    }
    boolean floats = false;
    for (Object a : args) {
      floats |= a instanceof Double;
    }
    Object q = Arithmetic.number(t.c, args[0]);
    if (floats) {
      q = Arithmetic.toDouble(q);
    }
    for (int i = 1; i < args.length; i++) {
      q = Arithmetic.divide(t, q, args[i]);
    }
    return q;
  }

  @Primitive(value = "%", doc = "Return the remainder of X divided by Y, both integers or markers.")
  static Object remainder(Task t, Object x, Object y) {
    return Arithmetic.remainder(t, x, y);
  }

  @Primitive(value = "mod", doc = "Return X modulo Y; the result has the sign of Y.")
  static Object mod(Task t, Object x, Object y) {
    return Arithmetic.modulo(t, x, y);
  }

  @Primitive(value = "1+", doc = "Return NUMBER plus one.")
  static Object increment(Task t, Object number) {
    return Arithmetic.add(t, number, 1L);
  }

  @Primitive(value = "1-", doc = "Return NUMBER minus one.")
  static Object decrement(Task t, Object number) {
    return Arithmetic.subtract(t, number, 1L);
  }

  private static final int LESS = 1;
  private static final int EQUAL = 2;
  private static final int GREATER = 4;

  private static boolean compares(Task t, Object[] args, int mask) {
    for (int i = 1; i < args.length; i++) {
      int r = Arithmetic.compare(t.c, args[i - 1], args[i]);
      if (r == Arithmetic.UNORDERED || (mask & (1 << (r + 1))) == 0) {
        return false;
      }
    }
    return true;
  }

  @Primitive(
      value = "=",
      min = 1,
      doc = "Return t if all numbers or markers are equal.",
      args = "(NUMBER-OR-MARKER &rest NUMBERS-OR-MARKERS)")
  static boolean numbersEqual(Task t, Object[] args) {
    return compares(t, args, EQUAL);
  }

  @Primitive(
      value = "<",
      min = 1,
      doc = "Return t if each number is less than the next.",
      args = "(NUMBER-OR-MARKER &rest NUMBERS-OR-MARKERS)")
  static boolean less(Task t, Object[] args) {
    return compares(t, args, LESS);
  }

  @Primitive(
      value = ">",
      min = 1,
      doc = "Return t if each number is greater than the next.",
      args = "(NUMBER-OR-MARKER &rest NUMBERS-OR-MARKERS)")
  static boolean greater(Task t, Object[] args) {
    return compares(t, args, GREATER);
  }

  @Primitive(
      value = "<=",
      min = 1,
      doc = "Return t if no number is greater than the next.",
      args = "(NUMBER-OR-MARKER &rest NUMBERS-OR-MARKERS)")
  static boolean lessOrEqual(Task t, Object[] args) {
    return compares(t, args, LESS | EQUAL);
  }

  @Primitive(
      value = ">=",
      min = 1,
      doc = "Return t if no number is less than the next.",
      args = "(NUMBER-OR-MARKER &rest NUMBERS-OR-MARKERS)")
  static boolean greaterOrEqual(Task t, Object[] args) {
    return compares(t, args, GREATER | EQUAL);
  }

  @Primitive(value = "/=", doc = "Return t if NUM1 and NUM2 differ in value.")
  static boolean notEqual(Task t, Object num1, Object num2) {
    return Arithmetic.compare(t.c, num1, num2) != 0;
  }

  private static Object extreme(Task t, Object[] args, int wanted) {
    Object best = Arithmetic.number(t.c, args[0]);
    for (int i = 1; i < args.length; i++) {
      Object x = Arithmetic.number(t.c, args[i]);
      if (Arithmetic.compare(t.c, x, best) == wanted) {
        best = x;
      } else if (x instanceof Double d && d.isNaN()) {
        return x;
      }
    }
    return best;
  }

  @Primitive(
      value = "max",
      min = 1,
      doc = "Return the greatest of numbers or markers.",
      args = "(NUMBER-OR-MARKER &rest NUMBERS-OR-MARKERS)")
  static Object max(Task t, Object[] args) {
    return extreme(t, args, 1);
  }

  @Primitive(
      value = "min",
      min = 1,
      doc = "Return the least of numbers or markers.",
      args = "(NUMBER-OR-MARKER &rest NUMBERS-OR-MARKERS)")
  static Object min(Task t, Object[] args) {
    return extreme(t, args, -1);
  }

  /** An integer; what is no number at all is another error from the second argument on. */
  private static Object bits(Task t, Object x, int i) {
    return Arithmetic.integerOrMarker(t.c, i == 0 ? x : Arithmetic.number(t.c, x));
  }

  @Primitive(
      value = "logand",
      doc = "Return the bits that all integers or markers have.",
      args = "(&rest INTS-OR-MARKERS)")
  static Object logand(Task t, Object[] args) {
    Object r = -1L;
    for (int i = 0; i < args.length; i++) {
      r = Arithmetic.and(t, r, bits(t, args[i], i));
    }
    return r;
  }

  @Primitive(
      value = "logior",
      doc = "Return the bits that any of the integers or markers has.",
      args = "(&rest INTS-OR-MARKERS)")
  static Object logior(Task t, Object[] args) {
    Object r = 0L;
    for (int i = 0; i < args.length; i++) {
      r = Arithmetic.or(t, r, bits(t, args[i], i));
    }
    return r;
  }

  @Primitive(
      value = "logxor",
      doc = "Return the bits that an odd number of the integers has.",
      args = "(&rest INTS-OR-MARKERS)")
  static Object logxor(Task t, Object[] args) {
    Object r = 0L;
    for (int i = 0; i < args.length; i++) {
      r = Arithmetic.xor(t, r, bits(t, args[i], i));
    }
    return r;
  }

  @Primitive(value = "lognot", doc = "Return the bitwise complement of NUMBER, an integer.")
  static Object lognot(Task t, Object number) {
    Object n = Arithmetic.integer(number);
    return n instanceof Long l ? (Object) ~l : Arithmetic.result(t, ((BigInteger) n).not());
  }

  @Primitive(
      value = "logcount",
      doc = "Return how many bits of VALUE are ones; of a negative one, how many are zeros.")
  static long logcount(Task t, Object value) {
    Object n = Arithmetic.integer(value);
    return n instanceof Long l ? Long.bitCount(l < 0 ? ~l : l) : ((BigInteger) n).bitCount();
  }

  @Primitive(value = "ash", doc = "Return VALUE shifted left by COUNT bits; right if negative.")
  static Object ash(Task t, Object value, Object count) {
    Arithmetic.integer(value);
    return Arithmetic.shift(t, value, count);
  }

  @Primitive(value = "number-to-string", doc = "Return the decimal text of NUMBER.")
  static Object numberToString(Task t, Object number) {
    return LispString.of(t.c, Numbers.text(t, Arithmetic.plainNumber(number)));
  }

  @Primitive(
      value = "string-to-number",
      min = 1,
      doc =
          "Return the number that STRING starts with, 0 if none.\n"
              + "BASE is from 2 to 16, 10 by default; floats are read in base 10 only.")
  static Object stringToNumber(Task t, Object string, Object base) {
    LispString s = Lisp.string(string);
    int radix = 10;
    if (base != Symbol.NIL) {
      long b = Lisp.fixnum(base);
      if (b < 2 || b > 16) {
        throw new LispSignal(Q.ARGS_OUT_OF_RANGE, base);
      }
      radix = (int) b;
    }
    String text = s.toJava(t.c);
    int i = 0;
    while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
      i++;
    }
    Object n = NumberText.parse(i == 0 ? text : text.substring(i), radix, false);
    return n == null ? 0L : n;
  }

  @Primitive(value = "byteorder", doc = "Return the order of bytes in words: ?B or ?l.")
  static long byteorder(Task t) {
    return java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.BIG_ENDIAN ? 'B' : 'l';
  }

  /** The text of numbers as the printer shows it. */
  static final class Numbers {
    private Numbers() {}

    static String text(Task t, Object number) {
      if (number instanceof Double d
          && Q.FLOAT_OUTPUT_FORMAT.plainValue(t) instanceof LispString format) {
        String s = NumberText.printWith(format.toJava(t.c), d);
        if (s != null) {
          return s;
        }
      }
      return NumberText.print(number);
    }
  }
}
