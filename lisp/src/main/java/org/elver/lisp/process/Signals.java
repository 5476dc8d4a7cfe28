package org.elver.lisp.process;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The system's signals: their names and numbers, and sending them. */
public final class Signals {
  private static final List<String> NAMES =
      List.of(
          "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
          "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
          "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");
  private static final List<String> TEXTS =
      List.of(
          "",
          "Hangup",
          "Interrupt",
          "Quit",
          "Illegal instruction",
          "Trace/breakpoint trap",
          "Aborted",
          "Bus error",
          "Floating point exception",
          "Killed",
          "User defined signal 1",
          "Segmentation fault",
          "User defined signal 2",
          "Broken pipe",
          "Alarm clock",
          "Terminated",
          "Stack fault",
          "Child exited",
          "Continued",
          "Stopped (signal)",
          "Stopped",
          "Stopped (tty input)",
          "Stopped (tty output)",
          "Urgent I/O condition",
          "CPU time limit exceeded",
          "File size limit exceeded",
          "Virtual timer expired",
          "Profiling timer expired",
          "Window changed",
          "I/O possible",
          "Power failure",
          "Bad system call");

  private Signals() {}

  /** The number of a signal's name, with or without SIG; -1: none of that name. */
  public static int number(String name) {
    String s = name.toUpperCase(Locale.ROOT);
    s = s.startsWith("SIG") ? s.substring(3) : s;
    return s.isEmpty() ? -1 : NAMES.indexOf(s);
  }

  /** What the system says of a signal. */
  public static String text(int signal) {
    return signal > 0 && signal < TEXTS.size() ? TEXTS.get(signal) : "unknown";
  }

  /** The signal that ended a program of which Java says this exit code; 0: it exited by itself. */
  public static int ofExit(int code) {
    return code > 128 && code < 128 + NAMES.size() ? code - 128 : 0;
  }

  /** Sends a signal; false when there is no such process. */
  public static boolean send(long pid, int signal) {
    if (signal == 0) {
      return ProcessHandle.of(pid).isPresent();
    }
    try {
      Process p =
          new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return p.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
