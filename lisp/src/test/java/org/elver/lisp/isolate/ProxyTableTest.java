package org.elver.lisp.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.elver.heap.version.Context;
import org.elver.lisp.object.Proxy;
import org.elver.lisp.object.View;
import org.junit.jupiter.api.Test;

/** One proxy for each object, as long as anybody has it. */
class ProxyTableTest {
  private static final class Stand extends Proxy {
    private final Object object;

    Stand(Object object) {
      this.object = object;
    }

    @Override
    public Object object() {
      return object;
    }

    @Override
    public Object contents(Context c) {
      return object;
    }

    @Override
    public String text(View view) {
      return "";
    }
  }

  @Test
  void oneForEachObjectAndWay() {
    ProxyTable table = new ProxyTable();
    String a = new String(new char[] {'x'});
    String b = new String(new char[] {'x'}); // Equal, and another object.
    Proxy p = table.of(a, 0, () -> new Stand(a));
    assertSame(p, table.of(a, 0, () -> new Stand(a)));
    assertNotSame(p, table.of(a, 1, () -> new Stand(a)));
    assertNotSame(p, table.of(b, 0, () -> new Stand(b)));
    assertEquals(3, table.size());
    assertSame(a, p.object());
  }

  @Test
  void whatNobodyHasGoes() throws InterruptedException {
    ProxyTable table = new ProxyTable();
    Object kept = new Object();
    Proxy p = table.of(kept, 0, () -> new Stand(kept));
    for (int i = 0; i < 20_000; i++) {
      Object o = new Object();
      table.of(o, 0, () -> new Stand(o));
    }
    for (int i = 0; i < 100 && table.size() > 100; i++) {
      System.gc();
      Thread.sleep(20);
      Object o = new Object();
      table.of(o, 0, () -> new Stand(o));
    }
    assertTrue(table.size() <= 100, "entries of proxies that are gone: " + table.size());
    assertSame(p, table.of(kept, 0, () -> new Stand(kept)));
  }
}
