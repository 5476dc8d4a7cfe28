package org.elver.lisp.machine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.elver.lisp.code.Executable;

/**
 * Code as a class of Java's, made while the program runs. It does what the machine's loop would do
 * with the same frame, and keeps working values in local variables meanwhile.
 *
 * <p>What makes this simple is that the machine's state stays the truth: before anything is called,
 * the frame's values, its place and the height of the stack are where the loop would have them.
 * Compiled code therefore can stop anywhere: it returns null, with {@link Task#left} saying why,
 * and all compiled callers on the Java stack do the same until the loop is reached, which goes on
 * with the frame on top, interpreting it or entering compiled code in the middle.
 *
 * <pre>
 * left          the loop goes on with
 * n >= 0        the call whose n arguments and function lie on the stack; if {@link Task#leftValue}
 *               is not null, it was of a primitive, has been made, and gave that
 * INTERPRET     the instruction at the frame's place, which the loop must run itself
 * JUMP          the frame's place
 * </pre>
 *
 * <p>Where a task goes on in compiled code without the loop ({@link Machine#resume}), two more: the
 * frame's value, RETURN, in {@link Task#leftValue}; or what was thrown, THROW.
 */
public abstract class Compiled extends Executable {
  /** {@link Task#left}: the instruction at the frame's place is for the loop. */
  static final int INTERPRET = -3;

  /** {@link Task#left}: go on at the frame's place. */
  static final int JUMP = -5;

  /** {@link Task#left}: the frame on top has come to its end. */
  static final int RETURN = -8;

  /** {@link Task#left}: an exception has come out of the frame on top, or of what it called. */
  static final int THROW = -9;

  /** The number of the entry for each place, from 0; -1: there is none. Not to be changed. */
  private final short[] entries;

  /** The primitives that it calls directly, if functions still name them. Not to be changed. */
  protected final Subr[] primitives;

  protected Compiled(short[] entries, Subr[] primitives) {
    this.entries = entries;
    this.primitives = primitives;
  }

  /** The entry at {@code pc}; -1: it cannot be entered there. */
  final int entry(int pc) {
    return entries[pc];
  }

  /**
   * Runs the frame on top of the task's from an entry on.
   *
   * @param constants the function's
   * @param origin where on the stack working values begin, above the arguments
   * @return the function's value, the frame being there still; or null, see above
   */
  protected abstract Object run(Task t, Object[] constants, int origin, int entry);

  /**
   * The only instance of a subclass.
   *
   * @param classFile the class, of this package, with a constructor as this class's
   * @throws LinkageError when the class is none
   */
  public static Compiled define(byte[] classFile, short[] entries, Subr[] primitives) {
    try {
      MethodHandles.Lookup made = MethodHandles.lookup().defineHiddenClass(classFile, true);
      return (Compiled)
          made.findConstructor(
                  made.lookupClass(),
                  MethodType.methodType(void.class, short[].class, Subr[].class))
              .invoke(entries, primitives);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("compiled code cannot be instantiated", e);
    }
  }
}
