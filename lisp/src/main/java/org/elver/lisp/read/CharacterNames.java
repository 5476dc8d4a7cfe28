package org.elver.lisp.read;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;

/** Characters by their Unicode names, which Lisp's own tables know. */
final class CharacterNames {
  private CharacterNames() {}

  /**
   * The character called {@code name}, in words or as {@code U+} and hexadecimal digits; -1 when
   * there is none.
   */
  static int find(Task t, String name) {
    if (name.startsWith("U+")) {
      return number(name);
    }
    int code = -1;
    Object table = t.callNamed("ucs-names");
    Object v = t.callNamed("gethash", LispString.of(t.c, name), table);
    if (v instanceof Long l && l >= 0 && l <= LispString.MAX_UNICODE) {
      code = (int) (long) l;
    } else if (name.startsWith("VARIATION SELECTOR-")) {
      code = variation(name.substring("VARIATION SELECTOR-".length()));
    } else {
      v = t.callNamed("char-from-name", LispString.of(t.c, name));
      code = Lisp.isCharacter(v) ? (int) (long) (Long) v : -1;
    }
    return code;
  }

  private static int number(String name) {
    try {
      if (name.length() < 3 || name.length() > 10) {
        return -1;
      }
      for (int i = 2; i < name.length(); i++) {
        if (Character.digit(name.charAt(i), 16) < 0) {
          return -1;
        }
      }
      long code = Long.parseLong(name.substring(2), 16);
      boolean surrogate = code >= 0xD800 && code <= 0xDFFF;
      return code <= LispString.MAX_UNICODE && !surrogate ? (int) code : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static int variation(String digits) {
    try {
      int n = Integer.parseInt(digits);
      if (n >= 1 && n <= 16) {
        return 0xFE00 + n - 1;
      }
      return n >= 17 && n <= 256 ? 0xE0100 + n - 17 : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
