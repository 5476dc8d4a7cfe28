package org.elver.lisp.coding;

import org.elver.heap.object.Slots;
import org.elver.heap.version.Context;
import org.elver.heap.version.Label;
import org.elver.lisp.object.Symbol;

/**
 * A coding system, or one of its three variants with a fixed end of line. Variants share
 * attributes.
 */
public final class CodingSystem extends Slots {
  private static final int ATTRIBUTES = 0;
  private static final int ALIASES = 1;
  private static final int EOL = 2;

  /** Kinds of coding. */
  public enum Type {
    RAW_TEXT,
    UNDECIDED,
    UTF_8,
    UTF_16,
    CHARSET,
    ISO_2022,
    EMACS_MULE,
    SHIFT_JIS,
    BIG5,
    CCL
  }

  /** What variants share. Slots hold what can change; the rest is fixed by the definition. */
  public static final class Attributes extends Slots {
    static final int PLIST = 0;
    static final int CHARSETS = 1;
    static final int DECODE_TABLE = 2;
    static final int ENCODE_TABLE = 3;
    static final int POST_READ = 4;
    static final int PRE_WRITE = 5;
    static final int DEFAULT_CHAR = 6;
    static final int ASCII_COMPATIBLE = 7;

    /** Where what is particular to the type begins. */
    static final int SPECIAL = 8;

    private final Symbol base;
    private final Type type;
    private final Category category;

    Attributes(Context creator, Symbol base, Type type, Category category, Object... slots) {
      super(creator, slots);
      this.base = base;
      this.type = type;
      this.category = category;
    }

    private Attributes(Label label, Attributes from, Object[] slots) {
      super(label, slots);
      this.base = from.base;
      this.type = from.type;
      this.category = from.category;
    }

    private Attributes(Label label, Object[] slots, Object[] fixed) {
      super(label, slots);
      base = (Symbol) fixed[0];
      type = Type.values()[((Long) fixed[1]).intValue()];
      category = Category.values()[((Long) fixed[2]).intValue()];
    }

    /** Attributes that keep {@code slots}, which may be filled later, and have fixed parts. */
    public static Attributes labelled(Label label, Object[] slots, Object[] fixed) {
      return new Attributes(label, slots, fixed);
    }

    /** What never changes: the base, and the numbers of type and category. */
    public Object[] fixed() {
      return new Object[] {base, (long) type.ordinal(), (long) category.ordinal()};
    }

    @Override
    protected Slots like(Label label, Object[] contents) {
      return new Attributes(label, this, contents);
    }

    @Override
    protected boolean sameKind(Slots other) {
      return other instanceof Attributes a && a.base == base && a.type == type;
    }
  }

  /** Kinds of text that detection distinguishes, in their first order of priority. */
  public enum Category {
    ISO_7(Symbol.known("coding-category-iso-7")),
    ISO_7_TIGHT(Symbol.known("coding-category-iso-7-tight")),
    ISO_8_1(Symbol.known("coding-category-iso-8-1")),
    ISO_8_2(Symbol.known("coding-category-iso-8-2")),
    ISO_7_ELSE(Symbol.known("coding-category-iso-7-else")),
    ISO_8_ELSE(Symbol.known("coding-category-iso-8-else")),
    UTF_8_AUTO(Symbol.known("coding-category-utf-8-auto")),
    UTF_8(Symbol.known("coding-category-utf-8")),
    UTF_8_SIG(Symbol.known("coding-category-utf-8-sig")),
    UTF_16_AUTO(Symbol.known("coding-category-utf-16-auto")),
    UTF_16_BE(Symbol.known("coding-category-utf-16-be")),
    UTF_16_LE(Symbol.known("coding-category-utf-16-le")),
    UTF_16_BE_NOSIG(Symbol.known("coding-category-utf-16-be-nosig")),
    UTF_16_LE_NOSIG(Symbol.known("coding-category-utf-16-le-nosig")),
    CHARSET(Symbol.known("coding-category-charset")),
    SJIS(Symbol.known("coding-category-sjis")),
    BIG5(Symbol.known("coding-category-big5")),
    CCL(Symbol.known("coding-category-ccl")),
    EMACS_MULE(Symbol.known("coding-category-emacs-mule")),
    RAW_TEXT(Symbol.known("coding-category-raw-text")),
    UNDECIDED(Symbol.known("coding-category-undecided"));

    // Known symbols are the same in every VM; what they mean there is kept elsewhere.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Symbol symbol;

    Category(Symbol symbol) {
      this.symbol = symbol;
    }

    /** The variable that stands for it. */
    public Symbol symbol() {
      return symbol;
    }
  }

  CodingSystem(Context creator, Attributes attributes, Object aliases, Object eol) {
    super(creator, attributes, aliases, eol);
  }

  /** One under {@code label} that keeps {@code slots}, which may be filled later. */
  public static CodingSystem labelled(Label label, Object[] slots) {
    return new CodingSystem(label, slots);
  }

  private CodingSystem(Label label, Object[] slots) {
    super(label, slots);
  }

  @Override
  protected Slots like(Label label, Object[] contents) {
    return new CodingSystem(label, contents);
  }

  /** What it shares with its variants. */
  Attributes attributes(Context c) {
    return (Attributes) get(c, ATTRIBUTES);
  }

  /** The name of the coding system that it is or is a variant of. */
  public Symbol base(Context c) {
    return attributes(c).base;
  }

  public Type type(Context c) {
    return attributes(c).type;
  }

  public Category category(Context c) {
    return attributes(c).category;
  }

  public Object plist(Context c) {
    return attributes(c).get(c, Attributes.PLIST);
  }

  public void setPlist(Context c, Object x) {
    attributes(c).set(c, Attributes.PLIST, x);
  }

  /** All its names, a list. */
  public Object aliases(Context c) {
    return get(c, ALIASES);
  }

  void setAliases(Context c, Object x) {
    set(c, ALIASES, x);
  }

  /** The end of line: 0 (unix), 1 (dos), 2 (mac), or a vector of three variants. */
  public Object eol(Context c) {
    return get(c, EOL);
  }

  public boolean asciiCompatible(Context c) {
    return attributes(c).get(c, Attributes.ASCII_COMPATIBLE) != Symbol.NIL;
  }

  /** The character sets, a list of names, or a symbol for all of a kind. */
  public Object charsets(Context c) {
    return attributes(c).get(c, Attributes.CHARSETS);
  }

  /** A function to be called after decoding, or nil. */
  public Object postRead(Context c) {
    return attributes(c).get(c, Attributes.POST_READ);
  }

  /** A function to be called before encoding, or nil. */
  public Object preWrite(Context c) {
    return attributes(c).get(c, Attributes.PRE_WRITE);
  }

  /** The character encoded in place of those that cannot be. */
  int defaultChar(Context c) {
    return attributes(c).get(c, Attributes.DEFAULT_CHAR) instanceof Long l ? (int) (long) l : ' ';
  }

  /** Number {@code i} of what is particular to the type; nil if there is none. */
  Object special(Context c, int i) {
    Attributes a = attributes(c);
    return Attributes.SPECIAL + i < a.length(c) ? a.get(c, Attributes.SPECIAL + i) : Symbol.NIL;
  }
}
