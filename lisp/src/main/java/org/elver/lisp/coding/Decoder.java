package org.elver.lisp.coding;

import java.util.Arrays;
import java.util.List;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * Decodes one text by a coding system, as a whole or in pieces: bytes to characters, ends of lines
 * to newlines; detects what the coding system leaves open. Belongs to whoever reads the text.
 */
public final class Decoder {
  private static final Symbol INHIBIT_EOL = Symbol.known("inhibit-eol-conversion");
  private static final byte[] NONE = {};

  private Object name;
  private CodingSystem system;
  private Codec codec;

  /** The end of line: 0 unix, 1 dos, 2 mac, -1 not known. */
  private int eol;

  /** Bytes that begin a sequence that has not come to its end. */
  private byte[] rest = NONE;

  private boolean pendingReturn;
  private List<Runs.Run> runs = List.of();

  /** A decoder by the coding system of this name (nil: no conversion), which must exist. */
  public Decoder(Task t, Object name) {
    use(t, name);
  }

  private void use(Task t, Object newName) {
    name = newName == Symbol.NIL ? CodingSystems.NO_CONVERSION : newName;
    system = CodingSystems.check(t, name);
    codec = Codecs.of(t, system);
    eol = system.eol(t.c) instanceof Long l ? (int) (long) l : -1;
    if (eol < 0 && Lisp.isTrue(Variables.orNil(t, INHIBIT_EOL))) {
      eol = 0;
    }
  }

  /** The coding system used, as far as it is known now. */
  public Object used() {
    return name;
  }

  /** Whether the result is bytes rather than characters. */
  public boolean isUnibyte(Task t) {
    return system.type(t.c) == CodingSystem.Type.RAW_TEXT;
  }

  /** The stretches of the last result that have a character set to be told as a property. */
  public List<Runs.Run> runs() {
    return runs;
  }

  /**
   * Decodes the next bytes.
   *
   * @param last whether they are the last
   */
  public CodeBuffer decode(Task t, byte[] bytes, int from, int to, boolean last) {
    byte[] b = bytes;
    int start = from;
    int end = to;
    if (rest.length > 0) {
      b = Arrays.copyOf(rest, rest.length + to - from);
      System.arraycopy(bytes, from, b, rest.length, to - from);
      start = 0;
      end = b.length;
      rest = NONE;
    }
    if (system.type(t.c) == CodingSystem.Type.UNDECIDED) {
      int known = eol;
      Object found = Detector.detect(t, system, b, start, end, last);
      if (found != CodingSystems.UNDECIDED) {
        use(t, known >= 0 ? CodingSystems.variant(t, found, known) : found);
      }
    }
    CodeBuffer out = new CodeBuffer(end - start + 16);
    if (pendingReturn) {
      out.append('\r');
      pendingReturn = false;
    }
    int done = codec.decode(t, b, start, end, last, out);
    if (done < end) {
      rest = Arrays.copyOfRange(b, done, end);
    }
    Runs r = codec.runs();
    runs = r == null ? List.of() : List.copyOf(r.finish(out.length()));
    Object table = system.attributes(t.c).get(t.c, CodingSystem.Attributes.DECODE_TABLE);
    if (table != Symbol.NIL) {
      int[] codes = out.toArray();
      Codecs.translate(t, table, codes);
      out = new CodeBuffer(codes.length);
      out.append(codes, 0, codes.length);
    }
    return lines(t, out, last);
  }

  private CodeBuffer lines(Task t, CodeBuffer text, boolean last) {
    if (eol < 0) {
      int found = Detector.eol(text);
      if (found < 0) {
        return text;
      }
      eol = found;
      name = CodingSystems.variant(t, name, eol);
    }
    if (eol == 0) {
      return text;
    }
    int n = text.length();
    CodeBuffer out = new CodeBuffer(n);
    int[] at = runs.isEmpty() ? null : new int[n + 1];
    for (int i = 0; i < n; i++) {
      int ch = text.get(i);
      if (at != null) {
        at[i] = out.length();
      }
      if (ch == '\r') {
        if (eol == 2) {
          ch = '\n';
        } else if (i + 1 == n && !last) {
          pendingReturn = true;
          break;
        } else if (i + 1 < n && text.get(i + 1) == '\n') {
          continue;
        }
      }
      out.append(ch);
    }
    if (at != null) {
      at[n] = out.length();
      runs = runs.stream().map(r -> new Runs.Run(at[r.from()], at[r.to()], r.charset())).toList();
    }
    return out;
  }

  /** Decodes a whole text into a string, unibyte if the coding system leaves bytes as they are. */
  public LispString decodeAll(Task t, byte[] bytes) {
    CodeBuffer out = decode(t, bytes, 0, bytes.length, true);
    return out.toLisp(t.c, !isUnibyte(t));
  }
}
