package org.elver.lisp.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/** What becomes of whole buffers: indirect ones, killing, swapping texts, bytes or characters. */
public final class BufferLife {
  private static final Symbol LIST_UPDATE_HOOK = Symbol.known("buffer-list-update-hook");
  private static final Symbol QUERY_FUNCTIONS = Symbol.known("kill-buffer-query-functions");
  private static final Symbol KILL_PROCESSES = Symbol.known(" kill-buffer-processes");
  private static final Symbol KILL_HOOK = Symbol.known("kill-buffer-hook");
  private static final Symbol RUN_HOOKS = Symbol.known("run-hooks");
  private static final Symbol RUN_UNTIL_FAILURE = Symbol.known("run-hook-with-args-until-failure");

  private static final Symbol REPLACE_IN_WINDOWS = Symbol.known("replace-buffer-in-windows");
  private static final Symbol REAL = Symbol.known("real");

  private BufferLife() {}

  /** Runs {@code buffer-list-update-hook}. */
  public static void runListHook(Task t) {
    if (Variables.orNil(t, LIST_UPDATE_HOOK) != Symbol.NIL) {
      t.call(RUN_HOOKS, LIST_UPDATE_HOOK);
    }
  }

  /** A new buffer with the text of {@code base} or of its base. */
  public static Buffer indirect(Task t, Buffer base, LispString name, boolean clone) {
    Buffer root = base.base(t.c);
    BufferText text = root.text(t.c);
    Buffer b = new Buffer(t.c, text);
    BufferList.register(t, b, name);
    b.setSlot(t.c, Buffer.BASE, root);
    Buffer[] sharers = text.sharers(t.c);
    if (sharers.length == 0) {
      sharers = new Buffer[] {root};
    }
    sharers = Arrays.copyOf(sharers, sharers.length + 1);
    sharers[sharers.length - 1] = b;
    text.setSharers(t.c, sharers);
    BufferVariable.MULTIBYTE.setIn(t, b, BufferVariable.MULTIBYTE.in(t, root));
    b.setNarrowing(t.c, root.begv(t.c), root.zv(t.c));
    b.setPoint(t.c, root.point(t.c));
    if (clone) {
      copyState(t, base, b);
    }
    return b;
  }

  private static void copyState(Task t, Buffer from, Buffer to) {
    to.setNarrowing(t.c, from.begv(t.c), from.zv(t.c));
    to.setPoint(t.c, from.point(t.c));
    Marker mark = from.mark(t.c);
    if (mark.charpos(t.c) != 0) {
      to.mark(t.c).set(t.c, to, mark.charpos(t.c));
    }
    for (int i :
        new int[] {
          Buffer.KEYMAP,
          Buffer.SYNTAX_TABLE,
          Buffer.CATEGORY_TABLE,
          Buffer.CASE_TABLE,
          Buffer.CASE_CANON
        }) {
      to.setSlot(t.c, i, from.slot(t.c, i));
    }
    for (BufferVariable v : BufferVariable.all()) {
      if (v != BufferVariable.UNDO_LIST
          && v != BufferVariable.FILE_NAME
          && v != BufferVariable.FILE_TRUENAME
          && v != BufferVariable.AUTO_SAVE_FILE_NAME
          && v != BufferVariable.DISPLAY_COUNT
          && v != BufferVariable.DISPLAY_TIME) {
        to.setSlot(t.c, v.slot(), from.slot(t.c, v.slot()));
      }
    }
    Locals all = (Locals) from.slot(t.c, Buffer.LOCALS);
    Locals copy = Locals.NONE;
    for (int i = 0; i < all.size(); i++) {
      copy = copy.with(t.c, all.name(i), all.cell(i).second(t.c));
    }
    to.setSlot(t.c, Buffer.LOCALS, copy);
    for (Overlay o : Overlay.all(t.c, from)) {
      o.copyTo(t.c, to);
    }
  }

