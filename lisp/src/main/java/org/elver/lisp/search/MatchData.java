package org.elver.lisp.search;

import java.util.Arrays;
import org.elver.lisp.text.Buffer;

/** What the last search found. Immutable. */
public final class MatchData {
  /** Of {@code set-match-data} without anything. */
  public static final MatchData NONE = new MatchData(new int[0], null);

  /** Starts and ends of groups by turns; -1: the group took no part. */
  private final int[] registers;

  /** The buffer that was searched; null: a string was. */
  private final Buffer buffer;

  /** Match data that keep {@code registers}. */
  public MatchData(int[] registers, Buffer buffer) {
    this.registers = registers;
    this.buffer = buffer;
  }

  /** The number of groups, the whole match included. */
  public int count() {
    return registers.length / 2;
  }

  /** Where a group began; -1 when it took no part, or does not exist. */
  public int start(int group) {
    return 2 * group < registers.length ? registers[2 * group] : -1;
  }

  /** Where a group ended. */
  public int end(int group) {
    return 2 * group < registers.length ? registers[2 * group + 1] : -1;
  }

  /** The buffer that was searched; null: a string was. */
  public Buffer buffer() {
    return buffer;
  }

  /** A copy of starts and ends by turns. */
  public int[] registers() {
    return Arrays.copyOf(registers, registers.length);
  }

  /** The same of another buffer: for copies of what a task holds. */
  public MatchData with(Buffer other) {
    return new MatchData(registers, other);
  }
}
