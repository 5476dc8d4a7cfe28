package org.elver.lisp.primitive;

import org.elver.lisp.machine.Task;

/** What depends on who starts the program where: to be set anew when a VM comes from an image. */
public final class Startup {
  private Startup() {}

  /** Sets environment, search paths, users' and the machine's names, time zone and file modes. */
  public static void refresh(Task t) {
    t.vm().service(org.elver.lisp.machine.Excursion.class, org.elver.lisp.text.Excursions::new);
    Emacs.environment(t);
    Users.variables(t);
    Timefns.variables(t);
    Fileio.defaultModesOfSystem(t);
  }
}
