package org.elver.lisp.code;

import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;
import org.elver.heap.version.HeapObject;
import org.elver.heap.version.Label;
import org.elver.heap.version.Version;
import org.elver.lisp.object.Symbol;

/**
 * A byte-code function object. Its slots never change once it is made, so they are read without a
 * look at versions; it is an object of the heap because its constants may be mutable.
 *
 * <p>The code may be supplied late ({@link Source}): when first called, or looked at.
 */
public final class ByteCode extends HeapObject {
  /**
   * Gives code that is made when it is first needed: compiled from source, or read from an image.
   */
  public interface Source {
    /** Makes the code, for {@code of}, in the context of whoever needs it first. */
    Made make(Context c, ByteCode of);

    /**
     * Whether what was made for one isolate is right for all that see the function; otherwise it is
     * kept in the function only when made by the isolate that the function belongs to.
     */
    boolean isShareable();

    /** Shows what it refers to: for walks, which must not run programs to have code made. */
    default void forEachReference(Consumer<Object> visitor) {}

    /** One that refers to other objects. */
    default Source relinked(UnaryOperator<Object> replacement) {
      return this;
    }
  }

  /** What a {@link Source} makes. */
  public record Made(Code code, Object[] constants) {
    /** The instructions. */
    public int[] insns() {
      return code.insns;
    }
  }

  /** Arguments when the first slot is an integer: how many are needed; -1: bound dynamically. */
  public final int minArgs;

  /** How many fit without {@code &rest}. */
  public final int maxArgs;

  public final boolean rest;

  /** The first slot: an integer, or the argument list of a function with dynamic binding. */
  private Object arglist;

  // Written by whoever needs it first, read without order: what it refers to is immutable and in
  // final fields. Two threads may both make one, with equal contents.
  private Made made;
  private Source source;

  // See isPrepared. Written by the only isolate that sees the function, read without order by
  // those that are forked from it: who does not see it does some work again.
  private boolean prepared;

  /** Slots from 4 on: documentation, interactive specification, and more; null when absent. */
  private final Object[] extra;

  private final int depth;

  /** What {@code wrong-number-of-arguments} shows instead of the arity; null: the arity. */
  private Object shownArity;

  /** The byte string that the function was made of, for Lisp's eyes; null: there was none. */
  private Object text;

  /** Whether it, or what it is a closure of, comes from an image, where equal code is the same. */
  private boolean imaged;

  /** Whether it is no function of Lisp's but a form being evaluated, which backtraces leave out. */
  private boolean form;

  /** A function with its code. */
  public ByteCode(
      Context creator, Object arglist, Code code, Object[] constants, int depth, Object[] extra) {
    super(creator);
    this.arglist = arglist;
    int desc = arglist instanceof Long l ? (int) (long) l : -1;
    minArgs = desc < 0 ? -1 : desc & 127;
    maxArgs = desc < 0 ? -1 : desc >> 8;
    rest = desc >= 0 && (desc & 128) != 0;
    this.made = new Made(code, constants);
    this.source = null;
    this.depth = depth;
    this.extra = extra;
  }

  /** A function whose code comes later. */
  public ByteCode(Context creator, Object arglist, Source source, int depth, Object[] extra) {
    super(creator);
    this.arglist = arglist;
    int desc = arglist instanceof Long l ? (int) (long) l : -1;
    minArgs = desc < 0 ? -1 : desc & 127;
    maxArgs = desc < 0 ? -1 : desc >> 8;
    rest = desc >= 0 && (desc & 128) != 0;
    this.source = source;
    this.depth = depth;
    this.extra = extra;
  }

  /** As the public constructor for late code, for whoever {@code label} is of. */
  public ByteCode(Label label, Object arglist, Source source, int depth, Object[] extra) {
    super(label);
    this.arglist = arglist;
    int desc = arglist instanceof Long l ? (int) (long) l : -1;
    minArgs = desc < 0 ? -1 : desc & 127;
    maxArgs = desc < 0 ? -1 : desc >> 8;
    rest = desc >= 0 && (desc & 128) != 0;
    this.imaged = true;
    this.source = source;
    this.depth = depth;
    this.extra = extra;
  }

  private ByteCode(Label label, ByteCode of, Made made) {
    super(label);
    arglist = of.arglist;
    minArgs = of.minArgs;
    maxArgs = of.maxArgs;
    rest = of.rest;
    this.made = made == null ? null : new Made(made.code, made.constants.clone());
    source = made == null ? of.source : null;
    depth = of.depth;
    extra = of.extra.clone();
    shownArity = of.shownArity;
    text = of.text;
    form = of.form;
  }

  /** The code. */
  public Code code(Context c) {
    return made(c).code;
  }

  /** The constants; not to be changed. */
  public Object[] constants(Context c) {
    return made(c).constants;
  }

