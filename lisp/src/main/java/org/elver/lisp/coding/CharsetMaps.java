package org.elver.lisp.coding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** The maps of a VM's character sets, read from files when first wanted. Any thread. */
final class CharsetMaps {
  private static final Symbol PATH = Symbol.known("charset-map-path");
  private static final int LIMIT = 1 << 22;

  private final ConcurrentHashMap<Key, CharsetMap> byName = new ConcurrentHashMap<>();

  /** A file, and the definition of the character set for whose codes it is read. */
  private record Key(Path file, Object definition) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Key k && k.definition == definition && k.file.equals(file);
    }

    @Override
    public int hashCode() {
      return 31 * file.hashCode() + System.identityHashCode(definition);
    }
  }

  private CharsetMaps() {}

  static CharsetMaps of(Task t) {
    return t.vm().service(CharsetMaps.class, CharsetMaps::new);
  }

  /** The map that {@code source}, a file name or a vector, is for the codes of {@code charset}. */
  CharsetMap get(Task t, Charset charset, Object source) {
    if (source instanceof LispString name) {
      Path file = file(t, name.toJava(t.c));
      if (file == null) {
        return CharsetMap.EMPTY;
      }
      Key key = new Key(file, charset.definition());
      CharsetMap map = byName.get(key);
      if (map == null) {
        map = load(charset, file);
        if (map.length() > 0) {
          byName.put(key, map);
        }
      }
      return map;
    }
    if (source instanceof Vector v) {
      Builder b = new Builder(charset);
      for (int i = 0; i + 1 < v.length(t.c); i += 2) {
        Object code = v.get(t.c, i);
        if (v.get(t.c, i + 1) instanceof Long ch) {
          if (code instanceof Pair p
              && p.first(t.c) instanceof Long from
              && p.second(t.c) instanceof Long to) {
            b.add(from, to, (int) (long) ch);
          } else if (code instanceof Long l) {
            b.add(l, l, (int) (long) ch);
          }
        }
      }
      return b.build();
    }
    return CharsetMap.EMPTY;
  }

  private static Path file(Task t, String name) {
    Object path = Variables.orNil(t, PATH);
    for (Object tail = path; tail instanceof Pair p; tail = p.second(t.c)) {
      if (p.first(t.c) instanceof LispString dir) {
        Path file = Path.of(dir.toJava(t.c), name + ".map");
        if (Files.isReadable(file)) {
          return file;
        }
      }
    }
    return null;
  }

  private static CharsetMap load(Charset charset, Path file) {
    Builder b = new Builder(charset);
    try {
      Files.readString(file, StandardCharsets.ISO_8859_1).lines().forEach(b::addLine);
    } catch (IOException e) {
      return CharsetMap.EMPTY;
    }
    return b.build();
  }

  /** Gathers a map. */
  private static final class Builder {
    private final Charset charset;
    private int[] characters = new int[256];
    private int length;

    Builder(Charset charset) {
      this.charset = charset;
      Arrays.fill(characters, -1);
    }

    /** Takes a line {@code 0xFROM[-0xTO] 0xCHAR}; ignores what is none. */
    void addLine(String line) {
      if (!line.startsWith("0x")) {
        return;
      }
      int i = 2;
      long from = 0;
      for (; i < line.length() && Character.digit(line.charAt(i), 16) >= 0; i++) {
        from = (from << 4) + Character.digit(line.charAt(i), 16);
      }
      long to = from;
      if (i < line.length() && line.charAt(i) == '-') {
        to = 0;
        for (i += 3; i < line.length() && Character.digit(line.charAt(i), 16) >= 0; i++) {
          to = (to << 4) + Character.digit(line.charAt(i), 16);
        }
      }
      int x = line.indexOf("0x", i);
      if (x < 0) {
        return;
      }
      int ch = 0;
      for (i = x + 2; i < line.length() && Character.digit(line.charAt(i), 16) >= 0; i++) {
        ch = (ch << 4) + Character.digit(line.charAt(i), 16);
      }
      add(from, to, ch);
    }

    void add(long from, long to, int ch) {
      long a = charset.index(from);
      long b = charset.index(to);
      if (a < 0 || b < a || b >= LIMIT) {
        return;
      }
      if (b >= characters.length) {
        int old = characters.length;
        characters = Arrays.copyOf(characters, Math.max((int) b + 1, old * 2));
        Arrays.fill(characters, old, characters.length, -1);
      }
      for (long i = a; i <= b; i++) {
        characters[(int) i] = ch + (int) (i - a);
      }
      length = Math.max(length, (int) b + 1);
    }

    CharsetMap build() {
      return new CharsetMap(Arrays.copyOf(characters, length));
    }
  }

  /** Whether {@code x} can be the source of a map. */
  static boolean isSource(Object x) {
    return x instanceof LispString || x instanceof Vector;
  }

  /** Forgets what was read. */
  void clear() {
    byName.clear();
  }
}