  /** Kills a buffer, unless it or a function objects; {@code other} finds one to select instead. */
  public static boolean kill(Task t, Buffer b, UnaryOperator<Buffer> other) {
    if (!b.isLive(t.c)) {
      return false;
    }
    if (b.slot(t.c, Buffer.INHIBIT_HOOKS) == Symbol.NIL) {
      Buffer old = Buffer.current(t);
      b.select(t);
      try {
        if (Variables.orNil(t, QUERY_FUNCTIONS) != Symbol.NIL
            && t.call(RUN_UNTIL_FAILURE, QUERY_FUNCTIONS) == Symbol.NIL) {
          return false;
        }
        if (Lisp.isTrue(Variables.orNil(t, KILL_HOOK))) {
          t.call(RUN_HOOKS, KILL_HOOK);
        }
      } finally {
        if (old.isLive(t.c)) {
          old.select(t);
        }
      }
    }
    if (!b.isLive(t.c)) {
      return true;
    }
    for (Buffer s : b.text(t.c).sharers(t.c)) {
      if (s != b && s.isLive(t.c) && s.slot(t.c, Buffer.BASE) == b) {
        kill(t, s, other);
      }
    }
    if (!b.isLive(t.c)) {
      return true;
    }
    if (KILL_PROCESSES.function(t) != Symbol.NIL) {
      t.call(KILL_PROCESSES, b);
    }
    if (b == Buffer.current(t)) {
      Buffer next = other.apply(b);
      if (next == b) {
        return false;
      }
      next.select(t);
    }
    if (!b.isLive(t.c)) {
      return true;
    }
    if (REPLACE_IN_WINDOWS.function(t) != Symbol.NIL) {
      t.call(REPLACE_IN_WINDOWS, b);
      if (!b.isLive(t.c)) {
        return true;
      }
    }
    endProcesses(t, b);
    bury(t, b);
    if (b.slot(t.c, Buffer.INHIBIT_HOOKS) == Symbol.NIL) {
      runListHook(t);
    }
    return true;
  }

  /** Hangs up on the processes of a buffer that is killed; connections are closed. */
  private static void endProcesses(Task t, Buffer b) {
    if (t.vm().subr("process-list") == null || t.vm().subr("process-buffer") == null) {
      return;
    }
    for (Object p : Lisp.elements(t.c, t.call(t.vm().subr("process-list")))) {
      if (t.callNamed("process-buffer", p) == b) {
        if (t.callNamed("process-type", p) == REAL) {
          t.callNamed("signal-process", p, 1L);
        } else {
          t.callNamed("delete-process", p);
        }
      }
    }
  }

  private static void bury(Task t, Buffer b) {
    BufferList.remove(t, b);
    BufferText text = b.text(t.c);
    for (Overlay o : Overlay.all(t.c, b)) {
      o.detach(t.c);
    }
    List<Marker> markers = new ArrayList<>();
    text.forEachMarker(
        t.c,
        1,
        Integer.MAX_VALUE,
        (m, at, advances) -> {
          if (m.buffer(t.c) == b) {
            markers.add(m);
          }
        });
    for (Marker m : markers) {
      m.detach(t.c);
    }
    Buffer[] sharers = text.sharers(t.c);
    if (sharers.length > 0) {
      List<Buffer> rest = new ArrayList<>(Arrays.asList(sharers));
      rest.remove(b);
      text.setSharers(t.c, rest.size() < 2 ? new Buffer[0] : rest.toArray(new Buffer[0]));
    }
    b.setSlot(t.c, Buffer.LAST_NAME, b.name(t.c));
    b.setSlot(t.c, Buffer.NAME, Symbol.NIL);
    b.setSlot(t.c, Buffer.LOCALS, Locals.NONE);
    // The text of a killed buffer is forgotten; an empty one stands for it.
    b.setSlot(t.c, Buffer.TEXT, new BufferText(t.c));
    b.setNarrowing(t.c, 1, 1);
    b.setPoint(t.c, 1);
    b.setSlot(t.c, Buffer.KEYMAP, Symbol.NIL);
    BufferVariable.UNDO_LIST.setIn(t, b, Symbol.NIL);
  }

