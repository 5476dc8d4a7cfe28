package org.elver.processor;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;

/**
 * Turns methods declared with {@code @Primitive} into Lisp functions: a dispatching class for each
 * class that has some, a list of all those, and a file with the documentation.
 *
 * <p>It also gathers the names in calls of {@code Symbol.known}, so that the symbols exist before
 * any VM has others of those names.
 */
@SupportedAnnotationTypes("*")
public final class PrimitiveProcessor extends AbstractProcessor {
  private static final int MANY = -2;
  private static final int UNEVALLED = -1;
  private static final String NONE = "\0";

  private record Function(
      String name,
      int min,
      int max,
      String method,
      String result,
      String args,
      String doc,
      String interactive) {}

  private final Map<String, List<Function>> byClass = new TreeMap<>();
  private final Map<String, String> owners = new LinkedHashMap<>();
  private final KnownSymbols known = new KnownSymbols();
  private boolean written;

  /** For javac. */
  public PrimitiveProcessor() {}

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latest();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    for (Element root : round.getRootElements()) {
      known.gather(processingEnv, root);
    }
    for (TypeElement annotation : annotations) {
      if (!annotation.getQualifiedName().contentEquals("org.elver.lisp.machine.Primitive")) {
        continue;
      }
      Map<TypeElement, List<Function>> here = new LinkedHashMap<>();
      for (Element e : round.getElementsAnnotatedWith(annotation)) {
        TypeElement owner = (TypeElement) e.getEnclosingElement();
        Function f = read((ExecutableElement) e, annotation);
        if (f != null) {
          String earlier = owners.put(f.name, owner.getQualifiedName().toString());
          if (earlier != null) {
            error(e, "primitive " + f.name + " is declared in " + earlier + " too");
          }
          here.computeIfAbsent(owner, k -> new ArrayList<>()).add(f);
        }
      }
      for (Map.Entry<TypeElement, List<Function>> x : here.entrySet()) {
        byClass.put(x.getKey().getQualifiedName().toString(), x.getValue());
        write(x.getKey(), x.getValue());
      }
      if (!written) {
        written = true;
        writeList();
      }
    }
    if (round.processingOver() && !byClass.isEmpty()) {
      writeDocumentation();
      known.addAll(owners.keySet());
      known.write(processingEnv);
    }
    return false;
  }

  private void error(Element e, String message) {
    processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, message, e);
  }

  private Function read(ExecutableElement m, TypeElement annotation) {
    if (!m.getModifiers().contains(Modifier.STATIC)
        || m.getModifiers().contains(Modifier.PRIVATE)) {
      error(m, "a primitive is a static method that is not private");
      return null;
    }
    String name = "";
    int min = -1;
    String doc = "";
    String args = "";
    String interactive = NONE;
    boolean special = false;
    for (AnnotationMirror a : m.getAnnotationMirrors()) {
      if (!((TypeElement) a.getAnnotationType().asElement()).equals(annotation)) {
        continue;
      }
      for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> v :
          a.getElementValues().entrySet()) {
        Object value = v.getValue().getValue();
        switch (v.getKey().getSimpleName().toString()) {
          case "value" -> name = (String) value;
          case "min" -> min = (Integer) value;
          case "doc" -> doc = (String) value;
          case "args" -> args = (String) value;
          case "interactive" -> interactive = (String) value;
          case "special" -> special = (Boolean) value;
          default -> error(m, "unknown element");
        }
      }
    }
    List<? extends VariableElement> params = m.getParameters();
    int max = params.size() - 1;
    boolean many = max == 1 && params.get(1).asType().getKind() == TypeKind.ARRAY;
    String result = m.getReturnType().toString();
    if (special) {
      return new Function(name, Math.max(min, 0), UNEVALLED, "", "", args, doc, NONE);
    }
    if (max > 8) {
      error(m, "more than eight arguments: take Object[]");
    }
    if (min < 0) {
      min = many ? 0 : max;
    }
    if (args.isEmpty()) {
      StringBuilder s = new StringBuilder("(");
      for (int i = 1; i <= max; i++) {
        if (s.length() > 1) {
          s.append(' ');
        }
        if (many) {
          s.append("&rest ");
        } else if (i == min + 1) {
          s.append("&optional ");
        }
        s.append(lispName(params.get(i).getSimpleName().toString()));
      }
      args = s.append(')').toString();
    }
    String method =
        ((TypeElement) m.getEnclosingElement()).getQualifiedName() + "." + m.getSimpleName();
    return new Function(name, min, many ? MANY : max, method, result, args, doc, interactive);
  }

  private static String lispName(String java) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < java.length(); i++) {
      char c = java.charAt(i);
      if (Character.isUpperCase(c)) {
        s.append('-');
      }
      if (c != '_') {
        s.append(Character.toUpperCase(c));
      }
    }
    return s.toString();
  }

  private static String quote(String s) {
    StringBuilder b = new StringBuilder("\"");
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> b.append("\\\"");
        case '\\' -> b.append("\\\\");
        case '\n' -> b.append("\\n");
        case '\t' -> b.append("\\t");
        default -> {
          if (c < 32 || c > 126) {
            b.append(String.format("\\u%04x", (int) c));
          } else {
            b.append(c);
          }
        }
      }
    }
    return b.append('"').toString();
  }

  private void write(TypeElement owner, List<Function> functions) {
    String pkg = processingEnv.getElementUtils().getPackageOf(owner).getQualifiedName().toString();
    String name = owner.getSimpleName() + "Primitives";
    boolean variables = false;
    for (ExecutableElement m : ElementFilter.methodsIn(owner.getEnclosedElements())) {
      variables |=
          m.getKind() == ElementKind.METHOD
              && m.getSimpleName().contentEquals("variables")
              && m.getParameters().size() == 1;
    }
    StringBuilder s = new StringBuilder();
    s.append("package ").append(pkg).append(";\n\n");
    s.append("import org.elver.lisp.machine.PrimitiveGroup;\n");
    s.append("import org.elver.lisp.machine.Subr;\nimport org.elver.lisp.machine.Task;\n\n");
    s.append("/** Generated from ").append(owner.getSimpleName()).append(". */\n");
    s.append("public final class ").append(name).append(" implements PrimitiveGroup {\n");
    s.append("  @Override\n  public Subr[] all() {\n    return new Subr[] {\n");
    for (int i = 0; i < functions.size(); i++) {
      Function f = functions.get(i);
      s.append("      new F(").append(i).append(", ").append(quote(f.name)).append(", ");
      s.append(f.min).append(", ").append(f.max).append("),\n");
    }
    s.append("    };\n  }\n\n");
    s.append("  @Override\n  public String interactive(int i) {\n    return switch (i) {\n");
    for (int i = 0; i < functions.size(); i++) {
      if (!functions.get(i).interactive.equals(NONE)) {
        s.append("      case ").append(i).append(" -> ");
        s.append(quote(functions.get(i).interactive)).append(";\n");
      }
    }
    s.append("      default -> null;\n    };\n  }\n\n");
    if (variables) {
      s.append("  @Override\n  public void variables(Task t) {\n    ");
      s.append(owner.getQualifiedName()).append(".variables(t);\n  }\n\n");
    }
    for (int i = 0; i < functions.size(); i++) {
      writeDirect(s, i, functions.get(i));
    }
    s.append("  private static final class F extends Subr {\n    private final int id;\n\n");
    s.append("    F(int id, String name, int min, int max) {\n      super(name, min, max);\n");
    s.append("      this.id = id;\n    }\n\n");
    s.append("    @Override\n    public Direct direct() {\n      return new Direct(");
    s.append(quote(pkg + "." + name)).append(", \"f\" + id);\n    }\n");
    dispatch(s, functions, 0, 0, "call0", "");
    dispatch(s, functions, 1, 1, "call1", "Object a");
    dispatch(s, functions, 2, 2, "call2", "Object a, Object b");
    dispatch(s, functions, 3, 3, "call3", "Object a, Object b, Object c");
    dispatch(s, functions, 4, 4, "call4", "Object a, Object b, Object c, Object d");
    dispatch(
        s,
        functions,
        5,
        8,
        "callUpTo8",
        "Object a, Object b, Object c, Object d, Object e, Object f, Object g, Object h");
    dispatch(s, functions, MANY, MANY, "callMany", "Object[] a");
    s.append("  }\n}\n");
    emit(pkg + "." + name, s);
  }

  /** The arguments of a call of {@code f}, in parentheses. */
  private static String arguments(Function f) {
    StringBuilder s = new StringBuilder("(t");
    for (int k = 0; k < (f.max == MANY ? 1 : f.max); k++) {
      s.append(", ").append((char) ('a' + k));
    }
    return s.append(')').toString();
  }

  /** A method of its own for primitive {@code i}, which compiled code calls. */
  private static void writeDirect(StringBuilder s, int i, Function f) {
    if (f.max == UNEVALLED) {
      return;
    }
    s.append("  /** Primitive ").append(i).append(". */\n");
    s.append("  public static Object f").append(i).append("(Task t");
    if (f.max == MANY) {
      s.append(", Object[] a");
    }
    for (int k = 0; k < f.max; k++) {
      s.append(", Object ").append((char) ('a' + k));
    }
    String call = f.method + arguments(f);
    String value =
        switch (f.result) {
          case "boolean" -> "org.elver.lisp.machine.Lisp.bool(" + call + ")";
          case "int", "long" -> "org.elver.lisp.machine.Lisp.integer(" + call + ")";
          default -> call;
        };
    s.append(") {\n    return ").append(value).append(";\n  }\n\n");
  }

  private static void dispatch(
      StringBuilder s, List<Function> functions, int from, int to, String method, String params) {
    if (functions.stream().noneMatch(f -> f.max >= from && f.max <= to)) {
      return;
    }
    s.append("\n    @Override\n    protected Object ").append(method).append("(Task t");
    s.append(params.isEmpty() ? "" : ", ").append(params).append(") {\n");
    s.append("      return switch (id) {\n");
    for (int i = 0; i < functions.size(); i++) {
      Function f = functions.get(i);
      if (f.max < from || f.max > to) {
        continue;
      }
      s.append("        case ").append(i).append(" -> ");
      s.append("f").append(i).append(arguments(f)).append(";\n");
    }
    s.append("        default -> super.").append(method).append("(t");
    int n = params.isEmpty() ? 0 : params.split(",", -1).length;
    for (int k = 0; k < n; k++) {
      s.append(", ").append((char) ('a' + k));
    }
    s.append(");\n      };\n    }\n");
  }

  private void writeList() {
    StringBuilder s = new StringBuilder("package org.elver.lisp.machine;\n\n");
    s.append("/** Generated: all classes of primitives. */\npublic final class AllPrimitives {\n");
    s.append("  private AllPrimitives() {}\n\n  /** One of each. */\n");
    s.append("  public static PrimitiveGroup[] groups() {\n    return new PrimitiveGroup[] {\n");
    for (String c : byClass.keySet()) {
      s.append("      new ").append(c).append("Primitives(),\n");
    }
    s.append("    };\n  }\n}\n");
    emit("org.elver.lisp.machine.AllPrimitives", s);
  }

  private void writeDocumentation() {
    StringBuilder s = new StringBuilder();
    for (Map.Entry<String, List<Function>> x : byClass.entrySet()) {
      String group = x.getKey().substring(x.getKey().lastIndexOf('.') + 1);
      for (Function f : x.getValue()) {
        s.append(f.name).append('\t').append(group).append('\t').append(f.min).append('\t');
        s.append(f.max).append('\t').append(f.args).append('\t');
        s.append(f.doc.strip().replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "  "));
        s.append('\n');
      }
    }
    try (Writer w =
        processingEnv
            .getFiler()
            .createResource(StandardLocation.CLASS_OUTPUT, "", "org/elver/lisp/primitives.tsv")
            .openWriter()) {
      w.append(s);
    } catch (IOException e) {
      processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, e.toString());
    }
  }

  private void emit(String name, CharSequence source) {
    try (Writer w = processingEnv.getFiler().createSourceFile(name).openWriter()) {
      w.append(source);
    } catch (IOException e) {
      processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, e.toString());
    }
  }
}
