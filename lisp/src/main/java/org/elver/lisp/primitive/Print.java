package org.elver.lisp.primitive;

import java.io.FileNotFoundException;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.print.Console;
import org.elver.lisp.print.ErrorText;
import org.elver.lisp.print.Output;
import org.elver.lisp.print.Printer;

/** Printing objects. */
final class Print {
  private Print() {}

  static void variables(Task t) {
    Vm.defvar(t, Q.STANDARD_OUTPUT, Symbol.T);
    Vm.defvar(t, Q.FLOAT_OUTPUT_FORMAT, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_INTEGERS_AS_CHARACTERS, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_LENGTH, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_LEVEL, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_ESCAPE_NEWLINES, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_ESCAPE_CONTROL_CHARACTERS, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_ESCAPE_NONASCII, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_ESCAPE_MULTIBYTE, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_QUOTED, Symbol.T);
    Vm.defvar(t, Q.PRINT_GENSYM, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_CIRCLE, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_CONTINUOUS_NUMBERING, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_NUMBER_TABLE, Symbol.NIL);
    Vm.defvar(t, Q.PRINT_CHARSET_TEXT_PROPERTY, t.symbols().intern(t, "default"));
  }

  private static Object print(Task t, Object object, Object where, boolean escape) {
    CodeBuffer b = new CodeBuffer();
    Printer.print(t, b, object, escape);
    Object destination = Output.destination(t, where);
    boolean whole = object instanceof Number || (!escape && object instanceof LispString);
    if (whole && (destination == Symbol.T || destination == Symbol.NIL)) {
      int[] codes = b.toArray();
      Console.of(t).outWhole(codes, codes.length);
    } else {
      Output.write(t, destination, b);
    }
    return object;
  }

  @Primitive(
      value = "prin1",
      min = 1,
      doc =
          "Print OBJECT so that it can be read back, where possible; return it.\n"
              + "PRINTCHARFUN is where: a buffer, a marker, a function of a character, t for"
              + " standard\n"
              + "output, or nil for what `standard-output' says.")
  static Object prin1(Task t, Object object, Object printcharfun) {
    return print(t, object, printcharfun, true);
  }

  @Primitive(
      value = "princ",
      min = 1,
      doc =
          "Print OBJECT for people to read, without quoting; return it.\n"
              + "PRINTCHARFUN is as in `prin1'.")
  static Object princ(Task t, Object object, Object printcharfun) {
    return print(t, object, printcharfun, false);
  }

  @Primitive(
      value = "print",
      min = 1,
      doc = "Print OBJECT as `prin1' does, between newlines; return it.")
  static Object printLine(Task t, Object object, Object printcharfun) {
    CodeBuffer b = new CodeBuffer();
    b.append('\n');
    Printer.print(t, b, object, true);
    b.append('\n');
    Output.write(t, Output.destination(t, printcharfun), b);
    return object;
  }

  @Primitive(
      value = "prin1-to-string",
      min = 1,
      doc = "Return what `prin1' prints of OBJECT; with NOESCAPE, what `princ' does.")
  static Object prin1ToString(Task t, Object object, Object noescape) {
    CodeBuffer b = new CodeBuffer();
    Printer.print(t, b, object, !Lisp.isTrue(noescape));
    return b.toLisp(t.c);
  }

  @Primitive(
      value = "terpri",
      min = 0,
      doc =
          "Print a newline; with ENSURE, only when not at the beginning of a line.\n"
              + "Return t if it was printed.")
  static boolean terpri(Task t, Object printcharfun, Object ensure) {
    Object where = Output.destination(t, printcharfun);
    if (Lisp.isTrue(ensure) && Output.isAtLineStart(t, where)) {
      return false;
    }
    Output.write(t, where, new CodeBuffer().append('\n'));
    return true;
  }

  @Primitive(value = "write-char", min = 1, doc = "Print CHARACTER; return it.")
  static Object writeChar(Task t, Object character, Object printcharfun) {
    int c = (int) Lisp.fixnum(character);
    Output.write(t, Output.destination(t, printcharfun), new CodeBuffer().append(c));
    return character;
  }

  @Primitive(
      value = "external-debugging-output",
      doc = "Write CHARACTER to standard error; return it.")
  static Object externalDebuggingOutput(Task t, Object character) {
    int[] codes = {(int) Lisp.fixnum(character)};
    Console.of(t).debug(codes, 1);
    return character;
  }

  @Primitive(
      value = "redirect-debugging-output",
      min = 1,
      interactive = "FDebug output file: \nP",
      doc = "Have debugging output go to FILE, at its end with APPEND; nil: to standard error.")
  static Object redirectDebuggingOutput(Task t, Object file, Object append) {
    String name =
        file == Symbol.NIL ? null : Lisp.string(t.callNamed("expand-file-name", file)).toJava(t.c);
    try {
      Console.of(t).redirect(name, Lisp.isTrue(append));
    } catch (FileNotFoundException e) {
      throw new LispSignal(
          Q.FILE_ERROR, "Cannot open debugging output stream", "No such file or directory", file);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "error-message-string",
      doc = "Return the message for the error object OBJ, (ERROR-SYMBOL . DATA).")
  static Object errorMessageString(Task t, Object obj) {
    if (obj instanceof Pair p
        && p.first(t.c) == Q.ERROR
        && p.second(t.c) instanceof Pair q
        && q.first(t.c) instanceof LispString s
        && q.second(t.c) == Symbol.NIL) {
      return s;
    }
    CodeBuffer b = new CodeBuffer();
    ErrorText.print(t, b, obj);
    return b.toLisp(t.c);
  }

  @Primitive(
      value = "print--preprocess",
      doc =
          "Note what occurs in OBJECT more than once in `print-number-table', for later printing.")
  static Object preprocess(Task t, Object object) {
    Printer.preprocess(t, object);
    return Symbol.NIL;
  }
}
