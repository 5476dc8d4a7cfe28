package org.elver.lisp.jit;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.elver.lisp.code.Code;
import org.elver.lisp.machine.Compiled;
import org.elver.lisp.machine.Tier;

/**
 * Compiles what the machine says is hot, one after the other, in a thread of its own: programs go
 * on meanwhile. One for all VMs, since code is nobody's.
 *
 * <p>Properties: {@code elver.jit=false} leaves all to the loop; {@code elver.jit.threshold} is the
 * number of entries and jumps back after which code is compiled; {@code elver.jit.wait=true} has
 * the program wait until it is, so that what it does is the same each time; {@code
 * elver.jit.log=true} says on the standard error stream what is not compiled, and why.
 */
public final class Jit implements Tier {
  /** HotSpot compiles no method that is longer. */
  private static final int MAX_METHOD = 8000;

  private static final int THRESHOLD = 3000;

  private static final Tier ONLY =
      Boolean.parseBoolean(System.getProperty("elver.jit", "true")) ? new Jit() : Tier.NONE;

  private final int threshold = Integer.getInteger("elver.jit.threshold", THRESHOLD);
  private final boolean waits = Boolean.getBoolean("elver.jit.wait");

  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          0,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          r -> {
            Thread t = new Thread(r, "elver-jit");
            t.setDaemon(true);
            return t;
          });

  private Jit() {}

  /** The compiler; or {@link Tier#NONE}, if that is asked for. */
  public static Tier tier() {
    return ONLY;
  }

  @Override
  public int threshold() {
    return threshold;
  }

  @Override
  public void request(Code code, Facts facts) {
    if (waits) {
      compile(code, facts);
    } else {
      worker.execute(() -> compile(code, facts));
    }
  }

  /** Compiles; what cannot be compiled is left to the loop for good. */
  static void compile(Code code, Facts facts) {
    if (code.executable != null) {
      return; // Two threads that counted at the same time have both asked for it.
    }
    try {
      Flow flow = Flow.of(code, facts.switchTargets());
      Direct direct = new Direct(flow, facts);
      byte[] classFile = classFile(flow, direct);
      if (Generator.methodSize(classFile) > MAX_METHOD) {
        direct = Direct.none();
        classFile = classFile(flow, direct); // Calls through the dispatch are shorter.
      }
      if (Generator.methodSize(classFile) > MAX_METHOD) {
        throw new Flow.Unsuited("too long");
      }
      code.executable =
          Compiled.define(classFile, Generator.entryNumbers(flow), direct.primitives());
    } catch (Flow.Unsuited e) {
      code.heat = -1;
      if (Boolean.getBoolean("elver.jit.log")) {
        System.err.println("not compiled: " + e.getMessage());
      }
    }
  }

  private static byte[] classFile(Flow flow, Direct direct) throws Flow.Unsuited {
    try {
      return Generator.generate(flow, direct);
    } catch (IllegalArgumentException e) {
      throw new Flow.Unsuited("beyond the limits of class files: " + e.getMessage());
    }
  }
}
