package org.elver.lisp.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** The environment as Lisp has it, and who the users of the machine are. */
public final class Environment {
  /** The variable that holds the environment for programs. */
  public static final Symbol PROCESS_ENVIRONMENT = Symbol.known("process-environment");

  private Environment() {}

  /** The value of an environment variable; null when it is not set. */
  public static String get(Task t, String name) {
    Object x = lookUp(t, name, Variables.orNil(t, PROCESS_ENVIRONMENT));
    return x instanceof LispString s ? s.toJava(t.c) : null;
  }

  /**
   * The entry for {@code name} in a list like {@code process-environment}: string, t for unset, or
   * nil.
   */
  public static Object lookUp(Task t, String name, Object list) {
    Object tail = list;
    while (tail instanceof Pair p) {
      if (p.first(t.c) instanceof LispString entry) {
        String s = entry.toJava(t.c);
        if (s.startsWith(name)) {
          if (s.length() == name.length()) {
            return Symbol.T;
          }
          if (s.charAt(name.length()) == '=') {
            return LispString.of(t.c, s.substring(name.length() + 1));
          }
        }
      }
      tail = p.second(t.c);
    }
    return Symbol.NIL;
  }

  /**
   * The variables that programs are started with: first entries count, those without = are unset.
   */
  public static java.util.Map<String, String> all(Task t) {
    java.util.Map<String, String> out = new java.util.LinkedHashMap<>();
    java.util.Set<String> unset = new java.util.HashSet<>();
    Object tail = Variables.orNil(t, PROCESS_ENVIRONMENT);
    while (tail instanceof Pair p) {
      if (p.first(t.c) instanceof LispString entry) {
        String s = entry.toJava(t.c);
        int at = s.indexOf('=');
        String name = at < 0 ? s : s.substring(0, at);
        if (!name.isEmpty() && !unset.contains(name) && !out.containsKey(name)) {
          if (at < 0) {
            unset.add(name);
          } else {
            out.put(name, s.substring(at + 1));
          }
        }
      }
      tail = p.second(t.c);
    }
    return out;
  }

  /** The fields of a user's or group's line. */
  private static List<String[]> table(String file) {
    List<String[]> out = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1)) {
        String[] f = line.split(":", -1);
        if (f.length >= 3) {
          out.add(f);
        }
      }
    } catch (IOException e) {
      return out; // No such table: no known users.
    }
    return out;
  }

  /** All users: name, password, uid, gid, full name, home, shell. */
  public static List<String[]> users() {
    return table("/etc/passwd");
  }

  /** All groups: name, password, gid, members. */
  public static List<String[]> groups() {
    return table("/etc/group");
  }

  /** The user of that name, or null. */
  public static String[] user(String name) {
    return find(users(), 0, name);
  }

  /** The user of that number, or null. */
  public static String[] user(long uid) {
    return find(users(), 2, Long.toString(uid));
  }

  /** The name of the group of that number, or null. */
  public static String group(long gid) {
    String[] g = find(groups(), 2, Long.toString(gid));
    return g == null ? null : g[0];
  }

  private static String[] find(List<String[]> table, int field, String value) {
    for (String[] f : table) {
      if (f[field].equals(value)) {
        return f;
      }
    }
    return null;
  }

  /** The home directory of a user, or null. */
  public static String home(String user) {
    String[] f = user(user);
    return f == null || f.length < 6 ? null : f[5];
  }

  /** A number from {@code /proc/self/status}: real and effective ids. */
  public static long id(String key, int column) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith(key + ":")) {
          return Long.parseLong(line.split("\\s+", -1)[column + 1]);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return 0; // Not Linux: taken for the superuser's.
    }
    return 0;
  }
}
