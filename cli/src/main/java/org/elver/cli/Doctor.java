package org.elver.cli;

import org.elver.lisp.boot.Library;

/** Tells what there is to run with, and what is missing. */
final class Doctor {
  private Doctor() {}

  /** Prints the report; the exit status. */
  static int run() {
    Runtime r = Runtime.getRuntime();
    System.out.println("Java:       " + System.getProperty("java.vm.name") + " "
        + System.getProperty("java.version") + " (" + System.getProperty("java.home") + ")");
    System.out.println("Processors: " + r.availableProcessors());
    System.out.println("Heap limit: " + r.maxMemory() / (1 << 20) + " MiB");
    Library used = Library.find();
    System.out.println("Library:    " + (used == null ? "none" : used.lisp() + " (" + used.version() + ")"));
    for (Library l : Library.all()) {
      if (!l.equals(used)) {
        System.out.println("            also found, "
            + (l.isSupported() ? "not used: " : "not supported: ") + l.lisp());
      }
    }
    if (used == null) {
      System.out.println("Missing:    the Lisp library of GNU Emacs 28 (package emacs-common),"
          + " or set ELVER_LISP");
      return 1;
    }
    return 0;
  }
}
