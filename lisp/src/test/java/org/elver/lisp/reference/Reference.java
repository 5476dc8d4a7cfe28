package org.elver.lisp.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.elver.heap.object.Pair;
import org.elver.lisp.boot.Boot;
import org.elver.lisp.machine.AllPrimitives;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.PrimitiveGroup;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;

/**
 * The reference of all that Elver adds to Emacs Lisp, made of the descriptions that the functions
 * have in a VM: whatever has one is in it without further ado.
 */
final class Reference {
  /** A function, macro, variable or condition. */
  private record Entry(String name, String kind, String signature, String doc) {}

  /** Packages whose primitives are Elver's own; all others are GNU Emacs's. */
  private static final List<String> PACKAGES =
      List.of("org.elver.lisp.concurrent", "org.elver.lisp.proxy", "org.elver.lisp.ert");

  /** What of these GNU Emacs has too. */
  private static final Pattern THREADS =
      Pattern.compile(
          "thread.*|.*-threads?|make-(thread|mutex|condition-variable)|mutex.*|condition-.*");

  private static final Map<String, Pattern> CHAPTERS = new LinkedHashMap<>();

  static {
    CHAPTERS.put(
        "Tasks",
        Pattern.compile("task.*|without-preemption|isolate-set-scheduling|vm-set-carriers"));
    CHAPTERS.put("Goroutines", Pattern.compile("goroutine.*|resume.*|yield"));
    CHAPTERS.put("Generators", Pattern.compile("iter-.*"));
    CHAPTERS.put("Emacs's threads, on tasks", THREADS);
    CHAPTERS.put(
        "Isolates", Pattern.compile("isolate.*|(make-isolate-)?pool.*|.*freeze.*|.*frozen.*"));
    CHAPTERS.put("Promises", Pattern.compile("promise.*"));
    CHAPTERS.put("Channels", Pattern.compile(".*channel.*"));
    CHAPTERS.put("Shared bytes", Pattern.compile(".*shared-bytes.*"));
    CHAPTERS.put("Proxies", Pattern.compile(".*prox.*|(un)?share.*"));
    CHAPTERS.put("Parallel and speculative evaluation", Pattern.compile("parallel.*|speculate.*"));
    CHAPTERS.put("Parallel ERT", Pattern.compile("elver-ert.*|ert.*"));
    CHAPTERS.put("The heap and the VM", Pattern.compile(".*"));
  }

  private static final Pattern SIGNATURE =
      Pattern.compile("(.*?)\\s*\n\n\\(fn *(.*)\\)\\s*", Pattern.DOTALL);
  private static final Pattern NAMED = Pattern.compile("[`‘]([^`'‘’]+)['’]");
  private static final Pattern UPPER = Pattern.compile("\\b[A-Z][A-Z0-9-]*\\b");

  private final Task t = Boot.prelude();
  private final Map<String, Entry> entries = new TreeMap<>();

  /** The names that have no description. */
  final Set<String> undescribed = new TreeSet<>();

  Reference() {
    Set<String> before = functions();
    Set<String> variables = variables();
    for (String name : ownPrimitives()) {
      function(name);
    }
    Task bare = Boot.bare();
    for (String name : names(bare, "(and (fboundp s) (null (subrp (symbol-function s))))")) {
      function(name);
    }
    evaluate(t, "(setq lexical-binding t)");
    evaluate(t, "(require 'generator)");
    for (String name : functions()) {
      if (!before.contains(name)) {
        function(name);
      }
    }
    for (String name : variables()) {
      if (!variables.contains(name)) {
        variable(name);
      }
    }
    for (String name : names(bare, "(stringp (get s 'variable-documentation))")) {
      variable(name);
    }
    for (String name : names(t, "(stringp (get s 'condition-documentation))")) {
      condition(name);
    }
  }

