package org.elver.lisp.object;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;

/**
 * A symbol: a name, and the contents that each isolate sees: value, function, property list.
 *
 * <p>Symbols that Java code names are <i>known</i>: static constants, the same in every VM of the
 * process. A constant can have no contents of one VM, so theirs are in another object per VM, which
 * {@link View} finds by number; accessors go there by themselves. All other symbols are made by and
 * belong to one VM. In a {@link Realm} that is not the VM's first, the contents of all symbols are
 * other objects, found in the same way.
 *
 * <p>There a slot may be <i>open</i>: it is empty, and nobody has asked yet what another isolate
 * has in it. Whoever has a {@link Provider} asks when it looks.
 *
 * <pre>
 * value slot    flags                   means
 * a value       neither of the below    that
 * UNBOUND       not OPEN_VARIABLE       the variable is void
 * UNBOUND       OPEN_VARIABLE           open: void for those without a provider
 * a Late        LATE                    a value that is read when somebody looks
 * any           REDIRECTED              the value is where {@link #redirect} says
 *
 * function, property list: NIL and OPEN_FUNCTION, OPEN_PLIST: open; a Late: as above
 * </pre>
 */
public final class Symbol extends HeapObject {
  /** What an unbound variable's value slot holds. Never seen by Lisp. */
  public static final Object UNBOUND =
      new Object() {
        @Override
        public String toString() {
          return "#<unbound>";
        }
      };

  /** Given as a value, makes the value slot open again. Never seen by Lisp. */
  public static final Object OPEN =
      new Object() {
        @Override
        public String toString() {
          return "#<open>";
        }
      };

  /** The variable is declared special ({@code defvar}): always bound dynamically. */
  public static final int SPECIAL = 1;

  /** Assigning is an error (nil, t, keywords). */
  public static final int CONSTANT = 2;

  /** The value is not in the value slot: {@link #redirect} says where. */
  public static final int REDIRECTED = 4;

  /** Assignments are watched ({@code add-variable-watcher}). */
  public static final int WATCHED = 8;

  /** The value slot holds a {@link Late}. */
  private static final int LATE = 32;

  /** Where the value is not plainly in the value slot. */
  private static final int NOT_PLAIN = REDIRECTED | LATE;

  /** Interned in the main obarray. */
  private static final int INTERNED = 16;

  /** Variable, function, property list, name: whoever has a provider is to ask it. */
  private static final int OPEN_VARIABLE = 256;

  private static final int OPEN_FUNCTION = 512;
  private static final int OPEN_PLIST = 1024;
  private static final int OPEN_NAME = 2048;
  private static final int ALL_OPEN = OPEN_VARIABLE | OPEN_FUNCTION | OPEN_PLIST | OPEN_NAME;

  /** What {@link #flags} does not show. */
  private static final int INTERNAL = LATE | ALL_OPEN;

  /** The number of uninterned symbols that were made in the VM's first realm. */
  private static final int UNNUMBERED = -1;

  /** The number of uninterned symbols that were made in another realm, and of contents there. */
  private static final int OTHER_REALM = Integer.MIN_VALUE;

  private static final Object[] NO_OBJECTS = {};

  // Names known to Java. Written by class initialisers only, under the list's lock.
  private static final ConcurrentHashMap<String, Symbol> KNOWN_NAMES = new ConcurrentHashMap<>();
  private static final List<Symbol> KNOWN = new ArrayList<>();
  private static volatile int knownCount;

  /** Whether all names that the build gathered are there. */
  private static volatile boolean complete;

  /** The symbol {@code nil}. */
  public static final Symbol NIL = known("nil");

  /** The symbol {@code t}. */
  public static final Symbol T = known("t");

  private final String name;

  /**
   * The number of a known symbol; -2 and down of those of the VM's table; or {@link #UNNUMBERED},
   * {@link #OTHER_REALM}.
   */
  private final int known;

  private Object value;
  private Object function;
  private Object plist;
  private Object redirect;
  private int flags;

