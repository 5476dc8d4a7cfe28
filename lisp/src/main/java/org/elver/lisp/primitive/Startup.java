package org.elver.lisp.primitive;

import org.elver.lisp.file.FileNames;
import org.elver.lisp.load.FileForms;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Memo;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.process.LispProcess;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferVariable;

/**
 * What depends on who starts the program where, to be set anew when a VM comes from an image; and
 * what a fork does not inherit.
 */
public final class Startup {
  private Startup() {}

  /**
   * Takes away what an isolate does not inherit: to be called once, by the thread that has the
   * child's context, after {@code child} got its copies of bindings, current buffer and match data
   * and before it runs anything.
   *
   * <ul>
   *   <li>Processes that live in the parent read as exited, connections as closed; none is listed.
   *   <li>There are no timers.
   *   <li>A form that the parent was reading through {@code get-file-char} cannot be read on.
   * </ul>
   *
   * <p>Writes nothing where the parent had none of these, so that such a child has changed no older
   * object. Two things need nothing done: channels to processes know whose they are, and the random
   * state splits by itself ({@code random}). Threads and mutexes are the scheduler's business.
   */
  public static void forked(Task child) {
    if (LispProcess.all(child) != Symbol.NIL) {
      Processes.abandon(child);
    }
    Timers.forget(child);
    FileForms.forget(child);
  }

  /** What random numbers of forks of {@code t} are to come from: drawn from those of {@code t}. */
  public static Memo.Descent randomDescent(Task t) {
    return new Memo.Descent(FnsFeatures.next(t), 0);
  }

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
    FnsFeatures.seed(t);
    String here = FileNames.startDirectory();
    LispString directory = LispString.of(t.c, here.endsWith("/") ? here : here + "/");
    for (Object b : Lisp.elements(t.c, t.callNamed("buffer-list"))) {
      BufferVariable.DIRECTORY.setIn(t, (Buffer) b, directory);
    }
  }
}
