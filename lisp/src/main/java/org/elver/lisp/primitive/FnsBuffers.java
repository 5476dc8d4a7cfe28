package org.elver.lisp.primitive;

import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.BufferList;
import org.elver.lisp.text.BufferVariable;
import org.elver.lisp.text.Editing;
import org.elver.lisp.text.Marker;

/** Functions of fns.c's kind on the text of buffers. */
final class FnsBuffers {
  private static final Symbol CODING_FOR_WRITE = Symbol.known("coding-system-for-write");
  private static final Symbol IV_AUTO = Symbol.known("iv-auto");

  private FnsBuffers() {}

  /** The text of a buffer's region, encoded as for writing it: for digests. */
  static byte[] bytes(
      Task t, Object object, Object start, Object end, Object coding, Object noerror) {
    if (object == IV_AUTO) {
      if (!(start instanceof Long n) || n < 0) {
        throw LispSignal.error("Without a length, ‘iv-auto’ can’t be used; see ELisp manual");
      }
      byte[] out = new byte[(int) Math.min(n, 1 << 20)];
      new java.security.SecureRandom().nextBytes(out);
      return out;
    }
    if (!(object instanceof Buffer b)) {
      throw new LispSignal(Q.ERROR, "Invalid object argument", object);
    }
    long from = start == Symbol.NIL ? b.begv(t.c) : Buffer.position(t, start);
    long to = end == Symbol.NIL ? b.zv(t.c) : Buffer.position(t, end);
    if (from > to) {
      long x = from;
      from = to;
      to = x;
    }
    if (from < b.begv(t.c) || to > b.zv(t.c)) {
      throw LispSignal.outOfRange(start, end);
    }
    LispString text = b.substring(t.c, (int) from, (int) to, false);
    Object system = coding;
    if (system == Symbol.NIL) {
      Object forced = org.elver.lisp.machine.Variables.orNil(t, CODING_FOR_WRITE);
      system = forced != Symbol.NIL ? forced : b.get(t, BufferVariable.FILE_CODING_SYSTEM);
      if (t.callNamed("coding-system-p", system) == Symbol.NIL) {
        system = Symbol.NIL;
      }
    }
    return FnsCodes.encodedText(t, text, system, noerror);
  }

  /** The buffer that an argument means: nil, a name or a buffer. */
  private static Buffer named(Task t, Object x) {
    if (x == Symbol.NIL) {
      return Buffer.current(t);
    }
    if (x instanceof Buffer b) {
      return b;
    }
    LispString name = Lisp.string(x);
    Buffer b = BufferList.find(t, name);
    if (b == null) {
      throw LispSignal.error("No buffer named " + name.toJava(t.c));
    }
    return b;
  }

  @Primitive(
      value = "buffer-hash",
      min = 0,
      doc = "Return a digest of BUFFER-OR-NAME's text as it is, the current buffer's by default.")
  static Object bufferHash(Task t, Object bufferOrName) {
    Buffer b = named(t, bufferOrName);
    if (!b.isLive(t.c)) {
      throw LispSignal.error("Selecting deleted buffer");
    }
    int[] codes = b.codes(t.c, 1, b.z(t.c));
    byte[] bytes =
        b.isMultibyte(t.c)
            ? FnsStrings.internalBytes(codes, false)
            : FnsCodes.bytesOf(codes, false);
    return FnsCodes.hex(t.c, FnsCodes.digest("SHA-1", bytes));
  }

  private static Object encodeRegion(
      Task t, Object beg, Object end, boolean breakLines, boolean url, boolean pad) {
    Buffer b = Buffer.current(t);
    int[] r = b.region(t, beg, end);
    byte[] bytes = FnsCodes.bytesOf(b.codes(t.c, r[0], r[1]), b.isMultibyte(t.c));
    if (bytes == null) {
      throw FnsCodes.notMultibyte();
    }
    byte[] out = FnsCodes.encoded(bytes, breakLines, url, pad);
    replace(t, b, r, LispString.unibyte(t.c, out));
    return (long) out.length;
  }

