package org.elver.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.boot.Images;
import org.elver.lisp.boot.Library;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.primitive.Startup;

/** The program {@code elver}. */
public final class Main {
  /** So deep may Java recursion over Lisp data and calls be, in bytes. */
  static final long STACK = 1L << 30;

  private Main() {}

  /** Runs the program and ends the process. */
  public static void main(String[] args) throws InterruptedException {
    System.setOut(
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 14),
            false,
            StandardCharsets.UTF_8));
    System.setErr(
        new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8));
    int[] status = {255};
    Thread main =
        new Thread(
            null,
            () -> {
              try {
                status[0] = run(args);
              } catch (Shutdown s) {
                status[0] = s.status();
              } catch (Throwable e) {
                System.out.flush();
                System.err.println("elver: internal error: " + e);
                e.printStackTrace();
              }
            },
            "main",
            STACK);
    main.start();
    main.join();
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(status[0]);
  }

  private static int run(String[] args) {
    CommandLine line = CommandLine.parse(args);
    Carriers carriers = Carriers.of(line.carriers);
    if (line.error == null && line.answer == null && !"doctor".equals(line.command)) {
      line.error = carriers.error();
    }
    if (line.answer != null) {
      System.out.print(line.answer);
      return 0;
    }
    if (line.error != null) {
      System.err.println("elver: " + line.error);
      return 1;
    }
    Library library = Library.find();
    if ("doctor".equals(line.command)) {
      return Doctor.run(carriers);
    }
    if ("repl".equals(line.command)) {
      return repl(line, library, carriers);
    }
    if ("ert".equals(line.command)) {
      return Ert.run(line.scriptArguments.toArray(String[]::new), library, carriers);
    }
    if (library == null) {
      return Session.run(Boot.prelude(), line, carriers, "elver--bare-top-level");
    }
    Task t = world(library);
    return Session.run(t, line, carriers, "normal-top-level");
  }

  /** The options are handled first, and then the session starts where they would end the run. */
  private static int repl(CommandLine line, Library library, Carriers carriers) {
    if (library == null) {
      System.err.println(
          "elver: no Lisp library of GNU Emacs 28 found; install emacs-common or set ELVER_LISP");
      return 1;
    }
    line.arguments.add("-f");
    line.arguments.add(Repl.NAME);
    Task t = world(library);
    t.symbols().intern(t, Repl.NAME).setFunction(t, new Repl());
    return Session.run(t, line, carriers, "normal-top-level");
  }

  /** The preloaded library: from its image, or loaded, and then an image made for the next time. */
  static Task world(Library library) {
    boolean trace = System.getenv("ELVER_BOOT_TRACE") != null;
    Task t = trace ? null : Images.read(library);
    if (t != null) {
      Startup.refresh(t);
      Boot.places(t, library);
      return t;
    }
    System.err.println("elver: loading the library of GNU Emacs for the first time...");
    t = Boot.load(library, trace);
    try {
      Images.write(library, t);
    } catch (IOException e) {
      System.err.println("elver: cannot keep an image of it: " + e);
    }
    return t;
  }
}
