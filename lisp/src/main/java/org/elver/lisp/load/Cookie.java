package org.elver.lisp.load;

import org.elver.lisp.read.Input;

/** The first line of a file that says {@code -*- lexical-binding: t -*-}. */
public final class Cookie {
  private Cookie() {}

  /** Whether the input, which is at its beginning, asks for lexical binding. */
  public static boolean isLexical(Input in) {
    int c = in.next();
    if (c == '#') { // The line that names an interpreter comes before the cookie.
      c = in.next();
      if (c != '!') {
        return false;
      }
      while (c >= 0 && c != '\n') {
        c = in.next();
      }
      if (c == '\n') {
        c = in.next();
      }
    }
    if (c != ';') {
      return false;
    }
    StringBuilder line = new StringBuilder();
    while (c >= 0 && c != '\n' && line.length() < 10_000) {
      line.append((char) (c < 128 ? c : '?'));
      c = in.next();
    }
    int from = line.indexOf("-*-");
    int to = from < 0 ? -1 : line.indexOf("-*-", from + 3);
    if (to < 0) {
      return false;
    }
    String rest = line.substring(from + 3, to);
    while (!rest.isEmpty()) {
      int semicolon = rest.indexOf(';');
      String one = semicolon < 0 ? rest : rest.substring(0, semicolon);
      rest = semicolon < 0 ? "" : rest.substring(semicolon + 1);
      int colon = one.indexOf(':');
      if (colon >= 0 && "lexical-binding".equals(one.substring(0, colon).strip())) {
        return !"nil".equals(one.substring(colon + 1).strip());
      }
    }
    return false;
  }
}
