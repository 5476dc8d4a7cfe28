package org.elver.lisp.time;

/** A zone's rule as POSIX writes it: {@code EST5EDT,M3.2.0,M11.1.0}. */
final class PosixRule extends Zone {
  private final Kind standard;
  private final Kind summer;

  // When summer time starts and ends: kind ('M', 'J' or '0'), month or day, week, weekday, time.
  private final int[] start;
  private final int[] end;

  private PosixRule(Kind standard, Kind summer, int[] start, int[] end) {
    this.standard = standard;
    this.summer = summer;
    this.start = start;
    this.end = end;
  }

  /** The rule, or null if it is none. */
  static Zone parse(String s) {
    try {
      Parser p = new Parser(s);
      String name = p.name();
      int offset = -p.time(true);
      if (p.done()) {
        return Zone.fixed(offset, name);
      }
      String summerName = p.name();
      int summerOffset = offset + 3600;
      if (!p.done() && p.peek() != ',') {
        summerOffset = -p.time(true);
      }
      int[] start = {'M', 3, 2, 0, 7200};
      int[] end = {'M', 11, 1, 0, 7200};
      if (!p.done()) {
        p.expect(',');
        start = p.date();
        p.expect(',');
        end = p.date();
      }
      return p.done()
          ? new PosixRule(
              new Kind(offset, false, name), new Kind(summerOffset, true, summerName), start, end)
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public Kind at(long seconds) {
    long days = Math.floorDiv(seconds + standard.offset(), 86400L);
    // A year that is right or off by one at its ends, where it does not matter.
    long year = Civil.of(days * 86400, Zone.UTC).year();
    long from = moment(start, year) - standard.offset();
    long to = moment(end, year) - summer.offset();
    boolean is = from < to ? seconds >= from && seconds < to : seconds >= from || seconds < to;
    return is ? summer : standard;
  }

  private static long moment(int[] d, long year) {
    long first = Civil.dayNumber(year, 1, 1);
    long day;
    if (d[0] == 'J') {
      boolean leap = Civil.dayNumber(year, 3, 1) - first == 60;
      day = first + d[1] - 1 + (leap && d[1] >= 60 ? 1 : 0);
    } else if (d[0] == '0') {
      day = first + d[1];
    } else {
      long one = Civil.dayNumber(year, d[1], 1);
      long weekday = Math.floorMod(one + 4, 7L);
      day = one + Math.floorMod(d[3] - weekday, 7L) + 7L * (d[2] - 1);
      while (day >= Civil.dayNumber(year, d[1] + 1L, 1)) {
        day -= 7;
      }
    }
    return day * 86400 + d[4];
  }

  private static final class Parser {
    private final String s;
    private int at;

    Parser(String s) {
      this.s = s;
    }

    boolean done() {
      return at == s.length();
    }

    char peek() {
      if (done()) {
        throw new IllegalArgumentException();
      }
      return s.charAt(at);
    }

    void expect(char ch) {
      if (peek() != ch) {
        throw new IllegalArgumentException();
      }
      at++;
    }

    String name() {
      int from = at;
      if (peek() == '<') {
        int close = s.indexOf('>', at);
        if (close < 0) {
          throw new IllegalArgumentException();
        }
        at = close + 1;
        return s.substring(from + 1, close);
      }
      while (!done() && peek() < 128 && Character.isLetter(peek())) {
        at++;
      }
      if (at - from < 3) {
        throw new IllegalArgumentException();
      }
      return s.substring(from, at);
    }

    int number() {
      int from = at;
      while (!done() && peek() >= '0' && peek() <= '9') {
        at++;
      }
      if (at == from || at - from > 4) {
        throw new IllegalArgumentException();
      }
      return Integer.parseInt(s.substring(from, at));
    }

    int time(boolean offset) {
      int sign = 1;
      if (!done() && (peek() == '-' || peek() == '+')) {
        sign = peek() == '-' ? -1 : 1;
        at++;
      }
      int seconds = number() * 3600;
      for (int unit = 60; unit > 0 && !done() && peek() == ':'; unit /= 60) {
        at++;
        seconds += number() * unit;
      }
      return sign * (offset ? Math.min(seconds, 24 * 3600 + 3599) : seconds);
    }

    int[] date() {
      int[] d = {'0', 0, 0, 0, 7200};
      if (peek() == 'M') {
        at++;
        d[0] = 'M';
        d[1] = number();
        expect('.');
        d[2] = number();
        expect('.');
        d[3] = number();
        if (d[1] < 1 || d[1] > 12 || d[2] < 1 || d[2] > 5 || d[3] > 6) {
          throw new IllegalArgumentException();
        }
      } else {
        if (peek() == 'J') {
          at++;
          d[0] = 'J';
        }
        d[1] = number();
      }
      if (!done() && peek() == '/') {
        at++;
        d[4] = time(false);
      }
      return d;
    }
  }
}
