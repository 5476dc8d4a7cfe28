package org.elver.bench;

import java.util.Locale;

/** A table of bars, in Markdown: what, the bar, what was measured, and whether it holds. */
final class Verdicts {
  private final StringBuilder rows = new StringBuilder();
  private int missed;

  /** Adds a row for a figure that may be at most {@code bar}. */
  void atMost(String what, double bar, double measured, String unit, String detail) {
    // Rounded as it is printed, so that a verdict never contradicts its row.
    double rounded = Math.round(measured * 100) / 100.0;
    boolean pass = rounded <= bar;
    if (!pass) {
      missed++;
    }
    row(
        what,
        "at most " + number(bar) + unit,
        number(rounded) + unit,
        detail,
        pass ? "PASS" : "MISS");
  }

  /** Adds a row for a figure that has no bar. */
  void figure(String what, double measured, String unit, String detail) {
    row(what, "–", number(measured) + unit, detail, "–");
  }

  private void row(String what, String bar, String measured, String detail, String verdict) {
    String more = detail.isEmpty() ? "" : " (" + detail + ")";
    rows.append(String.format("| %s | %s | %s%s | %s |%n", what, bar, measured, more, verdict));
  }

  /** How many bars were missed. */
  int missed() {
    return missed;
  }

  static String number(double x) {
    double size = Math.abs(x);
    String format = x == Math.rint(x) || size >= 1_000 ? "%.0f" : size >= 100 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, x);
  }

  @Override
  public String toString() {
    return "| what | bar | measured | verdict |\n|---|---|---|---|\n" + rows;
  }
}
