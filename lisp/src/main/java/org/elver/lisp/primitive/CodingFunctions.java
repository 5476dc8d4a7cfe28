package org.elver.lisp.primitive;

import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.coding.Charset;
import org.elver.lisp.coding.Charsets;
import org.elver.lisp.coding.CodingSystem;
import org.elver.lisp.coding.CodingSystems;
import org.elver.lisp.coding.Decoder;
import org.elver.lisp.coding.Detector;
import org.elver.lisp.coding.Encoder;
import org.elver.lisp.coding.Runs;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;

/** Coding systems: definition and queries. */
final class CodingFunctions {
  static final Symbol LAST_USED = Symbol.known("last-coding-system-used");
  private static final Symbol TARGET = Symbol.known("target-idx");
  private static final Symbol KEYBOARD = Symbol.known(" keyboard-coding-system");
  private static final Symbol TERMINAL = Symbol.known(" terminal-coding-system");
  private static final Symbol SUBSTRING = Symbol.known("buffer-substring-no-properties");
  private static final Symbol ISO_2022 = Symbol.known("iso-2022");
  private static final Symbol DEFINE_FORM = Symbol.known("coding-system-define-form");
  private static final Symbol GET = Symbol.known("get");

  private CodingFunctions() {}

  static void variables(Task t) {
    for (String nil :
        List.of(
            "coding-system-list",
            "coding-system-alist",
            "coding-system-for-read",
            "coding-system-for-write",
            "last-coding-system-used",
            "last-code-conversion-error",
            "inhibit-eol-conversion",
            "inherit-process-coding-system",
            "file-coding-system-alist",
            "process-coding-system-alist",
            "network-coding-system-alist",
            "locale-coding-system",
            "standard-translation-table-for-decode",
            "standard-translation-table-for-encode",
            "charset-revision-table",
            "default-process-coding-system",
            "coding-system-require-warning",
            "inhibit-iso-escape-detection",
            "inhibit-null-byte-detection",
            "disable-ascii-optimization",
            "translation-table-for-input",
            "select-safe-coding-system-function")) {
      Vm.defvar(t, nil, Symbol.NIL);
    }
    Vm.defvar(t, "eol-mnemonic-unix", LispString.of(t.c, ":"));
    Vm.defvar(t, "eol-mnemonic-dos", LispString.of(t.c, "\\"));
    Vm.defvar(t, "eol-mnemonic-mac", LispString.of(t.c, "/"));
    Vm.defvar(t, "eol-mnemonic-undecided", LispString.of(t.c, ":"));
    Vm.defvar(t, "enable-character-translation", Symbol.T);
    Vm.defvar(t, "latin-extra-code-table", Vector.filled(t.c, 256, Symbol.NIL));
    CodingSystems.initialize(t);
    Chartab.putProperty(
        t,
        Symbol.known("translation-table"),
        org.elver.lisp.chartable.CharTable.extraSlotsProperty(),
        2L);
    target(t, "insert-file-contents", 0);
    target(t, "write-region", 2);
    target(t, "call-process", 0);
    target(t, "call-process-region", 2);
    target(t, "start-process", 2);
    target(t, "open-network-stream", 3);
    KEYBOARD.setRawValue(t, Symbol.known("no-conversion"));
    TERMINAL.setRawValue(t, Symbol.NIL);
    t.call(
        Symbol.known("put"),
        Q.CODING_SYSTEM_ERROR,
        Q.ERROR_CONDITIONS,
        t.list(Q.CODING_SYSTEM_ERROR, Q.ERROR));
    t.call(
        Symbol.known("put"),
        Q.CODING_SYSTEM_ERROR,
        Q.ERROR_MESSAGE,
        LispString.of(t.c, "Invalid coding system"));
  }

  private static void target(Task t, String operation, long index) {
    Chartab.putProperty(t, t.symbols().intern(t, operation), TARGET, index);
  }

