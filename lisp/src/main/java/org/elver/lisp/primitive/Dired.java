package org.elver.lisp.primitive;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elver.heap.object.Pair;
import org.elver.lisp.file.Environment;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.file.FileNames;
import org.elver.lisp.file.Handlers;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Directories, what is known of the files in them, and completion of their names. */
final class Dired {
  private static final Symbol DIRECTORY_FILES = Symbol.known("directory-files");
  private static final Symbol FILES_AND_ATTRIBUTES = Symbol.known("directory-files-and-attributes");
  private static final Symbol FILE_ATTRIBUTES = Symbol.known("file-attributes");
  private static final Symbol COMPLETION = Symbol.known("file-name-completion");
  private static final Symbol ALL_COMPLETIONS = Symbol.known("file-name-all-completions");
  private static final Symbol STRING_MATCH = Symbol.known("string-match");
  private static final Symbol IGNORE_CASE = Symbol.known("completion-ignore-case");
  private static final Symbol REGEXP_LIST = Symbol.known("completion-regexp-list");
  private static final Symbol IGNORED = Symbol.known("completion-ignored-extensions");

  private Dired() {}

  static void variables(Task t) {
    Vm.defvar(t, IGNORED, Symbol.NIL);
  }

  /** The names in a directory, unsorted, "." and ".." among them. */
  private static List<String> names(Task t, LispString directory) {
    List<String> out = new ArrayList<>(List.of(".", ".."));
    try (DirectoryStream<Path> s = Files.newDirectoryStream(Fileio.path(t, directory))) {
      for (Path p : s) {
        out.add(p.getFileName().toString());
      }
    } catch (IOException e) {
      throw FileErrors.signal("Opening directory", e, directory);
    } catch (DirectoryIteratorException e) {
      throw FileErrors.signal("Opening directory", e.getCause(), directory);
    }
    return out;
  }

  private static Object files(
      Task t,
      LispString directory,
      Object full,
      Object match,
      Object nosort,
      Object count,
      boolean attributes,
      Object idFormat) {
    if (match != Symbol.NIL) {
      Lisp.string(match);
    }
    long limit = count == Symbol.NIL ? Long.MAX_VALUE : Lisp.natnum(count);
    if (limit == 0) {
      return Symbol.NIL;
    }
    LispString file = Lisp.string(Filenames.directoryFileName(t, directory));
    String prefix = FileNames.asDirectory(file.toJava(t.c));
    List<LispString> found = new ArrayList<>();
    Object matchData = t.matchData;
    for (String name : names(t, file)) {
      if (found.size() >= limit) {
        break;
      }
      t.safepoint();
      LispString s = LispString.of(t.c, name);
      if (match == Symbol.NIL || t.call(STRING_MATCH, match, s) instanceof Long) {
        found.add(s);
      }
    }
    t.matchData = matchData;
    if (nosort == Symbol.NIL) {
      found.sort((a, b) -> java.util.Arrays.compare(a.characters(t.c), b.characters(t.c)));
    } else {
      java.util.Collections.reverse(found);
    }
    Object[] out = new Object[found.size()];
    for (int i = 0; i < out.length; i++) {
      String name = found.get(i).toJava(t.c);
      LispString shown = Lisp.isTrue(full) ? LispString.of(t.c, prefix + name) : found.get(i);
      out[i] =
          attributes
              ? t.cons(shown, attributes(t, FileErrors.path(prefix + name), idFormat))
              : shown;
    }
    return t.list(out);
  }

  @Primitive(
      value = "directory-files",
      min = 1,
      doc =
          "Return a list of the names of files in DIRECTORY; FULL non-nil: absolute names.\n"
              + "MATCH non-nil: only those that match this regexp.  NOSORT non-nil: unsorted.\n"
              + "COUNT non-nil: at most so many.")
  static Object directoryFiles(
      Task t, Object directory, Object full, Object match, Object nosort, Object count) {
    LispString d = Filenames.expand(t, directory, Symbol.NIL);
    Object done = Handlers.tryCall(t, DIRECTORY_FILES, d, d, full, match, nosort, count);
    return done != null ? done : files(t, d, full, match, nosort, count, false, Symbol.NIL);
  }

  @Primitive(
      value = "directory-files-and-attributes",
      min = 1,
      doc =
          "As `directory-files', but each element is (NAME . ATTRIBUTES) as `file-attributes'\n"
              + "with ID-FORMAT returns them.")
  static Object directoryFilesAndAttributes(
      Task t,
      Object directory,
      Object full,
      Object match,
      Object nosort,
      Object idFormat,
      Object count) {
    LispString d = Filenames.expand(t, directory, Symbol.NIL);
    Object done =
        Handlers.tryCall(t, FILES_AND_ATTRIBUTES, d, d, full, match, nosort, idFormat, count);
    return done != null ? done : files(t, d, full, match, nosort, count, true, idFormat);
  }