  /** Code and constants. */
  public Made made(Context c) {
    Made m = made;
    return m != null ? m : make(c);
  }

  /** Whether its code and that of the functions it reaches has been made, for forks to come. */
  public boolean isPrepared() {
    return prepared;
  }

  /** Says so. By the isolate that has made this function, while nobody else sees it. */
  public void setPrepared() {
    prepared = true;
  }

  private Made make(Context c) {
    Made m = source.make(c, this);
    if (source.isShareable() || c.created(this)) {
      made = m;
    }
    return m;
  }

  /** A closure: this function with the first constants replaced by {@code captured}. */
  public ByteCode close(Context c, Object[] captured, int from, int n) {
    Object[] k = constants(c).clone();
    System.arraycopy(captured, from, k, 0, n);
    ByteCode closure = new ByteCode(c, arglist, code(c), k, depth, extra);
    closure.text = text;
    closure.imaged = imaged;
    closure.form = form;
    return closure;
  }

  /**
   * For functions compiled from a list: what {@code wrong-number-of-arguments} shows, the list
   * {@code (lambda ARGS . BODY)} or {@code (ENV ARGS . BODY)}; otherwise null.
   */
  public Object shownArity() {
    return shownArity;
  }

  /** Sets {@link #shownArity}, before anyone else sees this object. */
  public ByteCode withShownArity(Object shown) {
    shownArity = shown;
    return this;
  }

  /** Whether it is a form being evaluated rather than a function. */
  public boolean isForm() {
    return form;
  }

  /** Makes it a form, before anyone else sees this object. */
  public ByteCode asForm() {
    form = true;
    return this;
  }

  /** The byte string that the function was made of; null: there was none. */
  public Object text() {
    return text;
  }

  /** Sets {@link #text}, before anyone else sees this object. */
  public ByteCode withText(Object string) {
    text = string;
    return this;
  }

  /** Whether both functions come from the same code, be it with other constants. */
  public boolean sameSource(Context c, ByteCode other) {
    return (text != null && text == other.text)
        || code(c) == other.code(c)
        || (imaged
            && other.imaged
            && java.util.Arrays.equals(code(c).bytes(), other.code(c).bytes()));
  }

  /** The number of stack slots that the function says it needs. */
  public int depth() {
    return depth;
  }

  /** The first slot: an integer, or an argument list. */
  public Object arglist() {
    return arglist;
  }

  /** Slots from 4 on, as far as the function has them; not to be changed. */
  public Object[] extra() {
    return extra;
  }

  /** Sets the first slot, the text and the slots from 4 on, before anyone else sees this object. */
  public void complete(Object newArglist, Object newText, Object[] newExtra) {
    arglist = newArglist;
    text = newText;
    System.arraycopy(newExtra, 0, extra, 0, extra.length);
  }

  /** Slot 4, or nil. */
  public Object documentation() {
    return extra.length > 0 ? extra[0] : Symbol.NIL;
  }

  @Override
  protected Version newVersion(Version from, Epoch epoch, Epoch base) {
    throw new UnsupportedOperationException("byte-code functions do not change");
  }

  @Override
  protected void restoreInline(Version v) {
    throw new UnsupportedOperationException("byte-code functions do not change");
  }

  @Override
  protected void clearInline() {
    throw new UnsupportedOperationException("byte-code functions do not change");
  }

  @Override
  public void forEachReference(Context view, ReferenceVisitor visitor) {
    int[] n = {0};
    visitor.visit(arglist, n[0]++);
    if (isUnmade()) {
      source.forEachReference(o -> visitor.visit(o, n[0]++));
    } else {
      for (Object o : made(view).constants) {
        visitor.visit(o, n[0]++);
      }
    }
    for (Object o : extra) {
      visitor.visit(o, n[0]++);
    }
    visitor.visit(shownArity, n[0]++);
    visitor.visit(text, n[0]);
  }

  /** Whether each isolate that needs the code has to make it. */
  public boolean isUnmade() {
    return made == null && !source.isShareable();
  }

  @Override
  public String referenceName(Context view, int ordinal) {
    return ordinal == 0 ? "argument list" : "constant " + (ordinal - 1);
  }

  @Override
  public ByteCode copy(Context view, Label label) {
    return new ByteCode(label, this, isUnmade() ? null : made(view));
  }

  @Override
  public void relink(Context maker, UnaryOperator<Object> replacement) {
    arglist = replacement.apply(arglist);
    if (isUnmade()) {
      source = source.relinked(replacement);
    } else {
      Object[] own = made(maker).constants;
      for (int i = 0; i < own.length; i++) {
        own[i] = replacement.apply(own[i]);
      }
    }
    for (int i = 0; i < extra.length; i++) {
      extra[i] = replacement.apply(extra[i]);
    }
    shownArity = replacement.apply(shownArity);
    text = replacement.apply(text);
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
