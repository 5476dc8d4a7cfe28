package org.elver.lisp.primitive;

import java.math.BigInteger;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.code.ByteCode;
import org.elver.lisp.collection.BoolVector;
import org.elver.lisp.collection.HashTable;
import org.elver.lisp.collection.Sequences;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.ProxyObject;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Record;
import org.elver.lisp.object.Sequence;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.object.Typed;

/** Types, pairs and arrays. */
final class Data {
  private static final Symbol MANY = Symbol.known("many");
  private static final Symbol UNEVALLED = Symbol.known("unevalled");
  private static final Symbol FINALIZER = Symbol.known("finalizer");

  /** Types by the names of their classes: a WindowConfiguration is a window-configuration. */
  private static final ClassValue<String> TYPE_NAMES =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          return type.getSimpleName()
              .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
              .toLowerCase(java.util.Locale.ROOT);
        }
      };

  private Data() {}

  static void variables(Task t) {
    DataErrors.define(t);
    DataKinds.define(t);
  }

  // ---- Identity and types -----------------------------------------------------------------------

  @Primitive(value = "eq", doc = "Return t if OBJ1 and OBJ2 are the same object.")
  static boolean eq(Task t, Object obj1, Object obj2) {
    return Lisp.eq(obj1, obj2);
  }

  @Primitive(value = "null", doc = "Return t if OBJECT is nil.")
  static boolean isNull(Task t, Object object) {
    return object == Symbol.NIL;
  }

  @Primitive(value = "type-of", doc = "Return a symbol for the type of OBJECT.")
  static Object typeOf(Task t, Object object) {
    return switch (object) {
      case Symbol s -> Q.SYMBOL;
      case Long l -> Q.INTEGER;
      case BigInteger b -> Q.INTEGER;
      case Double d -> Q.FLOAT;
      case Pair p -> Q.CONS;
      case LispString s -> Q.STRING;
      case Vector v -> Q.VECTOR;
      case Record r -> typeOfRecord(t, r);
      case ByteCode b -> Q.COMPILED_FUNCTION;
      case Subr s -> Q.SUBR;
      case HashTable h -> Q.HASH_TABLE;
      case BoolVector b -> Q.BOOL_VECTOR;
      case Alloc.Finalizer f -> FINALIZER;
      case ProxyObject p ->
          p.object() instanceof Record
              ? p.call(t, t.vm().subr("type-of"), new Object[] {p}, 0, false)
              : typeOf(t, p.object());
      case Typed x -> x.lispType();
      default -> t.symbols().intern(t, TYPE_NAMES.get(object.getClass()));
    };
  }

  private static Object typeOfRecord(Task t, Record r) {
    Object type = r.get(t.c, 0);
    if (type instanceof Record d && d.length(t.c) > 1) {
      return d.get(t.c, 1); // A class object stands for its name.
    }
    return type;
  }

  @Primitive(value = "consp", doc = "Return t if OBJECT is a cons cell.")
  static boolean consp(Task t, Object object) {
    return object instanceof Pair;
  }

  @Primitive(value = "atom", doc = "Return t if OBJECT is not a cons cell.")
  static boolean atom(Task t, Object object) {
    return !(Proxy.target(object) instanceof Pair);
  }

  @Primitive(value = "listp", doc = "Return t if OBJECT is a list: a cons cell or nil.")
  static boolean listp(Task t, Object object) {
    return object instanceof Pair || object == Symbol.NIL;
  }

  @Primitive(value = "nlistp", doc = "Return t if OBJECT is not a list.")
  static boolean nlistp(Task t, Object object) {
    return !listp(t, Proxy.target(object));
  }

  @Primitive(value = "symbolp", doc = "Return t if OBJECT is a symbol.")
  static boolean symbolp(Task t, Object object) {
    return object instanceof Symbol;
  }

  @Primitive(
      value = "keywordp",
      doc = "Return t if OBJECT is a keyword: interned, with a colon first.")
  static boolean keywordp(Task t, Object object) {
    return object instanceof Symbol s && s.isKeyword(t);
  }

  @Primitive(value = "vectorp", doc = "Return t if OBJECT is a vector.")
  static boolean vectorp(Task t, Object object) {
    return object instanceof Vector;
  }

  @Primitive(value = "recordp", doc = "Return t if OBJECT is a record.")
  static boolean recordp(Task t, Object object) {
    return object instanceof Record;
  }

  @Primitive(value = "stringp", doc = "Return t if OBJECT is a string.")
  static boolean stringp(Task t, Object object) {
    return object instanceof LispString;
  }

  @Primitive(value = "multibyte-string-p", doc = "Return t if OBJECT is a multibyte string.")
  static boolean multibyteStringP(Task t, Object object) {
    return object instanceof LispString s && s.isMultibyte(t.c);
  }

  private static boolean isCharTable(Object x) {
    return isA(x, Q.CHAR_TABLE);
  }

  @Primitive(value = "char-table-p", doc = "Return t if OBJECT is a char-table.")
  static boolean charTableP(Task t, Object object) {
    return isCharTable(object);
  }

  @Primitive(
      value = "vector-or-char-table-p",
      doc = "Return t if OBJECT is a vector or char-table.")
  static boolean vectorOrCharTableP(Task t, Object object) {
    return object instanceof Vector || isCharTable(object);
  }

  @Primitive(value = "bool-vector-p", doc = "Return t if OBJECT is a bool-vector.")
  static boolean boolVectorP(Task t, Object object) {
    return object instanceof BoolVector;
  }

  @Primitive(
      value = "arrayp",
      doc = "Return t if OBJECT is an array: string, vector or of their kin.")
  static boolean arrayp(Task t, Object object) {
    return object instanceof Vector || object instanceof LispString || object instanceof Sequence;
  }

  @Primitive(value = "sequencep", doc = "Return t if OBJECT is a sequence: a list or array.")
  static boolean sequencep(Task t, Object object) {
    return listp(t, object) || arrayp(t, object);
  }

  private static boolean isA(Object x, Symbol type) {
    return x instanceof Typed y
        ? y.lispType() == type
        : x instanceof HeapObject && TYPE_NAMES.get(x.getClass()).equals(type.name());
  }

  @Primitive(value = "bufferp", doc = "Return t if OBJECT is a buffer.")
  static boolean bufferp(Task t, Object object) {
    return isA(object, Q.BUFFER);
  }

  @Primitive(value = "markerp", doc = "Return t if OBJECT is a marker.")
  static boolean markerp(Task t, Object object) {
    return isA(object, Q.MARKER);
  }

  @Primitive(value = "threadp", doc = "Return t if OBJECT is a thread.")
  static boolean threadp(Task t, Object object) {
    return isA(object, Q.THREAD);
  }

  @Primitive(value = "mutexp", doc = "Return t if OBJECT is a mutex.")
  static boolean mutexp(Task t, Object object) {
    return isA(object, Q.MUTEX);
  }

  @Primitive(value = "condition-variable-p", doc = "Return t if OBJECT is a condition variable.")
  static boolean conditionVariableP(Task t, Object object) {
    return isA(object, Q.CONDITION_VARIABLE);
  }

  @Primitive(
      value = "user-ptrp",
      doc = "Return t if OBJECT is a pointer of a module; there are none.")
  static boolean userPtrp(Task t, Object object) {
    return false;
  }

  @Primitive(value = "module-function-p", doc = "Return t if OBJECT is a module's function.")
  static boolean moduleFunctionP(Task t, Object object) {
    return false;
  }

  @Primitive(value = "subrp", doc = "Return t if OBJECT is a primitive.")
  static boolean subrp(Task t, Object object) {
    return object instanceof Subr;
  }

  @Primitive(value = "byte-code-function-p", doc = "Return t if OBJECT is a byte-code function.")
  static boolean byteCodeFunctionP(Task t, Object object) {
    return object instanceof ByteCode;
  }

  @Primitive(value = "char-or-string-p", doc = "Return t if OBJECT is a character or a string.")
  static boolean charOrStringP(Task t, Object object) {
    return Lisp.isCharacter(object) || object instanceof LispString;
  }

  @Primitive(value = "integerp", doc = "Return t if OBJECT is an integer.")
  static boolean integerp(Task t, Object object) {
    return Lisp.isInteger(object);
  }

  @Primitive(value = "integer-or-marker-p", doc = "Return t if OBJECT is an integer or a marker.")
  static boolean integerOrMarkerP(Task t, Object object) {
    return Lisp.isInteger(object) || markerp(t, object);
  }

  @Primitive(value = "natnump", doc = "Return t if OBJECT is an integer that is not negative.")
  static boolean natnump(Task t, Object object) {
    return object instanceof Long l ? l >= 0 : object instanceof BigInteger b && b.signum() >= 0;
  }

  @Primitive(value = "numberp", doc = "Return t if OBJECT is a number.")
  static boolean numberp(Task t, Object object) {
    return Lisp.isNumber(object);
  }

  @Primitive(value = "number-or-marker-p", doc = "Return t if OBJECT is a number or a marker.")
  static boolean numberOrMarkerP(Task t, Object object) {
    return Lisp.isNumber(object) || markerp(t, object);
  }

  @Primitive(value = "floatp", doc = "Return t if OBJECT is a float.")
  static boolean floatp(Task t, Object object) {
    return object instanceof Double;
  }

  // ---- Pairs ------------------------------------------------------------------------------------

  @Primitive(value = "car", doc = "Return the car of LIST, or nil of nil.")
  static Object car(Task t, Object list) {
    return Lisp.car(t.c, list);
  }

  @Primitive(value = "cdr", doc = "Return the cdr of LIST, or nil of nil.")
  static Object cdr(Task t, Object list) {
    return Lisp.cdr(t.c, list);
  }

  @Primitive(value = "car-safe", doc = "Return the car of OBJECT if it is a cons cell, else nil.")
  static Object carSafe(Task t, Object object) {
    return Lisp.carSafe(t.c, object);
  }

  @Primitive(value = "cdr-safe", doc = "Return the cdr of OBJECT if it is a cons cell, else nil.")
  static Object cdrSafe(Task t, Object object) {
    return Lisp.cdrSafe(t.c, object);
  }

  @Primitive(value = "setcar", doc = "Set the car of CELL to NEWCAR, which is returned.")
  static Object setcar(Task t, Object cell, Object newcar) {
    Lisp.cons(cell).setFirst(t.c, newcar);
    return newcar;
  }

  @Primitive(value = "setcdr", doc = "Set the cdr of CELL to NEWCDR, which is returned.")
  static Object setcdr(Task t, Object cell, Object newcdr) {
    Lisp.cons(cell).setSecond(t.c, newcdr);
    return newcdr;
  }

  // ---- Arrays -----------------------------------------------------------------------------------

  @Primitive(value = "aref", doc = "Return the element of ARRAY at INDEX, counted from 0.")
  static Object aref(Task t, Object array, Object index) {
    return Sequences.aref(t.c, array, index);
  }

  @Primitive(
      value = "aset",
      doc = "Set the element of ARRAY at index IDX to NEWELT, which is returned.")
  static Object aset(Task t, Object array, Object idx, Object newelt) {
    return Sequences.aset(t.c, array, idx, newelt);
  }

  // ---- Primitives and byte-code as objects
  // ---------------------------------------------------------

  private static Subr subr(Object x) {
    if (x instanceof Subr s) {
      return s;
    }
    throw LispSignal.wrongType(Symbol.known("subrp"), x);
  }

  @Primitive(
      value = "subr-arity",
      doc = "Return (MIN . MAX), the numbers of arguments of SUBR; MAX may be `many', `unevalled'.")
  static Object subrArity(Task t, Object subr) {
    Subr s = subr(subr);
    Object max =
        switch (s.maxArgs()) {
          case Subr.MANY -> MANY;
          case Subr.UNEVALLED -> UNEVALLED;
          default -> (Object) (long) s.maxArgs();
        };
    return t.cons((long) s.minArgs(), max);
  }

  @Primitive(value = "subr-name", doc = "Return the name of SUBR, a primitive.")
  static Object subrName(Task t, Object subr) {
    return LispString.of(t.c, subr(subr).name());
  }

  @Primitive(value = "subr-native-elisp-p", doc = "Return t if OBJECT is natively compiled Lisp.")
  static boolean subrNativeElispP(Task t, Object object) {
    return false;
  }

  @Primitive(
      value = "subr-native-lambda-list",
      doc = "Return t: SUBR is no natively compiled Lisp.")
  static Object subrNativeLambdaList(Task t, Object subr) {
    subr(subr);
    return Symbol.T;
  }

  @Primitive(value = "subr-type", doc = "Return the type of SUBR, which nobody inferred: nil.")
  static Object subrType(Task t, Object subr) {
    subr(subr);
    return Symbol.NIL;
  }

  @Primitive(value = "subr-native-comp-unit", doc = "Return the compilation unit of SUBR: nil.")
  static Object subrNativeCompUnit(Task t, Object subr) {
    subr(subr);
    return Symbol.NIL;
  }

  @Primitive(value = "native-comp-unit-file", doc = "Return the file of COMP-UNIT; there are none.")
  static Object nativeCompUnitFile(Task t, Object compUnit) {
    throw LispSignal.wrongType(Symbol.known("native-comp-unit"), compUnit);
  }

  @Primitive(
      value = "native-comp-unit-set-file",
      doc = "Set the file of COMP-UNIT; there are none.")
  static Object nativeCompUnitSetFile(Task t, Object compUnit, Object newFile) {
    throw LispSignal.wrongType(Symbol.known("native-comp-unit"), compUnit);
  }
}
