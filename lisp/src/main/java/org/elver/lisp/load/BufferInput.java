package org.elver.lisp.load;

import org.elver.lisp.machine.Task;
import org.elver.lisp.read.Input;
import org.elver.lisp.text.Buffer;

/** Reads from a buffer's text, a part at a time; who uses it moves point to {@link #position}. */
public final class BufferInput extends Input {
  private static final int PART = 2048;

  private final Task t;
  private final Buffer buffer;
  private final int end;
  private int[] part = {};
  private int partStart;
  private int index;

  /** Reads {@code buffer} from {@code from} to {@code end} (exclusive). */
  public BufferInput(Task t, Buffer buffer, int from, int end) {
    this.t = t;
    this.buffer = buffer;
    this.partStart = from;
    this.end = end;
  }

  @Override
  public int next() {
    if (index < part.length) {
      return part[index++];
    }
    int at = position();
    if (at >= end) {
      return -1;
    }
    int from = Math.max(at - 1, partStart); // So that the last character can be put back.
    part = buffer.codes(t.c, from, Math.min(end, at + PART));
    if (!buffer.isMultibyte(t.c)) {
      for (int i = 0; i < part.length; i++) {
        part[i] = part[i] < 128 || part[i] > 255 ? part[i] : 0x3FFF00 + part[i];
      }
    }
    index = at - from;
    partStart = from;
    return part[index++];
  }

  @Override
  public void back(int code) {
    if (code >= 0) {
      index--;
    }
  }

  /** The position of the character that comes next. */
  public int position() {
    return partStart + index;
  }

  @Override
  public int[] lineAndColumn() {
    int at = position();
    int begin = buffer.begv(t.c);
    int line = 1;
    int column = 0;
    for (int i = begin; i < at; i++) {
      if (buffer.charAt(t.c, i) == '\n') {
        line++;
        column = 0;
      } else {
        column++;
      }
    }
    return new int[] {line, column};
  }
}
