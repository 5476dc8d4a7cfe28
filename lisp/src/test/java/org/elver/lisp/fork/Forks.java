package org.elver.lisp.fork;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.elver.heap.object.Pair;
import org.elver.heap.version.Context;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.boot.Images;
import org.elver.lisp.boot.Library;
import org.elver.lisp.compile.Compiler;
import org.elver.lisp.image.ImageReader;
import org.elver.lisp.image.ImageWriter;
import org.elver.lisp.machine.AllPrimitives;
import org.elver.lisp.machine.Excursion;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.primitive.Startup;
import org.elver.lisp.text.Excursions;

/** Isolates as tests need them: forks of a context, each with a task, on threads of their own. */
final class Forks {
  private static final long STACK = 1L << 29;

  private Forks() {}

  /**
   * Skips the test where GNU Emacs's library is not installed, which is not part of the project;
   * fails instead where {@code ELVER_REQUIRE_LIBRARY} says that it must be there, as CI does.
   */
  static void assumeLibrary() {
    if (System.getenv("ELVER_REQUIRE_LIBRARY") != null) {
      assertNotNull(Library.find(), "no Lisp library of GNU Emacs 28 is installed");
    }
    // GNU Emacs is not part of the project: who only builds it may be without. CI never comes here.
    assumeTrue(
        Library.find() != null,
        "Skipped: it needs the Lisp library of GNU Emacs 28 (package emacs-common, or ELVER_LISP)");
  }

  /** A VM with GNU Emacs's library where there is one, else with the prelude. */
  static Task world() {
    Library library = Library.find();
    Task t = library == null ? Boot.prelude() : Images.read(library);
    if (t == null) {
      // Through an image all the same, for its parts that are read late.
      byte[] image = ImageWriter.write(Boot.load(library, false), "test");
      Vm vm = new Vm(new Compiler(), AllPrimitives.groups());
      vm.service(Excursion.class, Excursions::new);
      t = vm.newBareTask();
      ImageReader.read(image, "test", t);
    }
    Startup.refresh(t);
    if (library != null) {
      Boot.places(t, library);
      eval(
          t,
          "(let ((default-directory \""
              + library.lisp()
              + "/\")) (normal-top-level-add-subdirs-to-load-path))");
    }
    return t;
  }

  /** A task in a fork of {@code t}'s isolate; to be handed to another thread. */
  static Task fork(Task t) {
    Context c = t.c.fork();
    Task child = new Task(t.vm(), c);
    child.currentBuffer = t.currentBuffer;
    child.matchData = t.matchData;
    return child;
  }

  /** Runs {@code body} in a fork, which ends with it. */
  static <T> CompletableFuture<T> start(Task child, Function<Task, T> body) {
    return start(child, true, body);
  }

  /** Runs {@code body} in an isolate, a new fork or another one. */
  static <T> CompletableFuture<T> start(Task t, boolean isFork, Function<Task, T> body) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                if (isFork) {
                  Startup.forked(t);
                }
                T value = body.apply(t);
                if (isFork) {
                  t.c.end();
                }
                result.complete(value);
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            },
            "isolate",
            STACK);
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  static <T> T get(CompletableFuture<T> f) {
    try {
      return f.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  static Object eval(Task t, String source) {
    Object form = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
    return t.callNamed("eval", form, Symbol.T);
  }

  /** The value of a form as it is printed, or the error. */
  static String show(Task t, String source) {
    return print(t, eval(t, "(condition-case e " + source + " ((error quit) (cons 'ERROR e)))"));
  }

  static String print(Task t, Object o) {
    return ((LispString) t.callNamed("prin1-to-string", o)).toJava(t.c);
  }
}
