package org.elver.lisp.coding;

import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * Encodes one text by a coding system, as a whole or in pieces. Belongs to whoever writes the text.
 */
public final class Encoder {
  private final CodingSystem system;
  private final Codec codec;
  private final int eol;

  /** An encoder by the coding system of this name (nil: no conversion), which must exist. */
  public Encoder(Task t, Object name) {
    system = CodingSystems.check(t, name);
    codec = Codecs.of(t, system);
    eol = system.eol(t.c) instanceof Long l ? (int) (long) l : 0;
  }

  /**
   * Encodes the next characters: those of a multibyte text, raw bytes as characters.
   *
   * @param last whether they are the last
   */
  public byte[] encode(Task t, int[] codes, int from, int to, boolean last) {
    int[] text = codes;
    int start = from;
    int end = to;
    Object table = system.attributes(t.c).get(t.c, CodingSystem.Attributes.ENCODE_TABLE);
    if (eol != 0 || table != Symbol.NIL) {
      int lines = 0;
      if (eol == 1) {
        for (int i = from; i < to; i++) {
          lines += codes[i] == '\n' ? 1 : 0;
        }
      }
      text = new int[to - from + lines];
      int n = 0;
      for (int i = from; i < to; i++) {
        if (codes[i] == '\n' && eol == 1) {
          text[n++] = '\r';
        }
        text[n++] = codes[i] == '\n' && eol == 2 ? '\r' : codes[i];
      }
      start = 0;
      end = n;
      if (table != Symbol.NIL) {
        Codecs.translate(t, table, text);
      }
    }
    ByteSink out = new ByteSink(end - start + 16);
    codec.encode(t, text, start, end, out);
    if (last) {
      codec.finish(t, out);
    }
    return out.toArray();
  }

  /** Encodes a whole string; bytes of a unibyte one stay as they are. */
  public byte[] encodeAll(Task t, LispString s) {
    int[] codes = s.characters(t.c);
    return encode(t, codes, 0, codes.length, true);
  }

  /** The bytes of a string inside Emacs: UTF-8, raw bytes as such. */
  public static byte[] internalBytes(Task t, LispString s) {
    return internalBytes(s.characters(t.c));
  }

  /** The bytes of characters inside Emacs: UTF-8, raw bytes as such. */
  public static byte[] internalBytes(int[] codes) {
    ByteSink out = new ByteSink(codes.length + 16);
    Utf8.encodeInternal(codes, 0, codes.length, out);
    return out.toArray();
  }
}
