package org.elver.lisp.primitive;

import org.elver.lisp.file.FileNames;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferVariable;

/** What depends on who starts the program where: to be set anew when a VM comes from an image. */
public final class Startup {
  private Startup() {}

  /**
   * Sets environment, search paths, users' and the machine's names, time zone, file modes,
   * directories.
   */
  public static void refresh(Task t) {
    t.vm().service(org.elver.lisp.machine.Excursion.class, org.elver.lisp.text.Excursions::new);
    Emacs.environment(t);
    Users.variables(t);
    Timefns.variables(t);
    Fileio.defaultModesOfSystem(t);
    String here = FileNames.startDirectory();
    LispString directory = LispString.of(t.c, here.endsWith("/") ? here : here + "/");
    for (Object b : Lisp.elements(t.c, t.callNamed("buffer-list"))) {
      BufferVariable.DIRECTORY.setIn(t, (Buffer) b, directory);
    }
  }
}
