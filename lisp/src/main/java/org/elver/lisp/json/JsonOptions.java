package org.elver.lisp.json;

import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/**
 * What the keyword arguments of the JSON functions say.
 *
 * @param objects {@code hash-table}, {@code alist} or {@code plist}
 * @param lists whether arrays become lists rather than vectors
 * @param nullObject stands for null
 * @param falseObject stands for false
 */
public record JsonOptions(Symbol objects, boolean lists, Object nullObject, Object falseObject) {
  static final Symbol ALIST = Symbol.known("alist");
  static final Symbol PLIST = Symbol.known("plist");
  private static final Symbol OBJECT_TYPE = Symbol.known(":object-type");
  private static final Symbol ARRAY_TYPE = Symbol.known(":array-type");
  private static final Symbol NULL_OBJECT = Symbol.known(":null-object");
  private static final Symbol FALSE_OBJECT = Symbol.known(":false-object");
  private static final Symbol ARRAY = Symbol.known("array");
  private static final Symbol LIST = Symbol.known("list");
  private static final Symbol NULL = Symbol.known(":null");
  private static final Symbol FALSE = Symbol.known(":false");

  /**
   * The options in {@code args} from {@code from} on; {@code types}: those for parsing count too.
   */
  public static JsonOptions of(Task t, Object[] args, int from, boolean types) {
    if ((args.length - from) % 2 != 0) {
      throw LispSignal.wrongType(
          Q.PLISTP, t.list(java.util.Arrays.copyOfRange(args, from, args.length)));
    }
    Symbol objects = Q.HASH_TABLE;
    boolean lists = false;
    Object nullObject = NULL;
    Object falseObject = FALSE;
    for (int i = args.length - 2; i >= from; i -= 2) {
      Object value = args[i + 1];
      if (args[i] == NULL_OBJECT) {
        nullObject = value;
      } else if (args[i] == FALSE_OBJECT) {
        falseObject = value;
      } else if (types && args[i] == OBJECT_TYPE) {
        if (value != Q.HASH_TABLE && value != ALIST && value != PLIST) {
          throw new LispSignal(
              Q.ERROR, "One of hash-table, alist or plist should be specified", value);
        }
        objects = (Symbol) value;
      } else if (types && args[i] == ARRAY_TYPE) {
        if (value != ARRAY && value != LIST) {
          throw new LispSignal(Q.ERROR, "One of array or list should be specified", value);
        }
        lists = value == LIST;
      } else {
        throw new LispSignal(
            Q.ERROR,
            types
                ? "One of :object-type, :array-type, :null-object or :false-object should be"
                    + " specified"
                : "One of :null-object or :false-object should be specified",
            value);
      }
    }
    return new JsonOptions(objects, lists, nullObject, falseObject);
  }
}
