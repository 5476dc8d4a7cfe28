package org.elver.heap.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.bePackagePrivate;
import static com.tngtech.archunit.lang.conditions.ArchConditions.bePrivate;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Version;

/** The arrows between the packages of the heap, and the invariants that show in declarations. */
@AnalyzeClasses(packages = "org.elver.heap", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule LAYERS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("epoch")
          .definedBy("org.elver.heap.epoch")
          .layer("version")
          .definedBy("org.elver.heap.version")
          .layer("object")
          .definedBy("org.elver.heap.object")
          .layer("graph")
          .definedBy("org.elver.heap.graph")
          .whereLayer("object")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("graph")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("version")
          .mayOnlyBeAccessedByLayers("object", "graph")
          .whereLayer("epoch")
          .mayOnlyBeAccessedByLayers("version", "object")
          .because("each layer knows only those below it");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("org.elver.heap.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule HEAP_STANDS_ALONE =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.elver.heap..")
          .because("another language, or none, must be able to sit on the heap");

  /** I4: contents are reached through accessors that take a context. */
  @ArchTest
  static final ArchRule CONTENTS_OF_OBJECTS_ARE_PRIVATE =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .areAssignableTo(HeapObject.class)
          .and()
          .areNotStatic()
          .should(bePrivate())
          .because("every access to contents goes through an accessor with the caller's context");

  /** The fields by which versions are found are final, so that they may be read by a plain race. */
  @ArchTest
  static final ArchRule LABELS_OF_VERSIONS_ARE_FINAL =
      fields().that().areDeclaredIn(Version.class).should().beFinal().andShould(bePackagePrivate());

  /** No state of a program lives where a fork would not find it. */
  @ArchTest
  static final ArchRule NO_THREAD_LOCALS =
      noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class);

  @ArchTest
  static final ArchRule STATICS_ARE_FINAL = fields().that().areStatic().should().beFinal();
}