  private static void replace(Task t, Buffer b, int[] r, LispString with) {
    int point = b.point(t.c);
    b.setPoint(t.c, r[0]);
    Editing.insert(t, with);
    int n = with.length(t.c);
    Editing.delete(t, r[0] + n, r[1] + n);
    int to = point >= r[1] ? point + n - (r[1] - r[0]) : Math.min(point, r[0]);
    b.setPoint(t.c, Math.clamp(to, b.begv(t.c), b.zv(t.c)));
  }

  @Primitive(
      value = "base64-encode-region",
      min = 2,
      interactive = "r",
      doc = "Encode the region in base64, in lines unless NO-LINE-BREAK; return the new length.")
  static Object base64EncodeRegion(Task t, Object beg, Object end, Object noLineBreak) {
    return encodeRegion(t, beg, end, noLineBreak == Symbol.NIL, false, true);
  }

  @Primitive(
      value = "base64url-encode-region",
      min = 2,
      interactive = "r",
      doc = "Encode the region in base64url, without padding if NO-PAD; return the new length.")
  static Object base64urlEncodeRegion(Task t, Object beg, Object end, Object noPad) {
    return encodeRegion(t, beg, end, false, true, noPad == Symbol.NIL);
  }

  @Primitive(
      value = "base64-decode-region",
      min = 2,
      interactive = "r",
      doc = "Decode the region's base64 (BASE64URL: base64url); return the new length.")
  static Object base64DecodeRegion(Task t, Object beg, Object end, Object base64url) {
    Buffer b = Buffer.current(t);
    int[] r = b.region(t, beg, end);
    byte[] bytes = FnsCodes.decoded(b.codes(t.c, r[0], r[1]), base64url != Symbol.NIL);
    if (bytes == null) {
      throw LispSignal.error("Invalid base64 data");
    }
    replace(t, b, r, LispString.unibyte(t.c, bytes));
    return (long) bytes.length;
  }

  @Primitive(
      value = "line-number-at-pos",
      min = 0,
      doc = "Return the number of POSITION's line, point by default; ABSOLUTE: not from narrowing.")
  static Object lineNumberAtPos(Task t, Object position, Object absolute) {
    Buffer b = Buffer.current(t);
    int start = absolute == Symbol.NIL ? b.begv(t.c) : 1;
    int limit = absolute == Symbol.NIL ? b.zv(t.c) : b.z(t.c);
    long pos =
        position == Symbol.NIL
            ? b.point(t.c)
            : position instanceof Marker m ? m.requirePosition(t.c) : Lisp.fixnum(position);
    if (pos < start || pos > limit) {
      throw LispSignal.outOfRange((Object) pos, (long) start, (long) limit);
    }
    long line = 1;
    for (int at = start; at < pos; ) {
      int end = (int) Math.min(pos, at + 4096L);
      for (int code : b.codes(t.c, at, end)) {
        if (code == '\n') {
          line++;
        }
      }
      at = end;
      t.safepoint();
    }
    return line;
  }

  @Primitive(
      value = "buffer-line-statistics",
      min = 0,
      doc = "Return (LINES LONGEST MEAN) of a buffer: number, bytes of the longest, mean of bytes.")
  static Object bufferLineStatistics(Task t, Object bufferOrName) {
    Buffer b = named(t, bufferOrName);
    long lines = 0;
    long longest = 0;
    double mean = 0;
    long length = 0;
    int[] codes = b.codes(t.c, 1, b.z(t.c));
    boolean wide = b.isMultibyte(t.c);
    for (int i = 0; i < codes.length; i++) {
      boolean newline = codes[i] == '\n';
      if (!newline) {
        length += wide ? FnsStrings.bytesOf(codes[i]) : 1;
      }
      if (newline || i == codes.length - 1) {
        lines++;
        longest = Math.max(longest, length);
        mean += (length - mean) / lines;
        length = 0;
      }
    }
    return t.list(lines, longest, (Object) mean);
  }
}
