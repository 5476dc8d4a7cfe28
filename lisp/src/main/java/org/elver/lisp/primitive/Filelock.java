package org.elver.lisp.primitive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.file.FileLocks;
import org.elver.lisp.file.FileNames;
import org.elver.lisp.file.Handlers;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferVariable;

/** Locks that tell other editors that somebody has unsaved changes of a file: symbolic links. */
final class Filelock {
  private static final Symbol LOCK_FILE = Symbol.known("lock-file");
  private static final Symbol UNLOCK_FILE = Symbol.known("unlock-file");
  private static final Symbol FILE_LOCKED_P = Symbol.known("file-locked-p");
  private static final Symbol CREATE_LOCKFILES = Symbol.known("create-lockfiles");
  private static final Symbol MAKE_NAME = Symbol.known("make-lock-file-name");
  private static final Symbol ASK = Symbol.known("ask-user-about-lock");

  private Filelock() {}

  /** The lock of a file, or null when such files get none. */
  private static Path lock(Task t, LispString file) {
    if (Lisp.isTrue(MAKE_NAME.function(t))) {
      return t.call(MAKE_NAME, file) instanceof LispString s ? Fileio.path(t, s) : null;
    }
    String s = file.toJava(t.c);
    return FileErrors.path(FileNames.directory(s) + ".#" + FileNames.nondirectory(s));
  }

  private static String mine(Task t) {
    return Variables.orNil(t, Q.USER_LOGIN_NAME) instanceof LispString u
        ? u.toJava(t.c) + "@" + host(t) + "." + ProcessHandle.current().pid()
        : "";
  }

  private static String host(Task t) {
    return Variables.orNil(t, Q.SYSTEM_NAME) instanceof LispString s
        ? s.toJava(t.c).replace('@', '-')
        : "localhost";
  }

  /** Who has the lock: null nobody, "" this program, else a description. */
  private static String owner(Task t, Path lock) {
    try {
      String s = Files.readSymbolicLink(lock).toString();
      String plain = s.indexOf(':') >= 0 ? s.substring(0, s.indexOf(':')) : s;
      if (plain.equals(mine(t))) {
        return "";
      }
      int at = plain.lastIndexOf('@');
      int dot = plain.lastIndexOf('.');
      if (at < 0 || dot < at) {
        return s;
      }
      if (plain.substring(at + 1, dot).equals(host(t))) {
        long pid = Long.parseLong(plain.substring(dot + 1));
        if (ProcessHandle.of(pid).isEmpty()) {
          Files.deleteIfExists(lock);
          return null;
        }
      }
      return s;
    } catch (IOException | NumberFormatException e) {
      return null;
    }
  }

  @Primitive(
      value = "lock-file",
      doc =
          "Lock FILE against changes by others.\n"
              + "The lock is the current isolate's: others of the program neither get it nor can"
              + " they\n"
              + "unlock FILE, and it is given up when the isolate ends.")
  static Object lockFile(Task t, Object file) {
    Lisp.string(file);
    Object done = Handlers.tryCall(t, LOCK_FILE, file, file);
    if (done != null) {
      return done;
    }
    if (Variables.orNil(t, CREATE_LOCKFILES) == Symbol.NIL) {
      return Symbol.NIL;
    }
    LispString name = Filenames.expand(t, file, Symbol.NIL);
    Path lock = lock(t, name);
    if (lock == null) {
      return Symbol.NIL;
    }
    FileLocks locks = FileLocks.of(t.vm());
    String owner = owner(t, lock);
    if ("".equals(owner) && locks.isOfAnother(lock, t.c)) {
      return Symbol.NIL; // It is locked against other programs, and stays that isolate's.
    }
    if (owner != null && !owner.isEmpty()) {
      int at = owner.lastIndexOf('@');
      int dot = owner.lastIndexOf('.');
      String who =
          at < 0
              ? owner
              : owner.substring(0, at)
                  + "@"
                  + owner.substring(at + 1, Math.max(dot, at + 1))
                  + " (pid "
                  + owner.substring(Math.max(dot, at) + 1)
                  + ")";
      if (!Lisp.isTrue(t.call(ASK, name, LispString.of(t.c, who)))) {
        return Symbol.NIL;
      }
    }
    try {
      Files.deleteIfExists(lock);
      t.irrevocable();
      Path says = Path.of(mine(t));
      Files.createSymbolicLink(lock, says);
      locks.made(lock, t.c, says);
    } catch (IOException e) {
      return Symbol.NIL; // As where a directory cannot be written: no lock then.
    }
    return Symbol.NIL;
  }

  @Primitive(value = "unlock-file", doc = "Unlock FILE.")
  static Object unlockFile(Task t, Object file) {
    Lisp.string(file);
    Object done = Handlers.tryCall(t, UNLOCK_FILE, file, file);
    if (done != null) {
      return Symbol.NIL;
    }
    Path lock = lock(t, Filenames.expand(t, file, Symbol.NIL));
    FileLocks locks = FileLocks.of(t.vm());
    if (lock != null && "".equals(owner(t, lock)) && !locks.isOfAnother(lock, t.c)) {
      try {
        Files.deleteIfExists(lock);
        locks.gone(lock);
      } catch (IOException e) {
        throw FileErrors.signal("Unlocking file", e, file);
      }
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "lock-buffer",
      min = 0,
      doc = "Lock FILE, by default the current buffer's, if the buffer is modified.")
  static Object lockBuffer(Task t, Object file) {
    Buffer b = Buffer.current(t);
    Object name = file == Symbol.NIL ? BufferVariable.FILE_TRUENAME.in(t, b) : Lisp.string(file);
    if (b.isModified(t.c) && name != Symbol.NIL) {
      lockFile(t, name);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "unlock-buffer",
      doc = "Unlock the current buffer's file if the buffer is modified.")
  static Object unlockBuffer(Task t) {
    Buffer b = Buffer.current(t);
    Object name = BufferVariable.FILE_TRUENAME.in(t, b);
    if (b.isModified(t.c) && name instanceof LispString) {
      unlockFile(t, name);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "file-locked-p",
      doc = "Return nil if FILENAME is not locked, t if by this program, else who has locked it.")
  static Object fileLockedP(Task t, Object filename) {
    Lisp.string(filename);
    Object done = Handlers.tryCall(t, FILE_LOCKED_P, filename, filename);
    if (done != null) {
      return done;
    }
    Path lock = lock(t, Filenames.expand(t, filename, Symbol.NIL));
    if (lock == null || !Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
      return Symbol.NIL;
    }
    String owner = owner(t, lock);
    if (owner == null) {
      return Symbol.NIL;
    }
    int at = owner.lastIndexOf('@');
    return owner.isEmpty() ? Symbol.T : LispString.of(t.c, at < 0 ? owner : owner.substring(0, at));
  }
}
