package org.elver.lisp.print;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What was written to standard output and standard error, in one order, in two parts: before and
 * after {@link #turn}. Of a part that gets too long the middle is left out. Any thread.
 */
public final class Transcript {
  /** So many bytes of a part are kept at its beginning, and as many at its end. */
  private static final int MOST = 1 << 19;

  /** What was written at once, to one of the streams. */
  public record Piece(boolean isError, byte[] bytes) {}

  private static final class Part {
    final List<Piece> head = new ArrayList<>();
    final ArrayDeque<Piece> tail = new ArrayDeque<>();
    int headBytes;
    int tailBytes;
    long dropped;

    void add(Piece p) {
      if (tail.isEmpty() && headBytes + p.bytes.length <= MOST) {
        headBytes += p.bytes.length;
        head.add(p);
        return;
      }
      if (p.bytes.length > MOST) {
        int cut = p.bytes.length - MOST;
        dropped += cut;
        add(new Piece(p.isError, java.util.Arrays.copyOfRange(p.bytes, cut, p.bytes.length)));
        return;
      }
      tail.add(p);
      tailBytes += p.bytes.length;
      while (tailBytes > MOST) {
        int n = tail.remove().bytes.length;
        tailBytes -= n;
        dropped += n;
      }
    }

    List<Piece> pieces() {
      List<Piece> all = new ArrayList<>(head);
      if (dropped > 0) {
        String note = "\n[" + dropped + " bytes of output left out]\n";
        all.add(new Piece(true, note.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
      }
      all.addAll(tail);
      return all;
    }
  }

  private final Part[] parts = {new Part(), new Part()};
  private int current;

  /** Adds {@code bytes}, which nobody changes any more. */
  synchronized void add(boolean isError, byte[] bytes) {
    if (bytes.length > 0) {
      parts[current].add(new Piece(isError, bytes));
    }
  }

  /** What comes now is the second part. */
  public synchronized void turn() {
    current = 1;
  }

  /** A part, 0 or 1, as it is now. */
  public synchronized List<Piece> part(int i) {
    return parts[i].pieces();
  }

  /** The bytes of one stream of a part. */
  public byte[] bytes(int i, boolean isError) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Piece p : part(i)) {
      if (p.isError == isError) {
        out.writeBytes(p.bytes);
      }
    }
    return out.toByteArray();
  }
}
