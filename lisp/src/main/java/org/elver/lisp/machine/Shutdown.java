package org.elver.lisp.machine;

/** The end of the program ({@code kill-emacs}), on its way out through everything. */
public final class Shutdown extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int status;

  /** The end, with this exit status. */
  public Shutdown(int status) {
    super("exit " + status, null, false, false);
    this.status = status;
  }

  /** The exit status. */
  public int status() {
    return status;
  }
}
