package org.elver.lisp.primitive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.elver.heap.object.Pair;
import org.elver.lisp.file.Bytes;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.file.FileNames;
import org.elver.lisp.file.Handlers;
import org.elver.lisp.file.Recoding;
import org.elver.lisp.isolate.Enclosure;
import org.elver.lisp.machine.Blocking;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferList;
import org.elver.lisp.text.BufferVariable;
import org.elver.lisp.text.Editing;
import org.elver.lisp.time.TimeValue;

/** The contents of files, to and from buffers; and which file a buffer visits. */
final class FileContents {
  private static final Symbol INSERT = Symbol.known("insert-file-contents");
  private static final Symbol WRITE_REGION = Symbol.known("write-region");
  private static final Symbol VERIFY = Symbol.known("verify-visited-file-modtime");
  private static final Symbol SET_VISITED = Symbol.known("set-visited-file-modtime");
  private static final Symbol FILE_OFFSET = Symbol.known("file-offset");
  private static final Symbol CODING_FOR_READ = Symbol.known("coding-system-for-read");
  private static final Symbol CODING_FOR_WRITE = Symbol.known("coding-system-for-write");
  private static final Symbol SET_AUTO_CODING = Symbol.known("set-auto-coding-function");
  private static final Symbol FIND_CODING = Symbol.known("find-operation-coding-system");
  private static final Symbol SELECT_CODING = Symbol.known("select-safe-coding-system-function");
  private static final Symbol AFTER_INSERT_CODING = Symbol.known("after-insert-file-set-coding");
  private static final Symbol AFTER_INSERT = Symbol.known("after-insert-file-functions");
  private static final Symbol FORMAT_DECODE = Symbol.known("format-decode");
  private static final Symbol FORMAT_ANNOTATE = Symbol.known("format-annotate-function");
  private static final Symbol ANNOTATE = Symbol.known("write-region-annotate-functions");
  private static final Symbol POST_ANNOTATE = Symbol.known("write-region-post-annotation-function");
  private static final Symbol SO_FAR = Symbol.known("write-region-annotations-so-far");
  private static final Symbol UNDECIDED = Symbol.known("undecided");
  private static final Symbol INSERTED_CHARS = Symbol.known("inserted-chars");
  private static final Symbol EXCL = Symbol.known("excl");
  private static final Symbol KILL_BUFFER = Symbol.known("kill-buffer");

  private FileContents() {}

  private static final int CHUNK = 1 << 16;

  private static long offset(Object x, long dflt) {
    if (x == Symbol.NIL) {
      return dflt;
    }
    if (x instanceof Long l && l >= 0) {
      return l;
    }
    throw LispSignal.wrongType(FILE_OFFSET, x);
  }

  /** Opens a file for reading; what is no file of a known length may keep one waiting. */
  private static FileChannel open(Task t, Path path, boolean waits) throws IOException {
    if (!waits) {
      return FileChannel.open(path, StandardOpenOption.READ);
    }
    CompletableFuture<FileChannel> opened =
        Blocking.start(() -> FileChannel.open(path, StandardOpenOption.READ));
    try {
      return Blocking.awaitBriefly(t, opened);
    } catch (RuntimeException | Error e) {
      var _ = opened.thenAccept(FileContents::discard);
      throw e;
    }
  }

  private static void discard(FileChannel ch) {
    try {
      ch.close();
    } catch (IOException e) {
      // Nothing has been read from it: there is nothing to tell.
    }
  }

  private static byte[] read(Task t, FileChannel ch, long from, long to, boolean waits)
      throws IOException {
    long size = ch.size();
    java.io.ByteArrayOutputStream out =
        new java.io.ByteArrayOutputStream(Math.clamp(Math.min(size, to) - from, 32, 1 << 28));
    ByteBuffer b = ByteBuffer.allocate(CHUNK);
    if (from > 0) {
      ch.position(from);
    }
    long left = to - from;
    while (left > 0) {
      t.safepoint();
      b.clear();
      if (left < CHUNK) {
        b.limit((int) left);
      }
      int n = waits ? Blocking.awaitBriefly(t, Blocking.start(() -> ch.read(b))) : ch.read(b);
      if (n < 0) {
        break;
      }
      out.write(b.array(), 0, n);
      left -= n;
    }
    return out.toByteArray();
  }