  /** Exchanges the texts of two buffers with point, narrowing, mark, undo list and overlays. */
  public static void swap(Task t, Buffer a, Buffer b) {
    for (Buffer x : new Buffer[] {a, b}) {
      if (x.slot(t.c, Buffer.BASE) != Symbol.NIL || x.text(t.c).sharers(t.c).length > 0) {
        throw LispSignal.error("Cannot swap indirect buffers's text");
      }
    }
    if (a == b) {
      return;
    }
    int point = a.point(t.c);
    int begv = a.begv(t.c);
    int zv = a.zv(t.c);
    a.setPoint(t.c, b.point(t.c));
    a.setNarrowing(t.c, b.begv(t.c), b.zv(t.c));
    b.setPoint(t.c, point);
    b.setNarrowing(t.c, begv, zv);
    for (int i :
        new int[] {
          Buffer.TEXT,
          Buffer.MARK,
          Buffer.OVERLAYS,
          BufferVariable.UNDO_LIST.slot(),
          BufferVariable.MARK_ACTIVE.slot(),
          BufferVariable.MULTIBYTE.slot(),
          BufferVariable.POINT_BEFORE_SCROLL.slot()
        }) {
      Object x = a.slot(t.c, i);
      a.setSlot(t.c, i, b.slot(t.c, i));
      b.setSlot(t.c, i, x);
    }
    for (Buffer x : new Buffer[] {a, b}) {
      List<Marker> markers = new ArrayList<>();
      x.text(t.c).forEachMarker(t.c, 1, Integer.MAX_VALUE, (m, at, advances) -> markers.add(m));
      for (Marker m : markers) {
        m.moveTo(t.c, x);
      }
      for (Overlay o : Overlay.all(t.c, x)) {
        o.moveTo(t.c, x);
      }
      BufferText text = x.text(t.c);
      text.setTick(t.c, BufferText.MODIFF, text.tick(t.c, BufferText.MODIFF) + 1);
      text.setTick(t.c, BufferText.CHARS_MODIFF, text.tick(t.c, BufferText.CHARS_MODIFF) + 1);
    }
  }

  // ---- Bytes or characters
  // -------------------------------------------------------------------------

  /** {@code set-buffer-multibyte}. */
  public static void setMultibyte(Task t, Buffer b, Object flag) {
    if (b.slot(t.c, Buffer.BASE) != Symbol.NIL) {
      throw LispSignal.error("Cannot do ‘set-buffer-multibyte’ on an indirect buffer");
    }
    boolean wanted = flag != Symbol.NIL;
    if (wanted == b.isMultibyte(t.c)) {
      return;
    }
    Editing.requireWritable(t);
    int n = b.z(t.c) - 1;
    int[] old = b.codes(t.c, 1, n + 1);
    // Where each old position is now, for points and markers.
    int[] place = new int[n + 1];
    int[] codes;
    if (!wanted) {
      codes = new int[(int) Math.min(Integer.MAX_VALUE - 8, bytes(old))];
      int k = 0;
      byte[] own = new byte[5];
      for (int i = 0; i < n; i++) {
        place[i] = k;
        int m = encode(old[i], own);
        for (int j = 0; j < m; j++) {
          codes[k++] = own[j] & 0xFF;
        }
      }
      place[n] = k;
    } else if (flag == Symbol.known("to")) {
      codes = old;
      for (int i = 0; i < n; i++) {
        place[i] = i;
        if (codes[i] >= 128) {
          codes[i] += LispString.RAW_BYTE;
        }
      }
      place[n] = n;
    } else {
      int[] all = new int[n];
      int k = 0;
      int i = 0;
      while (i < n) {
        int m = sequence(old, i, n);
        for (int j = 0; j < m; j++) {
          place[i + j] = j == 0 ? k : k + 1;
        }
        all[k++] =
            m == 1 ? (old[i] < 128 ? old[i] : old[i] + LispString.RAW_BYTE) : decode(old, i, m);
        i += m;
      }
      place[n] = k;
      codes = Arrays.copyOf(all, k);
    }
    BufferText x = b.text(t.c);
    Intervals properties = x.properties(t.c);
    x.text.replace(t.c, 0, n, codes, 0, codes.length);
    x.mapMarkers(t.c, p -> place[p - 1] + 1);
    b.setPoint(t.c, place[b.point(t.c) - 1] + 1);
    b.setNarrowing(t.c, place[b.begv(t.c) - 1] + 1, place[b.zv(t.c) - 1] + 1);
    if (properties != null) {
      Intervals[] now = new Intervals[1];
      properties.forEach(
          (from, to, plist) ->
              now[0] = Intervals.concat(now[0], Intervals.of(place[to] - place[from], plist)));
      x.setProperties(t.c, now[0]);
    }
    BufferVariable.MULTIBYTE.setIn(t, b, Lisp.bool(wanted));
    for (Buffer other : x.sharers(t.c)) {
      if (other != b) {
        BufferVariable.MULTIBYTE.setIn(t, other, Lisp.bool(wanted));
        other.setPoint(t.c, place[other.point(t.c) - 1] + 1);
        other.setNarrowing(t.c, place[other.begv(t.c) - 1] + 1, place[other.zv(t.c) - 1] + 1);
      }
    }
    if (BufferVariable.UNDO_LIST.in(t, b) instanceof Pair p) {
      BufferVariable.UNDO_LIST.setIn(
          t,
          b,
          t.cons(
              t.list(
                  Symbol.known("apply"), Symbol.known("set-buffer-multibyte"), Lisp.bool(!wanted)),
              p));
    }
  }

