package org.elver.lisp.primitive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.Callable;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.machine.Blocking;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.process.Channel;
import org.elver.lisp.process.Channels;
import org.elver.lisp.process.LispProcess;

/** Connections over the network and within the machine, and what networks there are. */
final class Network {
  private static final Symbol OPEN_STREAM = Symbol.known("open-network-stream");
  private static final Symbol LOCAL = Symbol.known("local");
  private static final Symbol IPV4 = Symbol.known("ipv4");
  private static final Symbol IPV6 = Symbol.known("ipv6");
  private static final Symbol DATAGRAM = Symbol.known("datagram");
  private static final Symbol PLIST_PUT = Symbol.known("plist-put");

  private Network() {}

  // ---- Addresses ------------------------------------------------------------------------------

  /** An address as a vector of its parts and the port; a local one as its file's name. */
  private static Object lisp(Task t, SocketAddress a) {
    if (a instanceof InetSocketAddress i) {
      return vector(t, i.getAddress(), i.getPort());
    }
    return a instanceof UnixDomainSocketAddress u
        ? LispString.of(t.c, u.getPath().toString())
        : Symbol.NIL;
  }

  private static Object vector(Task t, InetAddress a, int port) {
    byte[] b = a.getAddress();
    int step = a instanceof Inet4Address ? 1 : 2;
    Object[] parts = new Object[b.length / step + 1];
    for (int i = 0; i < parts.length - 1; i++) {
      parts[i] =
          step == 1
              ? (long) (b[i] & 0xFF)
              : (long) (((b[2 * i] & 0xFF) << 8) | (b[2 * i + 1] & 0xFF));
    }
    parts[parts.length - 1] = (long) port;
    return new Vector(t.c, parts);
  }

  private static SocketAddress java(Task t, Object x) {
    if (x instanceof LispString s) {
      return UnixDomainSocketAddress.of(s.toJava(t.c));
    }
    if (x instanceof Vector v && (v.length(t.c) == 5 || v.length(t.c) == 9)) {
      int n = v.length(t.c) - 1;
      int step = n == 4 ? 1 : 2;
      byte[] b = new byte[n * step];
      for (int i = 0; i < n; i++) {
        long part = Lisp.natnum(v.get(t.c, i));
        if (step == 1) {
          b[i] = (byte) part;
        } else {
          b[2 * i] = (byte) (part >> 8);
          b[2 * i + 1] = (byte) part;
        }
      }
      try {
        return new InetSocketAddress(
            InetAddress.getByAddress(b), Math.clamp(Lisp.natnum(v.get(t.c, n)), 0, 65535));
      } catch (UnknownHostException e) {
        throw LispSignal.error("Malformed socket address");
      }
    }
    throw LispSignal.error("Malformed socket address");
  }

