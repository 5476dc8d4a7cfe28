package org.elver.lisp.print;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;

/** Standard output and error of the process, in Emacs's extended UTF-8. Any thread. */
public final class Console {
  private boolean lineStart;

  /** Where debugging output goes instead of to standard error; null: there. */
  private OutputStream debugging;

  private Console() {}

  /** The VM's. */
  public static Console of(Task t) {
    t.irrevocable();
    return t.vm().service(Console.class, Console::new);
  }

  /** That of {@code vm}. */
  public static Console of(org.elver.lisp.machine.Vm vm) {
    return vm.service(Console.class, Console::new);
  }

  /** Writes to standard output. */
  public synchronized void out(int[] codes, int n) {
    if (n > 0) {
      byte[] b = encode(codes, n);
      System.out.write(b, 0, b.length);
      lineStart = codes[n - 1] == '\n';
    }
  }

  /**
   * Writes to standard output what is printed as a whole, strings and numbers: GNU Emacs does not
   * take that into account when it is asked whether it is at the beginning of a line.
   */
  public synchronized void outWhole(int[] codes, int n) {
    boolean before = lineStart;
    out(codes, n);
    lineStart = before;
  }

  /** Whether standard output is at the beginning of a line. */
  public synchronized boolean isAtLineStart() {
    return lineStart;
  }

  /** Writes to where debugging output goes. */
  public synchronized void debug(int[] codes, int n) {
    byte[] b = encode(codes, n);
    if (debugging == null) {
      System.out.flush();
      System.err.write(b, 0, b.length);
      System.err.flush();
      return;
    }
    try {
      debugging.write(b);
      debugging.flush();
    } catch (IOException e) {
      debugging = null;
    }
  }

  /** Sends debugging output to a file; null: to standard error again. */
  public synchronized void redirect(String file, boolean append) throws FileNotFoundException {
    try {
      if (debugging != null) {
        debugging.close();
      }
    } catch (IOException e) {
      // It is given up anyway.
    }
    debugging = file == null ? null : new FileOutputStream(file, append);
  }

  /** The bytes of characters; raw-byte characters are bytes. */
  public static byte[] encode(int[] codes, int n) {
    byte[] b = new byte[n * 5];
    int at = 0;
    for (int i = 0; i < n; i++) {
      int c = codes[i];
      if (c < 0x80) {
        b[at++] = (byte) c;
      } else if (c >= 0x3FFF80) {
        b[at++] = (byte) (c & 0xFF);
      } else if (c < 0x800) {
        b[at++] = (byte) (0xC0 | c >> 6);
        b[at++] = (byte) (0x80 | (c & 0x3F));
      } else if (c < 0x10000) {
        b[at++] = (byte) (0xE0 | c >> 12);
        b[at++] = (byte) (0x80 | (c >> 6 & 0x3F));
        b[at++] = (byte) (0x80 | (c & 0x3F));
      } else if (c < 0x200000) {
        b[at++] = (byte) (0xF0 | c >> 18);
        b[at++] = (byte) (0x80 | (c >> 12 & 0x3F));
        b[at++] = (byte) (0x80 | (c >> 6 & 0x3F));
        b[at++] = (byte) (0x80 | (c & 0x3F));
      } else {
        b[at++] = (byte) 0xF8;
        b[at++] = (byte) (0x80 | (c >> 18 & 0x3F));
        b[at++] = (byte) (0x80 | (c >> 12 & 0x3F));
        b[at++] = (byte) (0x80 | (c >> 6 & 0x3F));
        b[at++] = (byte) (0x80 | (c & 0x3F));
      }
    }
    return java.util.Arrays.copyOf(b, at);
  }

  /** Writes a string to standard output. */
  public void out(Task t, LispString s) {
    int[] codes = s.characters(t.c);
    out(codes, codes.length);
  }
}
