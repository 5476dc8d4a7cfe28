package org.elver.lisp.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.file.FileNames;
import org.elver.lisp.file.Handlers;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Finds files along a list of directories. */
public final class Locator {
  private static final Symbol DIR_OK = Symbol.known("dir-ok");
  private static final Symbol FILE_EXISTS_P = Symbol.known("file-exists-p");

  private Locator() {}

  /**
   * The full name of the first file called {@code name} plus one of {@code suffixes} (a list) in
   * one of the directories of {@code path}; null when there is none.
   *
   * @param predicate nil: a readable file that is no directory; a fixnum: an access mode (4
   *     reading, 2 writing, 1 executing); t: any file; otherwise a function
   * @param newer whether the newest of the files with the several suffixes is wanted
   */
  public static LispString find(
      Task t, LispString name, Object path, Object suffixes, Object predicate, boolean newer) {
    String text = name.toJava(t.c);
    List<String> endings = new ArrayList<>();
    for (Object x = suffixes; x instanceof Pair p; x = p.second(t.c)) {
      endings.add(Lisp.string(p.first(t.c)).toJava(t.c));
    }
    if (endings.isEmpty()) {
      endings.add("");
    }
    boolean absolute = FileNames.isAbsolute(text);
    Object directories = path;
    if (absolute || directories == Symbol.NIL) {
      directories = t.list(Symbol.NIL);
    }
    while (directories instanceof Pair p) {
      t.safepoint();
      String directory =
          p.first(t.c) instanceof LispString d
              ? d.toJava(t.c)
              : Lisp.string(Variables.orNil(t, Q.DEFAULT_DIRECTORY)).toJava(t.c);
      String base = FileNames.expand(t, text, directory);
      if (text.isEmpty() && !base.endsWith("/")) {
        base = base + "/";
      }
      LispString best = null;
      long bestTime = Long.MIN_VALUE;
      for (String ending : endings) {
        String full = base + ending;
        LispString candidate = accept(t, full, predicate);
        if (candidate != null) {
          if (!newer) {
            return candidate;
          }
          long time = modified(full);
          if (time > bestTime) {
            best = candidate;
            bestTime = time;
          }
        }
      }
      if (best != null) {
        return best;
      }
      if (absolute) {
        return null;
      }
      directories = p.second(t.c);
    }
    return null;
  }

  private static long modified(String file) {
    try {
      return Files.getLastModifiedTime(FileErrors.path(file)).toMillis();
    } catch (IOException e) {
      return Long.MIN_VALUE;
    }
  }

  private static LispString accept(Task t, String full, Object predicate) {
    LispString name = LispString.of(t.c, full);
    boolean mode = predicate instanceof Long;
    boolean plain = predicate == Symbol.NIL || predicate == Symbol.T || mode;
    if (plain && Handlers.find(t, name, FILE_EXISTS_P) == Symbol.NIL) {
      Path p = FileErrors.path(full);
      long bits = mode ? (Long) predicate : 4;
      if (mode && bits == 0) {
        return Files.exists(p) && !Files.isDirectory(p) ? name : null;
      }
      if (predicate == Symbol.T ? !Files.exists(p) : Files.isDirectory(p)) {
        return null;
      }
      boolean fits =
          ((bits & 4) == 0 || Files.isReadable(p))
              && ((bits & 2) == 0 || Files.isWritable(p))
              && ((bits & 1) == 0 || Files.isExecutable(p));
      return fits ? name : null;
    }
    if (plain) {
      return Lisp.isTrue(t.call(FILE_EXISTS_P, name)) ? name : null;
    }
    Object v = t.call(predicate, name);
    if (v == Symbol.NIL) {
      return null;
    }
    return v == DIR_OK || !Files.isDirectory(FileErrors.path(full)) ? name : null;
  }
}
