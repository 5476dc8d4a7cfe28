package org.elver.lisp.primitive;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.elver.heap.version.Context;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Base64 and message digests of strings. */
final class FnsCodes {
  private static final String[] DIGESTS = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"};
  private static final String[] JAVA_DIGESTS = {
    "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"
  };
  private static final int LINE = 76;

  private FnsCodes() {}

  // ---- Base64 -----------------------------------------------------------------------------------

  /** The bytes of Latin-1 and raw-byte characters; null when there are others. */
  static byte[] bytesOf(int[] codes, boolean multibyte) {
    byte[] bytes = new byte[codes.length];
    for (int i = 0; i < codes.length; i++) {
      int code = codes[i];
      if (multibyte && code > LispString.RAW_BYTE) {
        code -= LispString.RAW_BYTE;
      } else if (code > 255) {
        return null;
      }
      bytes[i] = (byte) code;
    }
    return bytes;
  }

  static byte[] encoded(byte[] bytes, boolean breakLines, boolean url, boolean pad) {
    java.util.Base64.Encoder e =
        url ? java.util.Base64.getUrlEncoder() : java.util.Base64.getEncoder();
    byte[] all = (pad ? e : e.withoutPadding()).encode(bytes);
    if (!breakLines || all.length <= LINE) {
      return all;
    }
    byte[] out = new byte[all.length + (all.length - 1) / LINE];
    int at = 0;
    for (int i = 0; i < all.length; i += LINE) {
      if (i > 0) {
        out[at++] = '\n';
      }
      int n = Math.min(LINE, all.length - i);
      System.arraycopy(all, i, out, at, n);
      at += n;
    }
    return out;
  }

  static LispSignal notMultibyte() {
    return LispSignal.error("Multibyte character in data for base64 encoding");
  }

  private static Object encode(
      Task t, Object string, boolean breakLines, boolean url, boolean pad) {
    LispString s = Lisp.string(string);
    byte[] bytes = bytesOf(s.codeArray(t.c), s.isMultibyte(t.c));
    if (bytes == null) {
      throw notMultibyte();
    }
    return LispString.unibyte(t.c, encoded(bytes, breakLines, url, pad));
  }

  @Primitive(
      value = "base64-encode-string",
      min = 1,
      doc = "Return STRING, of bytes, encoded in base64, in lines unless NO-LINE-BREAK.")
  static Object base64EncodeString(Task t, Object string, Object noLineBreak) {
    return encode(t, string, noLineBreak == Symbol.NIL, false, true);
  }

  @Primitive(
      value = "base64url-encode-string",
      min = 1,
      doc = "Return STRING, of bytes, encoded in base64url, without padding if NO-PAD.")
  static Object base64urlEncodeString(Task t, Object string, Object noPad) {
    return encode(t, string, false, true, noPad == Symbol.NIL);
  }

  private static int sextet(int ch, boolean url) {
    if (ch >= 'A' && ch <= 'Z') {
      return ch - 'A';
    }
    if (ch >= 'a' && ch <= 'z') {
      return ch - 'a' + 26;
    }
    if (ch >= '0' && ch <= '9') {
      return ch - '0' + 52;
    }
    if (ch == (url ? '-' : '+')) {
      return 62;
    }
    return ch == (url ? '_' : '/') ? 63 : -1;
  }

  /** What base64 text stands for; null when it is not valid. Blanks are ignored. */
  static byte[] decoded(int[] text, boolean url) {
    byte[] out = new byte[text.length];
    int n = 0;
    int value = 0;
    int have = 0; // sextets of the present group of four
    int pads = 0;
    for (int ch : text) {
      if (ch == ' ' || (ch >= '\t' && ch <= '\r')) {
        continue;
      }
      if (ch == '=') {
        if (have < 2) {
          return null;
        }
        pads++;
        have++;
        if (have == 4) {
          have = 0;
          pads = 0;
        }
        continue;
      }
      int six = sextet(ch, url);
      if (six < 0 || pads > 0) {
        return null;
      }
      value = (value << 6) | six;
      have++;
      if (have > 1) {
        out[n++] = (byte) (value >> (8 - 2 * have));
      }
      if (have == 4) {
        have = 0;
        value = 0;
      }
    }
    if (have != 0 && (!url || have == 1 || pads > 0)) {
      return null;
    }
    return Arrays.copyOf(out, n);
  }

