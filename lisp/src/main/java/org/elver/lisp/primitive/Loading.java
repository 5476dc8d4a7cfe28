package org.elver.lisp.primitive;

import org.elver.lisp.load.BufferForms;
import org.elver.lisp.load.BufferInput;
import org.elver.lisp.load.Cookie;
import org.elver.lisp.load.Evaluation;
import org.elver.lisp.load.FileForms;
import org.elver.lisp.load.Forms;
import org.elver.lisp.load.Load;
import org.elver.lisp.load.Locator;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.read.FileInput;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Excursions;
import org.elver.lisp.text.Marker;

/** Loading files, evaluating buffers. */
final class Loading {
  private static final Symbol EVAL_BUFFER_LIST = Symbol.known("eval-buffer-list");

  private Loading() {}

  private static Object strings(Task t, String... all) {
    Object[] items = new Object[all.length];
    for (int i = 0; i < all.length; i++) {
      items[i] = LispString.of(t.c, all[i]);
    }
    return t.list(items);
  }

  static void variables(Task t) {
    Load.define(t);
    for (String name :
        new String[] {
          "load-path",
          "load-in-progress",
          "after-load-alist",
          "load-history",
          "load-file-name",
          "load-true-file-name",
          "user-init-file",
          "current-load-list",
          "load-source-file-function",
          "load-force-doc-strings",
          "load-convert-to-unibyte",
          "preloaded-file-list",
          "byte-boolean-vars",
          "load-dangerous-libraries",
          "force-load-messages",
          "eval-buffer-list",
          "load-prefer-newer",
          "load-no-native",
          "purify-flag"
        }) {
      Vm.defvar(t, name, Symbol.NIL);
    }
    Vm.defvar(t, "load-suffixes", strings(t, ".elc", ".el"));
    Vm.defvar(t, "module-file-suffix", Symbol.NIL);
    Vm.defvar(t, "load-file-rep-suffixes", strings(t, ""));
    Vm.defvar(t, "load-read-function", Symbol.known("read"));
    Vm.defvar(t, "source-directory", LispString.of(t.c, "/usr/share/emacs/28.2/"));
    Vm.defvar(
        t,
        "bytecomp-version-regexp",
        LispString.of(t.c, "^;;;.\\(in Emacs version\\|bytecomp version FSF\\)"));
  }

  @Primitive(
      value = "get-load-suffixes",
      doc = "Return the suffixes that `load' tries when a suffix is required.")
  static Object getLoadSuffixes(Task t) {
    return Load.suffixes(t);
  }

  @Primitive(
      value = "locate-file-internal",
      min = 2,
      doc =
          "Look for FILENAME with one of SUFFIXES in the directories of PATH; return its full"
              + " name.\n"
              + "PREDICATE is a function or an access mode; default: it must be readable.")
  static Object locateFile(
      Task t, Object filename, Object path, Object suffixes, Object predicate) {
    LispString name = Lisp.string(filename);
    LispString found = Locator.find(t, name, path, suffixes, predicate, false);
    return found == null ? Symbol.NIL : found;
  }

  @Primitive(
      value = "load",
      min = 1,
      doc =
          "Evaluate the Lisp code in the file called FILE, which is looked for in `load-path'.\n"
              + "With NOERROR return nil if there is no such file.  NOMESSAGE: print no messages.\n"
              + "NOSUFFIX: do not add suffixes.  MUST-SUFFIX: insist on a suffix.")
  static Object load(
      Task t, Object file, Object noerror, Object nomessage, Object nosuffix, Object mustSuffix) {
    return Load.load(t, file, noerror, nomessage, nosuffix, mustSuffix);
  }

  @Primitive(
      value = "get-file-char",
      doc = "Return the next character of the file that is being loaded; for `load-read-function'.")
  static Object getFileChar(Task t) {
    t.irrevocable(); // The place in the file is not the heap's.
    FileInput in = FileForms.current(t);
    if (in == null) {
      throw LispSignal.error("get-file-char misused");
    }
    return (long) in.next();
  }