  /** A property of a coding system, as {@code coding-system-get} finds it. */
  static Object get(Task t, Object name, Symbol property) {
    Object plist = CodingSystems.check(t, name).plist(t.c);
    while (plist instanceof Pair p && p.second(t.c) instanceof Pair q) {
      if (p.first(t.c) == property) {
        return q.first(t.c);
      }
      plist = q.second(t.c);
    }
    return Symbol.NIL;
  }

  @Primitive(value = "coding-system-p", doc = "Return t if OBJECT is nil or names a coding system.")
  static boolean isCodingSystem(Task t, Object object) {
    return CodingSystems.find(t, object) != null
        || (object instanceof Symbol s && t.call(GET, s, DEFINE_FORM) != Symbol.NIL);
  }

  @Primitive(
      value = "check-coding-system",
      doc = "Return CODING-SYSTEM if it is nil or one; otherwise signal `coding-system-error'.")
  static Object check(Task t, Object codingSystem) {
    if (codingSystem != Symbol.NIL) {
      CodingSystems.check(t, codingSystem);
    }
    return codingSystem;
  }

  @Primitive(
      value = "define-coding-system-internal",
      min = 13,
      args = "(NAME &rest ATTRIBUTES)",
      doc = "Define a coding system; only for `define-coding-system'.")
  static Object define(Task t, Object[] args) {
    int least = 13;
    if (args.length >= 3 && args[2] instanceof Symbol s) {
      least =
          switch (s.name()) {
            case "iso-2022" -> 17;
            case "utf-16" -> 15;
            case "utf-8" -> 14;
            case "ccl", "undecided" -> 16;
            default -> 13;
          };
    }
    if (args.length < least) {
      throw new LispSignal(
          Q.WRONG_NUMBER_OF_ARGUMENTS,
          Symbol.known("define-coding-system-internal"),
          (long) args.length);
    }
    CodingSystems.define(t, args);
    return Symbol.NIL;
  }

  @Primitive(
      value = "define-coding-system-alias",
      doc = "Make ALIAS another name of CODING-SYSTEM.")
  static Object alias(Task t, Object alias, Object codingSystem) {
    CodingSystems.check(t, codingSystem);
    CodingSystems.alias(t, Lisp.symbol(alias), codingSystem);
    return Symbol.NIL;
  }

  @Primitive(value = "coding-system-base", doc = "Return the base of CODING-SYSTEM.")
  static Object base(Task t, Object codingSystem) {
    return CodingSystems.check(t, codingSystem).base(t.c);
  }

  @Primitive(value = "coding-system-plist", doc = "Return the property list of CODING-SYSTEM.")
  static Object plist(Task t, Object codingSystem) {
    return CodingSystems.check(t, codingSystem).plist(t.c);
  }

  @Primitive(value = "coding-system-aliases", doc = "Return all names of CODING-SYSTEM.")
  static Object aliases(Task t, Object codingSystem) {
    return CodingSystems.check(t, codingSystem).aliases(t.c);
  }

  @Primitive(
      value = "coding-system-eol-type",
      doc =
          "Return how lines end in CODING-SYSTEM: 0 for LF, 1 for CRLF, 2 for CR, or a vector of\n"
              + "the coding systems for each where it is to be detected; nil if there is no such"
              + " system.")
  static Object eolType(Task t, Object codingSystem) {
    CodingSystem x =
        codingSystem instanceof Symbol ? CodingSystems.autoload(t, codingSystem) : null;
    if (x == null) {
      return Symbol.NIL;
    }
    Object eol = x.eol(t.c);
    return eol instanceof Vector v
        ? new Vector(t.c, v.get(t.c, 0), v.get(t.c, 1), v.get(t.c, 2))
        : eol;
  }