  /** The coding system for reading a file of these bytes. */
  private static Object codingForRead(Task t, LispString file, byte[] bytes, Object[] args) {
    Object coding = Variables.orNil(t, CODING_FOR_READ);
    if (coding != Symbol.NIL) {
      return coding;
    }
    Object auto = Variables.orNil(t, SET_AUTO_CODING);
    if (Lisp.isTrue(auto)) {
      Buffer old = Buffer.current(t);
      Object work = t.callNamed("generate-new-buffer", LispString.of(t.c, " *auto-coding*"));
      try {
        ((Buffer) work).select(t);
        BufferVariable.UNDO_LIST.setIn(t, (Buffer) work, Symbol.T);
        byte[] part = bytes;
        if (bytes.length > 4096) {
          part = java.util.Arrays.copyOf(bytes, 4096);
          System.arraycopy(bytes, bytes.length - 3072, part, 1024, 3072);
        }
        t.callNamed("set-buffer-multibyte", Symbol.NIL);
        Editing.insert(t, LispString.unibyte(t.c, part));
        ((Buffer) work).setPoint(t.c, 1);
        coding = t.call(auto, file, (long) part.length);
      } finally {
        old.select(t);
        t.call(KILL_BUFFER, work);
      }
      if (coding != Symbol.NIL) {
        return coding;
      }
    }
    if (Lisp.isTrue(FIND_CODING.function(t))) {
      Object[] all = new Object[args.length + 1];
      all[0] = INSERT;
      System.arraycopy(args, 0, all, 1, args.length);
      Object found = t.call(FIND_CODING, all);
      if (found instanceof Pair p) {
        coding = p.first(t.c);
      }
    }
    return coding == Symbol.NIL ? UNDECIDED : coding;
  }

  @Primitive(
      value = "insert-file-contents",
      min = 1,
      doc =
          "Insert the contents of file FILENAME after point; return (ABSOLUTE-NAME LENGTH).\n"
              + "VISIT non-nil makes it the visited file.  BEG and END: only those bytes. "
              + " REPLACE\n"
              + "non-nil replaces the accessible text, as little of it as possible.")
  static Object insertFileContents(
      Task t, Object filename, Object visit, Object beg, Object end, Object replace) {
    Buffer b = Buffer.current(t);
    Editing.requireWritable(t);
    boolean visits = Lisp.isTrue(visit);
    if (visits && b.base(t.c) != b) {
      throw LispSignal.error("Cannot do file visiting in an indirect buffer");
    }
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    Object handled = Handlers.tryCall(t, INSERT, name, name, visit, beg, end, replace);
    if (handled != null) {
      return handled;
    }
    Path path = Fileio.path(t, name);
    byte[] bytes;
    Object modtime = 0L;
    Object size = Symbol.NIL;
    boolean waits = Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    try (FileChannel ch = open(t, path, waits)) {
      if (visits || Lisp.isTrue(replace) || beg != Symbol.NIL || end != Symbol.NIL) {
        if (!Files.isRegularFile(path) && !Files.isDirectory(path)) {
          throw new LispSignal(Q.FILE_ERROR, "not a regular file", name);
        }
      }
      if (visits && (beg != Symbol.NIL || end != Symbol.NIL)) {
        throw LispSignal.error("Attempt to visit less than an entire file");
      }
      if (visits && b.z(t.c) > 1 && !Lisp.isTrue(replace)) {
        throw LispSignal.error("Cannot do file visiting in a non-empty buffer");
      }
      long from = offset(beg, 0);
      long to = offset(end, Long.MAX_VALUE);
      try {
        modtime = Dired.time(t, Files.getLastModifiedTime(path));
        bytes = read(t, ch, from, to, waits);
        size = (long) bytes.length;
      } catch (IOException e) {
        throw FileErrors.signal("Read error", e, name);
      }
    } catch (IOException e) {
      if (visits) {
        visit(t, b, name, -1L, Symbol.NIL);
      }
      throw FileErrors.signal("Opening input file", e, name);
    }
    long inserted = insert(t, b, name, bytes, visit, beg, end, replace);
    Buffer now = Buffer.current(t);
    if (visits) {
      visit(t, now, name, modtime, size);
    }
    inserted = afterInsert(t, inserted, visit, visits);
    return t.list(name, inserted);
  }

