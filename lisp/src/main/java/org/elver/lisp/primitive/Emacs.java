package org.elver.lisp.primitive;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elver.lisp.file.Environment;
import org.elver.lisp.isolate.LispIsolate;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** The program itself: how it was started, how it ends, its environment. */
final class Emacs {
  private static final Symbol INVOCATION_NAME = Symbol.known("invocation-name");
  private static final Symbol INVOCATION_DIRECTORY = Symbol.known("invocation-directory");
  private static final Symbol INITIAL_ENVIRONMENT = Symbol.known("initial-environment");

  private Emacs() {}

  private static LispString s(Task t, String x) {
    return LispString.of(t.c, x);
  }

  static void variables(Task t) {
    Vm.defvar(t, "command-line-args", Symbol.NIL);
    Vm.defvar(t, "system-type", Symbol.known("gnu/linux"));
    Vm.defvar(t, "system-configuration", s(t, "x86_64-pc-linux-gnu"));
    Vm.defvar(t, "system-configuration-options", s(t, ""));
    Vm.defvar(t, "system-configuration-features", s(t, "JSON NOTIFY THREADS"));
    Vm.defvar(t, Q.NONINTERACTIVE, Symbol.T);
    Vm.defvar(t, Q.KILL_EMACS_HOOK, Symbol.NIL);
    Vm.defvar(t, "path-separator", s(t, ":"));
    Vm.defvar(t, INVOCATION_NAME, s(t, "emacs"));
    Vm.defvar(t, INVOCATION_DIRECTORY, s(t, "/usr/bin/"));
    Vm.defvar(t, "installation-directory", Symbol.NIL);
    Vm.defvar(t, "system-messages-locale", Symbol.NIL);
    Vm.defvar(t, "system-time-locale", Symbol.NIL);
    Vm.defvar(t, "before-init-time", Symbol.NIL);
    Vm.defvar(t, "after-init-time", Symbol.NIL);
    Vm.defvar(t, "inhibit-x-resources", Symbol.T);
    Vm.defvar(t, Q.EMACS_VERSION, s(t, "28.2"));
    Vm.defvar(t, "emacs-copyright", s(t, "Copyright (C) 2022 Free Software Foundation, Inc."));
    Vm.defvar(t, "report-emacs-bug-address", s(t, "bug-gnu-emacs@gnu.org"));
    Vm.defvar(t, "dump-mode", Symbol.NIL);
    Vm.defvar(t, "dynamic-library-alist", Symbol.NIL);
    environment(t);
  }

  /** Variables that tell of the environment the program was started in. */
  static void environment(Task t) {
    List<Object> all = new ArrayList<>();
    for (Map.Entry<String, String> e : System.getenv().entrySet()) {
      all.add(s(t, e.getKey() + "=" + e.getValue()));
    }
    Vm.defvar(t, INITIAL_ENVIRONMENT, Lisp.list(t.c, all));
    Vm.defvar(t, Environment.PROCESS_ENVIRONMENT, Lisp.list(t.c, all));
    List<Object> path = new ArrayList<>();
    String variable = System.getenv("PATH");
    for (String d : (variable == null ? "/usr/bin:/bin" : variable).split(":", -1)) {
      path.add(d.isEmpty() ? Symbol.NIL : s(t, d));
    }
    path.add(s(t, "/usr/libexec/emacs/28.2/x86_64-linux-gnu"));
    Vm.defvar(t, "exec-path", Lisp.list(t.c, path));
    Vm.defvar(t, "exec-suffixes", t.list(s(t, "")));
    Vm.defvar(t, "exec-directory", s(t, "/usr/libexec/emacs/28.2/x86_64-linux-gnu/"));
    Vm.defvar(t, "data-directory", s(t, "/usr/share/emacs/28.2/etc/"));
    Vm.defvar(t, "doc-directory", s(t, "/usr/share/emacs/28.2/etc/"));
    Vm.defvar(t, "configure-info-directory", s(t, "/usr/share/info"));
    Vm.defvar(t, "shared-game-score-directory", Symbol.NIL);
    String shell = System.getenv("SHELL");
    Vm.defvar(t, "shell-file-name", s(t, shell == null || shell.isEmpty() ? "/bin/sh" : shell));
    String tmp = System.getenv("TMPDIR");
    String dir = tmp == null || tmp.isEmpty() ? "/tmp" : tmp;
    Vm.defvar(t, "temporary-file-directory", s(t, dir.endsWith("/") ? dir : dir + "/"));
    Vm.defvar(t, "create-lockfiles", Symbol.T);
  }

