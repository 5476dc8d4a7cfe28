package org.elver.lisp.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.elver.lisp.file.Environment;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.file.FileNames;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Finding programs and starting them. */
public final class Programs {
  private static final Symbol EXEC_PATH = Symbol.known("exec-path");
  private static final Symbol EXEC_SUFFIXES = Symbol.known("exec-suffixes");

  private Programs() {}

  /** The file of a program; signals an error when it cannot be run. */
  public static String find(Task t, LispString program, String directory) {
    String name = program.toJava(t.c);
    List<String> suffixes = new ArrayList<>();
    for (Object s : Lisp.elements(t.c, Variables.orNil(t, EXEC_SUFFIXES))) {
      suffixes.add(s instanceof LispString x ? x.toJava(t.c) : "");
    }
    if (suffixes.isEmpty()) {
      suffixes.add("");
    }
    String reason = "No such file or directory";
    List<Object> path =
        name.startsWith("/")
                || name.startsWith("./")
                || name.startsWith("../")
                || name.startsWith("~")
            ? List.of((Object) LispString.of(t.c, directory))
            : Lisp.elements(t.c, Variables.orNil(t, EXEC_PATH));
    for (Object d : path) {
      String dir = d instanceof LispString s ? s.toJava(t.c) : directory;
      String base = FileNames.expand(t, name, FileNames.expand(t, dir, directory));
      for (String suffix : suffixes) {
        Path p = FileErrors.path(base + suffix);
        if (Files.isDirectory(p)) {
          if (reason.startsWith("No")) {
            reason = "Is a directory";
          }
        } else if (Files.isExecutable(p)) {
          return base + suffix;
        } else if (Files.exists(p)) {
          reason = "Permission denied";
        }
      }
    }
    if (!name.startsWith("/") && reason.equals("Is a directory")) {
      reason = "No such file or directory";
    }
    String told = reason;
    if (told.equals("Permission denied")) {
      throw new org.elver.lisp.object.LispSignal(
          Q.FILE_ERROR, "Searching for program", told, program);
    }
    throw FileErrors.signal("Searching for program", told, program);
  }

  /** Where programs are started; signals an error when that is no directory. */
  public static String directory(Task t) {
    Object d = Variables.orNil(t, Q.DEFAULT_DIRECTORY);
    LispString name = d instanceof LispString s ? s : LispString.of(t.c, "/");
    String dir = FileNames.expand(t, name.toJava(t.c), "/");
    Path p = FileErrors.path(dir);
    if (!Files.isDirectory(p)) {
      throw FileErrors.signal(
          "Setting current directory",
          Files.exists(p) ? "Not a directory" : "No such file or directory",
          name);
    }
    return dir;
  }

  /** A builder of the program's start: environment and directory are Lisp's. */
  public static ProcessBuilder builder(Task t, List<String> command, String directory) {
    t.irrevocable();
    ProcessBuilder b = new ProcessBuilder(command);
    b.directory(new File(directory));
    b.environment().clear();
    Environment.all(t)
        .forEach(
            (k, v) -> {
              if (k.indexOf('\0') < 0 && v.indexOf('\0') < 0) {
                b.environment().put(k, v);
              }
            });
    String pwd =
        directory.length() > 1 && directory.endsWith("/")
            ? directory.substring(0, directory.length() - 1)
            : directory;
    b.environment().put("PWD", pwd);
    return b;
  }

  /** So long a program may take to end when it has been asked to, in milliseconds. */
  private static final long PATIENCE = 2_000;

  /**
   * Ends a program and those that it has started: asks them to, and makes them where they do not.
   * Does not wait for that. Any thread.
   */
  public static void end(Process p) {
    List<ProcessHandle> asked = withDescendants(p);
    asked.forEach(ProcessHandle::destroy);
    CompletableFuture.delayedExecutor(PATIENCE, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              withDescendants(p).forEach(ProcessHandle::destroyForcibly); // Of which some are new.
              asked.forEach(ProcessHandle::destroyForcibly);
            });
  }

  /** The program first: it is not to start others in place of those that have been ended. */
  private static List<ProcessHandle> withDescendants(Process p) {
    return Stream.concat(Stream.of(p.toHandle()), p.descendants()).toList();
  }

  /** Starts it. */
  public static Process start(ProcessBuilder b, LispString program) {
    try {
      return b.start();
    } catch (IOException e) {
      throw FileErrors.signal("Searching for program", "No such file or directory", program);
    }
  }
}
