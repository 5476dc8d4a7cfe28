package org.elver.lisp.primitive;

import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** Defining many variables of one kind at once. */
final class Defvars {
  private Defvars() {}

  private static void all(Task t, String names, Object value) {
    for (String name : names.trim().split("\\s+", -1)) {
      Vm.defvar(t, name, value);
    }
  }

  /** Defines variables, named with spaces between, as nil. */
  static void nil(Task t, String names) {
    all(t, names, Symbol.NIL);
  }

  /** Defines variables as t. */
  static void t(Task t, String names) {
    all(t, names, Symbol.T);
  }

  /** Defines variables as integers: name and value in turn. */
  static void integers(Task t, String pairs) {
    String[] words = pairs.trim().split("\\s+", -1);
    for (int i = 0; i + 1 < words.length; i += 2) {
      Vm.defvar(t, words[i], Long.parseLong(words[i + 1]));
    }
  }

  /** Defines variables as symbols: name and value in turn. */
  static void symbols(Task t, String pairs) {
    String[] words = pairs.trim().split("\\s+", -1);
    for (int i = 0; i + 1 < words.length; i += 2) {
      Vm.defvar(t, words[i], t.symbols().intern(t, words[i + 1]));
    }
  }

  /** Defines a variable as a string. */
  static void string(Task t, String name, String value) {
    Vm.defvar(t, name, LispString.of(t.c, value));
  }
}
