package org.elver.lisp.regex;

/** Text that is copied block by block from where it is kept. */
public abstract class BlockSubject extends Subject {
  private static final int FIRST_BLOCK = 64;
  private static final int LAST_BLOCK = 4096;

  // Most matches look at a few codes only, so blocks begin small and grow with use.
  private int[] block = new int[FIRST_BLOCK];
  private int loaded;

  /**
   * Text between two positions.
   *
   * @param unibyte whether codes from 0x80 to 0xFF are raw bytes
   */
  protected BlockSubject(int begin, int end, boolean unibyte) {
    super(begin, end, unibyte);
  }

  /** Copies the codes from {@code from} to before {@code to} to the beginning of {@code target}. */
  protected abstract void copy(int from, int to, int[] target);

  @Override
  protected final void load(int position) {
    int size = block.length;
    if (loaded > 0 && size < LAST_BLOCK) {
      size *= 2;
      block = new int[size];
    }
    // Some codes before the position as well: matches are retried, and searches go backwards.
    int from = Math.max(begin, position - size / 4);
    if (loaded > 0 && position < loaded) {
      from = Math.max(begin, position - size + size / 4);
    }
    loaded = Math.max(1, position);
    int to = (int) Math.min(end, (long) from + size);
    copy(from, to, block);
    show(block, from, to - from);
  }
}
