package org.elver.lisp.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;

/** The operating system's errors as Lisp's conditions. */
public final class FileErrors {
  private FileErrors() {}

  /** What the system calls the fault. */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException x -> "No such file or directory";
      case FileAlreadyExistsException x -> "File exists";
      case AccessDeniedException x -> "Permission denied";
      case DirectoryNotEmptyException x -> "Directory not empty";
      case NotDirectoryException x -> "Not a directory";
      case NotLinkException x -> "Invalid argument";
      case FileSystemLoopException x -> "Too many levels of symbolic links";
      case FileSystemException x when x.getReason() != null -> plain(x.getReason());
      default -> e.getMessage() == null ? "Input/output error" : plain(e.getMessage());
    };
  }

  private static String plain(String reason) {
    return reason.startsWith("Too many levels of symbolic links")
        ? "Too many levels of symbolic links"
        : reason;
  }

  /** The condition for {@code e}, told with what was being done and to which files. */
  public static LispSignal signal(String doing, IOException e, Object... files) {
    return signal(doing, reason(e), files);
  }

  /** The condition for an error that the system calls {@code reason}. */
  public static LispSignal signal(String doing, String reason, Object... files) {
    if (reason.equals("File exists")) {
      Object[] data = new Object[files.length + 1];
      data[0] = reason;
      System.arraycopy(files, 0, data, 1, files.length);
      return new LispSignal(Q.FILE_ALREADY_EXISTS, data);
    }
    Object[] data = new Object[files.length + 2];
    data[0] = doing;
    data[1] = reason;
    System.arraycopy(files, 0, data, 2, files.length);
    return new LispSignal(
        switch (reason) {
          case "No such file or directory" -> Q.FILE_MISSING;
          case "Permission denied" -> Q.PERMISSION_DENIED;
          default -> Q.FILE_ERROR;
        },
        data);
  }

  /** Java's path of a name without a slash at its end. */
  public static Path entry(String name) {
    return path(FileNames.directoryFile(name));
  }

  /** Java's path of an absolute name; one that cannot be is a name of nothing. */
  public static Path path(String name) {
    try {
      // Java drops a slash at the end, which asks for a directory.
      return Path.of(name.length() > 1 && name.endsWith("/") ? name + "." : name);
    } catch (InvalidPathException e) {
      return Path.of("/nonexistent/" + Integer.toHexString(name.hashCode()));
    }
  }
}
