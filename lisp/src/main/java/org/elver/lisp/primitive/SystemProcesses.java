package org.elver.lisp.primitive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.elver.lisp.file.Environment;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** All processes of the machine, as its kernel tells of them. */
final class SystemProcesses {
  private static final long HZ = 100;

  private SystemProcesses() {}

  @Primitive(
      value = "list-system-processes",
      doc = "Return a list of the numbers of all processes of the machine.")
  static Object listSystemProcesses(Task t) {
    List<Object> out = new ArrayList<>();
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      all.map(p -> p.getFileName().toString())
          .filter(s -> s.matches("[0-9]{1,15}"))
          .map(Long::parseLong)
          .sorted()
          .forEach(out::add);
    } catch (IOException e) {
      return Symbol.NIL;
    }
    return Lisp.list(t.c, out);
  }

  private static Object time(Task t, long ticks) {
    long s = ticks / HZ;
    return t.list(s >> 16, s & 0xFFFF, ticks % HZ * (1_000_000 / HZ), 0L);
  }

  private static String text(Path p) {
    try {
      return new String(Files.readAllBytes(p), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static long number(String text, String key) {
    for (String line : text.split("\n", -1)) {
      if (line.startsWith(key)) {
        String[] f = line.substring(key.length()).strip().split("\\s+", -1);
        return f[0].isEmpty() ? 0 : Long.parseLong(f[0]);
      }
    }
    return 0;
  }

  @Primitive(
      value = "process-attributes",
      doc = "Return an alist of what is known of the process of the machine numbered PID.")
  static Object processAttributes(Task t, Object pid) {
    if (!Lisp.isNumber(pid)) {
      throw org.elver.lisp.object.LispSignal.wrongType(org.elver.lisp.object.Q.NUMBERP, pid);
    }
    Path dir = Path.of("/proc", Long.toString(((Number) pid).longValue()));
    Object list = Symbol.NIL;
    try {
      if (!Files.isDirectory(dir)) {
        return Symbol.NIL;
      }
      long uid =
          ((Number) Files.getAttribute(dir, "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue();
      long gid =
          ((Number) Files.getAttribute(dir, "unix:gid", LinkOption.NOFOLLOW_LINKS)).longValue();
      list = add(t, list, "euid", uid);
      String[] user = Environment.user(uid);
      if (user != null) {
        list = add(t, list, "user", LispString.of(t.c, user[0]));
      }
      list = add(t, list, "egid", gid);
      String group = Environment.group(gid);
      if (group != null) {
        list = add(t, list, "group", LispString.of(t.c, group));
      }
    } catch (IOException e) {
      return Symbol.NIL;
    }
    String stat = text(dir.resolve("stat"));
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    if (open < 0 || close < open) {
      return list;
    }
    String[] f = stat.substring(close + 2).strip().split(" ", -1);
    if (f.length < 22) {
      return list;
    }
    list = add(t, list, "comm", LispString.of(t.c, stat.substring(open + 1, close)));
    list = add(t, list, "state", LispString.of(t.c, f[0]));
    list = add(t, list, "ppid", Long.parseLong(f[1]));
    list = add(t, list, "pgrp", Long.parseLong(f[2]));
    list = add(t, list, "sess", Long.parseLong(f[3]));
    list = add(t, list, "ttname", LispString.of(t.c, terminal(Long.parseLong(f[4]))));
    list = add(t, list, "tpgid", Long.parseLong(f[5]));
    list = add(t, list, "minflt", Long.parseLong(f[7]));
    list = add(t, list, "majflt", Long.parseLong(f[9]));
    list = add(t, list, "cminflt", Long.parseLong(f[8]));
    list = add(t, list, "cmajflt", Long.parseLong(f[10]));
    long utime = Long.parseLong(f[11]);
    long stime = Long.parseLong(f[12]);
    long cutime = Long.parseLong(f[13]);
    long cstime = Long.parseLong(f[14]);
    list = add(t, list, "utime", time(t, utime));
    list = add(t, list, "stime", time(t, stime));
    list = add(t, list, "time", time(t, utime + stime));
    list = add(t, list, "cutime", time(t, cutime));
    list = add(t, list, "cstime", time(t, cstime));
    list = add(t, list, "ctime", time(t, cutime + cstime));
    list = add(t, list, "pri", Long.parseLong(f[15]));
    list = add(t, list, "nice", Long.parseLong(f[16]));
    list = add(t, list, "thcount", Long.parseLong(f[17]));
    long start = Long.parseLong(f[19]);
    double up = uptime();
    long began = System.currentTimeMillis() - (long) (up * 1000) + start * 1000 / HZ;
    list =
        add(
            t,
            list,
            "start",
            t.list((began / 1000) >> 16, (began / 1000) & 0xFFFF, began % 1000 * 1000, 0L));
    list = add(t, list, "vsize", Long.parseLong(f[20]) / 1024);
    long rss = Long.parseLong(f[21]) * 4;
    list = add(t, list, "rss", rss);
    long elapsed = Math.max(0, (long) (up * HZ) - start);
    list = add(t, list, "etime", time(t, elapsed));
    list =
        add(
            t,
            list,
            "pcpu",
            Math.min(elapsed == 0 ? 0.0 : 100.0 * (utime + stime) / elapsed, 100.0));
    long memory = number(text(Path.of("/proc/meminfo")), "MemTotal:");
    list = add(t, list, "pmem", memory == 0 ? 0.0 : Math.min(100.0 * rss / memory, 100.0));
    String args = text(dir.resolve("cmdline"));
    while (args.endsWith("\0")) {
      args = args.substring(0, args.length() - 1);
    }
    return add(
        t,
        list,
        "args",
        LispString.of(
            t.c,
            args.isEmpty()
                ? "[" + stat.substring(open + 1, close) + "]"
                : args.replace('\0', ' ')));
  }

  private static double uptime() {
    String[] f = text(Path.of("/proc/uptime")).split(" ", -1);
    return f[0].isEmpty() ? 0 : Double.parseDouble(f[0]);
  }

  private static String terminal(long number) {
    long major = (number >> 8) & 0xFFF;
    long minor = (number & 0xFF) | ((number >> 12) & 0xFFF00);
    if (number == 0) {
      return "";
    }
    return major >= 136 && major <= 143
        ? "/dev/pts/" + ((major - 136) * 256 + minor)
        : major == 4 ? "/dev/tty" + minor : "";
  }

  private static Object add(Task t, Object list, String key, Object value) {
    return t.cons(t.cons(t.symbols().intern(t, key), value), list);
  }
}
