package org.elver.lisp.primitive;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.elver.heap.object.Pair;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.text.Buffer;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/** Compressed data and XML, by the libraries of Java. */
final class Zlib {
  private Zlib() {}

  @Primitive(value = "zlib-available-p", doc = "Return t: compressed data can be read.")
  static Object available(Task t) {
    return Symbol.T;
  }

  /** Signals unless the text between the two positions is accessible. */
  private static void checkRegion(Task t, Object start, Object end) {
    Buffer b = Buffer.current(t);
    long from = Buffer.position(t, start);
    long to = Buffer.position(t, end);
    if (Math.min(from, to) < b.begv(t.c) || Math.max(from, to) > b.zv(t.c)) {
      throw LispSignal.outOfRange(b, start, end);
    }
  }

  @Primitive(
      value = "zlib-decompress-region",
      min = 2,
      doc =
          "Replace the gzip- or zlib-compressed bytes between START and END by what they mean.\n"
              + "Return t, or nil where they are not such; ALLOW-PARTIAL: what can be read, and"
              + " return\n"
              + "the number of bytes left.")
  static Object decompress(Task t, Object start, Object end, Object allowPartial) {
    checkRegion(t, start, end);
    if (Lisp.isTrue(Variables.orNil(t, Q.ENABLE_MULTIBYTE_CHARACTERS))) {
      throw LispSignal.error("This function can be called only in unibyte buffers");
    }
    Object text = t.callNamed("buffer-substring-no-properties", start, end);
    int[] codes = ((LispString) text).codeArray(t.c);
    byte[] in = new byte[codes.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = (byte) codes[i];
    }
    boolean gzip = in.length > 2 && (in[0] & 0xFF) == 0x1F && (in[1] & 0xFF) == 0x8B;
    int from = gzip ? headerLength(in) : 0;
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    boolean complete = false;
    int left = in.length;
    if (from >= 0) {
      Inflater inflater = new Inflater(gzip);
      try {
        inflater.setInput(in, from, in.length - from);
        byte[] buffer = new byte[8192];
        while (!inflater.finished()) {
          t.safepoint();
          int n = inflater.inflate(buffer);
          if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
            break;
          }
          out.write(buffer, 0, n);
        }
        complete = inflater.finished();
        left = inflater.getRemaining();
      } catch (DataFormatException e) {
        complete = false;
        left = inflater.getRemaining();
      } finally {
        inflater.end();
      }
    }
    if (!complete && !Lisp.isTrue(allowPartial)) {
      return Symbol.NIL;
    }
    t.callNamed("delete-region", start, end);
    t.callNamed("goto-char", start);
    t.callNamed("insert", LispString.unibyte(t.c, out.toByteArray()));
    t.callNamed("goto-char", start);
    return complete ? Symbol.T : (Object) (long) Math.max(left, 0);
  }

  /** Where the data of a gzip file begin; -1 when it is cut off before. */
  private static int headerLength(byte[] in) {
    if (in.length < 10) {
      return -1;
    }
    int flags = in[3];
    int i = 10;
    if ((flags & 4) != 0) {
      if (i + 2 > in.length) {
        return -1;
      }
      i += 2 + (in[i] & 0xFF) + ((in[i + 1] & 0xFF) << 8);
    }
    for (int bit = 8; bit <= 16; bit *= 2) {
      if ((flags & bit) != 0) {
        while (i < in.length && in[i] != 0) {
          i++;
        }
        i++;
      }
    }
    if ((flags & 2) != 0) {
      i += 2;
    }
    return i > in.length ? -1 : i;
  }

  // ---- XML --------------------------------------------------------------------------------------

  @Primitive(value = "libxml-available-p", doc = "Return t: XML can be parsed.")
  static Object libxmlAvailable(Task t) {
    return Symbol.T;
  }

  @Primitive(
      value = "libxml-parse-html-region",
      min = 2,
      doc = "Parse HTML between START and END: not supported, the value is nil.")
  static Object parseHtml(
      Task t, Object start, Object end, Object baseUrl, Object discardComments) {
    checkRegion(t, start, end);
    return Symbol.NIL;
  }

  @Primitive(
      value = "libxml-parse-xml-region",
      min = 2,
      doc =
          "Return the XML document between START and END as a tree of (NAME ATTRIBUTES CHILD...),\n"
              + "or nil if it is none.  DISCARD-COMMENTS non-nil: leave comments out.")
  static Object parseXml(Task t, Object start, Object end, Object baseUrl, Object discardComments) {
    String text =
        ((LispString) t.callNamed("buffer-substring-no-properties", start, end)).toJava(t.c);
    org.w3c.dom.Document document;
    try {
      javax.xml.parsers.DocumentBuilderFactory factory =
          javax.xml.parsers.DocumentBuilderFactory.newInstance();
      factory.setExpandEntityReferences(true);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      javax.xml.parsers.DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      builder.setEntityResolver(
          (p, s) -> new org.xml.sax.InputSource(new java.io.StringReader("")));
      document = builder.parse(new org.xml.sax.InputSource(new java.io.StringReader(text)));
    } catch (javax.xml.parsers.ParserConfigurationException
        | org.xml.sax.SAXException
        | java.io.IOException e) {
      return Symbol.NIL;
    }
    java.util.List<Object> top = new java.util.ArrayList<>();
    for (Node n = document.getFirstChild(); n != null; n = n.getNextSibling()) {
      Object x = tree(t, n, Lisp.isTrue(discardComments), 0);
      if (x != null) {
        top.add(x);
      }
    }
    if (top.size() == 1) {
      return top.get(0);
    }
    Object all = Lisp.list(t.c, top);
    return t.cons(Symbol.known("top"), t.cons(Symbol.NIL, all));
  }

  private static Object tree(Task t, Node n, boolean discardComments, int depth) {
    if (depth > 1000) {
      throw LispSignal.error("XML nested too deeply");
    }
    switch (n.getNodeType()) {
      case Node.TEXT_NODE, Node.CDATA_SECTION_NODE -> {
        return LispString.of(t.c, n.getNodeValue());
      }
      case Node.COMMENT_NODE -> {
        return discardComments
            ? null
            : t.list(Symbol.known("comment"), Symbol.NIL, LispString.of(t.c, n.getNodeValue()));
      }
      case Node.ELEMENT_NODE -> {
        NamedNodeMap map = n.getAttributes();
        Object attributes = Symbol.NIL;
        for (int i = map.getLength() - 1; i >= 0; i--) {
          Pair p =
              t.cons(
                  t.symbols().intern(t, local(map.item(i).getNodeName())),
                  LispString.of(t.c, map.item(i).getNodeValue()));
          attributes = t.cons(p, attributes);
        }
        java.util.List<Object> children = new java.util.ArrayList<>();
        for (Node c = n.getFirstChild(); c != null; c = c.getNextSibling()) {
          Object x = tree(t, c, discardComments, depth + 1);
          if (x != null) {
            children.add(x);
          }
        }
        return t.cons(
            t.symbols().intern(t, local(n.getNodeName())),
            t.cons(attributes, Lisp.list(t.c, children)));
      }
      default -> {
        return null;
      }
    }
  }

  private static String local(String name) {
    return name.substring(name.indexOf(':') + 1);
  }
}
