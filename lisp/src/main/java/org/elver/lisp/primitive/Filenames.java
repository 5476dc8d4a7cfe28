package org.elver.lisp.primitive;

import org.elver.lisp.file.FileNames;
import org.elver.lisp.file.Handlers;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The syntax of file names. */
final class Filenames {
  private static final Symbol EXPAND_FILE_NAME = Symbol.known("expand-file-name");
  private static final Symbol FILE_NAME_DIRECTORY = Symbol.known("file-name-directory");
  private static final Symbol FILE_NAME_NONDIRECTORY = Symbol.known("file-name-nondirectory");
  private static final Symbol UNHANDLED = Symbol.known("unhandled-file-name-directory");
  private static final Symbol AS_DIRECTORY = Symbol.known("file-name-as-directory");
  private static final Symbol DIRECTORY_FILE_NAME = Symbol.known("directory-file-name");
  private static final Symbol SUBSTITUTE = Symbol.known("substitute-in-file-name");
  private static final Symbol CASE_INSENSITIVE = Symbol.known("file-name-case-insensitive-p");

  private Filenames() {}

  private static LispString lisp(Task t, LispString like, String s) {
    LispString r = LispString.of(t.c, s);
    if (like.isMultibyte(t.c) && !r.isMultibyte(t.c)) {
      return LispString.of(t.c, r.codeArray(t.c), true);
    }
    return r;
  }

  /** Expands a file name as {@code expand-file-name} does. */
  static LispString expand(Task t, Object name, Object directory) {
    Lisp.string(name);
    Object done = Handlers.tryCall(t, EXPAND_FILE_NAME, name, name, directory);
    if (done != null) {
      return (LispString) Handlers.string(done);
    }
    String s = FileNames.java(t, name);
    LispString file = (LispString) name;
    boolean nil = directory == Symbol.NIL;
    Object in = nil ? Variables.orNil(t, Q.DEFAULT_DIRECTORY) : directory;
    if (!s.startsWith("/") && in instanceof LispString d) {
      done = Handlers.tryCall(t, EXPAND_FILE_NAME, d, name, d);
      if (done != null) {
        return (LispString) Handlers.string(done);
      }
    }
    String at = in instanceof LispString d ? FileNames.java(t, d) : "/";
    String result;
    if (nil && !at.startsWith("/") && !at.startsWith("~")) {
      result = FileNames.expand(t, s, FileNames.expand(t, at, "/usr/bin/"));
    } else {
      result = FileNames.expand(t, s, at);
    }
    LispString r = lisp(t, file, result);
    if (!result.equals(s)) {
      // Expansion may have given a name that a handler is for.
      done = Handlers.tryCall(t, EXPAND_FILE_NAME, r, r, directory);
      if (done != null) {
        return (LispString) Handlers.string(done);
      }
    }
    return r;
  }

  @Primitive(
      value = "expand-file-name",
      min = 1,
      doc =
          "Return file NAME as an absolute one, relative to DEFAULT-DIRECTORY, without . and ..\n"
              + "DEFAULT-DIRECTORY nil or left out is the variable's value; ~ and ~user are"
              + " expanded.")
  static Object expandFileName(Task t, Object name, Object defaultDirectory) {
    return expand(t, name, defaultDirectory);
  }

  @Primitive(
      value = "find-file-name-handler",
      doc = "Return the function that handles OPERATION on files named FILENAME; nil when none.")
  static Object findFileNameHandler(Task t, Object filename, Object operation) {
    Lisp.string(filename);
    return Handlers.find(t, filename, operation);
  }

  @Primitive(
      value = "file-name-directory",
      doc = "Return the directory part of FILENAME, up to the last slash; nil when it has none.")
  static Object fileNameDirectory(Task t, Object filename) {
    LispString s = Lisp.string(filename);
    Object done = Handlers.tryCall(t, FILE_NAME_DIRECTORY, s, s);
    if (done != null) {
      return done instanceof LispString ? done : Symbol.NIL;
    }
    String d = FileNames.directory(s.toJava(t.c));
    return d == null ? Symbol.NIL : lisp(t, s, d);
  }

