package org.elver.lisp.coding;

import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispString;

/**
 * How one kind of coding system turns bytes into characters and back. Used for one text, in order;
 * keeps what it must know of what went before.
 */
abstract class Codec {
  /** The character that stands for a byte that is no part of a valid sequence. */
  static int raw(byte b) {
    return b >= 0 ? b : (b & 0xFF) + LispString.RAW_BYTE;
  }

  /**
   * Decodes bytes.
   *
   * @param last whether no more will come
   * @return the index behind the last byte decoded: others are the start of a longer sequence
   */
  abstract int decode(Task t, byte[] b, int from, int to, boolean last, CodeBuffer out);

  /** Encodes characters. */
  abstract void encode(Task t, int[] codes, int from, int to, ByteSink out);

  /** Ends the encoded text. */
  void finish(Task t, ByteSink out) {}

  /** Where characters of which character set are, or null when nobody is to know. */
  Runs runs() {
    return null;
  }

  /** Bytes as they are. */
  static final class Raw extends Codec {
    @Override
    int decode(Task t, byte[] b, int from, int to, boolean last, CodeBuffer out) {
      for (int i = from; i < to; i++) {
        out.append(raw(b[i]));
      }
      return to;
    }

    @Override
    void encode(Task t, int[] codes, int from, int to, ByteSink out) {
      Utf8.encodeInternal(codes, from, to, out);
    }
  }
}
