package org.elver.lisp.primitive;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.concurrent.TimeUnit;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.file.FileNames;
import org.elver.lisp.file.Handlers;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Files as wholes: what they are, and what becomes of them. */
final class Fileio {
  private static final Symbol FILE_EXISTS_P = Symbol.known("file-exists-p");
  private static final Symbol FILE_EXECUTABLE_P = Symbol.known("file-executable-p");
  private static final Symbol FILE_READABLE_P = Symbol.known("file-readable-p");
  private static final Symbol FILE_WRITABLE_P = Symbol.known("file-writable-p");
  private static final Symbol FILE_DIRECTORY_P = Symbol.known("file-directory-p");
  private static final Symbol FILE_ACCESSIBLE_P = Symbol.known("file-accessible-directory-p");
  private static final Symbol FILE_REGULAR_P = Symbol.known("file-regular-p");
  private static final Symbol FILE_SYMLINK_P = Symbol.known("file-symlink-p");
  private static final Symbol FILE_NEWER_P = Symbol.known("file-newer-than-file-p");
  private static final Symbol ACCESS_FILE = Symbol.known("access-file");
  private static final Symbol FILE_MODES = Symbol.known("file-modes");
  private static final Symbol SET_FILE_MODES = Symbol.known("set-file-modes");
  private static final Symbol SET_FILE_TIMES = Symbol.known("set-file-times");
  private static final Symbol COPY_FILE = Symbol.known("copy-file");
  private static final Symbol RENAME_FILE = Symbol.known("rename-file");
  private static final Symbol ADD_NAME = Symbol.known("add-name-to-file");
  private static final Symbol MAKE_LINK = Symbol.known("make-symbolic-link");
  private static final Symbol DELETE_FILE = Symbol.known("delete-file");
  private static final Symbol DELETE_DIRECTORY = Symbol.known("delete-directory");
  private static final Symbol MAKE_DIRECTORY = Symbol.known("make-directory-internal");
  private static final Symbol FILE_ACL = Symbol.known("file-acl");
  private static final Symbol SET_FILE_ACL = Symbol.known("set-file-acl");
  private static final Symbol SELINUX = Symbol.known("file-selinux-context");
  private static final Symbol SET_SELINUX = Symbol.known("set-file-selinux-context");
  private static final Symbol FILE_SYSTEM_INFO = Symbol.known("file-system-info");
  private static final Symbol NOFOLLOW = Symbol.known("nofollow");
  private static final Symbol COPY_DIRECTORY = Symbol.known("copy-directory");
  private static final Symbol TRASH = Symbol.known("delete-by-moving-to-trash");
  private static final Symbol MOVE_TO_TRASH = Symbol.known("move-file-to-trash");
  private static final Symbol YES_OR_NO_P = Symbol.known("yes-or-no-p");
  private static final Symbol DEFAULT_MODES = Symbol.known(" default-file-modes");
  private static final LinkOption[] FOLLOW = {};
  private static final LinkOption[] STAY = {LinkOption.NOFOLLOW_LINKS};

  private Fileio() {}

  static void variables(Task t) {
    Vm.defvar(t, "file-name-coding-system", Symbol.NIL);
    Vm.defvar(t, "default-file-name-coding-system", Symbol.NIL);
    Vm.defvar(t, "file-name-handler-alist", Symbol.NIL);
    Vm.defvar(t, "set-auto-coding-function", Symbol.NIL);
    Vm.defvar(t, "after-insert-file-functions", Symbol.NIL);
    Vm.defvar(t, "write-region-annotate-functions", Symbol.NIL);
    Vm.defvar(t, "write-region-post-annotation-function", Symbol.NIL);
    Vm.defvar(t, "write-region-annotations-so-far", Symbol.NIL);
    Vm.defvar(t, "inhibit-file-name-handlers", Symbol.NIL);
    Vm.defvar(t, "inhibit-file-name-operation", Symbol.NIL);
    Vm.defvar(t, "auto-save-list-file-name", Symbol.NIL);
    Vm.defvar(t, "auto-save-visited-file-name", Symbol.NIL);
    Vm.defvar(t, "auto-save-include-big-deletions", Symbol.NIL);
    Vm.defvar(t, "write-region-inhibit-fsync", Symbol.T);
    Vm.defvar(t, "delete-by-moving-to-trash", Symbol.NIL);
    defaultModesOfSystem(t);
  }

