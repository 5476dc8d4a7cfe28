package org.elver.lisp.primitive;

import org.elver.lisp.casing.CaseTables;
import org.elver.lisp.chartable.CharTable;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.Symbol;

/** Case tables. */
final class Casetab {
  private Casetab() {}

  static void variables(Task t) {
    Chartab.putProperty(t, Symbol.known("case-table"), CharTable.extraSlotsProperty(), 3L);
    CaseTables.initialize(t);
  }

  @Primitive(value = "case-table-p", doc = "Return t if OBJECT is a case table.")
  static boolean isCaseTable(Task t, Object object) {
    return CaseTables.is(t.c, object);
  }

  @Primitive(value = "current-case-table", doc = "Return the case table of the current buffer.")
  static Object current(Task t) {
    return CaseTables.current(t);
  }

  @Primitive(value = "standard-case-table", doc = "Return the case table of new buffers.")
  static Object standard(Task t) {
    return CaseTables.standard(t);
  }

  @Primitive(
      value = "set-case-table",
      doc = "Make TABLE the case table of the current buffer, and complete it.")
  static Object set(Task t, Object table) {
    CharTable down = CaseTables.check(t.c, table);
    CaseTables.complete(t.c, down);
    CaseTables.setCurrent(t, down);
    return table;
  }

  @Primitive(
      value = "set-standard-case-table",
      doc = "Make TABLE the case table of new buffers, and complete it.")
  static Object setStandard(Task t, Object table) {
    CaseTables.setStandard(t, CaseTables.check(t.c, table));
    return table;
  }
}