  @Primitive(value = "coding-system-put", doc = "Set property PROP of CODING-SYSTEM to VAL.")
  static Object put(Task t, Object codingSystem, Object prop, Object val) {
    CodingSystem x = CodingSystems.check(t, codingSystem);
    String key = Lisp.symbol(prop).name();
    if (key.equals(":mnemonic")) {
      if (!(val instanceof LispString)) {
        Lisp.character(val);
      }
    }
    CodingSystems.put(t, x, key, val);
    x.setPlist(t.c, t.call(Symbol.known("plist-put"), x.plist(t.c), prop, val));
    return val;
  }

  @Primitive(
      value = "coding-system-priority-list",
      min = 0,
      doc = "Return coding systems in the order that detection prefers; HIGHESTP: only the first.")
  static Object priorityList(Task t, Object highestp) {
    List<Object> all = CodingSystems.priorityList(t);
    if (highestp != Symbol.NIL) {
      return all.isEmpty() ? Symbol.NIL : all.get(0);
    }
    return Lisp.list(t.c, all);
  }

  @Primitive(
      value = "set-coding-system-priority",
      args = "(&rest CODING-SYSTEMS)",
      doc = "Let detection prefer CODING-SYSTEMS.")
  static Object setPriority(Task t, Object[] codingSystems) {
    CodingSystems.prefer(t, codingSystems);
    return Symbol.NIL;
  }

  // ---- Detection ----------------------------------------------------------------------------

  private static Object detected(Task t, byte[] bytes, Object highest) {
    List<Object> all = Detector.all(t, bytes, 0, bytes.length);
    return highest == Symbol.NIL ? Lisp.list(t.c, all) : all.get(0);
  }

  @Primitive(
      value = "detect-coding-string",
      min = 1,
      doc = "Return the coding systems that STRING may be text of; HIGHEST: only the likeliest.")
  static Object detectString(Task t, Object string, Object highest) {
    return detected(t, Encoder.internalBytes(t, Lisp.string(string)), highest);
  }

  @Primitive(
      value = "detect-coding-region",
      min = 2,
      doc =
          "Return the coding systems that the text from START to END may be of; HIGHEST: only the\n"
              + "likeliest.")
  static Object detectRegion(Task t, Object start, Object end, Object highest) {
    return detected(
        t, Encoder.internalBytes(t, (LispString) t.call(SUBSTRING, start, end)), highest);
  }

  // ---- What can be encoded ------------------------------------------------------------------

