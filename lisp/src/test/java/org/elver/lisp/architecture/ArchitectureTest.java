package org.elver.lisp.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import org.elver.heap.version.HeapObject;
import org.elver.lisp.object.Symbol;

/**
 * What the packages of the language must not know, and the invariants that show in declarations.
 */
@AnalyzeClasses(packages = "org.elver", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] ALL = {"org.elver.lisp.."};

  private static ArchRule ignorant(String of, String... packages) {
    String[] names = new String[packages.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = "org.elver.lisp." + packages[i];
    }
    return noClasses()
        .that()
        .resideInAPackage("org.elver.lisp." + of)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(names)
        .because("the package says so in its package-info");
  }

  @ArchTest
  static final ArchRule HEAP_KNOWS_NO_LANGUAGE =
      noClasses()
          .that()
          .resideInAPackage("org.elver.heap..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ALL);

  @ArchTest
  static final ArchRule LANGUAGE_STANDS_ON_KERNEL_AND_HEAP =
      classes()
          .that()
          .resideInAPackage("org.elver.lisp..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.elver.heap..",
              "org.elver.kernel..",
              "com.sun.management..",
              "javax.xml..",
              "org.w3c.dom..",
              "org.xml.sax..",
              "org.elver.lisp..",
              "org.objenesis..");

  @ArchTest
  static final ArchRule OBJECTS =
      ignorant("object", "machine", "primitive", "compile", "read", "print", "text", "boot");

  @ArchTest
  static final ArchRule CODE =
      ignorant("code", "machine", "primitive", "compile", "read", "print", "text", "boot");

  @ArchTest
  static final ArchRule MACHINE =
      ignorant("machine", "compile", "jit", "read", "print", "text", "boot");

  @ArchTest
  static final ArchRule REGULAR_EXPRESSIONS =
      classes()
          .that()
          .resideInAPackage("org.elver.lisp.regex")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.elver.lisp.regex");

  @ArchTest
  static final ArchRule NUMBERS = ignorant("number", "primitive", "text", "read", "print");

  @ArchTest
  static final ArchRule COMPILED_CODE =
      ignorant("jit", "object", "primitive", "compile", "read", "print", "text", "isolate", "boot");

  @ArchTest static final ArchRule COLLECTIONS = ignorant("collection", "primitive", "read", "boot");

  @ArchTest static final ArchRule CHAR_TABLES = ignorant("chartable", "primitive", "syntax");

  @ArchTest static final ArchRule TEXT = ignorant("text", "primitive", "display", "file");

  @ArchTest static final ArchRule SYNTAX = ignorant("syntax", "primitive", "regex", "search");

  @ArchTest static final ArchRule CODING = ignorant("coding", "primitive", "file", "process");

  @ArchTest static final ArchRule DISPLAY = ignorant("display", "primitive");

  @ArchTest static final ArchRule THREADS = ignorant("thread", "primitive");

  @ArchTest static final ArchRule JSON = ignorant("json", "primitive", "text");

  @ArchTest static final ArchRule FORMATS = ignorant("format", "primitive");

  @ArchTest static final ArchRule TIME = ignorant("time", "primitive", "file", "process");

  @ArchTest static final ArchRule READER = ignorant("read", "primitive", "load", "file");

  @ArchTest
  static final ArchRule ONLY_STARTERS_KNOW_THE_BOOT =
      noClasses()
          .that(
              resideInAPackage("org.elver.lisp..")
                  .and(resideInAnyPackage("org.elver.lisp.boot").negate()))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.elver.lisp.boot");

  /** No state of a program lives where a fork would not find it. */
  @ArchTest
  static final ArchRule NO_THREAD_LOCALS =
      noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);

  /**
   * But for the numbering of the symbols that Java knows, which is done when classes are loaded.
   */
  @ArchTest
  static final ArchRule STATICS_ARE_FINAL =
      fields().that().areStatic().and().areNotDeclaredIn(Symbol.class).should().beFinal();

  /**
   * A static object of the heap would be shared by all VMs. Symbols are, and what has no contents:
   * empty strings, the empty vector.
   */
  @ArchTest
  static final ArchRule NO_STATIC_HEAP_OBJECTS =
      fields()
          .that()
          .areStatic()
          .and()
          .doNotHaveRawType(Symbol.class)
          .and()
          .haveNameNotMatching("EMPTY.*|NOTHING")
          .should(
              ArchConditions.not(
                  ArchConditions.haveRawType(JavaClass.Predicates.assignableTo(HeapObject.class))));
}
