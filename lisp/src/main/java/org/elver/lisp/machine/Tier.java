package org.elver.lisp.machine;

import org.elver.lisp.code.ByteCode;
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
        public void request(Code code, int[] switchTargets) {}
      };

  /** After how many entries and jumps back code is worth a {@link #request}. */
  int threshold();

  /**
   * Asks for {@link Code#executable}, which appears when it is done; or never, when the code is of
   * a kind that is not compiled.
   *
   * @param switchTargets where the code's jump tables lead, as numbers of instructions; perhaps
   *     others too
   */
  void request(Code code, int[] switchTargets);
}
