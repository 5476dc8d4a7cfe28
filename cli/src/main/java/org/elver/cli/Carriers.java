package org.elver.cli;

import org.elver.lisp.isolate.Program;

/**
 * How many isolates may run at once, and who says so.
 *
 * @param number as many; 0: what was asked for is none
 * @param source what asked for them
 */
record Carriers(int number, String source) {
  /** The option. */
  static final String OPTION = "--carriers";

  private static final String VARIABLE = "ELVER_CARRIERS";

  /**
   * What the option asks for; or, if it was not given, the environment; or else one for each core.
   */
  static Carriers of(String option) {
    if (option != null) {
      return new Carriers(parse(option), OPTION);
    }
    String wish = System.getenv(VARIABLE);
    if (wish != null && !wish.isEmpty()) {
      return new Carriers(parse(wish), VARIABLE);
    }
    int cores = Runtime.getRuntime().availableProcessors();
    return new Carriers(Math.min(cores, Program.MAX_CARRIERS), "one for each core");
  }

  /** Whether {@code argument} is the option, without its value. */
  static boolean isOption(String argument) {
    return OPTION.equals(argument) || "-carriers".equals(argument);
  }

  private static int parse(String text) {
    try {
      int n = Integer.parseInt(text.strip());
      return n > Program.MAX_CARRIERS ? 0 : Math.max(n, 0);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** What is wrong with it; null: nothing. */
  String error() {
    return number > 0 ? null : source + " should be a number from 1 to " + Program.MAX_CARRIERS;
  }
}