  private static boolean encodable(Task t, CodingSystem x, int ch) {
    if (ch < 128 && x.asciiCompatible(t.c)) {
      return true;
    }
    Object names = x.charsets(t.c);
    if (names == Symbol.NIL) {
      return x.type(t.c) == CodingSystem.Type.RAW_TEXT;
    }
    if (names instanceof Pair) {
      return Charsets.of(t, ch, names) != null;
    }
    for (Object tail = Charsets.order(t); tail instanceof Pair p; tail = p.second(t.c)) {
      Charset c = Charsets.find(t, p.first(t.c));
      if (c != null
          && (names == ISO_2022 ? c.isoFinal() > 0 : c.emacsMuleId() >= 0)
          && c.encode(t, ch) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static LispString text(Task t, Object start, Object end) {
    if (start instanceof LispString s) {
      return s;
    }
    Buffer b = Buffer.current(t);
    long from = Buffer.position(t, start);
    long to = Buffer.position(t, end);
    if (from < 1 || to > b.z(t.c) || from > to) {
      throw LispSignal.outOfRange(start, end);
    }
    return (LispString) t.call(SUBSTRING, start, end);
  }

  private static int[] distinct(Task t, LispString s) {
    return java.util.Arrays.stream(s.characters(t.c)).filter(ch -> ch > 127).distinct().toArray();
  }

  @Primitive(
      value = "find-coding-systems-region-internal",
      min = 2,
      doc =
          "Return the coding systems that can encode the text from START to END, or a string\n"
              + "START; t if all can.  Leave those in EXCLUDE out.")
  static Object findSystems(Task t, Object start, Object end, Object exclude) {
    LispString s = text(t, start, end);
    int[] codes = s.characters(t.c);
    boolean ascii = true;
    for (int ch : codes) {
      ascii &= ch < 128;
    }
    if (ascii || !s.isMultibyte(t.c)) {
      return Symbol.T;
    }
    int[] distinct = distinct(t, s);
    List<Object> excluded = Lisp.elements(t.c, exclude);
    List<Object> out = new ArrayList<>();
    for (Object name : Lisp.elements(t.c, Variables.orNil(t, Symbol.known("coding-system-list")))) {
      CodingSystem x = CodingSystems.find(t, name);
      if (x == null
          || x.base(t.c) != name
          || x.type(t.c) == CodingSystem.Type.RAW_TEXT
          || (x.type(t.c) == CodingSystem.Type.UNDECIDED && name != PREFER_UTF_8)
          || excluded.contains(name)) {
        continue;
      }
      boolean all = true;
      for (int i = 0; i < distinct.length && all; i++) {
        all = x.type(t.c) == CodingSystem.Type.UNDECIDED || encodable(t, x, distinct[i]);
      }
      if (all) {
        out.add(name);
      }
    }
    out.add(Symbol.known("raw-text"));
    out.add(Symbol.known("no-conversion"));
    return Lisp.list(t.c, out);
  }

  private static final Symbol SJIS = Symbol.known("sjis");
  private static final Symbol BIG5 = Symbol.known("big5");
  private static final Symbol PREFER_UTF_8 = Symbol.known("prefer-utf-8");

  @Primitive(
      value = "unencodable-char-position",
      min = 3,
      doc =
          "Return the first position from START to END of a character that CODING-SYSTEM cannot\n"
              + "encode, or a list of the first COUNT.  STRING: look in it rather than in the"
              + " buffer.")
  static Object unencodable(
      Task t, Object start, Object end, Object codingSystem, Object count, Object string) {
    CodingSystem x = CodingSystems.check(t, codingSystem);
    LispString s;
    long base;
    int from;
    int to;
    if (string == Symbol.NIL) {
      s = (LispString) t.call(SUBSTRING, start, end);
      base = (Long) t.call(Symbol.known("min"), start, end);
      from = 0;
      to = s.length(t.c);
    } else {
      s = Lisp.string(string);
      long a = Lisp.natnum(start);
      long b = Lisp.natnum(end);
      if (a > b || b > s.length(t.c)) {
        throw LispSignal.outOfRange(string, start, end);
      }
      base = 0;
      from = (int) a;
      to = (int) b;
    }
    long n = count == Symbol.NIL ? 1 : Lisp.natnum(count);
    int[] codes = s.characters(t.c);
    List<Object> out = new ArrayList<>();
    for (int i = from; i < to && out.size() < n; i++) {
      if (codes[i] > 127 && !encodable(t, x, codes[i])) {
        out.add(base + i);
      }
    }
    if (count == Symbol.NIL) {
      return out.isEmpty() ? Symbol.NIL : out.get(0);
    }
    return Lisp.list(t.c, out);
  }

  @Primitive(
      value = "check-coding-systems-region",
      doc =
          "Return an alist of those coding systems of CODING-SYSTEM-LIST that cannot encode all\n"
              + "text from START to END (or string START), and the positions of what they cannot.")
  static Object checkRegion(Task t, Object start, Object end, Object codingSystemList) {
    LispString s = text(t, start, end);
    long base = start instanceof LispString ? 0 : (Long) t.call(Symbol.known("min"), start, end);
    int[] codes = s.characters(t.c);
    List<Object> out = new ArrayList<>();
    for (Object name : Lisp.elements(t.c, codingSystemList)) {
      CodingSystem x = CodingSystems.check(t, name);
      List<Object> at = new ArrayList<>();
      at.add(name);
      for (int i = 0; i < codes.length; i++) {
        if (codes[i] > 127 && !encodable(t, x, codes[i])) {
          at.add(base + i);
        }
      }
      if (at.size() > 1) {
        out.add(Lisp.list(t.c, at));
      }
    }
    return Lisp.list(t.c, out);
  }

  // ---- Operations, terminal -----------------------------------------------------------------

  @Primitive(
      value = "find-operation-coding-system",
      min = 1,
      args = "(OPERATION &rest ARGUMENTS)",
      doc = "Return (DECODING . ENCODING), coding systems for OPERATION with ARGUMENTS, or nil.")
  static Object forOperation(Task t, Object[] args) {
    if (args.length < 2) {
      throw LispSignal.error("Too few arguments");
    }
    if (!(args[0] instanceof Symbol operation)
        || !(t.call(GET, operation, TARGET) instanceof Long index)) {
      throw LispSignal.error("Invalid first argument");
    }
    if (args.length <= 1 + index) {
      throw LispSignal.error("Too few arguments for operation ‘" + operation.name() + "’");
    }
    Object target = args[(int) (index + 1)];
    boolean file =
        operation.name().equals("insert-file-contents") || operation.name().equals("write-region");
    boolean network = operation.name().equals("open-network-stream");
    if (file && target instanceof Pair p) {
      target = p.first(t.c);
    }
    if (!(target instanceof LispString || (network && target instanceof Long))) {
      throw LispSignal.error(
          "Invalid argument " + (index + 1) + " of operation ‘" + operation.name() + "’");
    }
    Object chain =
        Variables.orNil(
            t,
            file
                ? Symbol.known("file-coding-system-alist")
                : network
                    ? Symbol.known("network-coding-system-alist")
                    : Symbol.known("process-coding-system-alist"));
    for (Object tail = chain; tail instanceof Pair p; tail = p.second(t.c)) {
      if (!(p.first(t.c) instanceof Pair entry)) {
        continue;
      }
      Object key = entry.first(t.c);
      boolean applies =
          (key instanceof LispString && target instanceof LispString)
              ? matches(t, key, target)
              : Lisp.eq(key, target);
      if (!applies) {
        continue;
      }
      Object value = entry.second(t.c);
      if (value instanceof Pair) {
        return value;
      }
      if (!(value instanceof Symbol s)) {
        return Symbol.NIL;
      }
      if (isCodingSystem(t, s)) {
        return t.cons(s, s);
      }
      if (t.call(Symbol.known("fboundp"), s) != Symbol.NIL) {
        Object v = t.call(s, t.list(args));
        if (v instanceof Pair) {
          return v;
        }
        if (isCodingSystem(t, v)) {
          return t.cons(v, v);
        }
      }
      return Symbol.NIL;
    }
    return Symbol.NIL;
  }

  private static boolean matches(Task t, Object pattern, Object text) {
    Object saved = t.matchData;
    int mark = t.bindingMark();
    try {
      t.bind(Symbol.known("case-fold-search"), Symbol.NIL);
      return t.call(Symbol.known("string-match"), pattern, text) != Symbol.NIL;
    } finally {
      t.unbindTo(mark);
      t.matchData = saved;
    }
  }

  @Primitive(
      value = "keyboard-coding-system",
      min = 0,
      doc = "Return the coding system of the keyboard of TERMINAL.")
  static Object keyboard(Task t, Object terminal) {
    Terminals.terminal(t, terminal);
    return KEYBOARD.rawValue(t);
  }

  @Primitive(
      value = "terminal-coding-system",
      min = 0,
      doc = "Return the coding system of output to TERMINAL, or nil.")
  static Object terminal(Task t, Object terminal) {
    Terminals.terminal(t, terminal);
    return TERMINAL.rawValue(t);
  }

  @Primitive(
      value = "set-keyboard-coding-system-internal",
      min = 1,
      doc = "Set the coding system of the keyboard of TERMINAL to CODING-SYSTEM.")
  static Object setKeyboard(Task t, Object codingSystem, Object terminal) {
    check(t, codingSystem);
    KEYBOARD.setRawValue(
        t, codingSystem == Symbol.NIL ? Symbol.known("no-conversion") : codingSystem);
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-terminal-coding-system-internal",
      min = 1,
      doc = "Set the coding system of output to TERMINAL to CODING-SYSTEM.")
  static Object setTerminal(Task t, Object codingSystem, Object terminal) {
    check(t, codingSystem);
    TERMINAL.setRawValue(t, codingSystem);
    return Symbol.NIL;
  }

  @Primitive(
      value = "set-safe-terminal-coding-system-internal",
      doc = "Set the coding system used where the terminal's own is not known to CODING-SYSTEM.")
  static Object setSafeTerminal(Task t, Object codingSystem) {
    check(t, codingSystem);
    return Symbol.NIL;
  }

  @Primitive(
      value = "read-coding-system",
      min = 1,
      doc =
          "Read the name of a coding system from the minibuffer, with PROMPT.\n"
              + "DEFAULT-CODING-SYSTEM is what no input means.")
  static Object read(Task t, Object prompt, Object defaultCodingSystem) {
    Object def =
        defaultCodingSystem instanceof Symbol s && s != Symbol.NIL
            ? LispString.of(t.c, s.name())
            : defaultCodingSystem;
    int mark = t.bindingMark();
    try {
      t.bind(Symbol.known("completion-ignore-case"), Symbol.T);
      Object x =
          t.call(
              Symbol.known("completing-read"),
              prompt,
              Variables.orNil(t, Symbol.known("coding-system-alist")),
              Symbol.NIL,
              Symbol.T,
              Symbol.NIL,
              Symbol.known("coding-system-history"),
              def,
              Symbol.NIL);
      LispString name = Lisp.string(x);
      return name.length(t.c) == 0 ? Symbol.NIL : t.symbols().intern(t, name.toJava(t.c));
    } finally {
      t.unbindTo(mark);
    }
  }

  @Primitive(
      value = "read-non-nil-coding-system",
      doc =
          "Read the name of a coding system from the minibuffer, with PROMPT, until there is one.")
  static Object readNonNil(Task t, Object prompt) {
    Object x;
    do {
      t.safepoint();
      x = read(t, prompt, Symbol.NIL);
    } while (x == Symbol.NIL);
    return x;
  }

  // ---- Conversion ---------------------------------------------------------------------------

  static Object convertString(
      Task t, Object string, Object codingSystem, Object noCopy, Object buffer, boolean encode) {
    LispString s = Lisp.string(string);
    if (codingSystem == Symbol.NIL) {
      Variables.set(t, LAST_USED, Symbol.known("no-conversion"));
      if (buffer != Symbol.NIL) {
        return insert(t, buffer, s);
      }
      return noCopy != Symbol.NIL ? s : t.call(Symbol.known("copy-sequence"), s);
    }
    CodingSystem x = CodingSystems.check(t, codingSystem);
    if (buffer == Symbol.NIL) {
      Object same = asciiAsIs(t, s, x, codingSystem, noCopy != Symbol.NIL, encode);
      if (same != null) {
        return same;
      }
    }
    LispString out = encode ? encoded(t, s, x, codingSystem) : decoded(t, s, codingSystem);
    return buffer == Symbol.NIL ? out : insert(t, buffer, out);
  }

  /** What becomes of ASCII text where nothing needs to be done to it; null where it does. */
  private static Object asciiAsIs(
      Task t, LispString s, CodingSystem x, Object name, boolean noCopy, boolean encode) {
    if (!x.asciiCompatible(t.c) || (encode ? x.preWrite(t.c) : x.postRead(t.c)) != Symbol.NIL) {
      return null;
    }
    int[] codes = s.codeArray(t.c);
    boolean lines = x.eol(t.c) instanceof Long l ? l != 0 : !encode;
    for (int ch : codes) {
      if (ch > 127 || (lines && (ch == '\r' || (encode && ch == '\n')))) {
        return null;
      }
    }
    Object used = name;
    if (!encode && x.eol(t.c) instanceof Vector) {
      for (int ch : codes) {
        if (ch == '\n') {
          used = CodingSystems.variant(t, name, 0);
        }
      }
    }
    Variables.set(t, LAST_USED, used);
    return noCopy ? s : LispString.of(t.c, codes, !encode);
  }

  private static LispString encoded(Task t, LispString s, CodingSystem x, Object name) {
    LispString text = s;
    if (x.preWrite(t.c) != Symbol.NIL) {
      text = (LispString) Conversion.preWrite(t, x.preWrite(t.c), s);
    }
    byte[] out = new Encoder(t, name).encodeAll(t, text);
    Variables.set(t, LAST_USED, name);
    return LispString.unibyte(t.c, out);
  }

  static LispString decoded(Task t, LispString s, Object name) {
    byte[] bytes = Encoder.internalBytes(t, s);
    Decoder decoder = new Decoder(t, name);
    CodeBuffer codes = decoder.decode(t, bytes, 0, bytes.length, true);
    LispString out = codes.toLisp(t.c, !decoder.isUnibyte(t));
    for (Runs.Run run : decoder.runs()) {
      t.call(
          Symbol.known("put-text-property"),
          (long) run.from(),
          (long) run.to(),
          Symbol.known("charset"),
          run.charset(),
          out);
    }
    Variables.set(t, LAST_USED, decoder.used());
    CodingSystem used = CodingSystems.check(t, decoder.used());
    if (used.postRead(t.c) != Symbol.NIL) {
      out = (LispString) Conversion.postRead(t, used.postRead(t.c), out);
    }
    return out;
  }

  /** Inserts after point of {@code buffer}; returns the length. */
  private static Object insert(Task t, Object buffer, LispString s) {
    if (t.call(Q.BUFFERP, buffer) == Symbol.NIL) {
      throw LispSignal.wrongType(Q.BUFFERP, buffer);
    }
    Object saved = t.call(Symbol.known("current-buffer"));
    t.call(Symbol.known("set-buffer"), buffer);
    try {
      Object point = t.call(Symbol.known("point"));
      t.call(Symbol.known("insert"), s);
      t.call(Symbol.known("goto-char"), point);
    } finally {
      t.call(Symbol.known("set-buffer"), saved);
    }
    return (long) s.length(t.c);
  }

  @Primitive(
      value = "decode-coding-string",
      min = 2,
      doc =
          "Decode STRING by CODING-SYSTEM and return the result; or insert it into BUFFER and\n"
              + "return its length.  NOCOPY non-nil: STRING itself will do if nothing changes.")
  static Object decodeString(
      Task t, Object string, Object codingSystem, Object nocopy, Object buffer) {
    return convertString(t, string, codingSystem, nocopy, buffer, false);
  }

  @Primitive(
      value = "encode-coding-string",
      min = 2,
      doc =
          "Encode STRING by CODING-SYSTEM and return the result; or insert it into BUFFER and\n"
              + "return its length.  NOCOPY non-nil: STRING itself will do if nothing changes.")
  static Object encodeString(
      Task t, Object string, Object codingSystem, Object nocopy, Object buffer) {
    return convertString(t, string, codingSystem, nocopy, buffer, true);
  }

  private static Object convertRegion(
      Task t, Object start, Object end, Object codingSystem, Object destination, boolean encode) {
    CodingSystems.check(t, codingSystem);
    if (destination != Symbol.NIL && destination != Symbol.T && !(destination instanceof Buffer)) {
      throw LispSignal.wrongType(Q.BUFFERP, destination);
    }
    LispString s = (LispString) t.call(SUBSTRING, start, end);
    if (destination == Symbol.T) {
      return convertString(t, s, codingSystem, Symbol.NIL, Symbol.NIL, encode);
    }
    if (destination != Symbol.NIL) {
      return convertString(t, s, codingSystem, Symbol.NIL, destination, encode);
    }
    LispString out = (LispString) convertString(t, s, codingSystem, Symbol.NIL, Symbol.NIL, encode);
    int length = out.length(t.c);
    if (!Lisp.isTrue(Variables.orNil(t, Symbol.known("enable-multibyte-characters")))) {
      out = LispString.unibyte(t.c, Encoder.internalBytes(t, out));
    }
    long from = (Long) t.call(Symbol.known("min"), start, end);
    long to = (Long) t.call(Symbol.known("max"), start, end);
    long point = (Long) t.call(Symbol.known("point"));
    t.call(Symbol.known("goto-char"), from);
    t.call(Symbol.known("delete-region"), from, to);
    t.call(Symbol.known("insert"), out);
    long grown = out.length(t.c) - (to - from);
    t.call(Symbol.known("goto-char"), point <= from ? point : point >= to ? point + grown : from);
    return (long) length;
  }

  @Primitive(
      value = "decode-coding-region",
      min = 3,
      interactive = "r\nzCoding system: ",
      doc =
          "Decode the text from START to END by CODING-SYSTEM and return its new length.\n"
              + "DESTINATION: t to return it as a string, or a buffer to insert it into, instead.")
  static Object decodeRegion(
      Task t, Object start, Object end, Object codingSystem, Object destination) {
    return convertRegion(t, start, end, codingSystem, destination, false);
  }

  @Primitive(
      value = "encode-coding-region",
      min = 3,
      interactive = "r\nzCoding system: ",
      doc =
          "Encode the text from START to END by CODING-SYSTEM and return its new length.\n"
              + "DESTINATION: t to return it as a string, or a buffer to insert it into, instead.")
  static Object encodeRegion(
      Task t, Object start, Object end, Object codingSystem, Object destination) {
    return convertRegion(t, start, end, codingSystem, destination, true);
  }

  // ---- Shift-JIS and Big5 -------------------------------------------------------------------

  private static Object viaSystem(Task t, Symbol name, Object x, boolean decode) {
    CodingSystems.check(t, name);
    if (decode) {
      long code = Lisp.natnum(x);
      byte[] bytes =
          code < 256 ? new byte[] {(byte) code} : new byte[] {(byte) (code >> 8), (byte) code};
      LispString s = new Decoder(t, name).decodeAll(t, bytes);
      if (code > 0xFFFF || s.length(t.c) != 1 || s.get(t.c, 0) >= 0x3FFF80) {
        throw LispSignal.error("Invalid code: " + code);
      }
      return (long) s.get(t.c, 0);
    }
    int ch = Lisp.character(x);
    if (ch > 127 && !encodable(t, CodingSystems.check(t, name), ch)) {
      throw LispSignal.error(
          "Can’t encode by "
              + (name == SJIS ? "Shift_JIS" : "Big5")
              + " encoding: "
              + Character.toString(Math.min(ch, LispString.MAX_UNICODE)));
    }
    byte[] b = new Encoder(t, name).encode(t, new int[] {ch}, 0, 1, true);
    long code = 0;
    for (byte one : b) {
      code = code << 8 | (one & 0xFF);
    }
    return code;
  }

  @Primitive(value = "decode-sjis-char", doc = "Return the character of the Shift-JIS code CODE.")
  static Object decodeSjis(Task t, Object code) {
    return viaSystem(t, SJIS, code, true);
  }

  @Primitive(value = "encode-sjis-char", doc = "Return the Shift-JIS code of CH.")
  static Object encodeSjis(Task t, Object ch) {
    return viaSystem(t, SJIS, ch, false);
  }

  @Primitive(value = "decode-big5-char", doc = "Return the character of the Big5 code CODE.")
  static Object decodeBig5(Task t, Object code) {
    return viaSystem(t, BIG5, code, true);
  }

  @Primitive(value = "encode-big5-char", doc = "Return the Big5 code of CH.")
  static Object encodeBig5(Task t, Object ch) {
    return viaSystem(t, BIG5, ch, false);
  }
}
