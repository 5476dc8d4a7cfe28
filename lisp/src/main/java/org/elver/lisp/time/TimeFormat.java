package org.elver.lisp.time;

import java.util.Locale;

/** {@code format-time-string}: the text of a time by a pattern. */
public final class TimeFormat {
  private static final String[] DAYS = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
  };
  private static final String[] MONTHS = {
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December"
  };
  // Conversions that may follow the modifiers E and O.
  private static final String WITH_E = "CPRTXYZcnpqrstuxyz%";
  private static final String WITHOUT_O = "ADFXYacqx";
  private static final int MAX_WIDTH = 1 << 26;

  private final String pattern;
  private final Civil civil;
  private final long seconds;
  private final int nanos;
  private final StringBuilder out = new StringBuilder();

  // The conversion at hand.
  private char pad;
  private int width;
  private boolean upper;
  private boolean change;

  private TimeFormat(String pattern, Civil civil, long seconds, int nanos) {
    this.pattern = pattern;
    this.civil = civil;
    this.seconds = seconds;
    this.nanos = nanos;
  }

  /** The text of a time. */
  public static String format(String pattern, Civil civil, long seconds, int nanos) {
    return new TimeFormat(pattern, civil, seconds, nanos).run(false);
  }

  private String run(boolean raise) {
    int n = pattern.length();
    for (int i = 0; i < n; ) {
      char ch = pattern.charAt(i);
      if (ch != '%') {
        out.append(raise ? Character.toUpperCase(ch) : ch);
        i++;
        continue;
      }
      int from = i++;
      pad = 0;
      width = -1;
      upper = raise;
      change = false;
      for (; i < n && "_-0+^#".indexOf(pattern.charAt(i)) >= 0; i++) {
        switch (pattern.charAt(i)) {
          case '^' -> upper = true;
          case '#' -> change = true;
          default -> pad = pattern.charAt(i);
        }
      }
      long w = -1;
      for (; i < n && pattern.charAt(i) >= '0' && pattern.charAt(i) <= '9'; i++) {
        w = Math.min(Math.max(w, 0) * 10 + pattern.charAt(i) - '0', MAX_WIDTH);
      }
      width = (int) w;
      char modifier = 0;
      if (i < n && (pattern.charAt(i) == 'E' || pattern.charAt(i) == 'O')) {
        modifier = pattern.charAt(i++);
      }
      int colons = 0;
      int mark = i;
      while (i < n && pattern.charAt(i) == ':') {
        colons++;
        i++;
      }
      boolean ok = i < n;
      char conversion = ok ? pattern.charAt(i) : 0;
      if (colons > 0 && (conversion != 'z' || colons > 3)) {
        ok = false;
        i = Math.min(mark, n - 1);
      }
      if (modifier == 'E' && WITH_E.indexOf(conversion) < 0) {
        ok = false;
      }
      if (modifier == 'O' && WITHOUT_O.indexOf(conversion) >= 0) {
        ok = false;
      }
      i = Math.min(i + 1, n);
      if (!ok || !convert(conversion, colons)) {
        text(pattern.substring(from, i));
      }
    }
    return out.toString();
  }

  private void text(String s) {
    String x = upper ? s.toUpperCase(Locale.ROOT) : s;
    if (pad != '-') {
      padTo(x.length());
    }
    out.append(x);
  }

  private void padTo(int length) {
    for (int i = length; i < width; i++) {
      out.append(pad == '0' || pad == '+' ? '0' : ' ');
    }
  }

  private void name(String s) {
    upper |= change;
    text(s);
  }

  private void part(String p) {
    TimeFormat f = new TimeFormat(p, civil, seconds, nanos);
    text(f.run(upper));
  }

  private void number(long value, int digits) {
    signed(value, digits, false);
  }

  private void spaced(long value, int digits) {
    if (pad == 0) {
      pad = '_';
    }
    signed(value, digits, false);
  }

  private void yearish(long value, int digits, boolean negative) {
    boolean plus = pad == '+' && ((digits == 2 ? 99 : 9999) < value || digits < width) && !negative;
    signed(negative ? -Math.abs(value) : value, digits, plus);
  }

  private void signed(long value, int digits, boolean plus) {
    String s = Long.toString(Math.abs(value));
    String sign = value < 0 ? "-" : plus ? "+" : "";
    int whole = Math.max(width, digits);
    if (pad == '-') {
      out.append(sign).append(s);
      return;
    }
    int least = width < 0 ? digits + (pad == '_' ? 0 : sign.length()) : whole;
    int fill = least - sign.length() - s.length();
    if (pad == '_') {
      out.repeat(' ', Math.max(fill, 0)).append(sign);
    } else {
      out.append(sign).repeat('0', Math.max(fill, 0));
    }
    out.append(s);
  }

  private boolean convert(char conversion, int colons) {
    int hour12 = civil.hour() % 12 == 0 ? 12 : civil.hour() % 12;
    long year = civil.year();
    switch (conversion) {
      case '%' -> text("%");
      case 'a' -> name(DAYS[civil.weekday()].substring(0, 3));
      case 'A' -> name(DAYS[civil.weekday()]);
      case 'b', 'h' -> name(MONTHS[civil.month() - 1].substring(0, 3));
      case 'B' -> name(MONTHS[civil.month() - 1]);
      case 'c' -> part("%a %b %e %H:%M:%S %Y");
      case 'C' -> {
        long shifted = year - 1900;
        yearish(Math.abs((shifted - (year >= 0 && shifted < 0 ? 99 : 0)) / 100 + 19), 2, year < 0);
      }
      case 'D', 'x' -> part("%m/%d/%y");
      case 'd' -> number(civil.day(), 2);
      case 'e' -> spaced(civil.day(), 2);
      case 'F' -> date();
      case 'g' -> yearish(lastTwo(civil.isoWeek()[0]), 2, false);
      case 'G' -> yearish(civil.isoWeek()[0], 4, civil.isoWeek()[0] < 0);
      case 'H' -> number(civil.hour(), 2);
      case 'I' -> number(hour12, 2);
      case 'j' -> number(civil.yearday() + 1L, 3);
      case 'k' -> spaced(civil.hour(), 2);
      case 'l' -> spaced(hour12, 2);
      case 'm' -> number(civil.month(), 2);
      case 'M' -> number(civil.minute(), 2);
      case 'n' -> text("\n");
      case 'N' -> nanoseconds();
      case 'p' -> {
        String s = civil.hour() >= 12 ? "PM" : "AM";
        upper &= !change;
        text(change ? s.toLowerCase(Locale.ROOT) : s);
      }
      case 'P' -> {
        upper = false;
        text(civil.hour() >= 12 ? "pm" : "am");
      }
      case 'q' -> number((civil.month() - 1) / 3 + 1L, 1);
      case 'r' -> part("%I:%M:%S %p");
      case 'R' -> part("%H:%M");
      case 's' -> number(seconds, 1);
      case 'S' -> number(civil.second(), 2);
      case 't' -> text("\t");
      case 'T', 'X' -> part("%H:%M:%S");
      case 'u' -> number((civil.weekday() + 6) % 7 + 1L, 1);
      case 'U' -> number((civil.yearday() - civil.weekday() + 7) / 7, 2);
      case 'V' -> number(civil.isoWeek()[1], 2);
      case 'w' -> number(civil.weekday(), 1);
      case 'W' -> number((civil.yearday() - (civil.weekday() + 6) % 7 + 7) / 7, 2);
      case 'y' -> yearish(lastTwo(year), 2, false);
      case 'Y' -> yearish(year, 4, year < 0);
      case 'z' -> offset(colons);
      case 'Z' -> {
        upper &= !change;
        text(change ? civil.zone().toLowerCase(Locale.ROOT) : civil.zone());
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static long lastTwo(long year) {
    long y = (year - 1900) % 100;
    return y >= 0 ? y : year < 0 ? -y : y + 100;
  }

  private void date() {
    if (pad == 0 && width < 0) {
      pad = '+';
      width = 4;
    } else {
      width = Math.max(0, width - 6);
    }
    boolean narrow = pad == '-';
    yearish(civil.year(), narrow ? 1 : 4, civil.year() < 0);
    out.append(String.format(Locale.ROOT, "-%02d-%02d", civil.month(), civil.day()));
  }

  private void nanoseconds() {
    int n = width <= 0 ? 9 : width;
    String s = String.format(Locale.ROOT, "%09d", nanos);
    StringBuilder d = new StringBuilder(n <= 9 ? s.substring(0, n) : s + "0".repeat(n - 9));
    if (pad == '-' || pad == '_') {
      int end = d.length();
      while (end > 1 && d.charAt(end - 1) == '0') {
        end--;
      }
      int gone = d.length() - end;
      d.setLength(end);
      if (pad == '_') {
        d.repeat(' ', gone);
      }
    }
    out.append(d);
  }

  private void offset(int colons) {
    int o = civil.offset();
    char sign = o < 0 ? '-' : '+';
    int m = Math.abs(o);
    int h = m / 3600;
    int min = m / 60 % 60;
    int sec = m % 60;
    int form = colons;
    if (colons == 3) {
      form = sec != 0 ? 2 : min != 0 ? 1 : 4;
    }
    String tail =
        switch (form) {
          case 1 -> String.format(Locale.ROOT, ":%02d", min);
          case 2 -> String.format(Locale.ROOT, ":%02d:%02d", min, sec);
          default -> "";
        };
    long value = form == 0 ? h * 100L + min : h;
    int digits = form == 0 ? 5 : 3;
    String s = Long.toString(value);
    int whole = width < 0 ? digits : width - tail.length();
    if (pad == '-') {
      out.append(sign).append(s);
    } else if (pad == '_') {
      out.repeat(' ', Math.max(0, whole - 1 - s.length())).append(sign).append(s);
    } else {
      out.append(sign).repeat('0', Math.max(0, whole - 1 - s.length())).append(s);
    }
    out.append(tail);
  }
}
