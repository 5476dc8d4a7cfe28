package org.elver.lisp.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * An installed Lisp library of GNU Emacs.
 *
 * @param lisp the directory of {@code loadup.el}
 * @param version the version its path tells; may be empty
 */
public record Library(Path lisp, String version) {
  /** The major version whose library is supported. */
  public static final String SUPPORTED = "28";

  /** The library to use: what {@code ELVER_LISP} says, or the newest supported one; null: none. */
  public static Library find() {
    String wish = System.getenv("ELVER_LISP");
    if (wish != null && !wish.isEmpty()) {
      Path p = Path.of(wish).toAbsolutePath();
      return Files.exists(p.resolve("loadup.el")) ? of(p) : null;
    }
    Library best = null;
    for (Library l : all()) {
      if (l.isSupported() && (best == null || compareVersions(l.version, best.version) > 0)) {
        best = l;
      }
    }
    return best;
  }

  /** Every library in the usual places. */
  public static List<Library> all() {
    List<Library> found = new ArrayList<>();
    for (String place : new String[] {"/usr/share/emacs", "/usr/local/share/emacs"}) {
      Path root = Path.of(place);
      if (!Files.isDirectory(root)) {
        continue;
      }
      try (Stream<Path> versions = Files.list(root)) {
        versions
            .sorted(Comparator.naturalOrder())
            .map(v -> v.resolve("lisp"))
            .filter(v -> Files.exists(v.resolve("loadup.el")))
            .forEach(v -> found.add(of(v)));
      } catch (IOException e) {
        // A place that cannot be read has no library for us.
      }
    }
    return found;
  }

  private static Library of(Path lisp) {
    Path parent = lisp.getParent();
    Path name = parent == null ? null : parent.getFileName();
    String text = name == null ? "" : name.toString();
    return new Library(lisp, text.matches("[0-9.]+") ? text : "");
  }

  /** Whether it is of the supported version, as far as its path tells. */
  public boolean isSupported() {
    return version.isEmpty() || version.equals(SUPPORTED) || version.startsWith(SUPPORTED + ".");
  }

  private static int compareVersions(String a, String b) {
    List<Integer> x = numbers(a);
    List<Integer> y = numbers(b);
    for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
      int d = Integer.compare(x.get(i), y.get(i));
      if (d != 0) {
        return d;
      }
    }
    return Integer.compare(x.size(), y.size());
  }

  private static List<Integer> numbers(String version) {
    List<Integer> all = new ArrayList<>();
    int n = -1;
    for (int i = 0; i <= version.length(); i++) {
      char c = i < version.length() ? version.charAt(i) : '.';
      if (c >= '0' && c <= '9') {
        n = Math.max(n, 0) * 10 + (c - '0');
      } else if (n >= 0) {
        all.add(n);
        n = -1;
      }
    }
    return all;
  }

  /** The directory beside it with data files. */
  public Path etc() {
    return lisp.resolveSibling("etc");
  }
}
