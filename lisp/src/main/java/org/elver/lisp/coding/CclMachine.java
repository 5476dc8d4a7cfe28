package org.elver.lisp.coding;

import java.util.Arrays;
import java.util.function.Function;
import org.elver.heap.object.Pair;
import org.elver.heap.object.Vector;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;

/**
 * Runs one program of the Code Conversion Language: eight registers, characters to read and
 * written. A program is a vector: a magnification, where to go on at the end of input, then
 * instructions.
 */
public final class CclMachine {
  private static final int MAX_CALLS = 256;

  private final Task t;
  private final int[] input;
  private final boolean last;
  private final Function<Object, Vector> programs;
  private final int[] registers = new int[8];
  private final CodeBuffer output = new CodeBuffer();
  private Vector code;
  private int ic;
  private int at;
  private int eof;
  private boolean atEnd;
  private boolean failed;
  private boolean stopped;
  private int extra;

  /** A machine for {@code code} that reads {@code input}; {@code last}: no more will come. */
  public CclMachine(
      Task t, Vector code, int[] input, boolean last, Function<Object, Vector> programs) {
    this.t = t;
    this.code = code;
    this.input = input;
    this.last = last;
    this.programs = programs;
  }

  /** Whether a vector can be a program. */
  public static boolean isProgram(Task t, Vector v) {
    int n = v.length(t.c);
    return n > 2
        && v.get(t.c, 0) instanceof Long m
        && m >= 0
        && v.get(t.c, 1) instanceof Long e
        && e >= 0
        && e < n;
  }

  public int register(int i) {
    return registers[i];
  }

  public void setRegister(int i, int value) {
    registers[i] = value;
  }

  public boolean failed() {
    return failed;
  }

  /** The index of the instruction to go on with. */
  public int position() {
    return ic;
  }

  /** What was written. */
  public int[] output() {
    return output.toArray();
  }

  private int next() {
    if (ic < 0 || ic >= code.length(t.c) || !(code.get(t.c, ic) instanceof Long l)) {
      failed = true;
      stopped = true;
      return 22;
    }
    ic++;
    return (int) (long) l;
  }

  /** Reads a character; at the end goes on where the program says, once. */
  private boolean read(int register, int here) {
    if (at < input.length) {
      registers[register] = input[at++];
      return true;
    }
    if (last && !atEnd && eof > 0) {
      atEnd = true;
      ic = eof;
      return false;
    }
    if (!last) {
      ic = here;
    }
    stopped = true;
    return false;
  }

  private void string(int length) {
    for (int i = 0; i < length && !stopped; ) {
      int word = next();
      if ((word & 0x1000000) != 0) {
        output.append(word & 0xFFFFFF);
        i++;
      } else {
        output.append(word >> 16 & 0xFF);
        if (i + 1 < length) {
          output.append(word >> 8 & 0xFF);
        }
        if (i + 2 < length) {
          output.append(word & 0xFF);
        }
        i += 3;
      }
    }
  }

  private int apply(int operator, int a, int b) {
    if ((operator == 3 || operator == 4 || operator == 12) && b == 0) {
      failed = true;
      stopped = true;
      return 0;
    }
    switch (operator) {
      case 0:
        return a + b;
      case 1:
        return a - b;
      case 2:
        return a * b;
      case 3:
        return a / b;
      case 4:
        return a % b;
      case 5:
        return a & b;
      case 6:
        return a | b;
      case 7:
        return a ^ b;
      case 8:
        return a << b;
      case 9:
        return a >> b;
      case 10:
        return a << 8 | b;
      case 11:
        extra = a & 0xFF;
        return a >> 8;
      case 12:
        extra = a % b;
        return a / b;
      case 16:
        return a < b ? 1 : 0;
      case 17:
        return a > b ? 1 : 0;
      case 18:
        return a == b ? 1 : 0;
      case 19:
        return a <= b ? 1 : 0;
      case 20:
        return a >= b ? 1 : 0;
      case 21:
        return a != b ? 1 : 0;
      case 22:
        int jis = Kanji.toJis((a & 0xFF) << 8 | (b & 0xFF));
        extra = jis & 0xFF;
        return jis >> 8;
      case 23:
        int sjis = Kanji.fromJis((a & 0x7F) << 8 | (b & 0x7F));
        extra = sjis & 0xFF;
        return sjis >> 8;
      default:
        failed = true;
        stopped = true;
        return 0;
    }
  }

  private void set(int register, int operator, int a, int b) {
    extra = registers[7];
    int v = apply(operator, a, b);
    if (operator == 11 || operator == 12 || operator >= 22) {
      registers[7] = extra;
    } else if (operator >= 16) {
      registers[7] = v;
    }
    registers[register] = v;
  }

