package org.elver.lisp.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Elver's own Lisp libraries, which come with its classes: found where {@code load-path} has none.
 */
final class OwnLibrary {
  private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9-]*)(\\.el)?");

  private OwnLibrary() {}

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
