package org.elver.lisp.boot;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.elver.lisp.compile.Compiler;
import org.elver.lisp.image.ImageReader;
import org.elver.lisp.image.ImageWriter;
import org.elver.lisp.machine.AllPrimitives;
import org.elver.lisp.machine.Excursion;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.primitive.LocaleSetup;
import org.elver.lisp.text.Excursions;

/**
 * Images of the preloaded library, kept in the user's cache directory ({@code XDG_CACHE_HOME} or
 * {@code ~/.cache}, below it {@code elver}). One is good for the build of Elver that wrote it and
 * for the library as it was then; when either changes another is written.
 */
public final class Images {
  private Images() {}

  /** Where images and other things that can be made again are kept. */
  public static Path cache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg != null && !xdg.isEmpty()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("elver");
  }

  /** The file that holds, or would hold, the image of {@code library} for the user's locale. */
  public static Path file(Library library) {
    return file(stamp(library, LocaleSetup.key()));
  }

  private static Path file(String stamp) {
    return cache().resolve("image-" + Integer.toHexString(stamp.hashCode()) + ".bin");
  }

  /** A VM with the preloaded library from its image; null when there is none that fits. */
  public static Task read(Library library) {
    Vm vm = new Vm(new Compiler(), AllPrimitives.groups());
    Task t = vm.newBareTask();
    if (!read(library, t)) {
      return null;
    }
    Beginning.ofLibrary(vm, library);
    return t;
  }

  /** Gives {@code t} the preloaded library from its image; false when there is none that fits. */
  static boolean read(Library library, Task t) {
    t.vm().service(Excursion.class, Excursions::new);
    String key = LocaleSetup.key();
    String stamp = stamp(library, key);
    if (read(stamp, t)) {
      return true;
    }
    if (!read(stamp(library, ""), t)) {
      return false;
    }
    // The first start in this locale.
    LocaleSetup.setUp(t);
    try {
      write(stamp, t);
    } catch (IOException e) {
      // The next start will be as slow as this one, and tell whether the cache can be written.
      return true;
    }
    return true;
  }

  private static boolean read(String stamp, Task t) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file(stamp));
    } catch (IOException e) {
      return false;
    }
    return ImageReader.read(bytes, stamp, t);
  }

  /**
   * Writes the image of {@code t}, the main task of a VM that has loaded the library and done
   * nothing else.
   *
   * @return the file
   * @throws IOException when it cannot be written: a start without it is slower, and works as well
   */
  public static Path write(Library library, Task t) throws IOException {
    return write(stamp(library, ""), t);
  }

  private static Path write(String stamp, Task t) throws IOException {
    byte[] image = ImageWriter.write(t, stamp);
    Path file = file(stamp);
    Files.createDirectories(file.getParent());
    Path temporary = Files.createTempFile(file.getParent(), "image", ".tmp");
    try {
      Files.write(temporary, image);
      try {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
    return file;
  }

  /** What an image must have been made from: with {@code locale} set up, or without any if "". */
  private static String stamp(Library library, String locale) {
    return "elver image 1 "
        + build()
        + " "
        + library.lisp()
        + " "
        + time(library.lisp().resolve("loadup.el"))
        + " "
        + time(library.lisp().resolve("subr.elc"))
        + " "
        + time(library.etc())
        + " "
        + locale;
  }

  /** What tells this build of Elver from others: where its classes are, and when they were made. */
  private static String build() {
    String given = System.getProperty("elver.build");
    if (given != null) {
      return given;
    }
    try {
      Path p = Path.of(Images.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!Files.isDirectory(p)) {
        return p + "@" + time(p);
      }
      long newest = 0;
      try (Stream<Path> all = Files.walk(p)) {
        for (Path f : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
          newest = Math.max(newest, Files.getLastModifiedTime(f).toMillis());
        }
      }
      return p + "@" + HexFormat.of().toHexDigits(newest);
    } catch (URISyntaxException | IOException e) {
      return "unknown";
    }
  }

  private static String time(Path p) {
    try {
      FileTime t = Files.getLastModifiedTime(p);
      return Long.toHexString(t.toMillis());
    } catch (IOException e) {
      return "absent";
    }
  }
}