  private static void visit(Task t, Buffer b, LispString name, Object modtime, Object size) {
    if (BufferVariable.UNDO_LIST.in(t, b) != Symbol.T) {
      BufferVariable.UNDO_LIST.setIn(t, b, Symbol.NIL);
    }
    b.setSlot(t.c, Buffer.MODTIME, modtime);
    b.setSlot(t.c, Buffer.MODTIME_SIZE, size);
    BufferVariable.FILE_NAME.setIn(t, b, name);
    b.setModified(t.c, false);
    b.setAutoSaved(t.c);
    BufferVariable.SAVED_SIZE.setIn(t, b, (long) (b.z(t.c) - 1));
  }

  private static long insert(
      Task t,
      Buffer b,
      LispString name,
      byte[] bytes,
      Object visit,
      Object beg,
      Object end,
      Object replace) {
    boolean visits = Lisp.isTrue(visit);
    LispString text;
    if (bytes.length == 0 && !Lisp.isTrue(replace)) {
      Object coding = codingForRead(t, name, bytes, new Object[] {name, visit, beg, end, replace});
      Recoding.decode(t, bytes, coding);
      return 0;
    }
    Object coding = codingForRead(t, name, bytes, new Object[] {name, visit, beg, end, replace});
    text = Recoding.decode(t, bytes, coding);
    int mark = t.bindingMark();
    try {
      if (visits) {
        t.bind(Q.INHIBIT_MODIFICATION_HOOKS, Symbol.T);
      }
      Object undo = BufferVariable.UNDO_LIST.in(t, b);
      if (visits) {
        BufferVariable.UNDO_LIST.setIn(t, b, Symbol.T);
      }
      long n = Lisp.isTrue(replace) ? replace(t, b, text) : insertHere(t, b, text);
      if (visits) {
        BufferVariable.UNDO_LIST.setIn(t, b, undo);
      }
      return n;
    } finally {
      t.unbindTo(mark);
    }
  }

  private static long insertHere(Task t, Buffer b, LispString text) {
    int at = b.point(t.c);
    int before = b.z(t.c);
    Editing.insert(t, text);
    Buffer now = Buffer.current(t);
    now.setPoint(t.c, Math.clamp(at, now.begv(t.c), now.zv(t.c)));
    return (long) now.z(t.c) - before;
  }

  /** Makes the accessible text be {@code text}, changing only what is between equal ends. */
  private static long replace(Task t, Buffer b, LispString text) {
    int begv = b.begv(t.c);
    int[] old = b.codes(t.c, begv, b.zv(t.c));
    int[] now = b.isMultibyte(t.c) ? text.characters(t.c) : text.codeArray(t.c);
    int head = 0;
    int least = Math.min(old.length, now.length);
    while (head < least && old[head] == now[head]) {
      head++;
    }
    int tail = 0;
    while (tail < least - head && old[old.length - 1 - tail] == now[now.length - 1 - tail]) {
      tail++;
    }
    int from = begv + head;
    int to = begv + old.length - tail;
    int point = b.point(t.c);
    if (to > from) {
      Editing.delete(t, from, to);
      point = point > to ? point - (to - from) : Math.min(point, from);
    }
    int n = now.length - head - tail;
    if (n > 0) {
      b.setPoint(t.c, from);
      Editing.insert(t, now, head, head + n, b.isMultibyte(t.c), null, false, false);
      if (point > from) {
        point += n;
      }
    }
    b.setPoint(t.c, Math.clamp(point, b.begv(t.c), b.zv(t.c)));
    return n;
  }

