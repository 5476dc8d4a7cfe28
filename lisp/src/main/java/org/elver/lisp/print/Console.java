package org.elver.lisp.print;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.elver.lisp.machine.Scheduling;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;

/**
 * Standard output and error, in Emacs's extended UTF-8: those of the process, or what an isolate
 * has instead. Any thread.
 */
public final class Console {
  private boolean lineStart;

  /** Where debugging output goes instead of to standard error; null: there. */
  private OutputStream debugging;

  /** Where all goes that is for the process's streams; null: there. */
  private final Transcript transcript;

  private Console() {
    this(null);
  }

  /** One that writes down what would be on the process's streams; nothing is there to be read. */
  public Console(Transcript transcript) {
    this.transcript = transcript;
  }

  /** That of the running isolate, which is the VM's if it has none of its own. */
  public static Console of(Task t) {
    t.irrevocable();
    Scheduling s = t.scheduling();
    Console own = s == null ? null : s.inPlaceOf(Console.class);
    return own != null ? own : t.vm().service(Console.class, Console::new);
  }

  /** Whether nothing of it reaches the process's streams, nor comes from there. */
  public boolean isCaptured() {
    return transcript != null;
  }

  /** Writes bytes to standard output, whatever line that is at. */
  public synchronized void outBytes(byte[] b) {
    if (transcript != null) {
      transcript.add(false, b);
    } else {
      System.out.write(b, 0, b.length);
    }
  }

  /** Writes to standard error. */
  public synchronized void errorBytes(byte[] b) {
    if (transcript != null) {
      transcript.add(true, b);
    } else {
      System.out.flush();
      System.err.write(b, 0, b.length);
      System.err.flush();
    }
  }

  /** What was written is to be seen. */
  public synchronized void flush() {
    if (transcript == null) {
      System.out.flush();
    }
  }

  /** That of {@code vm}. */
  public static Console of(org.elver.lisp.machine.Vm vm) {
    return vm.service(Console.class, Console::new);
  }

  /** Writes to standard output. */
  public synchronized void out(int[] codes, int n) {
    if (n > 0) {
      outBytes(encode(codes, n));
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
      errorBytes(b);
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