  private Symbol(Context creator, String name, int known) {
    super(creator);
    this.name = name;
    this.known = known;
    this.value = UNBOUND;
    this.function = NIL;
    this.plist = NIL;
  }

  private Symbol(Label label, String name, int known) {
    super(label);
    this.name = name;
    this.known = known;
    this.value = UNBOUND;
    this.function = NIL;
    this.plist = NIL;
  }

  /** A new symbol that is not interned. */
  public static Symbol uninterned(View creator, String name) {
    return new Symbol(creator.c, name, creator.isHome() ? UNNUMBERED : OTHER_REALM);
  }

  /**
   * A new symbol that is not interned, in {@code view}'s realm, for whoever {@code label} is of.
   */
  public static Symbol uninterned(View view, Label label, String name) {
    return new Symbol(label, name, view.isHome() ? UNNUMBERED : OTHER_REALM);
  }

  /** Whether Java code names this symbol, so that it is the same in all VMs of the process. */
  public boolean isKnown() {
    return known >= 0;
  }

  /**
   * The constant for a name that Java code uses; the same each time. For static final fields.
   *
   * <p>The build gathers the literal names in calls of this method, so that all of them are known
   * before any VM has another symbol of that name.
   *
   * @throws IllegalStateException when a VM is there already and the name has not been gathered
   */
  public static Symbol known(String name) {
    Symbol s = KNOWN_NAMES.get(name);
    if (s != null) {
      return s;
    }
    synchronized (KNOWN) {
      s = KNOWN_NAMES.get(name);
      if (s == null) {
        if (complete) {
          throw new IllegalStateException(
              "known symbol "
                  + name
                  + " must be named by a literal: Symbol.known(\""
                  + name
                  + "\")");
        }
        s = new Symbol(Label.frozen(), name, KNOWN.size());
        KNOWN.add(s);
        KNOWN_NAMES.put(name, s);
        knownCount = KNOWN.size();
      }
      return s;
    }
  }