  /** What decodes the text further: file formats, functions of the user. */
  private static long afterInsert(Task t, long count, Object visit, boolean visits) {
    long inserted = count;
    if (Lisp.isTrue(AFTER_INSERT_CODING.function(t))) {
      Object x = t.call(AFTER_INSERT_CODING, inserted, visit);
      inserted = x instanceof Long l ? l : inserted;
    }
    if (inserted <= 0) {
      return inserted;
    }
    Buffer b = Buffer.current(t);
    int at = b.point(t.c);
    int mark = t.bindingMark();
    Object undo = BufferVariable.UNDO_LIST.in(t, b);
    try {
      boolean empty = visits || undo == Symbol.NIL;
      if (empty) {
        BufferVariable.UNDO_LIST.setIn(t, b, Symbol.T);
      }
      t.bind(Q.INHIBIT_MODIFICATION_HOOKS, Lisp.bool(visits));
      if (Lisp.isTrue(FORMAT_DECODE.function(t))) {
        Object x = t.call(FORMAT_DECODE, Symbol.NIL, inserted, visit);
        inserted = x instanceof Long l && l >= 0 ? l : inserted;
      }
      Object functions = Variables.orNil(t, AFTER_INSERT);
      while (functions instanceof Pair p) {
        Buffer now = Buffer.current(t);
        now.setPoint(t.c, Math.clamp(at, now.begv(t.c), now.zv(t.c)));
        Object f = p.first(t.c);
        for (Object g :
            f == Symbol.T ? Lisp.elements(t.c, defaultOf(t, AFTER_INSERT)) : List.of(f)) {
          if (g == Symbol.T) {
            continue;
          }
          Object x = t.call(g, inserted);
          if (x != Symbol.NIL) {
            Buffer then = Buffer.current(t);
            if (!(x instanceof Long l) || l < 0 || l > then.zv(t.c) - then.point(t.c)) {
              throw LispSignal.wrongType(INSERTED_CHARS, x);
            }
            inserted = l;
          }
        }
        functions = p.second(t.c);
      }
      Buffer now = Buffer.current(t);
      now.setPoint(t.c, Math.clamp(at, now.begv(t.c), now.zv(t.c)));
      if (empty) {
        BufferVariable.UNDO_LIST.setIn(t, b, undo);
      }
      if (visits) {
        now.setModified(t.c, false);
      }
    } finally {
      t.unbindTo(mark);
    }
    return inserted;
  }

  private static Object defaultOf(Task t, Symbol s) {
    Object v = Variables.getDefault(t, s);
    return v instanceof Pair ? v : Symbol.NIL;
  }

  // ---- Writing ------------------------------------------------------------------------------

  @Primitive(
      value = "write-region",
      min = 3,
      interactive = "r\nFWrite region to file: \ni\ni\ni\np",
      doc =
          "Write the text between START and END to file FILENAME; START nil: the whole buffer;\n"
              + "START a string: that.  APPEND non-nil: at the file's end, or an integer: at that\n"
              + "offset.  VISIT t: visit the file; a string: visit that.  LOCKNAME is the name to"
              + " lock.\n"
              + "MUSTBENEW non-nil: ask before overwriting, `excl': signal an error.")
  static Object writeRegion(
      Task t,
      Object start,
      Object end,
      Object filename,
      Object append,
      Object visit,
      Object lockname,
      Object mustbenew) {
    Buffer b = Buffer.current(t);
    boolean visiting = visit == Symbol.T || visit instanceof LispString;
    if (b.base(t.c) != b && visiting) {
      throw LispSignal.error("Cannot do file visiting in an indirect buffer");
    }
    if (start != Symbol.NIL && !(start instanceof LispString)) {
      b.region(t, start, end);
    }
    LispString name = Filenames.expand(t, filename, Symbol.NIL);
    if (Lisp.isTrue(mustbenew) && mustbenew != EXCL) {
      Fileio.checkOverwrite(t, name, name, true, "overwrite");
    }
    LispString visited = visit instanceof LispString v ? Filenames.expand(t, v, Symbol.NIL) : name;
    Object lock = lockname == Symbol.NIL ? visited : lockname;
    Object handled =
        Handlers.tryCall(t, WRITE_REGION, name, start, end, name, append, visit, lock, mustbenew);
    if (handled == null && visit instanceof LispString) {
      handled =
          Handlers.tryCall(
              t, WRITE_REGION, visit, start, end, name, append, visit, lock, mustbenew);
    }
    if (handled != null) {
      if (visiting) {
        visited(t, b, visited);
      }
      return handled;
    }
    byte[] bytes = bytes(t, b, start, end, name, append, visit, lock);
    Path path = Fileio.path(t, name);
    write(t, path, name, bytes, append, mustbenew == EXCL);
    Buffer now = Buffer.current(t);
    if (visiting) {
      visited(t, b, visited);
      stamp(t, b, path);
    }
    if (now != b) {
      b.select(t);
    }
    return Symbol.NIL;
  }

