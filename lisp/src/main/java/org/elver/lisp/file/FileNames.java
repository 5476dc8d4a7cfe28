package org.elver.lisp.file;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The syntax of file names, as Java strings; handlers are the callers' business. */
public final class FileNames {
  private static final Symbol FILENAMEP = Symbol.known("filenamep");
  private static final Symbol INVOCATION_DIRECTORY = Symbol.known("invocation-directory");

  private FileNames() {}

  /** Java's string of a file name, which has no NUL. */
  public static String java(Task t, Object x) {
    String s = Lisp.string(x).toJava(t.c);
    if (s.indexOf('\0') >= 0) {
      throw LispSignal.wrongType(FILENAMEP, x);
    }
    return s;
  }

  /** The part up to and with the last slash; null when there is none. */
  public static String directory(String name) {
    int at = name.lastIndexOf('/');
    return at < 0 ? null : name.substring(0, at + 1);
  }

  /** The part after the last slash. */
  public static String nondirectory(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** With a slash at the end; the empty name is the present directory. */
  public static String asDirectory(String name) {
    return name.isEmpty() ? "./" : name.endsWith("/") ? name : name + "/";
  }

  /** Without slashes at the end, but those of the root. */
  public static String directoryFile(String name) {
    if (name.equals("//")) {
      return name;
    }
    int n = name.length();
    while (n > 1 && name.charAt(n - 1) == '/') {
      n--;
    }
    return name.substring(0, n);
  }

  /** Whether the name starts at the root or a known user's home. */
  public static boolean isAbsolute(String name) {
    return name.startsWith("/") || (name.startsWith("~") && userKnown(name));
  }

  /** Whether "~user/..." or "~/..." names a home. */
  private static boolean userKnown(String tilde) {
    int end = tilde.indexOf('/');
    String user = tilde.substring(1, end < 0 ? tilde.length() : end);
    return user.isEmpty() || Environment.home(user) != null;
  }

  /** The directory that Java itself was started in. */
  public static String startDirectory() {
    return System.getProperty("user.dir");
  }

  /** {@code expand-file-name} of {@code name} in {@code directory}, which need not be absolute. */
  public static String expand(Task t, String name, String directory) {
    return expand(t, name, directory, 0);
  }

  private static String expand(Task t, String name, String directory, int nesting) {
    if (name.startsWith("/")) {
      return canonical(name);
    }
    if (name.startsWith("~")) {
      int end = name.indexOf('/');
      String user = name.substring(1, end < 0 ? name.length() : end);
      String home = user.isEmpty() ? home(t) : Environment.home(user);
      if (home != null) {
        String h = home.startsWith("/") ? home : expand(t, home, startDirectory(), 5);
        if (h.length() > 1 && h.endsWith("/")) {
          h = h.substring(0, h.length() - 1);
        }
        return canonical(end < 0 ? h : h + name.substring(end));
      }
    }
    String in = directory;
    if (!in.startsWith("/")) {
      in = nesting >= 3 ? startDirectory() : expand(t, in, outer(t, nesting), nesting + 1);
    }
    if (name.isEmpty()) {
      return canonical(directoryFile(in));
    }
    return canonical(in.endsWith("/") ? in + name : in + "/" + name);
  }

  private static String outer(Task t, int nesting) {
    Object d = Variables.orNil(t, nesting == 0 ? Q.DEFAULT_DIRECTORY : INVOCATION_DIRECTORY);
    return d instanceof LispString s ? s.toJava(t.c) : "/";
  }

  /** The user's home directory, as HOME has it. */
  public static String home(Task t) {
    String home = Environment.get(t, "HOME");
    return home != null ? home : System.getProperty("user.home");
  }

  /** An absolute name without "." and ".." and repeated slashes. */
  static String canonical(String name) {
    int n = name.length();
    StringBuilder out = new StringBuilder(n);
    int i = 0;
    if (name.startsWith("//") && !name.startsWith("///")) {
      out.append('/');
      i = 1;
    }
    int base = out.length();
    while (i < n) {
      char ch = name.charAt(i);
      if (ch != '/') {
        out.append(ch);
        i++;
      } else if (isPart(name, i + 1, ".")) {
        if (out.length() == base && i + 2 == n) {
          out.append('/');
        }
        i += 2;
      } else if (isPart(name, i + 1, "..") && out.length() > base) {
        out.setLength(Math.max(base, out.lastIndexOf("/")));
        if (out.length() == base && i + 3 == n) {
          out.append('/');
        }
        i += 3;
      } else if (i + 1 < n && name.charAt(i + 1) == '/') {
        i++;
      } else {
        out.append('/');
        i++;
      }
    }
    return out.toString();
  }

  private static boolean isPart(String name, int at, String part) {
    int end = at + part.length();
    return name.startsWith(part, at) && (end == name.length() || name.charAt(end) == '/');
  }

  /** Where a new absolute name starts within {@code name}, or -1. */
  private static int embeddedAbsolute(String name) {
    for (int i = name.length() - 1; i > 0; i--) {
      if (name.charAt(i - 1) == '/'
          && (name.charAt(i) == '/' || (name.charAt(i) == '~' && userKnown(name.substring(i))))) {
        return i;
      }
    }
    return -1;
  }

  /** {@code substitute-in-file-name}. */
  public static String substitute(Task t, String name) {
    int at = embeddedAbsolute(name);
    if (at > 0) {
      return substitute(t, name.substring(at));
    }
    if (name.indexOf('$') < 0) {
      return name;
    }
    StringBuilder out = new StringBuilder();
    int n = name.length();
    for (int i = 0; i < n; ) {
      char ch = name.charAt(i);
      if (ch != '$' || i + 1 == n) {
        out.append(ch);
        i++;
        continue;
      }
      if (name.charAt(i + 1) == '$') {
        out.append('$');
        i += 2;
        continue;
      }
      int end;
      String variable;
      if (name.charAt(i + 1) == '{') {
        int close = name.indexOf('}', i + 2);
        end = close < 0 ? i + 1 : close + 1;
        variable = close < 0 ? "" : name.substring(i + 2, close);
      } else {
        end = i + 1;
        while (end < n && isNameChar(name.charAt(end))) {
          end++;
        }
        variable = name.substring(i + 1, end);
      }
      String value = variable.isEmpty() ? null : Environment.get(t, variable);
      if (value == null) {
        out.append('$');
        i++;
      } else {
        out.append(value);
        i = end;
      }
    }
    String s = out.toString();
    int again = embeddedAbsolute(s);
    return again > 0 ? s.substring(again) : s;
  }

  private static boolean isNameChar(char ch) {
    return ch == '_' || (ch < 128 && Character.isLetterOrDigit(ch));
  }
}