  @Primitive(value = "invocation-name", doc = "Return the name this program was started by.")
  static Object invocationName(Task t) {
    return Variables.orNil(t, INVOCATION_NAME);
  }

  @Primitive(
      value = "invocation-directory",
      doc = "Return the directory where this program was found.")
  static Object invocationDirectory(Task t) {
    return Variables.orNil(t, INVOCATION_DIRECTORY);
  }

  @Primitive(value = "daemonp", doc = "Return non-nil if this runs as a daemon; it does not.")
  static boolean daemonp(Task t) {
    return false;
  }

  @Primitive(value = "daemon-initialized", doc = "Tell who started the daemon that it is ready.")
  static Object daemonInitialized(Task t) {
    throw LispSignal.error("This function can only be called if emacs is run as a daemon");
  }

  @Primitive(
      value = "kill-emacs",
      min = 0,
      interactive = "P",
      doc =
          "Run `kill-emacs-hook' and end the program; in an isolate other than the first, end"
              + " that.\n"
              + "ARG an integer: the exit status; a string: to be read as terminal input"
              + " afterwards.")
  static Object killEmacs(Task t, Object arg, Object restart) {
    LispIsolate i = LispIsolate.of(t);
    if (i != null && !i.isMain()) {
      throw new Shutdown(arg instanceof Long l ? (int) (l & 0xFF) : 0);
    }
    Variables.set(t, INHIBIT_SENTINELS, Symbol.T);
    t.callNamed("run-hook-wrapped", Q.KILL_EMACS_HOOK, t.vm().subr("elver--run-safely"));
    int status = arg instanceof Long l ? (int) (l & 0xFF) : 0;
    org.elver.lisp.process.Channels.of(t).closeAll();
    System.out.flush();
    System.err.flush();
    throw new Shutdown(status);
  }

  @Primitive(
      value = "elver--run-safely",
      doc = "Call FUNCTION, of `kill-emacs-hook'; say so when it fails, and return nil.")
  static Object runSafely(Task t, Object function) {
    return t.handling(
        Symbol.T,
        () -> {
          t.call(function);
          return Symbol.NIL;
        },
        e -> {
          t.callNamed(
              "message",
              LispString.of(t.c, "Error in %s (%S): %S"),
              Q.KILL_EMACS_HOOK,
              function,
              e);
          return Symbol.NIL;
        });
  }

  private static final Symbol INHIBIT_SENTINELS = Symbol.known(" inhibit-sentinels");

  @Primitive(
      value = "getenv-internal",
      min = 1,
      doc =
          "Return the value of environment variable VARIABLE; nil if it is not set.\n"
              + "ENV is a list like `process-environment' to look in instead.")
  static Object getenvInternal(Task t, Object variable, Object env) {
    String name = Lisp.string(variable).toJava(t.c);
    if (env instanceof org.elver.heap.object.Pair) {
      return Environment.lookUp(t, name, env);
    }
    if (env == Symbol.T) {
      return Symbol.NIL;
    }
    Object x = Environment.lookUp(t, name, Variables.orNil(t, Environment.PROCESS_ENVIRONMENT));
    return x == Symbol.T ? Symbol.NIL : x;
  }

  @Primitive(
      value = "num-processors",
      min = 0,
      doc = "Return the number of processors; QUERY `all' or `current' says which, there the same.")
  static long numProcessors(Task t, Object query) {
    return Runtime.getRuntime().availableProcessors();
  }

  @Primitive(
      value = "get-internal-run-time",
      doc = "Return the processor time used so far as a list (HIGH LOW MICRO PICO).")
  static Object getInternalRunTime(Task t) {
    // That of all threads: a task has no thread of its own.
    long nanos =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    long s = nanos / 1_000_000_000;
    return t.list(s >> 16, s & 0xFFFF, nanos / 1000 % 1_000_000, nanos % 1000 * 1000);
  }
}
