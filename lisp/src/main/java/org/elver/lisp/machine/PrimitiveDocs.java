package org.elver.lisp.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The documentation of primitives, which the build writes into a table. Immutable once loaded. */
public final class PrimitiveDocs {
  /** Loaded when it is first asked for. */
  private static final class Table {
    static final Map<String, String> ALL = load();

    private static Map<String, String> load() {
      Map<String, String> all = new HashMap<>();
      try (InputStream in =
          PrimitiveDocs.class.getResourceAsStream("/org/elver/lisp/primitives.tsv")) {
        if (in == null) {
          return all;
        }
        BufferedReader r = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = r.readLine(); line != null; line = r.readLine()) {
          String[] f = line.split("\t", -1);
          if (f.length >= 6) {
            String arguments = f[4];
            String doc = plain(f[5]);
            String fn =
                arguments.startsWith("(") && arguments.length() > 2
                    ? "(fn " + arguments.substring(1)
                    : "(fn)";
            all.put(f[0], doc + "\n\n" + fn);
          }
        }
      } catch (IOException e) {
        return all;
      }
      return all;
    }
  }

  private static String plain(String escaped) {
    StringBuilder s = new StringBuilder(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '\\' && i + 1 < escaped.length()) {
        c = escaped.charAt(++i) == 'n' ? '\n' : escaped.charAt(i);
      }
      s.append(c);
    }
    return s.toString();
  }

  private PrimitiveDocs() {}

  /** The documentation of a primitive, with its argument list at the end; null: none. */
  public static String of(Subr s) {
    return Table.ALL.get(s.name());
  }
}
