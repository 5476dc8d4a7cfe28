package org.elver.lisp.isolate;

import org.elver.kernel.channel.Channel;
import org.elver.lisp.machine.Task;

/** What is sent to an isolate and not received yet: packed values and letters. Any thread sends. */
public final class Mailbox extends Channel {
  /** That of isolates which ended before anybody sent them anything. */
  static final Mailbox CLOSED = new Mailbox(null);

  static {
    CLOSED.close();
  }

  private final LispIsolate of;

  /** A message that is written when it is read. */
  public interface Letter {
    /** The message, for the isolate of {@code t}. */
    Object open(Task t);
  }

  Mailbox(LispIsolate of) {
    super(Integer.MAX_VALUE);
    this.of = of;
  }

  /** Whose it is. */
  public LispIsolate of() {
    return of;
  }

  /** Puts a packed value or a letter in; false when the isolate has ended. */
  public boolean deliver(Object message) {
    return trySend(message) == SENT;
  }

  /** What was taken out of it, as a value of its isolate, which {@code t} runs. */
  public static Object open(Task t, Object message) {
    return message instanceof Letter l ? l.open(t) : Values.unpack(t, message);
  }
}