  /** The documented names. */
  Set<String> documented() {
    return entries.keySet().stream()
        .map(k -> k.substring(k.indexOf(' ') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The names of the functions and macros. */
  Set<String> callable() {
    return entries.keySet().stream()
        .filter(k -> k.startsWith("f "))
        .map(k -> k.substring(2))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // ---- From the VM --------------------------------------------------------------------------

  private static Object evaluate(Task t, String source) {
    Object form = ((Pair) t.callNamed("read-from-string", LispString.of(t.c, source))).first(t.c);
    return t.callNamed("eval", form, Symbol.T);
  }

  /** The interned symbols that a form is true for. */
  private static List<String> names(Task t, String condition) {
    Object found =
        evaluate(
            t,
            "(let (l) (mapatoms (function (lambda (s) (if "
                + condition
                + " (setq l (cons s l)))))) l)");
    List<String> names = new ArrayList<>();
    for (Object s : Lisp.elements(t.c, found)) {
      String name = ((Symbol) s).name();
      if (!name.contains("--")) {
        names.add(name);
      }
    }
    return names;
  }

  private Set<String> variables() {
    return new TreeSet<>(names(t, "(stringp (get s 'variable-documentation))"));
  }

  private Set<String> functions() {
    return new TreeSet<>(names(t, "(fboundp s)"));
  }

  private static Set<String> ownPrimitives() {
    Set<String> own = new TreeSet<>();
    for (PrimitiveGroup group : AllPrimitives.groups()) {
      if (PACKAGES.contains(group.getClass().getPackageName())) {
        for (Subr s : group.all()) {
          if (!s.name().contains("--")) {
            own.add(s.name());
          }
        }
      }
    }
    return own;
  }

  private String text(Object value) {
    return value instanceof LispString s ? s.toJava(t.c) : "";
  }

  private void function(String name) {
    String doc = text(evaluate(t, "(documentation '" + name + " t)"));
    boolean macro =
        evaluate(t, "(eq (car-safe (symbol-function '" + name + ")) 'macro)") == Symbol.T;
    Matcher m = SIGNATURE.matcher(doc);
    if (!m.matches()) {
      undescribed.add(name);
    }
    String arguments = m.matches() ? m.group(2) : "";
    add(name, macro ? "macro" : "function", arguments, m.matches() ? m.group(1) : doc);
  }

  private void variable(String name) {
    add(name, "variable", "", text(evaluate(t, "(get '" + name + " 'variable-documentation)")));
  }

  private void condition(String name) {
    add(name, "condition", "", text(evaluate(t, "(get '" + name + " 'condition-documentation)")));
  }

  private void add(String name, String kind, String signature, String doc) {
    if (doc.isBlank()) {
      undescribed.add(name);
    }
    String order = "condition".equals(kind) ? "c " : "variable".equals(kind) ? "v " : "f ";
    entries.put(order + name, new Entry(name, kind, signature, doc.strip()));
  }

  // ---- To Markdown --------------------------------------------------------------------------

  String markdown() {
    Map<String, List<Entry>> chapters = new LinkedHashMap<>();
    CHAPTERS.keySet().forEach(c -> chapters.put(c, new ArrayList<>()));
    chapters.put("Conditions", new ArrayList<>());
    for (Entry e : entries.values()) {
      String chapter = "Conditions";
      if (!"condition".equals(e.kind)) {
        chapter =
            CHAPTERS.entrySet().stream()
                .filter(c -> c.getValue().matcher(e.name).matches())
                .findFirst()
                .orElseThrow()
                .getKey();
      }
      chapters.get(chapter).add(e);
    }
    chapters.values().removeIf(List::isEmpty);
    StringBuilder b = new StringBuilder();
    b.append("# Reference\n\n");
    b.append(
        "<!-- Made by scripts/reference from the descriptions in the sources; do not edit."
            + " -->\n\n");
    b.append(
        """
        What Elver adds to Emacs Lisp, as `describe-function` has it. [The guide](guide-concurrency.md)
        tells which of it to take when. TIMEOUT is in seconds wherever it occurs, and nil is no limit. A
        wait in `without-preemption` or `with-rollback` signals [`wait-forbidden`](#condition-wait-forbidden).
        An argument that is not of the kind its name says signals `wrong-type-argument`.

        """);
    for (var c : chapters.entrySet()) {
      b.append("- [").append(c.getKey()).append("](#").append(anchor(c.getKey())).append("): ");
      b.append(
          c.getValue().stream()
              .map(e -> "[`" + e.name + "`](#" + id(e) + ")")
              .collect(Collectors.joining(", ")));
      b.append('\n');
    }
    for (var c : chapters.entrySet()) {
      b.append("\n## ").append(c.getKey()).append('\n');
      c.getValue().forEach(e -> write(b, e));
    }
    return b.toString();
  }

  private static String anchor(String title) {
    return title.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
  }

  private static String id(Entry e) {
    return e.kind + "-" + e.name;
  }

  private void write(StringBuilder b, Entry e) {
    b.append("\n<a id=\"").append(id(e)).append("\"></a>\n");
    boolean call = "function".equals(e.kind) || "macro".equals(e.kind);
    String head = call ? "(" + (e.name + " " + e.signature).strip() + ")" : e.name;
    b.append("### `").append(head).append('`');
    b.append(call && "function".equals(e.kind) ? "" : " (" + e.kind + ")").append("\n\n");
    boolean code = false;
    for (String line : e.doc.split("\n", -1)) {
      boolean indented = line.startsWith("  ");
      if (indented != code) {
        b.append(code ? "```\n\n" : "\n```elisp\n");
        code = indented;
      }
      b.append(code ? line.substring(2) : marked(line, e)).append('\n');
    }
    b.append(code ? "```\n" : "");
  }

  /** A line with names as links and arguments emphasised. */
  private String marked(String line, Entry e) {
    Set<String> arguments = new TreeSet<>();
    Matcher a = UPPER.matcher(e.signature);
    while (a.find()) {
      arguments.add(a.group());
    }
    StringBuilder b = new StringBuilder();
    Matcher m = NAMED.matcher(line);
    int from = 0;
    while (m.find()) {
      b.append(emphasised(line.substring(from, m.start()), arguments));
      b.append(link(m.group(1), e));
      from = m.end();
    }
    return b.append(emphasised(line.substring(from), arguments)).toString();
  }

  private static String emphasised(String text, Set<String> arguments) {
    String plain = text.replace("*", "\\*").replace("<", "&lt;").replace("\\='", "'");
    return UPPER
        .matcher(plain)
        .replaceAll(
            m ->
                Matcher.quoteReplacement(
                    arguments.contains(m.group())
                        ? "*" + m.group().toLowerCase(java.util.Locale.ROOT) + "*"
                        : m.group()));
  }

  private String link(String name, Entry from) {
    for (String order : new String[] {"f ", "v ", "c "}) {
      Entry e = entries.get(order + name);
      if (e != null && !e.name.equals(from.name)) {
        return "[`" + name + "`](#" + id(e) + ")";
      }
    }
    return "`" + name + "`";
  }
}
