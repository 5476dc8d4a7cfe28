package org.elver.processor;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;

/**
 * The names of the symbols that Java code names by {@code Symbol.known("...")}; where the argument
 * is computed, all strings of that source file that may be names.
 */
final class KnownSymbols {
  /** What may be a symbol's name rather than a text. */
  private static final Pattern NAME = Pattern.compile("[^\\s%()\"]{1,60}");

  private final TreeSet<String> names = new TreeSet<>();

  void addAll(Collection<String> more) {
    names.addAll(more);
  }

  void gather(ProcessingEnvironment env, Element root) {
    TreePath path = Trees.instance(env).getPath(root);
    if (path != null) {
      new Calls().scan(path, null);
    }
  }

  private final class Calls extends TreePathScanner<Void, Void> {
    private boolean computed;

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
      ExpressionTree method = call.getMethodSelect();
      boolean isKnown =
          method instanceof MemberSelectTree m
              ? m.getIdentifier().contentEquals("known")
              : method.toString().equals("known");
      if (isKnown && call.getArguments().size() == 1) {
        if (call.getArguments().get(0) instanceof LiteralTree literal
            && literal.getValue() instanceof String name) {
          names.add(name);
        } else if (!computed) {
          // The name comes from a table: take every string of the file.
          computed = true;
          new Literals().scan(getCurrentPath().getCompilationUnit(), null);
        }
      }
      return super.visitMethodInvocation(call, null);
    }
  }

  private final class Literals extends TreeScanner<Void, Void> {
    @Override
    public Void visitLiteral(LiteralTree literal, Void unused) {
      if (literal.getValue() instanceof String name && NAME.matcher(name).matches()) {
        names.add(name);
      }
      return super.visitLiteral(literal, null);
    }
  }

  void write(ProcessingEnvironment env) {
    try (Writer w =
        env.getFiler()
            .createResource(StandardLocation.CLASS_OUTPUT, "", "org/elver/lisp/known-symbols.txt")
            .openWriter()) {
      for (String name : names) {
        w.append(name).append('\n');
      }
    } catch (IOException e) {
      env.getMessager().printMessage(Diagnostic.Kind.ERROR, e.toString());
    }
  }
}
