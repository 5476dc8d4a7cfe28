package org.elver.lisp.machine;

import org.elver.lisp.code.Code;

/** What makes code that runs often faster, beside the machine. Any thread. */
public interface Tier {
  /**
   * What is to be known of code beside its instructions.
   *
   * @param switchTargets for each instruction that is a {@code switch}, where its jump table leads,
   *     as numbers of instructions; null for the others
   * @param functions for each constant that names a primitive now, that: what it may name later is
   *     looked at in each call; null for the others
   * @param instructions the primitives that instructions stand for
   */
  record Facts(int[][] switchTargets, Subr[] functions, Subr[] instructions) {}

  /** Leaves everything to the machine's loop. */
  Tier NONE =
      new Tier() {
        @Override
        public int threshold() {
          return Integer.MAX_VALUE;
        }

        @Override
        public void request(Code code, Facts facts) {}
      };

  /** After how many entries and jumps back code is worth a {@link #request}. */
  int threshold();

  /**
   * Asks for {@link Code#executable}, which appears when it is done; or never, when the code is of
   * a kind that is not compiled.
   */
  void request(Code code, Facts facts);
}