  @Primitive(
      value = "file-name-nondirectory",
      doc = "Return the part of FILENAME after the last slash.")
  static Object fileNameNondirectory(Task t, Object filename) {
    LispString s = Lisp.string(filename);
    Object done = Handlers.tryCall(t, FILE_NAME_NONDIRECTORY, s, s);
    return done != null ? Handlers.string(done) : lisp(t, s, FileNames.nondirectory(s.toJava(t.c)));
  }

  @Primitive(
      value = "unhandled-file-name-directory",
      doc = "Return a directory name for FILENAME that programs of the system can use, or nil.")
  static Object unhandledFileNameDirectory(Task t, Object filename) {
    LispString s = Lisp.string(filename);
    Object done = Handlers.tryCall(t, UNHANDLED, s, s);
    if (done != null) {
      return done instanceof LispString ? done : Symbol.NIL;
    }
    return lisp(t, s, FileNames.asDirectory(s.toJava(t.c)));
  }

  @Primitive(
      value = "file-name-as-directory",
      doc = "Return the name of directory FILE as a directory name: with a slash at its end.")
  static Object fileNameAsDirectory(Task t, Object file) {
    LispString s = Lisp.string(file);
    Object done = Handlers.tryCall(t, AS_DIRECTORY, s, s);
    return done != null ? Handlers.string(done) : lisp(t, s, FileNames.asDirectory(s.toJava(t.c)));
  }

  @Primitive(
      value = "directory-file-name",
      doc = "Return the name of the file that is DIRECTORY: without a slash at its end.")
  static Object directoryFileName(Task t, Object directory) {
    LispString s = Lisp.string(directory);
    Object done = Handlers.tryCall(t, DIRECTORY_FILE_NAME, s, s);
    return done != null
        ? Handlers.string(done)
        : lisp(t, s, FileNames.directoryFile(s.toJava(t.c)));
  }

  @Primitive(value = "directory-name-p", doc = "Return non-nil if NAME ends with a slash.")
  static boolean directoryNameP(Task t, Object name) {
    LispString s = Lisp.string(name);
    int n = s.length(t.c);
    return n > 0 && s.get(t.c, n - 1) == '/';
  }

  @Primitive(
      value = "file-name-concat",
      min = 1,
      args = "(DIRECTORY &rest COMPONENTS)",
      doc = "Return DIRECTORY and COMPONENTS with slashes between them; nil and \"\" are left out.")
  static Object fileNameConcat(Task t, Object[] args) {
    CodeBuffer out = new CodeBuffer();
    boolean multibyte = false;
    for (Object a : args) {
      if (a == Symbol.NIL) {
        continue;
      }
      LispString s = Lisp.string(a);
      if (s.length(t.c) == 0) {
        continue;
      }
      if (out.length() > 0 && out.get(out.length() - 1) != '/') {
        out.append('/');
      }
      multibyte |= s.isMultibyte(t.c);
      out.append(t.c, s);
    }
    return out.toLisp(t.c, multibyte);
  }

  @Primitive(
      value = "file-name-absolute-p",
      doc = "Return t if FILENAME starts at the root or at a user's home directory.")
  static boolean fileNameAbsoluteP(Task t, Object filename) {
    return FileNames.isAbsolute(Lisp.string(filename).toJava(t.c));
  }

  @Primitive(
      value = "substitute-in-file-name",
      doc =
          "Return FILENAME with $VAR and ${VAR} replaced by environment variables, $$ by $.\n"
              + "Where an absolute name starts within it, what is before that is dropped.")
  static Object substituteInFileName(Task t, Object filename) {
    LispString s = Lisp.string(filename);
    Object done = Handlers.tryCall(t, SUBSTITUTE, s, s);
    if (done != null) {
      return Handlers.string(done);
    }
    String name = s.toJava(t.c);
    String result = FileNames.substitute(t, name);
    return result.equals(name) ? s : lisp(t, s, result);
  }

  @Primitive(
      value = "file-name-case-insensitive-p",
      doc = "Return t if file names where FILENAME is are the same whatever their letters' case.")
  static Object fileNameCaseInsensitiveP(Task t, Object filename) {
    LispString s = expand(t, filename, Symbol.NIL);
    Object done = Handlers.tryCall(t, CASE_INSENSITIVE, s, s);
    return done != null ? done : Symbol.NIL;
  }
}