  /** Makes all known symbols; before a VM has any. */
  static void completeKnown() {
    if (complete) {
      return;
    }
    synchronized (KNOWN) {
      if (complete) {
        return;
      }
      try (java.io.InputStream in =
          Symbol.class.getResourceAsStream("/org/elver/lisp/known-symbols.txt")) {
        String all = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        // By hand: streams would cost some of the time that a start has.
        for (int from = 0, to; (to = all.indexOf('\n', from)) >= 0; from = to + 1) {
          known(all.substring(from, to));
        }
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      complete = true;
    }
  }

  static Symbol knownByName(String name) {
    return KNOWN_NAMES.get(name);
  }

  static int knownCount() {
    return knownCount;
  }

  static Iterable<Symbol> allKnown() {
    return KNOWN_NAMES.values();
  }

  /** The contents of known symbol {@code i} in a realm; open where it is not the VM's first. */
  static Symbol contentsOfKnown(Label label, int i, boolean home) {
    Symbol of;
    synchronized (KNOWN) {
      of = KNOWN.get(i);
    }
    Symbol s = new Symbol(label, of.name, home ? UNNUMBERED : OTHER_REALM);
    s.flags = INTERNED;
    if (of.name.charAt(0) == ':' || of == NIL || of == T) {
      s.flags = INTERNED | CONSTANT | SPECIAL;
      s.value = of;
    }
    if (!home) {
      s.flags |= ALL_OPEN & ~OPEN_NAME & ~(s.value == of ? OPEN_VARIABLE : 0);
    }
    if (s.function == null) { // NIL itself while this class is being initialised
      s.function = NIL;
      s.plist = NIL;
    }
    return s;
  }

  /** Symbol number {@code i} of a VM's table, interned nowhere yet; keywords have themselves. */
  static Symbol ofTable(Label label, String name, int i) {
    Symbol s = new Symbol(label, name, -2 - i);
    if (s.isNamedLikeKeyword()) {
      s.value = s;
      s.flags = CONSTANT | SPECIAL;
    }
    return s;
  }

  /** Its contents in a realm that is not the VM's first: nothing yet, and open. */
  Symbol newContents(Label label) {
    Symbol s = new Symbol(label, name, OTHER_REALM);
    s.flags = ALL_OPEN;
    if (tableNumber() >= 0 && isNamedLikeKeyword()) {
      s.value = this;
      s.flags = CONSTANT | SPECIAL | (ALL_OPEN & ~OPEN_VARIABLE);
    }
    return s;
  }

  private boolean isNamedLikeKeyword() {
    return !name.isEmpty() && name.charAt(0) == ':';
  }

  /** Its number among the symbols of the VM's table; negative when it is none of them. */
  int tableNumber() {
    return known <= -2 && known != OTHER_REALM ? -2 - known : -1;
  }

  /** The number of a known symbol; negative for others. */
  int knownNumber() {
    return known;
  }

  /** Whether it was made, uninterned, in another realm than the VM's first. */
  boolean isOfOtherRealm() {
    return known == OTHER_REALM;
  }

  private Symbol here(View v) {
    // The mask of the VM's first realm is -1: all but known symbols have their contents themselves.
    return (known & v.home) < 0 ? this : v.contents(this);
  }

  /** The name; raw bytes and codes beyond Unicode are escaped as {@link LispString#toJava} does. */
  public String name() {
    return name;
  }

  /** Whether the symbol is in the main obarray of {@code v}'s isolate. */
  public boolean isInterned(View v) {
    int f = ownFlags(v);
    return (f & INTERNED) != 0
        || ((f & OPEN_NAME) != 0 && v.provider() != null && v.provider().hasName(v, this));
  }

  /** As {@link #isInterned}, without asking anybody. */
  boolean isInternedHere(View v) {
    return (ownFlags(v) & INTERNED) != 0;
  }

  /** Takes the symbol into the main obarray of {@code v}'s isolate, or out of it. */
  public void setInterned(View v, boolean interned) {
    int f = ownFlags(v) & ~OPEN_NAME;
    setOwnFlags(v, interned ? f | INTERNED : f & ~INTERNED);
  }

  // ---- Open slots ---------------------------------------------------------------------------

  /** Whether the variable is open, so that a provider would be asked. */
  public boolean isOpenVariable(View v) {
    return (ownFlags(v) & OPEN_VARIABLE) != 0;
  }

  /** Whether the function is open. */
  public boolean isOpenFunction(View v) {
    return (ownFlags(v) & OPEN_FUNCTION) != 0;
  }

  /** Whether the property list is open. */
  public boolean isOpenPlist(View v) {
    return (ownFlags(v) & OPEN_PLIST) != 0;
  }

  /** Whether nobody has been asked yet whether it is interned. */
  public boolean isOpenName(View v) {
    return (ownFlags(v) & OPEN_NAME) != 0;
  }

  /**
   * Fills the open variable: {@code flags} are joined to what there are, the value and {@code
   * redirection} taken where the slots are empty.
   */
  public void fillVariable(View v, Object newValue, int newFlags, Object redirection) {
    boolean empty = rawValueOrOpen(v) == OPEN;
    int f = ownFlags(v) | (newFlags & ~(INTERNAL | REDIRECTED | INTERNED));
    setOwnFlags(v, f & ~OPEN_VARIABLE);
    if (empty) {
      setRawValue(v, newValue);
      if (redirection != null) {
        setRedirect(v, redirection);
      }
    }
  }

  /** The value slot as it is, {@link #OPEN} included: for who will put it back. */
  public Object rawValueOrOpen(View view) {
    Symbol s = here(view);
    Contents v = s.readsInline(view.c) ? null : s.read(view.c);
    Object x = v == null ? s.value : v.value;
    if (x == UNBOUND && ((v == null ? s.flags : v.flags) & OPEN_VARIABLE) != 0) {
      return OPEN;
    }
    return x instanceof Late late ? s.now(view, late) : x;
  }

  private int ownFlags(View view) {
    Symbol s = here(view);
    Contents v = s.readsInline(view.c) ? null : s.read(view.c);
    return v == null ? s.flags : v.flags;
  }

  private void setOwnFlags(View view, int x) {
    Symbol s = here(view);
    Contents v = s.writesInline(view.c) ? null : s.write(view.c);
    if (v == null) {
      s.flags = x;
    } else {
      v.flags = x;
    }
  }

  private Contents read(Context c) {
    return (Contents) versionToRead(c);
  }

  private Contents write(Context c) {
    return (Contents) versionToWrite(c);
  }

  /**
   * The value when it is a plain one; null when it is unbound or {@link #redirect} must be asked.
   */
  public Object plainValue(View view) {
    Symbol s = here(view);
    if (s.readsInline(view.c)) {
      return (s.flags & NOT_PLAIN) == 0 && s.value != UNBOUND ? s.value : null;
    }
    Contents v = s.read(view.c);
    if (v == null) {
      return (s.flags & NOT_PLAIN) == 0 && s.value != UNBOUND ? s.value : null;
    }
    return (v.flags & NOT_PLAIN) == 0 && v.value != UNBOUND ? v.value : null;
  }

  /** Sets the value if that is all there is to do (not constant, redirected or watched). */
  public boolean setPlainValue(View view, Object x) {
    Symbol s = here(view);
    Context c = view.c;
    if (s.writesInline(c)) {
      if ((s.flags & (NOT_PLAIN | CONSTANT | WATCHED | OPEN_VARIABLE)) != 0) {
        return false;
      }
      s.value = x;
      return true;
    }
    if ((ownFlags(view) & (NOT_PLAIN | CONSTANT | WATCHED | OPEN_VARIABLE)) != 0) {
      return false;
    }
    setRawValue(view, x);
    return true;
  }

  /** The value slot, {@link #UNBOUND} included. */
  public Object rawValue(View view) {
    Symbol s = here(view);
    Contents v = s.readsInline(view.c) ? null : s.read(view.c);
    Object x = v == null ? s.value : v.value;
    if (x == UNBOUND) {
      return noValue(view);
    }
    return x instanceof Late late ? s.now(view, late) : x;
  }

  private Object noValue(View view) {
    return view.provider() != null && isOpenVariable(view)
        ? view.provider().variable(view, this)
        : UNBOUND;
  }

  /**
   * The contents of the value slot that were late. Whoever alone sees the slot puts them there, so
   * that it need not ask again; this changes nothing that anybody can see. While the slot is shared
   * it stays as it is, and all ask the one {@link Late}, which gives all the same.
   */
  private Object now(View view, Late late) {
    Object x = late.get();
    if (writesInline(view.c)) {
      value = x;
      flags &= ~LATE;
    } else if (header() instanceof Contents own && own.isOf(view.c)) {
      own.value = x;
      own.flags &= ~LATE;
    }
    return x;
  }

  /** Puts contents that are to be made when somebody looks into the slots where not null. */
  public void setLate(View view, Late lateValue, Late lateFunction, Late latePlist) {
    Symbol s = here(view);
    if (!s.writesInline(view.c)) {
      throw new IllegalStateException("late contents are for symbols of one's own");
    }
    if (lateValue != null) {
      s.value = lateValue;
      s.flags = (s.flags | LATE) & ~OPEN_VARIABLE;
    }
    if (lateFunction != null) {
      s.function = lateFunction;
      s.flags &= ~OPEN_FUNCTION;
    }
    if (latePlist != null) {
      s.plist = latePlist;
      s.flags &= ~OPEN_PLIST;
    }
  }

  /** Sets the value slot, whatever the flags say; {@link #OPEN} opens it again. */
  public void setRawValue(View view, Object x) {
    Symbol s = here(view);
    Contents v = s.writesInline(view.c) ? null : s.write(view.c);
    if (((v == null ? s.flags : v.flags) & OPEN_VARIABLE) != 0 || x == OPEN) {
      setOpenValue(view, x);
    } else if (v == null) {
      s.value = x;
      s.flags &= ~LATE;
    } else {
      v.value = x;
      v.flags &= ~LATE;
    }
  }

  private void setOpenValue(View view, Object x) {
    if (x != OPEN && view.provider() != null) {
      view.provider().owned(view, this);
    }
    int f = ownFlags(view) & ~LATE;
    setOwnFlags(view, x == OPEN ? f | OPEN_VARIABLE : f & ~OPEN_VARIABLE);
    Symbol s = here(view);
    Contents v = s.writesInline(view.c) ? null : s.write(view.c);
    Object y = x == OPEN ? UNBOUND : x;
    if (v == null) {
      s.value = y;
    } else {
      v.value = y;
    }
  }

  /** The function slot; nil when there is none. */
  public Object function(View view) {
    Symbol s = here(view);
    Contents v = s.readsInline(view.c) ? null : s.read(view.c);
    Object f = v == null ? s.function : v.function;
    if (f == NIL) {
      return noFunction(view);
    }
    return f instanceof Late late ? s.nowFunction(view, late) : f;
  }

  /** What is in the function slot, without asking anybody for what is open or comes later. */
  public Object functionHere(View view) {
    Symbol s = here(view);
    Contents v = s.readsInline(view.c) ? null : s.read(view.c);
    return v == null ? s.function : v.function;
  }

  // Apart, so that what is called for each function call stays small.
  private Object noFunction(View view) {
    return view.provider() != null && isOpenFunction(view)
        ? view.provider().function(view, this)
        : NIL;
  }

  private Object nowFunction(View view, Late late) {
    Object f = late.get();
    if (writesInline(view.c)) {
      function = f; // As in now.
    } else if (header() instanceof Contents own && own.isOf(view.c)) {
      own.function = f;
    }
    return f;
  }

  /** Sets the function slot. */
  public void setFunction(View view, Object x) {
    Symbol s = here(view);
    Contents v = s.writesInline(view.c) ? null : s.write(view.c);
    if (v == null) {
      s.function = x;
      s.flags &= ~OPEN_FUNCTION;
    } else {
      v.function = x;
      v.flags &= ~OPEN_FUNCTION;
    }
  }

  /** The property list. */
  public Object plist(View view) {
    Symbol s = here(view);
    Contents v = s.readsInline(view.c) ? null : s.read(view.c);
    Object p = v == null ? s.plist : v.plist;
    if (p == NIL) {
      return view.provider() != null && isOpenPlist(view) ? view.provider().plist(view, this) : NIL;
    }
    return p instanceof Late late ? late.get() : p;
  }

  /** Sets the property list. */
  public void setPlist(View view, Object x) {
    Symbol s = here(view);
    Contents v = s.writesInline(view.c) ? null : s.write(view.c);
    if (v == null) {
      s.plist = x;
      s.flags &= ~OPEN_PLIST;
    } else {
      v.plist = x;
      v.flags &= ~OPEN_PLIST;
    }
  }

  /** Where the value is when {@link #REDIRECTED}; null otherwise. */
  public Object redirect(View view) {
    Symbol s = here(view);
    Contents v = s.readsInline(view.c) ? null : s.read(view.c);
    if (((v == null ? s.flags : v.flags) & OPEN_VARIABLE) != 0 && view.provider() != null) {
      return view.provider().redirect(view, this);
    }
    return v == null ? s.redirect : v.redirect;
  }

  /** Says where the value is from now on; null: in the value slot. */
  public void setRedirect(View view, Object x) {
    Symbol s = here(view);
    Contents v = s.writesInline(view.c) ? null : s.write(view.c);
    if (v == null) {
      s.redirect = x;
      s.flags = x == null ? s.flags & ~REDIRECTED : s.flags | REDIRECTED;
    } else {
      v.redirect = x;
      v.flags = x == null ? v.flags & ~REDIRECTED : v.flags | REDIRECTED;
    }
  }

  /** The flags, of {@link #SPECIAL}, {@link #CONSTANT}, {@link #REDIRECTED}, {@link #WATCHED}. */
  public int flags(View view) {
    int f = ownFlags(view);
    if ((f & OPEN_VARIABLE) != 0 && view.provider() != null) {
      int more = view.provider().flags(view, this);
      f = ownFlags(view) | more;
    }
    return f & ~INTERNAL;
  }

  /** Sets the flags, those that are not named here too. */
  public void setFlags(View view, int x) {
    setOwnFlags(view, x | (ownFlags(view) & INTERNAL));
  }

  /** Whether the variable is special. */
  public boolean isSpecial(View view) {
    return (flags(view) & SPECIAL) != 0;
  }

  /** Whether a name starts with a colon and the symbol is interned: a keyword. */
  public boolean isKeyword(View view) {
    return isNamedLikeKeyword() && isInterned(view);
  }

  @Override
  public String toString() {
    return name;
  }

  private static final class Contents extends Version {
    Object value;
    Object function;
    Object plist;
    Object redirect;
    int flags;

    Contents(Symbol s, Contents from, Epoch epoch, Epoch base) {
      super(s, from, epoch, base);
      if (from == null) {
        value = s.value;
        function = s.function;
        plist = s.plist;
        redirect = s.redirect;
        flags = s.flags;
      } else {
        value = from.value;
        function = from.function;
        plist = from.plist;
        redirect = from.redirect;
        flags = from.flags;
      }
    }
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    return new Contents(this, (Contents) from, epoch, base);
  }

  /** What {@code let} has bound and unbound again is as before. */
  @Override
  protected boolean saysTheSame(Version a, Version b) {
    Contents x = (Contents) a;
    Contents y = (Contents) b;
    return same(x == null ? value : x.value, y == null ? value : y.value)
        && same(x == null ? function : x.function, y == null ? function : y.function)
        && same(x == null ? plist : x.plist, y == null ? plist : y.plist)
        && same(x == null ? redirect : x.redirect, y == null ? redirect : y.redirect)
        && (x == null ? flags : x.flags) == (y == null ? flags : y.flags);
  }

  private static boolean same(Object a, Object b) {
    return a == b || (a instanceof Long && a.equals(b));
  }

  @Override
  protected void restoreInline(Version version) {
    Contents v = (Contents) version;
    value = v.value;
    function = v.function;
    plist = v.plist;
    redirect = v.redirect;
    flags = v.flags;
  }

  @Override
  protected void clearInline() {
    value = UNBOUND;
    function = null;
    plist = null;
    redirect = null;
  }

  private Object[] references(Context view) {
    if (known >= 0) {
      return NO_OBJECTS;
    }
    Contents v = (Contents) versionToWalk(view);
    return v == null
        ? new Object[] {value, function, plist, redirect}
        : new Object[] {v.value, v.function, v.plist, v.redirect};
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    Object[] all = references(view);
    for (int i = 0; i < all.length; i++) {
      visitor.visit(all[i], i);
    }
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return switch (ordinal) {
      case 0 -> "value";
      case 1 -> "function";
      case 2 -> "property list";
      default -> "redirection";
    };
  }

  @Override
  public Symbol copy(Context view, Label label) {
    Contents v = (Contents) versionToWalk(view);
    Symbol s = new Symbol(label, name, known);
    s.value = v == null ? value : v.value;
    s.function = v == null ? function : v.function;
    s.plist = v == null ? plist : v.plist;
    s.redirect = v == null ? redirect : v.redirect;
    s.flags = v == null ? flags : v.flags;
    return s;
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    if (known >= 0) {
      return;
    }
    Contents v = (Contents) versionToRelink(maker);
    if (v == null) {
      value = replacement.apply(value);
      function = replacement.apply(function);
      plist = replacement.apply(plist);
      redirect = replacement.apply(redirect);
    } else {
      v.value = replacement.apply(v.value);
      v.function = replacement.apply(v.function);
      v.plist = replacement.apply(v.plist);
      v.redirect = replacement.apply(v.redirect);
    }
  }

  @Override
  public int contentHash(ToIntFunction<Object> referenceHash) {
    return System.identityHashCode(this);
  }

  @Override
  public boolean sameContents(HeapObject other, BiPredicate<Object, Object> sameReference) {
    return other == this;
  }
}
