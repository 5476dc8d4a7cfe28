package org.elver.lisp.primitive;

import org.elver.heap.object.Vector;
import org.elver.lisp.display.FontSpec;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Fonts: descriptions of them; a text terminal has none. */
final class Fonts {
  private Fonts() {}

  static void variables(Task t) {
    Defvars.nil(
        t,
        "font-encoding-alist inhibit-compacting-font-caches query-all-font-backends "
            + "vertical-centering-font-regexp imagemagick-render-type x-bitmap-file-path");
    Defvars.t(t, "font-log xft-ignore-color-fonts");
    table(
        t,
        "font-weight-table",
        "0 thin|20 ultra-light ultralight|40 extra-light extralight|50 light"
            + "|75 semi-light semilight demilight book|100 normal medium regular unspecified"
            + "|180 semi-bold semibold demibold demi|200 bold|205 extra-bold extrabold"
            + "|210 ultra-bold ultrabold black");
    table(
        t,
        "font-slant-table",
        "0 reverse-oblique ro|10 reverse-italic ri"
            + "|100 normal r unspecified|200 italic i ot|210 oblique o");
    table(
        t,
        "font-width-table",
        "50 ultra-condensed ultracondensed|63 extra-condensed extracondensed"
            + "|75 condensed compressed narrow|87 semi-condensed semicondensed demicondensed"
            + "|100 normal medium regular unspecified|113 semi-expanded semiexpanded demiexpanded"
            + "|125 expanded|150 extra-expanded extraexpanded"
            + "|200 ultra-expanded ultraexpanded wide");
  }

  private static void table(Task t, String name, String rows) {
    java.util.List<Object> all = new java.util.ArrayList<>();
    for (String row : rows.split("\\|", -1)) {
      String[] words = row.split(" ", -1);
      Object[] v = new Object[words.length];
      v[0] = Long.parseLong(words[0]);
      for (int i = 1; i < v.length; i++) {
        v[i] = t.symbols().intern(t, words[i]);
      }
      all.add(new Vector(t.c, v));
    }
    Vm.defvar(t, name, new Vector(t.c, all.toArray()));
  }

  private static FontSpec font(Object x) {
    if (x instanceof FontSpec f) {
      return f;
    }
    throw LispSignal.wrongType(Symbol.known("font"), x);
  }

  @Primitive(
      value = "font-spec",
      min = 0,
      args = "(&rest ARGS)",
      doc = "Return a font-spec with the properties in ARGS, keys and values in turn.")
  static Object fontSpec(Task t, Object[] args) {
    FontSpec f = new FontSpec(t.c);
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new LispSignal(Q.ERROR, "No value for key", args[i]);
      }
      f.put(t.c, Lisp.symbol(args[i]), args[i + 1], t);
    }
    return f;
  }

  @Primitive(
      value = "fontp",
      min = 1,
      doc = "Return t if OBJECT is a font, of EXTRA-TYPE if non-nil.")
  static Object fontp(Task t, Object object, Object extraType) {
    if (Lisp.isTrue(extraType) && extraType != Q.FONT_SPEC) {
      return Symbol.NIL;
    }
    return Lisp.bool(object instanceof FontSpec);
  }

  @Primitive(value = "font-get", doc = "Return property KEY of FONT.")
  static Object fontGet(Task t, Object font, Object key) {
    return font(font).property(t.c, Lisp.symbol(key));
  }

  @Primitive(value = "font-put", doc = "Set property PROP of the font-spec FONT to VAL.")
  static Object fontPut(Task t, Object font, Object prop, Object val) {
    font(font).put(t.c, Lisp.symbol(prop), val, t);
    return val;
  }

  @Primitive(value = "font-match-p", doc = "Return t if FONT is as SPEC says.")
  static Object fontMatchP(Task t, Object spec, Object font) {
    font(spec);
    font(font);
    return Symbol.NIL;
  }

  @Primitive(value = "clear-font-cache", doc = "Return nil: there are no fonts.")
  static Object clearFontCache(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "font-family-list", min = 0, doc = "Return nil: there are no fonts.")
  static Object fontFamilyList(Task t, Object frame) {
    return Symbol.NIL;
  }

  @Primitive(value = "frame-font-cache", min = 0, doc = "Return nil: there are no fonts.")
  static Object frameFontCache(Task t, Object frame) {
    return Symbol.NIL;
  }

  @Primitive(value = "internal-char-font", min = 1, doc = "Return nil: there are no fonts.")
  static Object internalCharFont(Task t, Object position, Object ch) {
    return Symbol.NIL;
  }

  @Primitive(value = "find-font", min = 1, doc = "Return nil: no font is as FONT-SPEC says.")
  static Object findFont(Task t, Object fontSpec, Object frame) {
    font(fontSpec);
    return Symbol.NIL;
  }

  @Primitive(value = "list-fonts", min = 1, doc = "Return nil: no font is as FONT-SPEC says.")
  static Object listFonts(Task t, Object fontSpec, Object frame, Object num, Object prefer) {
    font(fontSpec);
    return Symbol.NIL;
  }

  @Primitive(
      value = "close-font",
      min = 1,
      doc = "Does something with fonts: there are none on a text terminal.")
  static Object closeFont(Task t, Object font, Object frame) {
    throw LispSignal.error("Window system frame should be used");
  }

  @Primitive(
      value = "font-at",
      min = 1,
      doc = "Does something with fonts: there are none on a text terminal.")
  static Object fontAt(Task t, Object position, Object window, Object string) {
    throw LispSignal.error("Window system frame should be used");
  }

  @Primitive(
      value = "font-get-glyphs",
      min = 3,
      doc = "Does something with fonts: there are none on a text terminal.")
  static Object fontGetGlyphs(Task t, Object font, Object from, Object to, Object object) {
    throw LispSignal.error("Window system frame should be used");
  }

  @Primitive(
      value = "font-shape-gstring",
      doc = "Does something with fonts: there are none on a text terminal.")
  static Object fontShapeGstring(Task t, Object gstring, Object direction) {
    throw LispSignal.error("Window system frame should be used");
  }

  @Primitive(
      value = "font-variation-glyphs",
      doc = "Does something with fonts: there are none on a text terminal.")
  static Object fontVariationGlyphs(Task t, Object font, Object character) {
    throw LispSignal.error("Window system frame should be used");
  }

  @Primitive(
      value = "open-font",
      min = 1,
      doc = "Does something with fonts: there are none on a text terminal.")
  static Object openFont(Task t, Object fontEntity, Object size, Object frame) {
    throw LispSignal.error("Window system frame should be used");
  }

  @Primitive(
      value = "query-font",
      doc = "Does something with fonts: there are none on a text terminal.")
  static Object queryFont(Task t, Object font) {
    throw LispSignal.error("Window system frame should be used");
  }

  @Primitive(value = "font-xlfd-name", min = 1, doc = "Return the X name of FONT.")
  static Object fontXlfdName(Task t, Object font, Object foldWildcards) {
    return font(font).xlfd(t.c);
  }
}
