package org.elver.lisp.isolate;

import java.util.LinkedHashSet;
import java.util.Set;
import org.elver.lisp.print.Console;
import org.elver.lisp.print.Transcript;

/**
 * What an isolate, and all that it starts, have for themselves so that nothing of what they do is
 * noticed outside: a console, and temporary files that go with them. An isolate takes it from the
 * one that starts it. Any thread.
 */
public final class Enclosure {
  private final Transcript transcript = new Transcript();
  private final Console console = new Console(transcript);

  /** Guarded by this. */
  private final Set<String> files = new LinkedHashSet<>();

  /** What it has to say to whoever made it, packed; null: nothing. Written by its isolates. */
  private volatile Object report;

  /** What was written to its console. */
  public Transcript transcript() {
    return transcript;
  }

  Console console() {
    return console;
  }

  /** A temporary file or directory that was made in it. */
  public synchronized void addFile(String name) {
    files.add(name);
  }

  /** The temporary files and directories made in it; it forgets them. */
  public synchronized Set<String> takeFiles() {
    Set<String> all = new LinkedHashSet<>(files);
    files.clear();
    return all;
  }

  /** What was reported, packed; null: nothing. */
  public Object report() {
    return report;
  }

  /** Reports {@code packed} to whoever made it. */
  public void setReport(Object packed) {
    report = packed;
  }

  /** That of the isolate that runs {@code t}; null: none, it is not enclosed. */
  public static Enclosure of(org.elver.lisp.machine.Task t) {
    LispIsolate i = LispIsolate.of(t);
    return i == null ? null : i.enclosure();
  }
}
