package org.elver.lisp.coding;

import java.util.ArrayList;
import java.util.List;
import org.elver.lisp.object.Symbol;

/** Which stretches of decoded text are of which character set; ASCII ends none of them. */
public final class Runs {
  /** A stretch. */
  public record Run(int from, int to, Symbol charset) {}

  private final List<Run> runs = new ArrayList<>();
  private Symbol charset;
  private int start;

  /** The character at {@code at} is of {@code next}. */
  void at(int at, Symbol next) {
    if (next != charset && next != Charsets.ASCII) {
      end(at);
      charset = next;
      start = at;
    }
  }

  private void end(int at) {
    if (charset != null && at > start) {
      runs.add(new Run(start, at, charset));
    }
    charset = null;
  }

  /** The stretches of a text of this length. */
  List<Run> finish(int length) {
    end(length);
    return runs;
  }
}
