package org.elver.lisp.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import org.elver.heap.version.Context;

/**
 * Java's end of a process or connection: what came in and was not looked at yet, where output goes,
 * how it ended. The reading threads put in, the Lisp task takes out; all under the channels' lock.
 * What is without it (output, connection, undecoded bytes) is only the owner's tasks'.
 */
public final class Channel {
  private final Channels channels;

  /** The isolate that opened it, which alone deals with it. */
  final Context owner;

  private final ArrayDeque<byte[]> input = new ArrayDeque<>();
  private final ArrayDeque<Object> arrivals = new ArrayDeque<>();
  private OutputStream output;

  /** What is read; null when nothing is. */
  private InputStream source;

  private Closeable connection;
  private Process process;
  private boolean ended;
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
      input.add(bytes);
      channels.happened();
      while (input.size() > 4096) {
        try {
          channels.wait(100);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }
  }

  /** Something a thread of the channel has to tell: a new connection, say. */
  public void arrived(Object x) {
    synchronized (channels) {
      arrivals.add(x);
      channels.happened();
    }
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

  /** Sends bytes; waits until they are taken. */
  public void send(byte[] b) throws IOException {
    if (output == null) {
      throw new IOException("Output file descriptor is closed");
    }
    output.write(b);
    output.flush();
  }

  /** Ends output. */
  public void endOutput() throws IOException {
    if (output != null) {
      output.close();
      output = null;
    }
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
  }

  /** The program, or null. */
  public Process process() {
    return process;
  }

  /** The connection, to be closed with the channel. */
  public void setConnection(Closeable c) {
    connection = c;
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
    try {
      if (output != null && (process == null || process.isAlive())) {
        output.close();
      }
    } catch (IOException e) {
      output = null; // Nobody reads it any more.
    }
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      connection = null; // It was broken already.
    }
    synchronized (channels) {
      ended = true;
      input.clear();
      channels.happened();
    }
  }
}