  @Primitive(
      value = "file-attributes",
      min = 1,
      doc =
          "Return what is known of file FILENAME, nil if it does not exist:\n"
              + "(TYPE LINKS UID GID ATIME MTIME CTIME SIZE MODES UNSPECIFIED INODE DEVICE), TYPE"
              + " being\n"
              + "t for a directory and the target for a symbolic link.  ID-FORMAT `string' asks"
              + " for\n"
              + "names of user and group.")
  static Object fileAttributes(Task t, Object filename, Object idFormat) {
    Object expanded =
        t.handling(Symbol.T, () -> Filenames.expand(t, filename, Symbol.NIL), e -> Symbol.NIL);
    if (!(expanded instanceof LispString s)) {
      return Symbol.NIL;
    }
    Object done =
        idFormat == Symbol.NIL
            ? Handlers.tryCall(t, FILE_ATTRIBUTES, s, s)
            : Handlers.tryCall(t, FILE_ATTRIBUTES, s, s, idFormat);
    return done != null ? done : attributes(t, Fileio.path(t, s), idFormat);
  }

  /** The attributes of a file; nil when there is none. */
  static Object attributes(Task t, Path p, Object idFormat) {
    try {
      Map<String, Object> a =
          Files.readAttributes(
              p,
              "unix:mode,nlink,uid,gid,lastAccessTime,lastModifiedTime,ctime,size,ino,dev",
              LinkOption.NOFOLLOW_LINKS);
      int mode = (Integer) a.get("mode");
      int kind = mode & 0170000;
      long uid = ((Number) a.get("uid")).longValue() & 0xFFFFFFFFL;
      long gid = ((Number) a.get("gid")).longValue() & 0xFFFFFFFFL;
      Object user = uid;
      Object group = gid;
      if (idFormat != Symbol.NIL && idFormat != Q.INTEGER) {
        String[] u = Environment.user(uid);
        String g = Environment.group(gid);
        user = u == null ? user : LispString.of(t.c, u[0]);
        group = g == null ? group : LispString.of(t.c, g);
      }
      return t.list(
          kind == 0040000 ? Symbol.T : kind == 0120000 ? Fileio.target(t, p) : Symbol.NIL,
          ((Number) a.get("nlink")).longValue(),
          user,
          group,
          time(t, (FileTime) a.get("lastAccessTime")),
          time(t, (FileTime) a.get("lastModifiedTime")),
          time(t, (FileTime) a.get("ctime")),
          Lisp.integer(((Number) a.get("size")).longValue()),
          LispString.of(t.c, modes(mode)),
          Symbol.T,
          Lisp.integer(((Number) a.get("ino")).longValue()),
          Lisp.integer(((Number) a.get("dev")).longValue()));
    } catch (IOException e) {
      return Symbol.NIL;
    }
  }

  /** A file's time as a list (HIGH LOW MICRO PICO). */
  static Object time(Task t, FileTime time) {
    Instant i = time.toInstant();
    long s = i.getEpochSecond();
    long n = i.getNano();
    return t.list(s >> 16, s & 0xFFFF, n / 1000, n % 1000 * 1000);
  }

  private static String modes(int mode) {
    char kind =
        switch (mode & 0170000) {
          case 0040000 -> 'd';
          case 0120000 -> 'l';
          case 0020000 -> 'c';
          case 0060000 -> 'b';
          case 0010000 -> 'p';
          case 0140000 -> 's';
          default -> '-';
        };
    StringBuilder s = new StringBuilder().append(kind);
    for (int i = 0; i < 9; i++) {
      boolean on = (mode & (0400 >> i)) != 0;
      char ch = on ? "rwx".charAt(i % 3) : '-';
      boolean special = i % 3 == 2 && (mode & (04000 >> (i / 3))) != 0;
      if (special) {
        char x = i == 8 ? 't' : 's';
        ch = on ? x : Character.toUpperCase(x);
      }
      s.append(ch);
    }
    return s.toString();
  }

  @Primitive(
      value = "file-attributes-lessp",
      doc = "Return t if the name in F1, an element of `directory-files-and-attributes', is less.")
  static Object fileAttributesLessp(Task t, Object f1, Object f2) {
    return t.callNamed("string-lessp", Lisp.car(t.c, f1), Lisp.car(t.c, f2));
  }

  // ---- Completion ---------------------------------------------------------------------------