  /** How many bytes a character takes in Emacs's own encoding of multibyte text. */
  public static int width(int code) {
    if (code < 0x80) {
      return 1;
    }
    if (code < 0x800) {
      return 2;
    }
    if (code < 0x10000) {
      return 3;
    }
    if (code < 0x200000) {
      return 4;
    }
    return code > LispString.RAW_BYTE + 127 ? 2 : 5;
  }

  private static long bytes(int[] codes) {
    long n = 0;
    for (int code : codes) {
      n += code > LispString.RAW_BYTE + 127 ? 1 : width(code);
    }
    return n;
  }

  /** The bytes a character becomes in a unibyte buffer: a raw byte is itself. */
  private static int encode(int code, byte[] out) {
    if (code > LispString.RAW_BYTE + 127) {
      out[0] = (byte) code;
      return 1;
    }
    int n = width(code);
    if (n == 1) {
      out[0] = (byte) code;
      return 1;
    }
    int rest = code;
    for (int i = n - 1; i > 0; i--) {
      out[i] = (byte) (0x80 | (rest & 0x3F));
      rest >>= 6;
    }
    int lead = n == 5 ? 0xF8 : 0xF00 >> n & 0xFF;
    out[0] = (byte) (lead | rest);
    return n;
  }

  /** How many bytes from {@code i} on are one character; 1 for a byte on its own. */
  private static int sequence(int[] bytes, int i, int end) {
    int lead = bytes[i];
    int n;
    if (lead < 0xC0) {
      return 1;
    } else if (lead < 0xE0) {
      n = 2;
    } else if (lead < 0xF0) {
      n = 3;
    } else if (lead < 0xF8) {
      n = 4;
    } else if (lead == 0xF8) {
      n = 5;
    } else {
      return 1;
    }
    if (i + n > end) {
      return 1;
    }
    for (int j = 1; j < n; j++) {
      if ((bytes[i + j] & 0xC0) != 0x80) {
        return 1;
      }
    }
    int code = decode(bytes, i, n);
    boolean shortest =
        n == 2
            ? code >= 0x80 || lead < 0xC2
            : n == 3 ? code >= 0x800 : n == 4 ? code >= 0x10000 : code >= 0x200000;
    return ((shortest && code <= LispString.RAW_BYTE + 127) || (n == 2 && lead < 0xC2)) ? n : 1;
  }

  private static int decode(int[] bytes, int i, int n) {
    if (n == 2 && bytes[i] < 0xC2) {
      return LispString.RAW_BYTE + 0x80 + ((bytes[i] & 1) << 6) + (bytes[i + 1] & 0x3F);
    }
    int code = bytes[i] & (n == 5 ? 0 : 0x7F >> n);
    for (int j = 1; j < n; j++) {
      code = code << 6 | (bytes[i + j] & 0x3F);
    }
    return code;
  }
}
