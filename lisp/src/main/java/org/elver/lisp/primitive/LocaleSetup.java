package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.elver.lisp.file.Environment;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * What the library sets up for the user's locale at every start: language environment, coding
 * systems, their priorities. That takes about as long as reading an image, and depends only on some
 * variables of the environment, so images are kept of VMs in which it has been done: {@link #setUp}
 * does it and leaves in place of the library's function one that, when the start-up calls it, puts
 * the library's back and does nothing else.
 */
public final class LocaleSetup {
  private static final Symbol SET_UP = Symbol.known("set-locale-environment");

  /** Holds the library's function while another stands in for it. */
  private static final Symbol REMEMBERED = Symbol.known("elver--set-locale-environment");

  private LocaleSetup() {}

  /** The variables of the environment that it depends on, as text. */
  public static String key() {
    return String.join(" ", variables());
  }

  private static List<String> variables() {
    Map<String, String> all = new TreeMap<>();
    System.getenv()
        .forEach(
            (name, value) -> {
              if (name.equals("LANG") || name.equals("LANGUAGE") || name.startsWith("LC_")) {
                all.put(name, value);
              }
            });
    List<String> list = new ArrayList<>();
    all.forEach((name, value) -> list.add(name + "=" + value));
    return list;
  }

  /** Does it in {@code t}, the main task of a VM in which nothing else has been done. */
  public static void setUp(Task t) {
    // Nothing else of the user's environment may get into an image.
    List<Object> environment = new ArrayList<>();
    for (String s : variables()) {
      environment.add(LispString.of(t.c, s));
    }
    Variables.set(t, Environment.PROCESS_ENVIRONMENT, Lisp.list(t.c, environment));
    t.call(SET_UP, Symbol.NIL);
    REMEMBERED.setFunction(t, SET_UP.function(t));
    SET_UP.setFunction(t, t.vm().subr("elver--locale-is-set-up"));
  }

  @Primitive(
      value = "elver--locale-is-set-up",
      min = 0,
      doc =
          "Stand in for `set-locale-environment' until the start-up calls it.\n"
              + "What it would do for the locale of the environment has been done.\n"
              + "With LOCALE-NAME or FRAME, do what is asked for.")
  static Object isSetUp(Task t, Object localeName, Object frame) {
    SET_UP.setFunction(t, REMEMBERED.function(t));
    REMEMBERED.setFunction(t, Symbol.NIL);
    return localeName == Symbol.NIL && frame == Symbol.NIL
        ? Symbol.NIL
        : t.tail(SET_UP, localeName, frame);
  }
}