  private int inArray(int register, int length) {
    int start = ic;
    ic += length;
    int i = registers[register];
    return i >= 0
            && i < length
            && start + i < code.length(t.c)
            && code.get(t.c, start + i) instanceof Long l
        ? (int) (long) l
        : -1;
  }

  /**
   * Runs from {@code start}, by default from the beginning, to the end or until input is missing.
   */
  public void run(int start) {
    eof = code.get(t.c, 1) instanceof Long e ? (int) (long) e : 0;
    ic = start > 1 && start < code.length(t.c) ? start : 2;
    Vector[] callers = new Vector[16];
    int[] returns = new int[16];
    int depth = 0;
    long steps = 0;
    while (!stopped) {
      if ((++steps & 0xFFF) == 0) {
        t.safepoint();
      }
      int here = ic;
      int word = next();
      if (stopped) {
        break;
      }
      int r = word >> 5 & 7;
      int field = word >> 8;
      int base = ic;
      switch (word & 31) {
        case 0 -> registers[r] = registers[field & 7];
        case 1 -> registers[r] = field;
        case 2 -> registers[r] = next();
        case 3 -> {
          int v = inArray(field & 7, field >> 3);
          if (v >= 0) {
            registers[r] = v;
          }
        }
        case 4 -> ic = base + field;
        case 5 -> ic = registers[r] == 0 ? base + field : ic;
        case 6 -> {
          output.append(registers[r]);
          ic = base + field;
        }
        case 7 -> {
          output.append(registers[r]);
          ic = base + 1;
          if (read(r, base)) {
            ic = base + field;
          }
        }
        case 8 -> {
          output.append(next());
          ic = base + field;
        }
        case 9 -> {
          output.append(next());
          ic = base + 2;
          if (read(r, base + 1)) {
            ic = base + field;
          }
        }
        case 10 -> {
          string(next());
          ic = base + field;
        }
        case 11 -> {
          int v = inArray(r, next());
          if (v >= 0) {
            output.append(v);
          }
          int dummy = ic;
          if (read(r, dummy)) {
            ic = base + field;
          }
        }
        case 12 -> {
          if (read(r, here)) {
            ic = base + field;
          }
        }
        case 13, 16 -> {
          if ((word & 31) == 13 || read(r, here)) {
            int i = registers[r];
            ic = base + (i >= 0 && i < field ? i : field);
            int offset = next();
            ic = base + offset;
          }
        }
        case 14 -> {
          while (read(r, here) && field != 0) {
            here = ic;
            word = next();
            r = word >> 5 & 7;
            field = word >> 8;
          }
        }
        case 15 -> {
          int b = next();
          output.append(apply(field >> 6, registers[field & 7], b));
        }
        case 17 -> {
          output.append(registers[r]);
          while (field != 0 && !stopped) {
            word = next();
            r = word >> 5 & 7;
            field = word >> 8;
            output.append(registers[r]);
          }
        }
        case 18 ->
            output.append(apply(field >> 6, registers[field & 7], registers[field >> 3 & 7]));
        case 19 -> {
          Object name = r == 0 ? (Object) (long) field : code.get(t.c, ic++);
          Vector callee = programs.apply(name instanceof Pair p ? p.first(t.c) : name);
          if (callee == null || depth >= MAX_CALLS) {
            failed = true;
            stopped = true;
          } else {
            if (depth == callers.length) {
              callers = Arrays.copyOf(callers, depth * 2);
              returns = Arrays.copyOf(returns, depth * 2);
            }
            callers[depth] = code;
            returns[depth++] = ic;
            code = callee;
            ic = 2;
          }
        }
        case 20 -> {
          if (r == 0) {
            output.append(field);
          } else {
            string(field);
          }
        }
        case 21 -> {
          int v = inArray(r, field);
          if (v >= 0) {
            output.append(v);
          }
        }
        case 22 -> {
          if (depth > 0) {
            code = callers[--depth];
            ic = returns[depth];
          } else {
            stopped = true;
          }
        }
        case 23 -> set(r, field >> 6, registers[r], next());
        case 24 -> set(r, field >> 6, registers[r], registers[field & 7]);
        case 25 -> set(r, field >> 6, registers[field & 7], next());
        case 26 -> set(r, field >> 6, registers[field & 7], registers[field >> 3 & 7]);
        case 27, 28, 29, 30 -> {
          if ((word & 31) < 29 || read(r, here)) {
            int operator = next();
            int operand = next();
            int b = (word & 1) != 0 ? operand : registers[operand & 7];
            extra = registers[7];
            registers[7] = apply(operator, registers[r], b);
            if (registers[7] == 0) {
              ic = base + field;
            }
          }
        }
        default -> {
          failed = true;
          stopped = true;
        }
      }
    }
  }
}