  static void defaultModesOfSystem(Task t) {
    DEFAULT_MODES.setRawValue(t, (long) (0777 & ~umask()));
  }

  private static int umask() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("Umask:")) {
          return Integer.parseInt(line.substring(6).trim(), 8);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return 022; // The usual one, where the system does not tell.
    }
    return 022;
  }

  static Path path(Task t, LispString name) {
    return FileErrors.path(FileNames.java(t, name));
  }

  private interface Test {
    boolean of(Path p);
  }

  private static Object test(Task t, Symbol operation, Object filename, Test test) {
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    Object done = Handlers.tryCall(t, operation, name, name);
    return done != null ? done : Lisp.bool(test.of(path(t, name)));
  }

  // ---- What a file is -----------------------------------------------------------------------

  @Primitive(
      value = "file-exists-p",
      doc = "Return t if there is a file FILENAME (following links) that can be looked at.")
  static Object fileExistsP(Task t, Object filename) {
    return test(t, FILE_EXISTS_P, filename, Files::exists);
  }

  @Primitive(
      value = "file-executable-p",
      doc = "Return t if FILENAME can be executed by you; for a directory: entered.")
  static Object fileExecutableP(Task t, Object filename) {
    return test(t, FILE_EXECUTABLE_P, filename, Files::isExecutable);
  }

  @Primitive(value = "file-readable-p", doc = "Return t if there is a file FILENAME you can read.")
  static Object fileReadableP(Task t, Object filename) {
    return test(t, FILE_READABLE_P, filename, Files::isReadable);
  }

  @Primitive(value = "file-writable-p", doc = "Return t if file FILENAME can be written or made.")
  static Object fileWritableP(Task t, Object filename) {
    return test(t, FILE_WRITABLE_P, filename, Fileio::isWritable);
  }

  static boolean isWritable(Path p) {
    if (Files.exists(p)) {
      return Files.isWritable(p);
    }
    Path parent = p.getParent();
    return !Files.exists(p, STAY)
        && parent != null
        && Files.isDirectory(parent)
        && Files.isWritable(parent);
  }

  @Primitive(
      value = "file-directory-p",
      doc = "Return t if FILENAME is a directory, following links.")
  static Object fileDirectoryP(Task t, Object filename) {
    return test(t, FILE_DIRECTORY_P, filename, Files::isDirectory);
  }

  @Primitive(
      value = "file-accessible-directory-p",
      doc = "Return t if FILENAME is a directory whose files you can open.")
  static Object fileAccessibleDirectoryP(Task t, Object filename) {
    return test(t, FILE_ACCESSIBLE_P, filename, p -> Files.isDirectory(p) && Files.isExecutable(p));
  }

  @Primitive(
      value = "file-regular-p",
      doc = "Return t if FILENAME is a regular file, following links.")
  static Object fileRegularP(Task t, Object filename) {
    return test(t, FILE_REGULAR_P, filename, Files::isRegularFile);
  }

  @Primitive(
      value = "file-symlink-p",
      doc = "Return the target of FILENAME as a string if it is a symbolic link, else nil.")
  static Object fileSymlinkP(Task t, Object filename) {
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    Object done = Handlers.tryCall(t, FILE_SYMLINK_P, name, name);
    if (done != null) {
      return done;
    }
    String s = FileNames.java(t, name);
    return s.length() > 1 && s.endsWith("/") ? Symbol.NIL : target(t, FileErrors.path(s));
  }

  /** Where a link leads, or nil; a target that looks remote is quoted. */
  static Object target(Task t, Path p) {
    try {
      if (!Files.isSymbolicLink(p)) {
        return Symbol.NIL;
      }
      String to = Files.readSymbolicLink(p).toString();
      return LispString.of(t.c, to.startsWith("/") && to.indexOf(':') >= 0 ? "/:" + to : to);
    } catch (IOException e) {
      return Symbol.NIL;
    }
  }

  @Primitive(
      value = "file-newer-than-file-p",
      doc = "Return t if FILE1 was modified after FILE2; t too when only FILE1 exists.")
  static Object fileNewerThanFileP(Task t, Object file1, Object file2) {
    LispString a = Filenames.expand(t, Lisp.string(file1), Symbol.NIL);
    LispString b = Filenames.expand(t, Lisp.string(file2), Symbol.NIL);
    Object done = Handlers.tryCall(t, FILE_NEWER_P, a, a, b);
    if (done == null) {
      done = Handlers.tryCall(t, FILE_NEWER_P, b, a, b);
    }
    if (done != null) {
      return done;
    }
    try {
      FileTime x = Files.getLastModifiedTime(path(t, a));
      try {
        return Lisp.bool(x.compareTo(Files.getLastModifiedTime(path(t, b))) > 0);
      } catch (IOException e) {
        return Symbol.T;
      }
    } catch (IOException e) {
      return Symbol.NIL;
    }
  }

  @Primitive(
      value = "access-file",
      doc =
          "Signal an error starting with STRING if FILENAME cannot be opened for reading; else"
              + " nil.")
  static Object accessFile(Task t, Object filename, Object string) {
    LispString s = Lisp.string(string);
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    Object done = Handlers.tryCall(t, ACCESS_FILE, name, name, string);
    if (done != null) {
      return done;
    }
    try {
      Files.readAttributes(path(t, name), "unix:mode");
      path(t, name)
          .getFileSystem()
          .provider()
          .checkAccess(path(t, name), java.nio.file.AccessMode.READ);
      return Symbol.NIL;
    } catch (IOException e) {
      throw FileErrors.signal(s.toJava(t.c), e, filename);
    }
  }

  // ---- Modes, times -------------------------------------------------------------------------

  private static LinkOption[] options(Object flag) {
    return flag == NOFOLLOW ? STAY : FOLLOW;
  }

  private static Symbol flag(Object flag) {
    if (flag != Symbol.NIL && flag != NOFOLLOW) {
      throw LispSignal.error("Invalid flag");
    }
    return (Symbol) flag;
  }

  @Primitive(
      value = "file-modes",
      min = 1,
      doc =
          "Return the mode bits of FILENAME as an integer; nil if there is no such file.\n"
              + "With FLAG `nofollow' those of a symbolic link itself.")
  static Object fileModes(Task t, Object filename, Object flag) {
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    Object done = Handlers.tryCall(t, FILE_MODES, name, name, flag);
    if (done != null) {
      return done;
    }
    try {
      return (long) (modes(path(t, name), options(flag)) & 07777);
    } catch (IOException e) {
      String reason = FileErrors.reason(e);
      if (reason.equals("No such file or directory") || reason.equals("Not a directory")) {
        return Symbol.NIL;
      }
      throw FileErrors.signal("Reading file modes", e, name);
    }
  }

  static int modes(Path p, LinkOption... options) throws IOException {
    return (Integer) Files.getAttribute(p, "unix:mode", options);
  }

  @Primitive(
      value = "set-file-modes",
      min = 2,
      doc = "Set the mode bits of FILENAME to MODE, an integer.",
      interactive =
          "(let ((file (read-file-name \"File: \")))" + " (list file (read-file-modes nil file)))")
  static Object setFileModes(Task t, Object filename, Object mode, Object flag) {
    if (!(filename instanceof LispString)) {
      Lisp.fixnum(mode); // Which of two mistakes is told.
    }
    LispString name = Filenames.expand(t, filename, here(t));
    long bits = Lisp.fixnum(mode);
    Object done = Handlers.tryCall(t, SET_FILE_MODES, name, name, mode, flag);
    if (done != null) {
      return done;
    }
    try {
      setModes(path(t, name), (int) bits & 07777, flag(flag) == NOFOLLOW);
      return Symbol.NIL;
    } catch (IOException e) {
      throw FileErrors.signal("Doing chmod", e, name);
    }
  }

  private static Object here(Task t) {
    return org.elver.lisp.machine.Variables.orNil(t, Q.DEFAULT_DIRECTORY);
  }

  static void setModes(Path p, int mode, boolean nofollow) throws IOException {
    if (nofollow && Files.isSymbolicLink(p)) {
      throw new java.nio.file.FileSystemException(p.toString(), null, "Operation not supported");
    }
    Files.setAttribute(p, "unix:mode", mode);
  }

  @Primitive(
      value = "set-default-file-modes",
      doc = "Set the mode bits of newly made files to MODE, an integer.")
  static Object setDefaultFileModes(Task t, Object mode) {
    DEFAULT_MODES.setRawValue(t, Lisp.fixnum(mode) & 0777);
    return Symbol.NIL;
  }

  @Primitive(value = "default-file-modes", doc = "Return the mode bits of newly made files.")
  static Object defaultFileModes(Task t) {
    return DEFAULT_MODES.rawValue(t);
  }

  static int defaultModes(Task t) {
    return DEFAULT_MODES.rawValue(t) instanceof Long l ? (int) (long) l : 0755;
  }

  @Primitive(
      value = "set-file-times",
      min = 1,
      doc = "Set the access and modification times of FILENAME to TIMESTAMP, by default now.")
  static Object setFileTimes(Task t, Object filename, Object timestamp, Object flag) {
    java.math.BigInteger[] time = org.elver.lisp.time.TimeValue.of(t, timestamp).nanoseconds();
    LispString name = Filenames.expand(t, filename, here(t));
    Object done = Handlers.tryCall(t, SET_FILE_TIMES, name, name, timestamp, flag);
    if (done != null) {
      return done;
    }
    flag(flag);
    try {
      FileTime ft =
          FileTime.from(java.time.Instant.ofEpochSecond(time[0].longValue(), time[1].longValue()));
      Files.getFileAttributeView(path(t, name), PosixFileAttributeView.class, options(flag))
          .setTimes(ft, ft, null);
      return Symbol.T;
    } catch (IOException e) {
      if (Files.isDirectory(path(t, name))) {
        return Symbol.NIL;
      }
      throw FileErrors.signal("Setting file times", e, name);
    }
  }

  @Primitive(
      value = "unix-sync",
      doc = "Tell the system to write all its caches to disk.",
      interactive = "")
  static Object unixSync(Task t) {
    return Symbol.NIL;
  }

  // ---- What becomes of files ----------------------------------------------------------------

  /** {@code newname}, or, if that is a directory name, a file in it named as {@code file}. */
  private static LispString expandTo(Task t, LispString file, Object newname) {
    LispString to = Lisp.string(newname);
    if (Filenames.directoryNameP(t, to)) {
      LispString last =
          LispString.of(t.c, FileNames.nondirectory(FileNames.directoryFile(file.toJava(t.c))));
      return Filenames.expand(t, last, to);
    }
    return Filenames.expand(t, to, Symbol.NIL);
  }

  /** Signals unless the file may be overwritten. */
  static void checkOverwrite(Task t, LispString file, Object name, boolean asks, String doing) {
    if (!Files.exists(path(t, file), STAY)) {
      return;
    }
    if (asks) {
      Object yes =
          t.call(
              YES_OR_NO_P,
              LispString.of(
                  t.c, "File " + file.toJava(t.c) + " already exists; " + doing + " anyway? "));
      if (Lisp.isTrue(yes)) {
        return;
      }
    }
    throw new LispSignal(Q.FILE_ALREADY_EXISTS, "File already exists", name);
  }

  private static Object twoNames(
      Task t, Symbol operation, LispString a, LispString b, Object... more) {
    Object[] args = new Object[more.length + 2];
    args[0] = a;
    args[1] = b;
    System.arraycopy(more, 0, args, 2, more.length);
    Object done = Handlers.tryCall(t, operation, a, args);
    return done != null ? done : Handlers.tryCall(t, operation, b, args);
  }

  @Primitive(
      value = "copy-file",
      min = 2,
      doc =
          "Copy FILE to NEWNAME, or into it if it is a directory name.\n"
              + "OK-IF-ALREADY-EXISTS: an integer asks, other non-nil overwrites.  KEEP-TIME keeps"
              + " the\n"
              + "times, PRESERVE-UID-GID the owner; PRESERVE-PERMISSIONS all mode bits.",
      interactive = "fCopy file: \nGCopy %s to file: \np\nP")
  static Object copyFile(
      Task t,
      Object file,
      Object newname,
      Object okIfAlreadyExists,
      Object keepTime,
      Object preserveUidGid,
      Object preservePermissions) {
    LispString from = Filenames.expand(t, file, Symbol.NIL);
    LispString to = expandTo(t, from, newname);
    Object done =
        twoNames(
            t,
            COPY_FILE,
            from,
            to,
            okIfAlreadyExists,
            keepTime,
            preserveUidGid,
            preservePermissions);
    if (done != null) {
      return done;
    }
    Path a = path(t, from);
    Path b = path(t, to);
    if (!Files.exists(a)) {
      throw FileErrors.signal("Opening input file", missing(a), from);
    }
    if (Files.isDirectory(a)) {
      throw new LispSignal(Q.FILE_ERROR, "Non-regular file", "Is a directory", from);
    }
    if (okIfAlreadyExists == Symbol.NIL || okIfAlreadyExists instanceof Long) {
      checkOverwrite(t, to, to, okIfAlreadyExists instanceof Long, "copy to it");
    }
    try (java.io.InputStream in = Files.newInputStream(a)) {
      int mode = modes(a);
      boolean isNew = !Files.exists(b);
      try {
        if (!isNew && Files.isSameFile(a, b)) {
          throw new LispSignal(
              Q.FILE_ERROR, "Input and output files are the same", "Success", from, to);
        }
        if (Files.isDirectory(b)) {
          throw FileErrors.signal("Opening output file", "Is a directory", to);
        }
        try (java.io.OutputStream out = Files.newOutputStream(b)) {
          byte[] chunk = new byte[1 << 16];
          for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            t.safepoint();
            out.write(chunk, 0, n);
          }
        }
      } catch (IOException e) {
        throw FileErrors.signal("Opening output file", e, to);
      }
      int keep = Lisp.isTrue(preservePermissions) ? 07777 : 0777;
      if (Lisp.isTrue(preservePermissions) || isNew) {
        setModes(b, mode & (Lisp.isTrue(preservePermissions) ? keep : defaultModes(t)), false);
      }
      if (Lisp.isTrue(preserveUidGid)) {
        Files.setAttribute(b, "unix:uid", Files.getAttribute(a, "unix:uid"));
        Files.setAttribute(b, "unix:gid", Files.getAttribute(a, "unix:gid"));
      }
      if (Lisp.isTrue(keepTime)) {
        var v = Files.getFileAttributeView(a, PosixFileAttributeView.class).readAttributes();
        Files.getFileAttributeView(b, PosixFileAttributeView.class)
            .setTimes(v.lastModifiedTime(), v.lastAccessTime(), null);
      }
      return Symbol.NIL;
    } catch (IOException e) {
      throw FileErrors.signal("Opening input file", e, from);
    }
  }

  /** What is wrong with a path that is not there. */
  private static IOException missing(Path p) {
    try {
      Files.readAttributes(p, "unix:mode");
      return new java.nio.file.NoSuchFileException(p.toString());
    } catch (IOException e) {
      return e;
    }
  }

  @Primitive(
      value = "rename-file",
      min = 2,
      doc =
          "Rename FILE to NEWNAME, or into it if it is a directory name.\n"
              + "OK-IF-ALREADY-EXISTS: an integer asks, other non-nil overwrites.",
      interactive = "fRename file: \nGRename %s to file: \np")
  static Object renameFile(Task t, Object file, Object newname, Object okIfAlreadyExists) {
    LispString from = Filenames.expand(t, file, Symbol.NIL);
    LispString to = expandTo(t, from, newname);
    Object done = twoNames(t, RENAME_FILE, from, to, okIfAlreadyExists);
    if (done != null) {
      return done;
    }
    Path a = FileErrors.entry(FileNames.java(t, from));
    Path b = FileErrors.entry(FileNames.java(t, to));
    if (okIfAlreadyExists == Symbol.NIL || okIfAlreadyExists instanceof Long) {
      checkOverwrite(t, to, to, okIfAlreadyExists instanceof Long, "rename to it");
    }
    try {
      java.io.IOException unlike = unlikeKinds(a, b);
      if (unlike != null) {
        throw unlike;
      }
      t.irrevocable();
      Files.move(a, b, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (java.nio.file.AtomicMoveNotSupportedException e) {
      if (Files.isDirectory(a, STAY)) {
        t.call(COPY_DIRECTORY, from, to, Symbol.T, Symbol.NIL, Symbol.NIL);
        t.call(DELETE_DIRECTORY, from, Symbol.T);
      } else if (Files.isSymbolicLink(a)) {
        makeSymbolicLink(t, target(t, a), to, okIfAlreadyExists);
        deleteFile(t, from, Symbol.NIL);
      } else {
        copyFile(
            t,
            from,
            to,
            okIfAlreadyExists == Symbol.NIL ? Symbol.NIL : Symbol.T,
            Symbol.T,
            Symbol.T,
            Symbol.T);
        deleteFile(t, from, Symbol.NIL);
      }
    } catch (IOException e) {
      throw FileErrors.signal("Renaming", e, from, to);
    }
    return Symbol.NIL;
  }

  private static IOException unlikeKinds(Path a, Path b) {
    boolean da = Files.isDirectory(a, STAY);
    if (Files.exists(a, STAY) && Files.exists(b, STAY) && da != Files.isDirectory(b, STAY)) {
      return new java.nio.file.FileSystemException(
          a.toString(), null, da ? "Not a directory" : "Is a directory");
    }
    return null;
  }

  @Primitive(
      value = "add-name-to-file",
      min = 2,
      doc = "Give FILE the further name NEWNAME: a hard link.",
      interactive = "fAdd name to file: \nGName to add to %s: \np")
  static Object addNameToFile(Task t, Object file, Object newname, Object okIfAlreadyExists) {
    LispString from = Filenames.expand(t, file, Symbol.NIL);
    LispString to = expandTo(t, from, newname);
    Object done = twoNames(t, ADD_NAME, from, to, okIfAlreadyExists);
    if (done != null) {
      return done;
    }
    if (okIfAlreadyExists == Symbol.NIL || okIfAlreadyExists instanceof Long) {
      checkOverwrite(t, to, to, okIfAlreadyExists instanceof Long, "make it a new name");
    }
    try {
      if (Files.exists(path(t, to), STAY)) {
        t.irrevocable();
        Files.delete(path(t, to));
      }
      t.irrevocable();
      Files.createLink(path(t, to), path(t, from));
      return Symbol.NIL;
    } catch (IOException e) {
      throw FileErrors.signal("Adding new name", e, from, to);
    }
  }

  @Primitive(
      value = "make-symbolic-link",
      min = 2,
      doc = "Make LINKNAME, or a file in it if it is a directory name, a symbolic link to TARGET.",
      interactive = "FMake symbolic link to file: \nGMake symbolic link to file %s: \np")
  static Object makeSymbolicLink(Task t, Object target, Object linkname, Object okIfAlreadyExists) {
    LispString to = Lisp.string(target);
    String s = to.toJava(t.c);
    if (okIfAlreadyExists instanceof Long && s.startsWith("~")) {
      s = Filenames.expand(t, to, Symbol.NIL).toJava(t.c);
    } else if (s.startsWith("/:")) {
      s = s.substring(2);
    }
    LispString link = expandTo(t, to, linkname);
    Object done = Handlers.tryCall(t, MAKE_LINK, link, to, link, okIfAlreadyExists);
    if (done != null) {
      return done;
    }
    if (okIfAlreadyExists == Symbol.NIL || okIfAlreadyExists instanceof Long) {
      checkOverwrite(t, link, link, okIfAlreadyExists instanceof Long, "make it a link");
    }
    try {
      Path p = path(t, link);
      if (Files.exists(p, STAY)) {
        if (Files.isDirectory(p, STAY)) {
          throw new java.nio.file.FileSystemException(p.toString(), null, "File exists");
        }
        t.irrevocable();
        Files.delete(p);
      }
      t.irrevocable();
      Files.createSymbolicLink(p, FileErrors.path(s));
      return Symbol.NIL;
    } catch (IOException e) {
      throw FileErrors.signal("Making symbolic link", e, LispString.of(t.c, s), link);
    }
  }

  @Primitive(
      value = "delete-file",
      min = 1,
      doc =
          "Delete FILENAME; a symbolic link itself, not what it leads to.\n"
              + "With TRASH non-nil and `delete-by-moving-to-trash', move it to the trash.",
      interactive =
          "(list (read-file-name (if (and delete-by-moving-to-trash"
              + " (null current-prefix-arg)) \"Move file to trash: \" \"Delete file: \") nil"
              + " default-directory (confirm-nonexistent-file-or-buffer))"
              + " (null current-prefix-arg))")
  static Object deleteFile(Task t, Object filename, Object trash) {
    if (Lisp.isTrue(fileDirectoryP(t, filename)) && fileSymlinkP(t, filename) == Symbol.NIL) {
      throw new LispSignal(Q.FILE_ERROR, "Removing old name: is a directory", filename);
    }
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    Object done = Handlers.tryCall(t, DELETE_FILE, name, name, trash);
    if (done != null) {
      return done;
    }
    if (Lisp.isTrue(trash) && Lisp.isTrue(org.elver.lisp.machine.Variables.orNil(t, TRASH))) {
      return t.call(MOVE_TO_TRASH, filename);
    }
    try {
      t.irrevocable();
      Files.delete(path(t, name));
    } catch (java.nio.file.NoSuchFileException e) {
      return Symbol.NIL;
    } catch (IOException e) {
      throw FileErrors.signal("Removing old name", e, name);
    }
    return Symbol.NIL;
  }

  @Primitive(value = "delete-directory-internal", doc = "Delete the empty directory DIRECTORY.")
  static Object deleteDirectoryInternal(Task t, Object directory) {
    Lisp.string(directory);
    Object file = Filenames.directoryFileName(t, Filenames.expand(t, directory, Symbol.NIL));
    LispString name = Lisp.string(file);
    try {
      Path p = path(t, name);
      if (Files.exists(p, STAY) && !Files.isDirectory(p, STAY)) {
        throw new java.nio.file.NotDirectoryException(p.toString());
      }
      t.irrevocable();
      Files.delete(p);
      return Symbol.NIL;
    } catch (IOException e) {
      throw FileErrors.signal("Removing directory", e, name);
    }
  }

  @Primitive(value = "make-directory-internal", doc = "Make a directory named DIRECTORY.")
  static Object makeDirectoryInternal(Task t, Object directory) {
    Lisp.string(directory);
    LispString name = Filenames.expand(t, directory, Symbol.NIL);
    Object done = Handlers.tryCall(t, MAKE_DIRECTORY, name, name);
    if (done != null) {
      return done;
    }
    try {
      Path p = FileErrors.entry(FileNames.java(t, name));
      t.irrevocable();
      Files.createDirectory(p);
      setModes(p, defaultModes(t), false);
      return Symbol.NIL;
    } catch (IOException e) {
      throw FileErrors.signal("Creating directory", e, directory);
    }
  }

  // ---- What this system does not have, and what it tells of disks
  // --------------------------------

  @Primitive(value = "file-acl", doc = "Return the access control list of FILENAME, or nil.")
  static Object fileAcl(Task t, Object filename) {
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    Object done = Handlers.tryCall(t, FILE_ACL, name, name);
    return done != null ? done : Symbol.NIL;
  }

  @Primitive(
      value = "set-file-acl",
      doc = "Set the access control list of FILENAME to ACL-STRING; return t if that was done.")
  static Object setFileAcl(Task t, Object filename, Object aclString) {
    LispString name = Filenames.expand(t, filename, here(t));
    Object done = Handlers.tryCall(t, SET_FILE_ACL, name, name, aclString);
    return done != null ? done : Symbol.NIL;
  }

  @Primitive(
      value = "file-selinux-context",
      doc = "Return the SELinux context of FILENAME: a list (USER ROLE TYPE RANGE).")
  static Object fileSelinuxContext(Task t, Object filename) {
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    Object done = Handlers.tryCall(t, SELINUX, name, name);
    return done != null ? done : t.list(Symbol.NIL, Symbol.NIL, Symbol.NIL, Symbol.NIL);
  }

  @Primitive(
      value = "set-file-selinux-context",
      doc = "Set the SELinux context of FILENAME to CONTEXT; return t if that was done.")
  static Object setFileSelinuxContext(Task t, Object filename, Object context) {
    LispString name = Filenames.expand(t, filename, here(t));
    Object done = Handlers.tryCall(t, SET_SELINUX, name, name, context);
    return done != null ? done : Symbol.NIL;
  }

  @Primitive(
      value = "file-system-info",
      doc = "Return (TOTAL FREE AVAILABLE), in bytes, of the file system that FILENAME is on.")
  static Object fileSystemInfo(Task t, Object filename) {
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    Object done = Handlers.tryCall(t, FILE_SYSTEM_INFO, name, name);
    if (done != null) {
      if (done == Symbol.NIL || done instanceof org.elver.heap.object.Pair) {
        return done;
      }
      throw LispSignal.error("Invalid handler in ‘file-name-handler-alist’");
    }
    try {
      FileStore s = Files.getFileStore(path(t, name));
      return t.list(
          Lisp.integer(s.getTotalSpace()),
          Lisp.integer(s.getUnallocatedSpace()),
          Lisp.integer(s.getUsableSpace()));
    } catch (IOException e) {
      return Symbol.NIL;
    }
  }

  @Primitive(
      value = "set-binary-mode",
      doc = "Switch STREAM (stdin, stdout or stderr) to binary MODE; here it always is.")
  static Object setBinaryMode(Task t, Object stream, Object mode) {
    Symbol s = Lisp.symbol(stream);
    if (!"stdin".equals(s.name()) && !"stdout".equals(s.name()) && !"stderr".equals(s.name())) {
      throw new LispSignal(Q.ERROR, "unsupported stream", s);
    }
    return Symbol.T;
  }

  @Primitive(value = "car-less-than-car", doc = "Return t if the car of A is less than that of B.")
  static Object carLessThanCar(Task t, Object a, Object b) {
    return t.callNamed("<", Lisp.car(t.c, a), Lisp.car(t.c, b));
  }

  @Primitive(
      value = "next-read-file-uses-dialog-p",
      doc = "Return t if the next `read-file-name' would use a dialogue; without a display nil.")
  static boolean nextReadFileUsesDialogP(Task t) {
    return false;
  }

  /** Milliseconds of a file's last change; used for locks. */
  static long modified(Path p) throws IOException {
    return Files.getLastModifiedTime(p).to(TimeUnit.MILLISECONDS);
  }
}
