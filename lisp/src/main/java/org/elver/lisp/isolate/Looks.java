package org.elver.lisp.isolate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.elver.lisp.machine.Task;
import org.elver.lisp.text.Buffer;

/**
 * An isolate's side of {@link Inspection}s, of itself and its own of others: who asks for one, with
 * what machine it is done, and what is seen. Isolates that have nothing to do with any have none.
 */
final class Looks {
  private static final VarHandle REQUESTS;

  static {
    try {
      REQUESTS = MethodHandles.lookup().findVarHandle(Looks.class, "requests", Inspection.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LispIsolate isolate;

  /**
   * Who asks to look into this isolate, latest first. Pushed by any thread, taken by the runner.
   */
  private volatile Inspection requests;

  /** The machine of those who look with this isolate's context; made and used by the runner. */
  private Task inspector;

  /** That, while somebody does; null otherwise. Written by the runner; read by who pokes. */
  private volatile Task guest;

  /** The machine with which a fiber of this looks into another; null: none does. */
  volatile Task away;

  /** What others look at while this must not be seen; null: itself. Written by the runner. */
  private volatile Sealed sealed;

  /** How many updates are on: they nest, and what others see is how it was before the first. */
  private int seals;

  /** The proxies of its objects. */
  final ProxyTable proxies = new ProxyTable();

  Looks(LispIsolate isolate) {
    this.isolate = isolate;
  }

  Sealed sealed() {
    return sealed;
  }

  void seal(Task t) {
    if (seals++ == 0) {
      sealed = new Sealed(t);
    }
  }

  void unseal() {
    if (--seals == 0) {
      Sealed s = sealed;
      sealed = null;
      s.open();
    }
  }

  /** Has {@code i} served at the next safepoint, if the isolate runs. Any thread. */
  void request(Inspection i) {
    Inspection head;
    do {
      head = requests;
      i.next = head;
    } while (!REQUESTS.compareAndSet(this, head, i));
    isolate.poke();
  }

  void pokeAgain() {
    if (requests != null) {
      isolate.poke();
    }
  }

  /** Serves those who ask to look into the isolate. By its runner, or who has borrowed it. */
  void serve() {
    if (requests == null || sealed != null || isolate.isEnded()) {
      return; // The others find out by themselves.
    }
    Inspection i = (Inspection) REQUESTS.getAndSet(this, (Inspection) null);
    while (i != null) {
      Inspection after = i.next;
      i.serve();
      i = after;
    }
  }

  /** The machine of a look. By the runner. */
  Task inspector() {
    Task x = idle();
    equip(x, isolate.running());
    return x;
  }

  /** The same, to do nothing that needs Lisp. */
  Task idle() {
    Task x = inspector;
    if (x == null) {
      x = new Task(isolate.vm(), isolate.context());
      inspector = x;
    }
    return x;
  }

  /** Gives {@code x} a current buffer: that of {@code running}, or any. */
  static void equip(Task x, Task running) {
    if (running != null && running.currentBuffer != null) {
      x.currentBuffer = running.currentBuffer;
    } else if (!(x.currentBuffer instanceof Buffer b && b.isLive(x.c))) {
      x.currentBuffer = null;
      LispFiber.anyBuffer(x).select(x);
    }
  }

  void begin(Task x) {
    guest = x;
  }

  void end() {
    guest = null;
  }

  /** Asks the machines of looks to attend. Any thread. */
  void poke() {
    LispIsolate.attend(guest);
    LispIsolate.attend(away);
  }

  /** The isolate has ended, perhaps in an update. */
  void close() {
    inspector = null;
    if (sealed != null) {
      sealed.open();
    }
  }
}