  @Primitive(
      value = "format-network-address",
      min = 1,
      doc = "Return network ADDRESS, a vector, as text; OMIT-PORT non-nil: without the port.")
  static Object formatNetworkAddress(Task t, Object address, Object omitPort) {
    if (address == Symbol.NIL) {
      return Symbol.NIL;
    }
    if (address instanceof LispString) {
      return address;
    }
    if (!(address instanceof Vector v)) {
      return address instanceof Pair p
          ? t.callNamed("format", LispString.of(t.c, "<Family %d>"), p.first(t.c))
          : Symbol.NIL;
    }
    int n = v.length(t.c);
    if (n != 4 && n != 5 && n != 8 && n != 9) {
      return Symbol.NIL;
    }
    int parts = n <= 5 ? 4 : 8;
    boolean port = n > parts && !Lisp.isTrue(omitPort);
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      if (!(v.get(t.c, i) instanceof Long l) || l < 0 || l > (parts == 4 ? 255 : 65535)) {
        return Symbol.NIL;
      }
      s.append(i == 0 ? "" : parts == 4 ? "." : ":")
          .append(parts == 4 ? Long.toString(l) : Long.toHexString(l));
    }
    if (port) {
      return LispString.of(t.c, (parts == 8 ? "[" + s + "]" : s) + ":" + v.get(t.c, parts));
    }
    return LispString.of(t.c, s.toString());
  }

  private static int port(Object service, String host, Task t) {
    if (service instanceof Long l) {
      return Math.clamp(l, 0, 65535);
    }
    String s = Lisp.string(service).toJava(t.c);
    if (s.matches("[0-9]{1,5}")) {
      return Integer.parseInt(s);
    }
    try {
      for (String line : Files.readAllLines(Path.of("/etc/services"))) {
        String[] f = line.split("\\s+", -1);
        if (f.length > 1 && f[0].equals(s) && f[1].endsWith("/tcp")) {
          return Integer.parseInt(f[1].substring(0, f[1].indexOf('/')));
        }
      }
    } catch (IOException | NumberFormatException e) {
      throw LispSignal.error(host + "/" + s + " Servname not supported for ai_socktype");
    }
    throw LispSignal.error(host + "/" + s + " Servname not supported for ai_socktype");
  }

  private static InetAddress[] resolve(String host, Object family, Object service, Task t) {
    try {
      List<InetAddress> out = new ArrayList<>();
      for (InetAddress a : addresses(t, host)) {
        boolean four = a instanceof Inet4Address;
        if ((family != IPV4 || four) && (family != IPV6 || !four)) {
          out.add(a);
        }
      }
      if (!out.isEmpty()) {
        return out.toArray(InetAddress[]::new);
      }
    } catch (IOException e) {
      throw unknown(host, service, t);
    }
    throw unknown(host, service, t);
  }

  /** The addresses of a host; asking for them may take long. */
  private static InetAddress[] addresses(Task t, String host) throws IOException {
    return Blocking.awaitBriefly(t, Blocking.start(() -> InetAddress.getAllByName(host)));
  }

  private static LispSignal unknown(String host, Object service, Task t) {
    String s = service instanceof LispString x ? x.toJava(t.c) : String.valueOf(service);
    return LispSignal.error(host + "/" + s + " Name or service not known");
  }

  // ---- Connections ----------------------------------------------------------------------------

  private static LispSignal failed(String what, String reason, Object[] args) {
    Object[] data = new Object[args.length + 2];
    data[0] = what;
    data[1] = reason;
    System.arraycopy(args, 0, data, 2, args.length);
    return new LispSignal(Q.FILE_ERROR, data);
  }

  private static String reason(IOException e) {
    if (e instanceof ConnectException && e.getMessage() != null) {
      return e.getMessage();
    }
    return e.getMessage() == null ? "Connection failed" : FileErrors.reason(e);
  }

  @Primitive(
      value = "make-network-process",
      min = 0,
      args = "(&rest ARGS)",
      doc =
          "Make a connection or a server and return its process.  ARGS: `:name', `:buffer',\n"
              + "`:host' HOST, `:service' SERVICE (name or port; t: any for a server; a file name"
              + " for\n"
              + "`:family' `local'), `:family', `:local' and `:remote' ADDRESS, `:server' BOOL,\n"
              + "`:nowait' BOOL, `:coding', `:noquery', `:filter', `:sentinel', `:log', `:plist'.")
  static Object makeNetworkProcess(Task t, Object[] args) {
    if (args.length == 0) {
      return Symbol.NIL;
    }
    LispString name = Lisp.string(ProcessControl.keywordOrNil(args, ":name"));
    Object type = ProcessControl.keywordOrNil(args, ":type");
    if (type == DATAGRAM || (type != Symbol.NIL && !(type instanceof Symbol))) {
      throw LispSignal.error("Unsupported connection type");
    }
    boolean server = Lisp.isTrue(ProcessControl.keywordOrNil(args, ":server"));
    Object family = ProcessControl.keywordOrNil(args, ":family");
    Object host = ProcessControl.keywordOrNil(args, ":host");
    Object service = ProcessControl.keywordOrNil(args, ":service");
    Object address = ProcessControl.keywordOrNil(args, server ? ":local" : ":remote");
    List<SocketAddress> addresses = new ArrayList<>();
    if (address != Symbol.NIL) {
      addresses.add(java(t, address));
    } else if (family == LOCAL) {
      addresses.add(
          UnixDomainSocketAddress.of(
              Filenames.expand(t, Lisp.string(service), Symbol.NIL).toJava(t.c)));
    } else {
      String h;
      if (host == LOCAL || (server && host == Symbol.NIL)) {
        h = family == IPV6 ? "::1" : "127.0.0.1";
      } else {
        h = Lisp.string(host).toJava(t.c);
      }
      int port = server && service == Symbol.T ? 0 : port(service, h, t);
      for (InetAddress a : resolve(h, family, service, t)) {
        addresses.add(new InetSocketAddress(a, port));
      }
    }
    Object buffer = ProcessControl.buffer(t, ProcessControl.keywordOrNil(args, ":buffer"));
    return server
        ? listen(t, args, name, addresses.get(0), buffer)
        : connect(t, args, name, addresses, buffer);
  }

  private static LispProcess make(Task t, Object[] args, LispString name, Object buffer) {
    LispProcess p = ProcessObjects.make(t, name.toJava(t.c), Processes.NETWORK);
    ProcessControl.common(t, p, args, buffer);
    p.set(t.c, LispProcess.PLIST, ProcessControl.keywordOrNil(args, ":plist"));
    p.set(t.c, LispProcess.LOG, ProcessControl.keywordOrNil(args, ":log"));
    p.set(t.c, LispProcess.CONTACT, t.list(args));
    Object host = ProcessControl.keywordOrNil(args, ":host");
    Object service = ProcessControl.keywordOrNil(args, ":service");
    if (host instanceof LispString && (service instanceof LispString || service instanceof Long)) {
      ProcessControl.coding(t, p, args, OPEN_STREAM, name, buffer, host, service);
    } else if (ProcessControl.keyword(args, ":coding") != null) {
      ProcessControl.coding(t, p, args, OPEN_STREAM);
    }
    return p;
  }

  private static void put(Task t, LispProcess p, String key, Object value) {
    p.set(
        t.c,
        LispProcess.CONTACT,
        t.call(PLIST_PUT, p.get(t.c, LispProcess.CONTACT), Symbol.known(key), value));
  }

  private static Object listen(
      Task t, Object[] args, LispString name, SocketAddress at, Object buffer) {
    ServerSocketChannel s = null;
    try {
      s =
          at instanceof UnixDomainSocketAddress
              ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
              : ServerSocketChannel.open();
      if (!(at instanceof UnixDomainSocketAddress)) {
        s.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      s.bind(at);
      return listen(t, args, name, s, buffer);
    } catch (IOException e) {
      discard(s);
      throw failed("make server process failed", reason(e), args);
    } catch (RuntimeException | Error e) {
      discard(s);
      throw e;
    }
  }

  private static Object listen(
      Task t, Object[] args, LispString name, ServerSocketChannel s, Object buffer)
      throws IOException {
    LispProcess p = make(t, args, name, buffer);
    if (buffer == Symbol.NIL) {
      p.set(t.c, LispProcess.BUFFER, Symbol.NIL);
    }
    p.set(t.c, LispProcess.STATUS, Processes.LISTEN);
    put(t, p, ":local", lisp(t, s.getLocalAddress()));
    if (s.getLocalAddress() instanceof InetSocketAddress i) {
      put(t, p, ":service", (long) i.getPort());
    }
    Channel c = Channels.of(t).open(t, p);
    c.setConnection(s);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  c.arrived(s.accept());
                }
              } catch (IOException e) {
                c.connected("closed");
              }
            });
    p.enlist(t);
    return p;
  }

  /** What has been opened is nobody's. */
  private static void discard(Closeable s) {
    try {
      if (s != null) {
        s.close();
      }
    } catch (IOException e) {
      // It was broken already: there is nothing left to let go of.
    }
  }

  /** An attempt to reach one of some addresses, which can be given up. */
  private static final class Attempt implements Callable<SocketChannel>, Closeable {
    private final List<SocketAddress> addresses;

    /** What is tried, or has been reached; guarded by this. */
    private SocketChannel present;

    private boolean givenUp;

    Attempt(List<SocketAddress> addresses) {
      this.addresses = addresses;
    }

    @Override
    public SocketChannel call() throws IOException {
      IOException last = new IOException("Connection failed");
      for (SocketAddress a : addresses) {
        SocketChannel s =
            a instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        try {
          use(s);
          s.connect(a);
          return s;
        } catch (IOException e) {
          discard(s);
          last = e;
        } catch (RuntimeException e) {
          discard(s);
          throw e;
        }
      }
      throw last;
    }

    private synchronized void use(SocketChannel s) throws IOException {
      if (givenUp) {
        throw new IOException("given up");
      }
      present = s;
    }

    /** Ends it, and the connection if there is one. Any thread. */
    @Override
    public synchronized void close() {
      givenUp = true;
      discard(present);
    }
  }

  private static Object connect(
      Task t, Object[] args, LispString name, List<SocketAddress> addresses, Object buffer) {
    Attempt attempt = new Attempt(addresses);
    if (Lisp.isTrue(ProcessControl.keywordOrNil(args, ":nowait"))) {
      LispProcess p = make(t, args, name, buffer);
      p.set(t.c, LispProcess.STATUS, Processes.CONNECT);
      put(t, p, ":remote", lisp(t, addresses.get(0)));
      Channel c = Channels.of(t).open(t, p);
      c.setConnection(attempt);
      p.enlist(t);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  attach(c, attempt.call());
                  c.connected(null);
                } catch (IOException e) {
                  c.connected(reason(e));
                }
              });
      return p;
    }
    try {
      SocketChannel s = Blocking.awaitBriefly(t, Blocking.start(attempt));
      LispProcess p = make(t, args, name, buffer);
      p.set(t.c, LispProcess.STATUS, Processes.OPEN);
      put(t, p, ":remote", lisp(t, s.getRemoteAddress()));
      put(t, p, ":local", lisp(t, s.getLocalAddress()));
      attach(Channels.of(t).open(t, p), s);
      p.enlist(t);
      return p;
    } catch (IOException e) {
      attempt.close();
      throw failed("make client process failed", reason(e), args);
    } catch (RuntimeException | Error e) {
      attempt.close(); // Whether the task quits or the isolate is killed.
      throw e;
    }
  }

  private static void attach(Channel c, SocketChannel s) {
    c.setConnection(s);
    c.writeTo(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] b, int from, int n) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(b, from, n);
            while (buffer.hasRemaining()) {
              s.write(buffer);
            }
          }

          @Override
          public void close() throws IOException {
            s.shutdownOutput();
          }
        });
    c.readFrom(
        new InputStream() {
          @Override
          public int read() throws IOException {
            byte[] b = new byte[1];
            return read(b, 0, 1) < 0 ? -1 : b[0] & 0xFF;
          }

          @Override
          public int read(byte[] b, int from, int n) throws IOException {
            return s.read(ByteBuffer.wrap(b, from, n));
          }
        });
  }

  /** Makes the process of a connection that a server accepted, and tells of it. */
  static void accept(Task t, LispProcess server, SocketChannel s) {
    String from;
    String host;
    Object remote;
    try {
      remote = lisp(t, s.getRemoteAddress());
      if (s.getRemoteAddress() instanceof InetSocketAddress i) {
        host = i.getAddress().getHostAddress();
        from = " <" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + i.getPort() + ">";
      } else {
        host = "-";
        from = " <1>";
      }
    } catch (IOException e) {
      discard(s);
      return; // It went away before it was looked at.
    }
    LispProcess p = ProcessObjects.make(t, server.name(t.c) + from, Processes.NETWORK);
    for (int slot :
        new int[] {
          LispProcess.FILTER,
          LispProcess.SENTINEL,
          LispProcess.DECODING,
          LispProcess.ENCODING,
          LispProcess.QUERY,
          LispProcess.INHERIT,
          LispProcess.THREAD
        }) {
      p.set(t.c, slot, server.get(t.c, slot));
    }
    Object plist = server.get(t.c, LispProcess.PLIST);
    p.set(
        t.c,
        LispProcess.PLIST,
        plist instanceof Pair ? Lisp.list(t.c, Lisp.elements(t.c, plist)) : plist);
    if (server.get(t.c, LispProcess.BUFFER) != Symbol.NIL) {
      Object b = t.callNamed("get-buffer-create", p.get(t.c, LispProcess.NAME));
      p.set(t.c, LispProcess.BUFFER, b);
    }
    p.set(t.c, LispProcess.STATUS, Processes.OPEN);
    p.set(
        t.c,
        LispProcess.CONTACT,
        Lisp.list(t.c, Lisp.elements(t.c, server.get(t.c, LispProcess.CONTACT))));
    put(t, p, ":server", Symbol.NIL);
    put(t, p, ":host", LispString.of(t.c, host));
    put(t, p, ":remote", remote);
    if (remote instanceof Vector v) {
      put(t, p, ":service", v.get(t.c, v.length(t.c) - 1));
    }
    attach(Channels.of(t).open(t, p), s);
    p.enlist(t);
    Object log = server.get(t.c, LispProcess.LOG);
    if (log != Symbol.NIL) {
      t.call(log, server, p, LispString.of(t.c, "accept from " + host + "\n"));
    }
    p.set(t.c, LispProcess.NEWS, LispString.of(t.c, "open from " + host + "\n"));
    Processes.tell(t, p);
  }

  @Primitive(
      value = "set-network-process-option",
      min = 3,
      doc = "Set OPTION of network PROCESS to VALUE; NO-ERROR non-nil: no error if that fails.")
  static Object setNetworkProcessOption(
      Task t, Object process, Object option, Object value, Object noError) {
    LispProcess p = LispProcess.check(process);
    if (p.get(t.c, LispProcess.TYPE) != Processes.NETWORK) {
      throw LispSignal.error("Process is not a network process");
    }
    put(t, p, Lisp.symbol(option).name(), value);
    return Symbol.T;
  }

  // ---- What networks there are ------------------------------------------------------------------

  @Primitive(
      value = "network-lookup-address-info",
      min = 1,
      doc = "Return the addresses of host NAME, vectors; FAMILY `ipv4' or `ipv6': only such.")
  static Object networkLookupAddressInfo(Task t, Object name, Object family) {
    String host = Lisp.string(name).toJava(t.c);
    if (family != Symbol.NIL && family != IPV4 && family != IPV6) {
      throw LispSignal.error("Unsupported lookup type");
    }
    List<Object> out = new ArrayList<>();
    try {
      for (InetAddress a : addresses(t, host)) {
        boolean four = a instanceof Inet4Address;
        if ((family != IPV4 || four) && (family != IPV6 || !four)) {
          out.add(vector(t, a, 0));
        }
      }
    } catch (IOException e) {
      t.callNamed("message", LispString.of(t.c, "Name or service not known"));
      return Symbol.NIL;
    }
    return Lisp.list(t.c, out);
  }

  private static List<NetworkInterface> interfaces() {
    List<NetworkInterface> out = new ArrayList<>();
    try {
      Enumeration<NetworkInterface> e = NetworkInterface.getNetworkInterfaces();
      while (e.hasMoreElements()) {
        out.add(e.nextElement());
      }
    } catch (SocketException e) {
      return out; // None can be asked for.
    }
    return out;
  }

  private static Object mask(Task t, java.net.InterfaceAddress a, boolean broadcast) {
    byte[] b = a.getAddress().getAddress();
    int prefix = a.getNetworkPrefixLength();
    for (int i = 0; i < b.length; i++) {
      int bits = Math.clamp(prefix - 8L * i, 0, 8);
      int m = (0xFF00 >> bits) & 0xFF;
      b[i] = (byte) (broadcast ? b[i] | (~m & 0xFF) : m);
    }
    try {
      return vector(t, InetAddress.getByAddress(b), 0);
    } catch (UnknownHostException e) {
      return Symbol.NIL;
    }
  }

  @Primitive(
      value = "network-interface-list",
      min = 0,
      doc =
          "Return the network interfaces: (NAME . ADDRESS), or with FULL non-nil\n"
              + "(NAME ADDRESS BROADCAST MASK).  FAMILY `ipv4' or `ipv6': only such.")
  static Object networkInterfaceList(Task t, Object full, Object family) {
    if (family != Symbol.NIL && family != IPV4 && family != IPV6) {
      throw LispSignal.error("Unsupported address family");
    }
    Object out = Symbol.NIL;
    for (NetworkInterface n : interfaces()) {
      List<java.net.InterfaceAddress> all = new ArrayList<>(n.getInterfaceAddresses());
      all.sort(java.util.Comparator.comparing(a -> !(a.getAddress() instanceof Inet4Address)));
      for (java.net.InterfaceAddress a : all) {
        boolean four = a.getAddress() instanceof Inet4Address;
        if ((family == IPV4 && !four) || (family == IPV6 && four)) {
          continue;
        }
        LispString name = LispString.of(t.c, n.getName());
        Object v = vector(t, a.getAddress(), 0);
        out =
            t.cons(
                Lisp.isTrue(full)
                    ? t.list(name, v, mask(t, a, true), mask(t, a, false))
                    : t.cons(name, v),
                out);
      }
    }
    return out;
  }

  @Primitive(
      value = "network-interface-info",
      doc = "Return (ADDRESS BROADCAST MASK HARDWARE FLAGS) of network interface IFNAME, or nil.")
  static Object networkInterfaceInfo(Task t, Object ifname) {
    String name = Lisp.string(ifname).toJava(t.c);
    for (NetworkInterface n : interfaces()) {
      if (!n.getName().equals(name)) {
        continue;
      }
      Object[] info = {Symbol.NIL, Symbol.NIL, Symbol.NIL, Symbol.NIL, Symbol.NIL};
      for (java.net.InterfaceAddress a : n.getInterfaceAddresses()) {
        if (a.getAddress() instanceof Inet4Address) {
          info[0] = vector(t, a.getAddress(), 0);
          info[1] = a.getBroadcast() == null ? Symbol.NIL : vector(t, a.getBroadcast(), 0);
          info[2] = mask(t, a, false);
        }
      }
      try {
        List<Object> flags = new ArrayList<>();
        if (n.isUp()) {
          flags.add(t.symbols().intern(t, "running"));
        }
        if (n.isLoopback()) {
          flags.add(t.symbols().intern(t, "loopback"));
        }
        if (n.isUp()) {
          flags.add(t.symbols().intern(t, "up"));
        }
        info[4] = Lisp.list(t.c, flags);
      } catch (SocketException e) {
        info[4] = Symbol.NIL;
      }
      return t.list(info);
    }
    return Symbol.NIL;
  }
}