  private static final class OfBuffer extends Evaluation {
    private final boolean entire;

    OfBuffer(Task t, Forms forms, Object name, boolean print, int mark, boolean entire) {
      super(t, forms, name, print, mark);
      this.entire = entire;
    }

    @Override
    protected boolean isEntire() {
      return entire;
    }

    @Override
    protected Object finish(Task t, Object value) {
      return Symbol.NIL;
    }
  }

  @Primitive(
      value = "eval-buffer",
      min = 0,
      interactive = "",
      doc =
          "Evaluate the Lisp code in BUFFER (default: the current one).\n"
              + "PRINTFLAG nil: print no values; else where.  FILENAME: for `load-history'.\n"
              + "DO-ALLOW-PRINT: let the code print though values are not.")
  static Object evalBuffer(
      Task t,
      Object buffer,
      Object printflag,
      Object filename,
      Object unibyte,
      Object doAllowPrint) {
    Object found = buffer == Symbol.NIL ? Buffer.current(t) : t.callNamed("get-buffer", buffer);
    if (!(found instanceof Buffer b)) {
      throw LispSignal.error("No such buffer");
    }
    Object name = filename;
    if (name == Symbol.NIL) {
      name = b.get(t, org.elver.lisp.text.BufferVariable.FILE_NAME);
    }
    int mark = t.bindingMark();
    t.bind(EVAL_BUFFER_LIST, t.cons(b, Variables.orNil(t, EVAL_BUFFER_LIST)));
    t.bind(
        Q.STANDARD_OUTPUT,
        printflag == Symbol.NIL && doAllowPrint == Symbol.NIL
            ? Q.SYMBOLP
            : printflag == Symbol.NIL ? Variables.orNil(t, Q.STANDARD_OUTPUT) : printflag);
    t.onUnbind(new Excursions().saveExcursion(t));
    boolean lexical = Cookie.isLexical(new BufferInput(t, b, b.begv(t.c), b.zv(t.c)));
    t.bind(Q.LEXICAL_BINDING, Lisp.bool(lexical));
    t.bind(Q.STANDARD_INPUT, b);
    if (Buffer.current(t) == b) {
      b.setPoint(t.c, b.begv(t.c));
    }
    Forms forms = new BufferForms(b, new Marker(t.c, b, b.begv(t.c), false), null, Symbol.NIL);
    return new OfBuffer(t, forms, name, Lisp.isTrue(printflag), mark, true).resume(t, null);
  }

  @Primitive(
      value = "eval-region",
      min = 2,
      interactive = "r",
      doc =
          "Evaluate the Lisp code of the current buffer between START and END.\n"
              + "PRINTFLAG nil: print nothing; else where.  READ-FUNCTION reads instead of `read'.")
  static Object evalRegion(
      Task t, Object start, Object end, Object printflag, Object readFunction) {
    Buffer b = Buffer.current(t);
    int[] region = b.region(t, start, end);
    Object name = b.get(t, org.elver.lisp.text.BufferVariable.FILE_NAME);
    int mark = t.bindingMark();
    t.bind(EVAL_BUFFER_LIST, t.cons(b, Variables.orNil(t, EVAL_BUFFER_LIST)));
    t.bind(Q.STANDARD_OUTPUT, printflag == Symbol.NIL ? Q.SYMBOLP : printflag);
    t.onUnbind(new Excursions().saveExcursion(t));
    t.bind(Q.STANDARD_INPUT, b);
    Forms forms =
        new BufferForms(
            b,
            new Marker(t.c, b, region[0], false),
            new Marker(t.c, b, region[1], false),
            readFunction);
    return new OfBuffer(t, forms, name, Lisp.isTrue(printflag), mark, false).resume(t, null);
  }
}
