package org.elver.heap.graph;

import java.util.List;

/** A value that was to pass between contexts, or part of it, cannot; nothing was passed. */
public final class NotTransferableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Object object;
  private final transient List<String> path;

  NotTransferableException(Object object, List<String> path) {
    super(
        "Not transferable: "
            + object
            + (path.isEmpty() ? "" : ", found at " + String.join(", then ", path)));
    this.object = object;
    this.path = List.copyOf(path);
  }

  /** What cannot pass. */
  public Object object() {
    return object;
  }

  /** A shortest way to it from the value: the names of references; empty for the value itself. */
  public List<String> path() {
    return path;
  }
}
