package org.elver.lisp.time;

/**
 * A time of day on a day of the calendar, in some zone.
 *
 * @param year the year, 0 the one before 1
 * @param month from 1
 * @param day from 1
 * @param hour from 0
 * @param minute from 0
 * @param second from 0
 * @param weekday from 0, Sunday
 * @param yearday from 0
 * @param offset the zone's, seconds east
 * @param summer whether it is daylight saving time
 * @param zone the zone's abbreviation
 */
public record Civil(
    long year,
    int month,
    int day,
    int hour,
    int minute,
    int second,
    int weekday,
    int yearday,
    int offset,
    boolean summer,
    String zone) {
  private static final int DAY = 86400;

  /** The day's number (0 is 1970-01-01) of a date; the month may be any. */
  public static long dayNumber(long year, long month, long day) {
    long y = year + Math.floorDiv(month - 1, 12L);
    long m = Math.floorMod(month - 1, 12L) + 1;
    if (m <= 2) {
      y--;
    }
    long era = Math.floorDiv(y, 400L);
    long yoe = y - era * 400;
    long doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy + day - 1 - 719468;
  }

  /** The time {@code seconds} after the epoch in {@code zone}. */
  public static Civil of(long seconds, Zone zone) {
    Zone.Kind k = zone.at(seconds);
    long local = seconds + k.offset();
    long days = Math.floorDiv(local, (long) DAY);
    int rest = (int) Math.floorMod(local, (long) DAY);
    long z = days + 719468;
    long era = Math.floorDiv(z, 146097L);
    long doe = z - era * 146097;
    long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long mp = (5 * doy + 2) / 153;
    int day = (int) (doy - (153 * mp + 2) / 5 + 1);
    int month = (int) (mp + (mp < 10 ? 3 : -9));
    long year = yoe + era * 400 + (month <= 2 ? 1 : 0);
    if (Math.abs(year) > Integer.MAX_VALUE) {
      throw TimeValue.unrepresentable();
    }
    return new Civil(
        year,
        month,
        day,
        rest / 3600,
        rest / 60 % 60,
        rest % 60,
        (int) Math.floorMod(days + 4, 7L),
        (int) (days - dayNumber(year, 1, 1)),
        k.offset(),
        k.summer(),
        k.name());
  }

  /** The year that the week by ISO belongs to, and the week's number in it. */
  public long[] isoWeek() {
    long days = dayNumber(year, month, day);
    long thursday = days - (weekday + 6) % 7 + 3;
    long y = year;
    if (thursday < dayNumber(year, 1, 1)) {
      y--;
    } else if (thursday >= dayNumber(year + 1, 1, 1)) {
      y++;
    }
    return new long[] {y, (thursday - dayNumber(y, 1, 1)) / 7 + 1};
  }
}
