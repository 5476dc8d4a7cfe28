package org.elver.lisp.read;

import java.util.Arrays;
import org.elver.heap.version.Context;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;

/** Passages of {@code .elc} files that byte-code objects refer to by position. */
public final class DocStrings {
  private DocStrings() {}

  /** The bytes of the passage at {@code at}, up to the character U+001F, unescaped. */
  public static byte[] bytesAt(byte[] file, int at) {
    byte[] out = new byte[256];
    int n = 0;
    for (int i = Math.max(at, 0); i < file.length && file[i] != 037; i++) {
      byte b = file[i];
      if (b == 1 && i + 1 < file.length) {
        b =
            switch (file[++i]) {
              case '0' -> 0;
              case '_' -> 037;
              default -> file[i];
            };
      }
      if (n == out.length) {
        out = Arrays.copyOf(out, n * 2);
      }
      out[n++] = b;
    }
    return Arrays.copyOf(out, n);
  }

  /** The string of the passage at {@code at}. */
  public static LispString at(Context c, byte[] file, int at) {
    FileInput in = new FileInput(bytesAt(file, at), 0);
    CodeBuffer text = new CodeBuffer(256);
    for (int code = in.next(); code >= 0; code = in.next()) {
      text.append(code);
    }
    return text.toLisp(c);
  }
}
