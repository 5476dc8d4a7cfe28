package org.elver.lisp.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Elver's own Lisp libraries, which come with its classes: found where {@code load-path} has none,
 * and where it has GNU Emacs's own library of the same name.
 */
final class OwnLibrary {
  private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9-]*)(\\.el)?");

  /** Libraries of GNU Emacs for which there is one here that can do more. */
  private static final Pattern REPLACED = Pattern.compile("generator");

  private OwnLibrary() {}

  /**
   * Whether the library {@code name} is to be loaded from here and not from {@code path}, where it
   * was found: because that is GNU Emacs's own, not somebody's under the same name. GNU Emacs's can
   * still be loaded by its file name.
   */
  static boolean replaces(String name, String path) {
    if (!REPLACED.matcher(name).matches()) {
      return false;
    }
    Path directory = Path.of(path).getParent();
    return directory != null && directory.endsWith(Path.of("lisp", "emacs-lisp"));
  }

  /** The source of the library {@code name}, with or without its suffix; or null. */
  static byte[] source(String name) {
    Matcher m = NAME.matcher(name);
    if (!m.matches()) {
      return null;
    }
    String resource = "/org/elver/lisp/library/" + m.group(1) + ".el";
    try (InputStream in = OwnLibrary.class.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
