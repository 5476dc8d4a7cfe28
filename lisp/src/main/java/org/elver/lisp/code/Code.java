package org.elver.lisp.code;

/**
 * The instructions of a function, decoded. Immutable, and free of references to Lisp objects (the
 * constants are in {@link ByteCode}), so that closures, isolates and VMs share it.
 */
public final class Code {
  /** The instructions; see {@link Op}. Jump operands are indices into this array. */
  public final int[] insns;

  /** Stack slots needed above the arguments. */
  public final int maxDepth;

  /** The byte offset of each instruction, for Lisp's eyes and for {@code switch} tables. */
  private final int[] offsets;

  /** The code as a byte string. */
  private final byte[] bytes;

  /**
   * Whether the code came from a form that was evaluated rather than byte-compiled: errors then
   * name functions as the form did.
   */
  public final boolean evaluated;

  /**
   * How often it has been entered or has jumped back while it was interpreted.
   *
   * <pre>
   * up to the threshold    counting
   * above                  the compiler has been asked for {@link #executable}
   * negative               it is not suited
   * </pre>
   *
   * <p>Written by whoever interprets it and by the compiler, without order: a few lost counts do no
   * harm.
   */
  public int heat;

  /**
   * What runs instead of the instructions; null: nothing yet. Written by the compiler, once, and
   * read without order: it is immutable, with final fields.
   */
  public Executable executable;

  private Code(int[] insns, int[] offsets, byte[] bytes, int maxDepth, boolean evaluated) {
    this.insns = insns;
    this.offsets = offsets;
    this.bytes = bytes;
    this.maxDepth = maxDepth;
    this.evaluated = evaluated;
  }

  /** The byte string; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** The index of the instruction at byte {@code offset}. */
  public int indexOf(int offset) {
    int i = java.util.Arrays.binarySearch(offsets, offset);
    if (i < 0) {
      throw new IllegalArgumentException("no instruction at offset " + offset);
    }
    return i;
  }

  /** Whether an instruction begins at byte {@code offset}. */
  public boolean isOffset(long offset) {
    return offset >= 0
        && offset <= bytes.length
        && java.util.Arrays.binarySearch(offsets, (int) offset) >= 0;
  }

  /** The byte offset of instruction {@code index}. */
  public int offsetOf(int index) {
    return offsets[index];
  }

  /**
   * Decodes a byte string.
   *
   * @throws IllegalArgumentException when it is no code
   */
  public static Code decode(byte[] bytes, int maxDepth, boolean evaluated) {
    int n = bytes.length;
    int[] insns = new int[n + 1];
    int[] offsets = new int[n + 1];
    int[] indexAt = new int[n + 1];
    java.util.Arrays.fill(indexAt, -1);
    int count = 0;
    int i = 0;
    try {
      while (i < n) {
        indexAt[i] = count;
        offsets[count] = i;
        int b = bytes[i++] & 0xFF;
        int op;
        int arg = 0;
        if (b >= Op.CONSTANT) {
          op = Op.CONSTANT;
          arg = b - Op.CONSTANT;
        } else if (b < Op.POPHANDLER) {
          op = b & ~7;
          arg = b & 7;
          if (arg == 6) {
            arg = bytes[i++] & 0xFF;
          } else if (arg == 7) {
            arg = two(bytes, i);
            i += 2;
          }
        } else {
          op = b;
          switch (b) {
            case Op.CONSTANT2 -> {
              op = Op.CONSTANT;
              arg = two(bytes, i);
              i += 2;
            }
            case Op.PUSHCONDITIONCASE,
                Op.PUSHCATCH,
                Op.GOTO,
                Op.GOTO_IF_NIL,
                Op.GOTO_IF_NOT_NIL,
                Op.GOTO_IF_NIL_ELSE_POP,
                Op.GOTO_IF_NOT_NIL_ELSE_POP -> {
              arg = two(bytes, i);
              i += 2;
            }
            case Op.STACK_SET2 -> {
              op = Op.STACK_SET;
              arg = two(bytes, i);
              i += 2;
            }
            case Op.LIST_N, Op.CONCAT_N, Op.INSERT_N, Op.STACK_SET -> arg = bytes[i++] & 0xFF;
            case Op.DISCARD_N -> {
              arg = bytes[i++] & 0xFF;
              if ((arg & 0x80) != 0) {
                op = Op.DISCARD_N_KEEP_TOP;
                arg &= 0x7F;
              }
            }
            default -> {}
          }
        }
        insns[count++] = op | arg << 8;
      }
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("byte-code ends within an instruction", e);
    }
    // Running off the end is an error of the code; a return there keeps the machine in bounds.
    offsets[count] = n;
    insns[count++] = Op.RETURN;
    indexAt[n] = count - 1;
    for (int k = 0; k < count; k++) {
      int op = insns[k] & 0xFF;
      if ((op >= Op.GOTO && op <= Op.GOTO_IF_NOT_NIL_ELSE_POP)
          || op == Op.PUSHCATCH
          || op == Op.PUSHCONDITIONCASE) {
        int target = insns[k] >>> 8;
        if (target > n || indexAt[target] < 0) {
          throw new IllegalArgumentException("jump to no instruction: " + target);
        }
        insns[k] = op | indexAt[target] << 8;
      }
    }
    return new Code(
        java.util.Arrays.copyOf(insns, count),
        java.util.Arrays.copyOf(offsets, count),
        bytes,
        maxDepth,
        evaluated);
  }

  private static int two(byte[] b, int i) {
    return (b[i] & 0xFF) | (b[i + 1] & 0xFF) << 8;
  }
}