  private static void visited(Task t, Buffer b, LispString name) {
    b.setModified(t.c, false);
    BufferVariable.SAVED_SIZE.setIn(t, b, (long) (b.z(t.c) - 1));
    BufferVariable.FILE_NAME.setIn(t, b, name);
  }

  private static void stamp(Task t, Buffer b, Path path) {
    try {
      b.setSlot(t.c, Buffer.MODTIME, Dired.time(t, Files.getLastModifiedTime(path)));
      b.setSlot(t.c, Buffer.MODTIME_SIZE, Files.size(path));
    } catch (IOException e) {
      b.setSlot(t.c, Buffer.MODTIME, -1L);
    }
  }

  private static void write(
      Task t, Path path, LispString name, byte[] bytes, Object append, boolean excl) {
    List<OpenOption> options = new ArrayList<>();
    options.add(StandardOpenOption.WRITE);
    options.add(excl ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
    boolean offset = append instanceof Long;
    if (append == Symbol.NIL) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    boolean isNew = !Files.exists(path);
    if (Files.isDirectory(path)) {
      throw FileErrors.signal("Opening output file", "Is a directory", name);
    }
    t.irrevocable();
    try (FileChannel ch = FileChannel.open(path, options.toArray(OpenOption[]::new))) {
      if (isNew) {
        Fileio.setModes(path, Fileio.defaultModes(t) & 0666, false);
      }
      if (offset) {
        ch.position(Lisp.natnum(append));
      } else if (append != Symbol.NIL) {
        ch.position(ch.size());
      }
      ByteBuffer b = ByteBuffer.wrap(bytes);
      while (b.hasRemaining()) {
        t.safepoint();
        ch.write(b);
      }
    } catch (IOException e) {
      throw FileErrors.signal("Opening output file", e, name);
    }
  }

  /** The bytes to write: text, annotations among it, by the coding system chosen. */
  private static byte[] bytes(
      Task t,
      Buffer b,
      Object start,
      Object end,
      LispString name,
      Object append,
      Object visit,
      Object lock) {
    int mark = t.bindingMark();
    Buffer original = b;
    try {
      Object from = start;
      Object to = end;
      List<Object> annotations = new ArrayList<>();
      if (!(start instanceof LispString)) {
        t.bind(SO_FAR, Symbol.NIL);
        if (start == Symbol.NIL) {
          from = 1L;
          to = (long) b.z(t.c);
        }
        Object functions = Variables.orNil(t, ANNOTATE);
        Object[] range = {from, to};
        while (functions instanceof Pair p) {
          Object f = p.first(t.c);
          for (Object g : f == Symbol.T ? Lisp.elements(t.c, defaultOf(t, ANNOTATE)) : List.of(f)) {
            annotate(t, g, range, annotations);
          }
          functions = p.second(t.c);
        }
        Object formats = BufferVariable.FILE_FORMAT.in(t, original);
        if (Lisp.isTrue(FORMAT_ANNOTATE.function(t)) && formats instanceof Pair) {
          for (Object format : Lisp.elements(t.c, formats)) {
            annotate(t, FORMAT_ANNOTATE, range, annotations, format, original);
          }
        }
        from = range[0];
        to = range[1];
      }
      LispString text = text(t, from, to, annotations);
      Object coding = codingForWrite(t, text, from, to, name, append, visit, lock);
      byte[] bytes = Recoding.encode(t, text, coding);
      Object post = Variables.orNil(t, POST_ANNOTATE);
      if (Buffer.current(t) != original && Lisp.isTrue(post)) {
        t.call(post);
      }
      return bytes;
    } finally {
      t.unbindTo(mark);
      original.select(t);
    }
  }

  private static void annotate(
      Task t, Object function, Object[] range, List<Object> annotations, Object... format) {
    Buffer before = Buffer.current(t);
    Object found =
        format.length == 0
            ? t.call(function, range[0], range[1])
            : t.call(function, format[0], range[0], range[1], format[1]);
    Buffer now = Buffer.current(t);
    if (now != before) {
      range[0] = (long) now.begv(t.c);
      range[1] = (long) now.zv(t.c);
      annotations.clear();
    }
    annotations.addAll(Lisp.elements(t.c, found));
    annotations.sort((x, y) -> Long.compare(position(t, x), position(t, y)));
    Variables.set(t, SO_FAR, Lisp.list(t.c, annotations));
  }

  private static long position(Task t, Object annotation) {
    return Lisp.carSafe(t.c, annotation) instanceof Long l ? l : 0;
  }

  private static LispString text(Task t, Object from, Object to, List<Object> annotations) {
    if (from instanceof LispString s) {
      return s;
    }
    Buffer b = Buffer.current(t);
    int begin = Math.clamp(Buffer.position(t, from), 1, b.z(t.c));
    int finish = Math.clamp(Buffer.position(t, to), 1, b.z(t.c));
    int low = Math.min(begin, finish);
    int high = Math.max(begin, finish);
    if (annotations.isEmpty()) {
      return LispString.of(t.c, b.codes(t.c, low, high), b.isMultibyte(t.c));
    }
    CodeBuffer out = new CodeBuffer();
    int at = low;
    for (Object a : annotations) {
      int next = Math.clamp(position(t, a), at, high);
      int[] codes = b.codes(t.c, at, next);
      out.append(codes, 0, codes.length);
      if (Lisp.cdrSafe(t.c, a) instanceof LispString s) {
        out.append(t.c, s);
      }
      at = next;
    }
    int[] codes = b.codes(t.c, at, high);
    out.append(codes, 0, codes.length);
    return LispString.of(t.c, out.toArray(), true);
  }

  private static Object codingForWrite(
      Task t,
      LispString text,
      Object from,
      Object to,
      LispString name,
      Object append,
      Object visit,
      Object lock) {
    Object coding = Variables.orNil(t, CODING_FOR_WRITE);
    if (coding != Symbol.NIL) {
      return coding;
    }
    Buffer b = Buffer.current(t);
    if (!b.isMultibyte(t.c) && !(from instanceof LispString s && s.isMultibyte(t.c))) {
      Object own = BufferVariable.FILE_CODING_SYSTEM.in(t, b);
      return own == Symbol.NIL ? Symbol.known("raw-text") : own;
    }
    coding = BufferVariable.FILE_CODING_SYSTEM.in(t, b);
    if (Lisp.isTrue(FIND_CODING.function(t))) {
      boolean local =
          b.slot(t.c, BufferVariable.FILE_CODING_SYSTEM.slot()) != null && coding != Symbol.NIL;
      if (!local) {
        Object found =
            t.call(FIND_CODING, WRITE_REGION, from, to, name, append, visit, lock, Symbol.NIL);
        if (found instanceof Pair p && p.second(t.c) != Symbol.NIL) {
          coding = p.second(t.c);
        }
      }
    }
    boolean ascii = true;
    for (int ch : text.characters(t.c)) {
      if (ch > 127) {
        ascii = false;
        break;
      }
    }
    Object select = Variables.orNil(t, SELECT_CODING);
    if (!ascii && Lisp.isTrue(select)) {
      Object chosen = t.call(select, from, to, t.list(coding), Symbol.NIL, name);
      if (chosen != Symbol.NIL) {
        coding = chosen;
      }
    }
    return coding;
  }

  // ---- Which file is visited, and when it was changed
  // ---------------------------------------------

  @Primitive(
      value = "verify-visited-file-modtime",
      min = 0,
      doc = "Return t if the file that BUF visits has not been changed since it was read.")
  static Object verifyVisitedFileModtime(Task t, Object buf) {
    Buffer b = buf == Symbol.NIL ? Buffer.current(t) : buffer(buf);
    Object file = BufferVariable.FILE_NAME.in(t, b);
    Object modtime = b.slot(t.c, Buffer.MODTIME);
    if (!(file instanceof LispString name)
        || modtime == Symbol.NIL
        || (modtime instanceof Long l && l == 0)) {
      return Symbol.T;
    }
    Object done = Handlers.tryCall(t, VERIFY, name, b);
    if (done != null) {
      return done;
    }
    Path p = Fileio.path(t, name);
    try {
      Object now = Dired.time(t, Files.getLastModifiedTime(p));
      if (modtime instanceof Long) {
        return Symbol.NIL;
      }
      boolean same =
          TimeValue.of(t, modtime).compare(TimeValue.of(t, now)) == 0
              && (!(b.slot(t.c, Buffer.MODTIME_SIZE) instanceof Long n)
                  || n < 0
                  || n == Files.size(p));
      return Lisp.bool(same);
    } catch (IOException e) {
      return Lisp.bool(modtime instanceof Long l && l == -1);
    }
  }

  private static Buffer buffer(Object x) {
    if (x instanceof Buffer b) {
      return b;
    }
    throw LispSignal.wrongType(Q.BUFFERP, x);
  }

  @Primitive(
      value = "visited-file-modtime",
      doc =
          "Return when the visited file was last changed as far as known, a time;\n"
              + "0 if unknown, -1 if it did not exist.")
  static Object visitedFileModtime(Task t) {
    Object x = Buffer.current(t).slot(t.c, Buffer.MODTIME);
    return x == Symbol.NIL ? (Object) 0L : x;
  }

  @Primitive(
      value = "set-visited-file-modtime",
      min = 0,
      doc =
          "Take TIME-FLAG, a time or 0 or -1, for when the visited file was last changed;\n"
              + "nil: look at the file.")
  static Object setVisitedFileModtime(Task t, Object timeFlag) {
    Buffer b = Buffer.current(t);
    if (timeFlag != Symbol.NIL) {
      if (timeFlag instanceof Long l) {
        if (l < -1 || l > 0) {
          throw LispSignal.outOfRange(timeFlag, -1L, 0L);
        }
        b.setSlot(t.c, Buffer.MODTIME, l);
      } else {
        b.setSlot(t.c, Buffer.MODTIME, TimeValue.of(t, timeFlag).list(t));
      }
      b.setSlot(t.c, Buffer.MODTIME_SIZE, Symbol.NIL);
      return Symbol.NIL;
    }
    if (b.base(t.c) != b) {
      throw LispSignal.error("An indirect buffer does not have a visited file");
    }
    LispString name = Filenames.expand(t, BufferVariable.FILE_NAME.in(t, b), Symbol.NIL);
    Object done = Handlers.tryCall(t, SET_VISITED, name, Symbol.NIL);
    if (done != null) {
      return done;
    }
    Path p = Fileio.path(t, name);
    if (Files.exists(p)) {
      stamp(t, b, p);
    } else {
      b.setSlot(t.c, Buffer.MODTIME, -1L);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "recent-auto-save-p",
      doc = "Return t if the buffer was auto-saved since it was last read or saved.")
  static boolean recentAutoSaveP(Task t) {
    return Buffer.current(t).isAutoSaved(t.c);
  }

  @Primitive(value = "set-buffer-auto-saved", doc = "Take the buffer for auto-saved as it is now.")
  static Object setBufferAutoSaved(Task t) {
    Buffer.current(t).setAutoSaved(t.c);
    return Symbol.NIL;
  }

  @Primitive(
      value = "clear-buffer-auto-save-failure",
      doc = "Forget that auto-saving the buffer failed.")
  static Object clearBufferAutoSaveFailure(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "do-auto-save",
      min = 0,
      interactive = "",
      doc =
          "Auto-save all buffers that need it.  NO-MESSAGE non-nil: do not tell.\n"
              + "CURRENT-ONLY non-nil: only the current buffer.")
  static Object doAutoSave(Task t, Object noMessage, Object currentOnly) {
    Buffer old = Buffer.current(t);
    t.call(Q.RUN_HOOKS, Symbol.known("auto-save-hook"));
    try {
      for (Object x : Lisp.elements(t.c, BufferList.all(t))) {
        Buffer b = (Buffer) x;
        if ((Lisp.isTrue(currentOnly) && b != old)
            || !(BufferVariable.AUTO_SAVE_FILE_NAME.in(t, b) instanceof LispString file)
            || b.base(t.c) != b
            || !b.needsAutoSave(t.c)) {
          continue;
        }
        b.select(t);
        t.handling(
            Q.ERROR,
            () -> {
              byte[] bytes = Bytes.encode(b.codes(t.c, 1, b.z(t.c)), 0, b.z(t.c) - 1);
              write(t, Fileio.path(t, file), file, bytes, Symbol.NIL, false);
              b.setAutoSaved(t.c);
              return Symbol.NIL;
            },
            e -> Symbol.NIL);
      }
    } finally {
      old.select(t);
    }
    return Symbol.NIL;
  }

  // ---- Temporary files ------------------------------------------------------------------------

  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  private static String randomName(String prefix) {
    StringBuilder s = new StringBuilder(prefix);
    for (int i = 0; i < 6; i++) {
      s.append(
          LETTERS.charAt(
              java.util.concurrent.ThreadLocalRandom.current().nextInt(LETTERS.length())));
    }
    return s.toString();
  }

  @Primitive(
      value = "make-temp-name",
      doc = "Return a file name that starts with PREFIX and that no file has.")
  static Object makeTempName(Task t, Object prefix) {
    String p = Lisp.string(prefix).toJava(t.c);
    String s = randomName(p);
    while (Files.exists(FileErrors.path(FileNames.expand(t, s, "/")))) {
      t.safepoint();
      s = randomName(p);
    }
    return LispString.of(t.c, s);
  }

  @Primitive(
      value = "make-temp-file-internal",
      doc =
          "Make a new file whose name starts with PREFIX and ends with SUFFIX; return the name.\n"
              + "DIR-FLAG t: a directory; an integer: only find a name.  TEXT is to be in it.")
  static Object makeTempFileInternal(
      Task t, Object prefix, Object dirFlag, Object suffix, Object text) {
    String start = Lisp.string(prefix).toJava(t.c);
    String end = Lisp.string(suffix).toJava(t.c);
    while (true) {
      t.safepoint();
      String s = randomName(start) + end;
      Path p = FileErrors.path(s);
      t.irrevocable();
      try {
        if (dirFlag == Symbol.NIL) {
          Files.createFile(
              p,
              java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                  java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        } else if (dirFlag instanceof Long) {
          if (Files.exists(p)) {
            continue;
          }
        } else {
          Files.createDirectory(
              p,
              java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                  java.nio.file.attribute.PosixFilePermissions.fromString("rwx------")));
        }
      } catch (java.nio.file.FileAlreadyExistsException e) {
        continue;
      } catch (IOException e) {
        String kind =
            dirFlag == Symbol.NIL || dirFlag instanceof Long
                ? "Creating file with prefix"
                : "Creating directory with prefix";
        throw FileErrors.signal(kind, e, prefix);
      }
      LispString name = LispString.of(t.c, s);
      Enclosure enclosure = Enclosure.of(t);
      if (enclosure != null) {
        enclosure.addFile(s);
      }
      if (text instanceof LispString && dirFlag == Symbol.NIL) {
        writeRegion(
            t,
            text,
            Symbol.NIL,
            name,
            Symbol.NIL,
            t.symbols().intern(t, "silent"),
            Symbol.NIL,
            Symbol.NIL);
      }
      return name;
    }
  }
}
