package org.elver.lisp.time;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** A time zone's rules: what is added to universal time when. Immutable. */
public abstract class Zone {
  /** Universal time. */
  public static final Zone UTC = fixed(0, "GMT");

  /**
   * What holds during some time.
   *
   * @param offset seconds east
   * @param summer whether it is daylight saving time
   * @param name the abbreviation
   */
  public record Kind(int offset, boolean summer, String name) {}

  private static final int MAX_OFFSET = 24 * 3600;

  /** What holds at {@code seconds} after the epoch. */
  public abstract Kind at(long seconds);

  /** A zone that never changes. */
  public static Zone fixed(int offset, String name) {
    Kind k = new Kind(Math.clamp(offset, -MAX_OFFSET, MAX_OFFSET), false, name);
    return new Zone() {
      @Override
      public Kind at(long seconds) {
        return k;
      }
    };
  }

  /** A zone that never changes and is named for its offset. */
  public static Zone fixed(long offset) {
    if (offset == 0) {
      return UTC;
    }
    long m = Math.abs(offset);
    String name = String.format(Locale.ROOT, "%c%02d", offset < 0 ? '-' : '+', m / 3600);
    if (m % 3600 != 0) {
      name += String.format(Locale.ROOT, "%02d", m / 60 % 60);
    }
    if (m % 60 != 0) {
      name += String.format(Locale.ROOT, "%02d", m % 60);
    }
    return fixed(Math.clamp(offset, -MAX_OFFSET, MAX_OFFSET), name);
  }

  /** The zone that the machine is set to. */
  public static Zone wall() {
    Zone z = file(Path.of("/etc/localtime"));
    return z == null ? fixed(0, "UTC") : z;
  }

  /** What a value of the environment variable TZ says. */
  public static Zone named(String tz) {
    String s = tz.startsWith(":") ? tz.substring(1) : tz;
    if (s.isEmpty()) {
      return fixed(0, "UTC");
    }
    try {
      Zone z = file(s.startsWith("/") ? Path.of(s) : Path.of("/usr/share/zoneinfo", s));
      if (z != null) {
        return z;
      }
    } catch (InvalidPathException e) {
      return fixed(0, "UTC");
    }
    Zone rule = PosixRule.parse(s);
    if (rule != null) {
      return rule;
    }
    int n = 0;
    while (n < s.length() && s.charAt(n) < 128 && Character.isLetter(s.charAt(n))) {
      n++;
    }
    return fixed(0, n >= 3 ? s.substring(0, n) : "UTC");
  }

  /** Seconds after the epoch when clocks there show {@code local} (as if it were UTC). */
  public long instant(long local, Boolean summer) {
    Kind before = at(local - 86400);
    Kind after = at(local + 86400);
    Kind found = null;
    for (Kind k : new Kind[] {before, after}) {
      if (at(local - k.offset()).equals(k)
          && (summer == null || k.summer() == summer)
          && (found == null || (found.summer() && !k.summer()))) {
        found = k;
      }
    }
    if (found == null && summer != null) {
      found = nearest(local, summer);
      if (found == null) {
        return instant(local, null);
      }
    }
    return local - (found == null ? before : found).offset();
  }

  /** What summer or standard time is like there about then; null when there is none. */
  private Kind nearest(long local, boolean summer) {
    for (int days = 0; days < 400; days += 7) {
      for (int sign = -1; sign <= 1; sign += 2) {
        Kind k = at(local + 86400L * sign * days);
        if (k.summer() == summer) {
          return k;
        }
      }
    }
    return null;
  }

  // ---- Compiled rules, as the system's files have them
  // --------------------------------------------

  private static Zone file(Path p) {
    try {
      if (!Files.isRegularFile(p)) {
        return null;
      }
      ByteBuffer b = ByteBuffer.wrap(Files.readAllBytes(p));
      if (b.remaining() < 88 || b.getInt() != 0x545A6966) {
        return null;
      }
      int version = b.get(4);
      if (version < '2') {
        return null;
      }
      int[] n = counts(b, 0);
      int second = 44 + n[3] * 5 + n[4] * 6 + n[5] + n[2] * 8 + n[1] + n[0];
      n = counts(b, second);
      b.position(second + 44);
      long[] times = new long[n[3]];
      for (int i = 0; i < n[3]; i++) {
        times[i] = b.getLong();
      }
      int[] kinds = new int[n[3]];
      for (int i = 0; i < n[3]; i++) {
        kinds[i] = b.get() & 0xFF;
      }
      int[][] raw = new int[n[4]][];
      for (int i = 0; i < n[4]; i++) {
        raw[i] = new int[] {b.getInt(), b.get(), b.get() & 0xFF};
      }
      byte[] names = new byte[n[5]];
      b.get(names);
      b.position(b.position() + n[2] * 12 + n[1] + n[0]);
      byte[] rest = new byte[b.remaining()];
      b.get(rest);
      String footer = new String(rest, StandardCharsets.US_ASCII).strip();
      Kind[] all = new Kind[n[4]];
      for (int i = 0; i < all.length; i++) {
        int end = raw[i][2];
        while (end < names.length && names[end] != 0) {
          end++;
        }
        all[i] =
            new Kind(
                raw[i][0],
                raw[i][1] != 0,
                new String(names, raw[i][2], end - raw[i][2], StandardCharsets.US_ASCII));
      }
      return new Compiled(times, kinds, all, footer.isEmpty() ? null : PosixRule.parse(footer));
    } catch (IOException | RuntimeException e) {
      return null; // Not a file of that kind.
    }
  }

  /** isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt. */
  private static int[] counts(ByteBuffer b, int at) {
    int[] n = new int[6];
    for (int i = 0; i < 6; i++) {
      n[i] = b.getInt(at + 20 + 4 * i);
    }
    return n;
  }

  private static final class Compiled extends Zone {
    private final long[] times;
    private final int[] kinds;
    private final Kind[] all;
    private final Zone later;

    Compiled(long[] times, int[] kinds, Kind[] all, Zone later) {
      this.times = times;
      this.kinds = kinds;
      this.all = all;
      this.later = later;
    }

    @Override
    public Kind at(long seconds) {
      if (later != null && (times.length == 0 || seconds >= times[times.length - 1])) {
        return later.at(seconds);
      }
      int i = java.util.Arrays.binarySearch(times, seconds);
      int last = i >= 0 ? i : -i - 2;
      return last < 0 ? all[0] : all[kinds[last]];
    }
  }
}
