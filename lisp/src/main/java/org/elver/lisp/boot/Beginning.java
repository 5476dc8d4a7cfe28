package org.elver.lisp.boot;

import java.util.function.UnaryOperator;
import org.elver.lisp.isolate.FreshWorld;
import org.elver.lisp.machine.Bindings;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Shutdown;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.primitive.Startup;

/**
 * What isolates with a fresh heap begin with: what a program begins with, made once more beside it
 * when first needed. With a library that is its image after the start-up without any arguments.
 */
final class Beginning {
  private static final Symbol COMMAND_LINE = Symbol.known("command-line-1");
  private static final Symbol TOP_LEVEL = Symbol.known("normal-top-level");

  private Beginning() {}

  /** Names what gives a task that has the primitives, and nothing else, what {@code vm} has. */
  static void of(Vm vm, UnaryOperator<Task> maker) {
    FreshWorld.of(vm)
        .setMaker(
            () -> {
              Task t = maker.apply(vm.define(vm.newWorld()));
              Startup.refresh(t);
              return t;
            });
  }

  /** Has it be the preloaded part of {@code library}, in a VM that has begun with that. */
  static void ofLibrary(Vm vm, Library library) {
    FreshWorld.of(vm).setMaker(() -> started(make(vm, library), library));
  }

  private static Task make(Vm vm, Library library) {
    Task t = vm.newWorld();
    return Images.read(library, t)
        ? t
        : Boot.load(library, false, vm.define(vm.newWorld())); // The cache cannot be written.
  }

  /**
   * Runs the library's start-up as far as the command line's arguments, of which there are none.
   */
  private static Task started(Task t, Library library) {
    Startup.refresh(t);
    Boot.places(t, library);
    Q.COMMAND_LINE_ARGS.setRawValue(
        t, t.list(LispString.of(t.c, "elver"), LispString.of(t.c, "-Q")));
    Object rest = COMMAND_LINE.function(t);
    COMMAND_LINE.setFunction(t, t.vm().subr("elver--begun"));
    try {
      t.call(TOP_LEVEL);
    } catch (Shutdown s) {
      // As it should be: bindings are taken back, and nothing else is done.
      Bindings.swapOut(t);
      t.abandon();
    }
    COMMAND_LINE.setFunction(t, rest);
    Q.COMMAND_LINE_ARGS.setRawValue(t, Lisp.list(t.c, java.util.List.of()));
    return t;
  }
}
