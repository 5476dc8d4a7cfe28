package org.elver.lisp.load;

import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.read.FileInput;
import org.elver.lisp.read.Reader;
import org.elver.lisp.read.TextInput;

/** The forms of a file whose bytes are in memory. */
public final class FileForms implements Forms {
  static final Symbol READ = Symbol.known("read");
  static final Symbol LOAD_READ_FUNCTION = Symbol.known("load-read-function");
  static final Symbol GET_FILE_CHAR = Symbol.known("get-file-char");

  /** Its dynamic value is the input, Java's, of the innermost form being read. */
  private static final Symbol INPUT = Symbol.known(" get-file-char-input");

  private final byte[] bytes;
  private final boolean text;
  private int position;

  /**
   * The forms of {@code bytes} from {@code position}.
   *
   * @param text whether the bytes are text in UTF-8, in which errors are to be located
   */
  public FileForms(byte[] bytes, int position, boolean text) {
    this.bytes = bytes;
    this.position = position;
    this.text = text;
  }

  @Override
  public Object next(Task t) {
    FileInput in = text ? new TextInput(bytes, position) : new FileInput(bytes, position);
    if (!Reader.skipToObject(in)) {
      return END;
    }
    Object function = Variables.orNil(t, LOAD_READ_FUNCTION);
    if (function == Symbol.NIL || function == READ) {
      Object v = new Reader(t, in).read();
      position = in.position();
      return v;
    }
    // The function reads from the input through `get-file-char'.
    int mark = t.bindingMark();
    t.bind(INPUT, in);
    try {
      return t.call(function, GET_FILE_CHAR);
    } finally {
      t.unbindTo(mark);
      position = in.position();
    }
  }

  @Override
  public Forms copy() {
    return new FileForms(bytes, position, text);
  }

  /** What {@code get-file-char} reads from while a function of Lisp's reads a form; or null. */
  public static FileInput current(Task t) {
    return INPUT.plainValue(t) instanceof FileInput in ? in : null;
  }

  /** Takes the task's input away: for a fork of a task that was reading a form. */
  public static void forget(Task t) {
    if (current(t) != null) {
      INPUT.setRawValue(t, Symbol.NIL);
    }
  }
}
