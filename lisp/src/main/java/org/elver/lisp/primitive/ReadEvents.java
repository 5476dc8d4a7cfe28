package org.elver.lisp.primitive;

import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;

/** Reading single events. */
final class ReadEvents {
  private ReadEvents() {}

  @Primitive(
      value = "read-event",
      min = 0,
      doc = "Read an event, with PROMPT; nil when there is none within SECONDS.")
  static Object readEvent(Task t, Object prompt, Object inheritInputMethod, Object seconds) {
    return Keyboard.read(t, prompt, seconds);
  }

  @Primitive(
      value = "read-char",
      min = 0,
      doc = "Read a character, with PROMPT; nil when there is none within SECONDS.")
  static Object readChar(Task t, Object prompt, Object inheritInputMethod, Object seconds) {
    Object e = Keyboard.read(t, prompt, seconds);
    if (e instanceof Long || e == org.elver.lisp.object.Symbol.NIL) {
      return e;
    }
    throw LispSignal.error("Non-character input-event");
  }

  @Primitive(
      value = "read-char-exclusive",
      min = 0,
      doc = "Read a character, with PROMPT, skipping other events; nil after SECONDS.")
  static Object readCharExclusive(
      Task t, Object prompt, Object inheritInputMethod, Object seconds) {
    for (; ; ) {
      Object e = Keyboard.read(t, prompt, seconds);
      if (e instanceof Long || e == org.elver.lisp.object.Symbol.NIL) {
        return e;
      }
    }
  }
}
