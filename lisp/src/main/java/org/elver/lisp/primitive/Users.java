package org.elver.lisp.primitive;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elver.heap.object.Pair;
import org.elver.lisp.file.Environment;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Who runs this, and on what machine. */
final class Users {
  private static final Symbol REAL_LOGIN_NAME = Symbol.known("user-real-login-name");

  private Users() {}

  static void variables(Task t) {
    String[] me = Environment.user(Environment.id("Uid", 1));
    String[] real = Environment.user(Environment.id("Uid", 0));
    String login = System.getenv("LOGNAME");
    if (login == null) {
      login = System.getenv("USER");
    }
    if (login == null) {
      login = me == null ? "unknown" : me[0];
    }
    String full = System.getenv("NAME");
    Vm.defvar(t, Q.USER_LOGIN_NAME, LispString.of(t.c, login));
    Vm.defvar(t, REAL_LOGIN_NAME, LispString.of(t.c, real == null ? "unknown" : real[0]));
    Vm.defvar(
        t,
        Q.USER_FULL_NAME,
        LispString.of(t.c, full != null ? full : me == null ? "unknown" : gecos(me)));
    Vm.defvar(t, Q.SYSTEM_NAME, LispString.of(t.c, hostName()));
    Vm.defvar(t, "operating-system-release", LispString.of(t.c, System.getProperty("os.version")));
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost"; // The system does not tell.
    }
  }

  private static String gecos(String[] user) {
    String s = user.length > 4 ? user[4] : "";
    int comma = s.indexOf(',');
    s = comma < 0 ? s : s.substring(0, comma);
    int and = s.indexOf('&');
    if (and >= 0) {
      String name =
          user[0].substring(0, 1).toUpperCase(java.util.Locale.ROOT) + user[0].substring(1);
      s = s.replace("&", name);
    }
    return s;
  }

  private static LispSignal notInRange() {
    return LispSignal.error("Not an in-range integer, integral float, or cons of integers");
  }

  /** A user's or group's number, which Lisp may give as integer, float or pair of halves. */
  private static long id(Task t, Object x) {
    long id = -1;
    if (x instanceof Long l) {
      id = l;
    } else if (x instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15) {
      id = new BigDecimal(d).longValue();
    } else if (x instanceof Pair p && p.first(t.c) instanceof Long high) {
      Object rest = p.second(t.c) instanceof Pair q ? q.first(t.c) : p.second(t.c);
      id = rest instanceof Long low ? (high << 16) + low : -1;
    }
    if (id < 0 || id > 0xFFFFFFFFL) {
      throw notInRange();
    }
    return id;
  }

  @Primitive(
      value = "user-login-name",
      min = 0,
      doc = "Return the login name of the present user, or of the one whose number is UID.")
  static Object userLoginName(Task t, Object uid) {
    if (uid == Symbol.NIL) {
      return Variables.orNil(t, Q.USER_LOGIN_NAME);
    }
    String[] u = Environment.user(id(t, uid));
    return u == null ? Symbol.NIL : LispString.of(t.c, u[0]);
  }

  @Primitive(
      value = "user-real-login-name",
      doc = "Return the login name of the user's real number.")
  static Object userRealLoginName(Task t) {
    return Variables.orNil(t, REAL_LOGIN_NAME);
  }

  @Primitive(
      value = "user-full-name",
      min = 0,
      doc = "Return the full name of the present user, or of UID: a number or login name.")
  static Object userFullName(Task t, Object uid) {
    String[] u;
    if (uid == Symbol.NIL) {
      return Variables.orNil(t, Q.USER_FULL_NAME);
    } else if (Lisp.isNumber(uid)) {
      u = Environment.user(id(t, uid));
    } else if (uid instanceof LispString s) {
      u = Environment.user(s.toJava(t.c));
    } else {
      throw LispSignal.error("Invalid UID specification");
    }
    return u == null ? Symbol.NIL : LispString.of(t.c, gecos(u));
  }

  @Primitive(value = "user-uid", doc = "Return the number of the present user.")
  static long userUid(Task t) {
    return Environment.id("Uid", 1);
  }

  @Primitive(value = "user-real-uid", doc = "Return the real number of the present user.")
  static long userRealUid(Task t) {
    return Environment.id("Uid", 0);
  }

  @Primitive(value = "group-gid", doc = "Return the number of the present group.")
  static long groupGid(Task t) {
    return Environment.id("Gid", 1);
  }

  @Primitive(value = "group-real-gid", doc = "Return the real number of the present group.")
  static long groupRealGid(Task t) {
    return Environment.id("Gid", 0);
  }

  @Primitive(
      value = "group-name",
      doc = "Return the name of the group whose number is GID; nil if there is none.")
  static Object groupName(Task t, Object gid) {
    if (!Lisp.isNumber(gid) && !(gid instanceof Pair)) {
      throw LispSignal.error("Invalid GID specification");
    }
    String g = Environment.group(id(t, gid));
    return g == null ? Symbol.NIL : LispString.of(t.c, g);
  }

  @Primitive(value = "system-name", doc = "Return the name of the machine.")
  static Object systemName(Task t) {
    return Variables.orNil(t, Q.SYSTEM_NAME);
  }

  @Primitive(value = "emacs-pid", doc = "Return the process number of this program.")
  static long emacsPid(Task t) {
    return ProcessHandle.current().pid();
  }
}
