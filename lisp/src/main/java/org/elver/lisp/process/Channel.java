package org.elver.lisp.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Blocking;
import org.elver.lisp.machine.Task;

/**
 * Java's end of a process or connection: what came in and was not looked at yet, where output goes,
 * how it ended. The reading threads put in, the Lisp task takes out; all under the channels' lock.
 * What is without it (output, undecoded bytes) is only the owner's tasks'.
 */
public final class Channel {
  private final Channels channels;

  /** The isolate that opened it, which alone deals with it. */
  final Context owner;

  private final ArrayDeque<byte[]> input = new ArrayDeque<>();
  private final ArrayDeque<Closeable> arrivals = new ArrayDeque<>();
  private OutputStream output;

  /** What is read; null when nothing is. */
  private InputStream source;

  private Closeable connection;
  private Process process;
  private boolean ended;

  /** It has been let go of: what comes from now on is nobody's. Under the lock. */
  private boolean closed;

  /** The last thing that was begun with the output. */
  private CompletableFuture<?> writing = CompletableFuture.completedFuture(null);

  private String failure;
  private boolean connected;
  private byte[] undecoded = {};

  Channel(Channels channels, Context owner) {
    this.channels = channels;
    this.owner = owner;
  }

  /** Reads {@code in} from now on in a thread of its own. */
  public void readFrom(InputStream in) {
    source = in;
    Thread.ofVirtual()
        .start(
            () -> {
              byte[] b = new byte[1 << 14];
              try (in) {
                for (int n = in.read(b); n >= 0; n = in.read(b)) {
                  received(java.util.Arrays.copyOf(b, n));
                }
              } catch (IOException e) {
                // As the end of input: the other side went away.
              }
              synchronized (channels) {
                ended = true;
                channels.happened();
              }
            });
  }

  private void received(byte[] bytes) throws IOException {
    synchronized (channels) {
      if (closed) {
        throw new IOException("closed"); // The program learns of that when it writes again.
      }
      input.add(bytes);
      channels.happened();
      while (input.size() > 4096 && !closed) {
        try {
          channels.wait(100);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }
  }

  /** Something a thread of the channel has to tell: a new connection, say. */
  public void arrived(Closeable x) {
    synchronized (channels) {
      if (!closed) {
        arrivals.add(x);
        channels.happened();
        return;
      }
    }
    closeQuietly(x);
  }

  /** What {@link #arrived} was told; null when there is nothing. */
  public Object nextArrival() {
    synchronized (channels) {
      return arrivals.poll();
    }
  }

  /** The next bytes, at most {@code max}; null when there are none now. */
  public byte[] next(int max) {
    synchronized (channels) {
      byte[] b = input.poll();
      if (b != null && b.length > max) {
        input.addFirst(java.util.Arrays.copyOfRange(b, max, b.length));
        b = java.util.Arrays.copyOf(b, max);
      }
      channels.happened();
      return b;
    }
  }

  /** Whether there is input to be looked at. */
  public boolean hasInput() {
    synchronized (channels) {
      return !input.isEmpty();
    }
  }

  /** Whether there are bytes that the reading thread has not taken yet. */
  public boolean isBehind() {
    try {
      return source != null && source.available() > 0;
    } catch (IOException e) {
      return false; // It has been closed.
    }
  }

  /** Whether all input was received. */
  public boolean isEnded() {
    synchronized (channels) {
      return ended && input.isEmpty();
    }
  }

  /** Bytes of a character of which the rest has not come yet. */
  public byte[] undecoded() {
    return undecoded;
  }

  /** Keeps bytes for the next time. */
  public void setUndecoded(byte[] b) {
    undecoded = b;
  }

  /** Sets where output goes. */
  public void writeTo(OutputStream out) {
    output = out;
  }

  /** Sends bytes; {@code t} waits until they are taken. */
  public void send(Task t, byte[] b) throws IOException {
    OutputStream out = output;
    if (out == null) {
      throw new IOException("Output file descriptor is closed");
    }
    Blocking.awaitBriefly(
        t,
        next(
            () -> {
              out.write(b);
              out.flush();
            }));
  }

  /** Ends output. */
  public void endOutput(Task t) throws IOException {
    OutputStream out = output;
    output = null;
    if (out != null) {
      Blocking.awaitBriefly(t, next(out::close));
    }
  }

  /** Something done with the output, which may wait for who reads it. */
  private interface Writing {
    void run() throws IOException;
  }

  /** Has {@code w} done beside what runs, after what has been begun before. */
  private CompletableFuture<?> next(Writing w) {
    CompletableFuture<?> now =
        writing
            .handle((v, e) -> null)
            .thenCompose(
                v ->
                    Blocking.start(
                        () -> {
                          w.run();
                          return null;
                        }));
    writing = now;
    return now;
  }

  /** The program. */
  public void setProcess(Process p) {
    process = p;
    var _ =
        p.onExit()
            .thenRun(
                () -> {
                  synchronized (channels) {
                    channels.happened();
                  }
                });
    if (channels.isClosed()) {
      Programs.end(p);
    }
  }

  /** The program, or null. */
  public Process process() {
    return process;
  }

  /** The connection, to be closed with the channel. */
  public void setConnection(Closeable c) {
    synchronized (channels) {
      if (!closed && !channels.isClosed()) {
        connection = c;
        return;
      }
    }
    closeQuietly(c);
  }

  /** The connection was made, or, with a reason, was not. */
  public void connected(String reason) {
    synchronized (channels) {
      connected = reason == null;
      failure = reason;
      channels.happened();
    }
  }

  /** Whether the connection was made. */
  public boolean isConnected() {
    synchronized (channels) {
      return connected;
    }
  }

  /** Why no connection was made; null: it was, or is not known yet. */
  public String failure() {
    synchronized (channels) {
      return failure;
    }
  }

  /** Lets go of everything. */
  public void close() {
    OutputStream out = output;
    output = null;
    Closeable c;
    List<Closeable> unseen;
    synchronized (channels) {
      closed = true;
      c = connection;
      connection = null;
      unseen = new ArrayList<>(arrivals);
      arrivals.clear();
      ended = true;
      input.clear();
      channels.happened();
    }
    if (c != null) {
      closeQuietly(c);
    } else if (out != null && (process == null || process.isAlive())) {
      var _ = next(out::close); // Who does not read would keep us waiting.
    }
    unseen.forEach(Channel::closeQuietly);
  }

  private static void closeQuietly(Closeable c) {
    try {
      c.close();
    } catch (IOException e) {
      // It was broken already: there is nothing left to let go of.
    }
  }
}
