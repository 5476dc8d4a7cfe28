package org.elver.lisp.machine;

import org.elver.lisp.code.Code;

/** What makes code that runs often faster, beside the machine. Any thread. */
public interface Tier {
  /** Leaves everything to the machine's loop. */
  Tier NONE =
      new Tier() {
        @Override
        public int threshold() {
          return Integer.MAX_VALUE;
        }

        @Override
        public void request(Code code, int[][] switchTargets) {}
      };

  /** After how many entries and jumps back code is worth a {@link #request}. */
  int threshold();

  /**
   * Asks for {@link Code#executable}, which appears when it is done; or never, when the code is of
   * a kind that is not compiled.
   *
   * @param switchTargets for each instruction that is a {@code switch}, where its jump table leads,
   *     as numbers of instructions; null for the others
   */
  void request(Code code, int[][] switchTargets);
}