  /** What completes a name: file names as completion shows them. */
  private static List<String> candidates(
      Task t, String file, LispString directory, Object predicate, boolean all) {
    boolean fold = Lisp.isTrue(Variables.orNil(t, IGNORE_CASE));
    Object regexps = Variables.orNil(t, REGEXP_LIST);
    List<String> ignored = new ArrayList<>();
    if (!all && Variables.orNil(t, IGNORED) instanceof Pair p) {
      for (Object x : Lisp.elements(t.c, p)) {
        if (x instanceof LispString s) {
          ignored.add(s.toJava(t.c));
        }
      }
    }
    String prefix = FileNames.asDirectory(directory.toJava(t.c));
    List<String> good = new ArrayList<>();
    List<String> poor = new ArrayList<>();
    Object matchData = t.matchData;
    for (String name : names(t, directory)) {
      t.safepoint();
      if (!name.regionMatches(fold, 0, file, 0, file.length())) {
        continue;
      }
      Path p = FileErrors.path(prefix + name);
      boolean isDirectory = Files.isDirectory(p);
      boolean poorly = false;
      if (!all && name.length() > file.length()) {
        String shown = isDirectory ? name + "/" : name;
        poorly = name.equals(".") || name.equals("..");
        for (String x : ignored) {
          boolean ends = x.endsWith("/") ? isDirectory && shown.endsWith(x) : name.endsWith(x);
          poorly |= ends && (x.endsWith("/") || !isDirectory) && shown.length() > x.length();
        }
        if (poorly && isDirectory && (name.equals(".") || name.equals(".."))) {
          continue;
        }
      }
      if (!matches(t, regexps, fold, name)) {
        continue;
      }
      String shown = isDirectory ? name + "/" : name;
      if (predicate != Symbol.NIL) {
        if (!Lisp.isTrue(t.call(predicate, LispString.of(t.c, shown)))) {
          continue;
        }
      }
      (poorly ? poor : good).add(shown);
    }
    t.matchData = matchData;
    return good.isEmpty() ? poor : good;
  }

  private static boolean matches(Task t, Object regexps, boolean fold, String name) {
    Object tail = regexps;
    while (tail instanceof Pair p) {
      int mark = t.bindingMark();
      try {
        t.bind(Q.CASE_FOLD_SEARCH, Lisp.bool(fold));
        if (p.first(t.c) instanceof LispString r
            && !(t.call(STRING_MATCH, r, LispString.of(t.c, name)) instanceof Long)) {
          return false;
        }
      } finally {
        t.unbindTo(mark);
      }
      tail = p.second(t.c);
    }
    return true;
  }

  @Primitive(
      value = "file-name-completion",
      min = 2,
      doc =
          "Complete file name FILE in DIRECTORY as far as all files that fit agree.\n"
              + "Return t if it is the only one, exactly; nil if none fits.  PREDICATE non-nil:"
              + " only\n"
              + "names for which it returns non-nil count.")
  static Object fileNameCompletion(Task t, Object file, Object directory, Object predicate) {
    LispString d = Filenames.expand(t, directory, Symbol.NIL);
    Object done = Handlers.tryCall(t, COMPLETION, d, file, d, predicate);
    if (done == null) {
      done = Handlers.tryCall(t, COMPLETION, file, file, d, predicate);
    }
    if (done != null) {
      return done;
    }
    String name = Lisp.string(file).toJava(t.c);
    int mark = t.bindingMark();
    List<String> all;
    try {
      t.bind(Q.DEFAULT_DIRECTORY, d);
      all = candidates(t, name, d, predicate, false);
    } finally {
      t.unbindTo(mark);
    }
    if (all.isEmpty()) {
      return Symbol.NIL;
    }
    boolean fold = Lisp.isTrue(Variables.orNil(t, IGNORE_CASE));
    String best = all.get(0);
    for (String x : all) {
      int n = 0;
      while (n < best.length() && n < x.length() && best.regionMatches(fold, n, x, n, 1)) {
        n++;
      }
      String shorter = x.length() == n ? x : best;
      best = shorter.substring(0, n);
    }
    if (all.size() == 1 && best.equals(name)) {
      return Symbol.T;
    }
    return LispString.of(t.c, best);
  }

  @Primitive(
      value = "file-name-all-completions",
      doc = "Return a list of all names of files in DIRECTORY that start with FILE.")
  static Object fileNameAllCompletions(Task t, Object file, Object directory) {
    LispString d = Filenames.expand(t, directory, Symbol.NIL);
    Object done = Handlers.tryCall(t, ALL_COMPLETIONS, d, file, d);
    if (done == null) {
      done = Handlers.tryCall(t, ALL_COMPLETIONS, file, file, d);
    }
    if (done != null) {
      return done;
    }
    List<Object> out = new ArrayList<>();
    for (String s : candidates(t, Lisp.string(file).toJava(t.c), d, Symbol.NIL, true)) {
      out.add(LispString.of(t.c, s));
    }
    return Lisp.list(t.c, out);
  }

  @Primitive(value = "system-users", doc = "Return a list of the names of all users.")
  static Object systemUsers(Task t) {
    return firstFields(t, Environment.users());
  }

  @Primitive(value = "system-groups", doc = "Return a list of the names of all groups.")
  static Object systemGroups(Task t) {
    return firstFields(t, Environment.groups());
  }

  private static Object firstFields(Task t, List<String[]> table) {
    Object list = Symbol.NIL;
    for (String[] f : table) {
      list = t.cons(LispString.of(t.c, f[0]), list);
    }
    return list;
  }
}