  @Primitive(
      value = "base64-decode-string",
      min = 1,
      doc = "Return the bytes that STRING encodes in base64; in base64url if BASE64URL.")
  static Object base64DecodeString(Task t, Object string, Object base64url) {
    byte[] bytes = decoded(Lisp.string(string).codeArray(t.c), base64url != Symbol.NIL);
    if (bytes == null) {
      throw LispSignal.error("Invalid base64 data");
    }
    return LispString.unibyte(t.c, bytes);
  }

  // ---- Digests ----------------------------------------------------------------------------------

  @Primitive(
      value = "secure-hash-algorithms",
      doc = "Return the algorithms that `secure-hash' knows.")
  static Object secureHashAlgorithms(Task t) {
    Object list = Symbol.NIL;
    for (int i = DIGESTS.length - 1; i >= 0; i--) {
      list = t.cons(t.symbols().intern(t, DIGESTS[i]), list);
    }
    return list;
  }

  /** The digest of bytes by a Java algorithm. */
  static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static LispString hex(Context c, byte[] bytes) {
    return LispString.unibyte(
        c,
        java.util.HexFormat.of()
            .formatHex(bytes)
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  /** The bytes of a string or buffer, encoded. */
  private static byte[] source(
      Task t, Object object, Object start, Object end, Object coding, Object noerror) {
    if (!(object instanceof LispString s)) {
      return FnsBuffers.bytes(t, object, start, end, coding, noerror);
    }
    int[] r = FnsStrings.range(s, start, end, s.length(t.c));
    LispString part = r[0] == 0 && r[1] == s.length(t.c) ? s : s.substring(t.c, r[0], r[1]);
    return encodedText(t, part, coding, noerror);
  }

  /** The bytes of a string in a coding system; by default UTF-8. */
  static byte[] encodedText(Task t, LispString s, Object coding, Object noerror) {
    boolean known = coding == Symbol.NIL;
    if (!known) {
      known = t.callNamed("coding-system-p", coding) != Symbol.NIL;
      if (!known && noerror == Symbol.NIL) {
        throw new LispSignal(Q.CODING_SYSTEM_ERROR, coding);
      }
    }
    if (s.isMultibyte(t.c) && coding != Symbol.NIL && known) {
      LispString e = Lisp.string(t.callNamed("encode-coding-string", s, coding, Symbol.T));
      return bytesOf(e.codeArray(t.c), e.isMultibyte(t.c));
    }
    if (!s.isMultibyte(t.c)) {
      return bytesOf(s.codeArray(t.c), false);
    }
    return FnsStrings.internalBytes(s.codeArray(t.c), true);
  }

  @Primitive(
      value = "md5",
      min = 1,
      doc =
          "Return the MD5 digest of OBJECT, a string or buffer, from START to END, in"
              + " hexadecimal.\n"
              + "Text is encoded by CODING-SYSTEM; if that is none, NOERROR says to take another.")
  static Object md5(
      Task t, Object object, Object start, Object end, Object codingSystem, Object noerror) {
    return hex(t.c, digest("MD5", source(t, object, start, end, codingSystem, noerror)));
  }

  @Primitive(
      value = "secure-hash",
      min = 2,
      doc =
          "Return the digest by ALGORITHM of OBJECT, a string or buffer, from START to END.\n"
              + "It is hexadecimal, or bytes if BINARY.")
  static Object secureHash(
      Task t, Object algorithm, Object object, Object start, Object end, Object binary) {
    Symbol name = Lisp.symbol(algorithm);
    byte[] bytes = source(t, object, start, end, Symbol.NIL, Symbol.NIL);
    for (int i = 0; i < DIGESTS.length; i++) {
      if (DIGESTS[i].equals(name.name())) {
        byte[] d = digest(JAVA_DIGESTS[i], bytes);
        return binary == Symbol.NIL ? hex(t.c, d) : LispString.unibyte(t.c, d);
      }
    }
    throw LispSignal.error("Invalid algorithm arg: " + name.name());
  }
}
