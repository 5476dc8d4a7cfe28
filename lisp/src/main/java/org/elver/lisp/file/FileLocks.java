package org.elver.lisp.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Vm;

/**
 * The locks of files that a VM's isolates have: each is the isolate's that has made it, and goes
 * with that. Any thread.
 */
public final class FileLocks {
  /** Whose a lock is, and what its symbolic link says. */
  private record Held(Context owner, Path says) {}

  private final ConcurrentHashMap<Path, Held> held = new ConcurrentHashMap<>();

  private FileLocks() {}

  /** Those of {@code vm}. */
  public static FileLocks of(Vm vm) {
    return vm.service(FileLocks.class, FileLocks::new);
  }

  /** The isolate of {@code c} has made {@code lock}, which says {@code says}. */
  public void made(Path lock, Context c, Path says) {
    held.put(lock, new Held(c, says));
  }

  /** Nobody has {@code lock} any more. */
  public void gone(Path lock) {
    held.remove(lock);
  }

  /** Whether an isolate has {@code lock} that is not that of {@code c}. */
  public boolean isOfAnother(Path lock, Context c) {
    Held h = held.get(lock);
    return h != null && h.owner != c;
  }

  /** Gives up the locks of an isolate that has ended, or, when null, all. */
  public void release(Context owner) {
    for (Map.Entry<Path, Held> e : held.entrySet()) {
      Held h = e.getValue();
      if ((owner == null || h.owner == owner) && held.remove(e.getKey(), h)) {
        try {
          if (Files.readSymbolicLink(e.getKey()).equals(h.says)) {
            Files.delete(e.getKey());
          }
        } catch (IOException | UnsupportedOperationException x) {
          // Somebody else has taken it away, or its directory: it locks nothing any more.
        }
      }
    }
  }
}
