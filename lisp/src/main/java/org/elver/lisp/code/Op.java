package org.elver.lisp.code;

/**
 * Instruction numbers of decoded code: the first number of each group of GNU Emacs byte-code, as
 * {@code disassemble} names them.
 *
 * <p>A decoded instruction is an {@code int}: the number in the low byte, the operand above it.
 */
public final class Op {
  private Op() {}

  public static final int STACK_REF = 0;
  public static final int VARREF = 8;
  public static final int VARSET = 16;
  public static final int VARBIND = 24;
  public static final int CALL = 32;
  public static final int UNBIND = 40;
  public static final int POPHANDLER = 48;
  public static final int PUSHCONDITIONCASE = 49;
  public static final int PUSHCATCH = 50;
  public static final int NTH = 56;
  public static final int SYMBOLP = 57;
  public static final int CONSP = 58;
  public static final int STRINGP = 59;
  public static final int LISTP = 60;
  public static final int EQ = 61;
  public static final int MEMQ = 62;
  public static final int NOT = 63;
  public static final int CAR = 64;
  public static final int CDR = 65;
  public static final int CONS = 66;
  public static final int LIST1 = 67;
  public static final int LIST2 = 68;
  public static final int LIST3 = 69;
  public static final int LIST4 = 70;
  public static final int LENGTH = 71;
  public static final int AREF = 72;
  public static final int ASET = 73;
  public static final int SYMBOL_VALUE = 74;
  public static final int SYMBOL_FUNCTION = 75;
  public static final int SET = 76;
  public static final int FSET = 77;
  public static final int GET = 78;
  public static final int SUBSTRING = 79;
  public static final int CONCAT2 = 80;
  public static final int CONCAT3 = 81;
  public static final int CONCAT4 = 82;
  public static final int SUB1 = 83;
  public static final int ADD1 = 84;
  public static final int EQLSIGN = 85;
  public static final int GTR = 86;
  public static final int LSS = 87;
  public static final int LEQ = 88;
  public static final int GEQ = 89;
  public static final int DIFF = 90;
  public static final int NEGATE = 91;
  public static final int PLUS = 92;
  public static final int MAX = 93;
  public static final int MIN = 94;
  public static final int MULT = 95;
  public static final int POINT = 96;
  public static final int SAVE_CURRENT_BUFFER_OBSOLETE = 97;
  public static final int GOTO_CHAR = 98;
  public static final int INSERT = 99;
  public static final int POINT_MAX = 100;
  public static final int POINT_MIN = 101;
  public static final int CHAR_AFTER = 102;
  public static final int FOLLOWING_CHAR = 103;
  public static final int PRECEDING_CHAR = 104;
  public static final int CURRENT_COLUMN = 105;
  public static final int INDENT_TO = 106;
  public static final int EOLP = 108;
  public static final int EOBP = 109;
  public static final int BOLP = 110;
  public static final int BOBP = 111;
  public static final int CURRENT_BUFFER = 112;
  public static final int SET_BUFFER = 113;
  public static final int SAVE_CURRENT_BUFFER = 114;
  public static final int INTERACTIVE_P = 116;
  public static final int FORWARD_CHAR = 117;
  public static final int FORWARD_WORD = 118;
  public static final int SKIP_CHARS_FORWARD = 119;
  public static final int SKIP_CHARS_BACKWARD = 120;
  public static final int FORWARD_LINE = 121;
  public static final int CHAR_SYNTAX = 122;
  public static final int BUFFER_SUBSTRING = 123;
  public static final int DELETE_REGION = 124;
  public static final int NARROW_TO_REGION = 125;
  public static final int WIDEN = 126;
  public static final int END_OF_LINE = 127;
  public static final int CONSTANT2 = 129;
  public static final int GOTO = 130;
  public static final int GOTO_IF_NIL = 131;
  public static final int GOTO_IF_NOT_NIL = 132;
  public static final int GOTO_IF_NIL_ELSE_POP = 133;
  public static final int GOTO_IF_NOT_NIL_ELSE_POP = 134;
  public static final int RETURN = 135;
  public static final int DISCARD = 136;
  public static final int DUP = 137;
  public static final int SAVE_EXCURSION = 138;
  public static final int SAVE_WINDOW_EXCURSION = 139;
  public static final int SAVE_RESTRICTION = 140;
  public static final int UNWIND_PROTECT = 142;
  public static final int UNBIND_ALL = 146;
  public static final int SET_MARKER = 147;
  public static final int MATCH_BEGINNING = 148;
  public static final int MATCH_END = 149;
  public static final int UPCASE = 150;
  public static final int DOWNCASE = 151;
  public static final int STRING_EQUAL = 152;
  public static final int STRING_LESS = 153;
  public static final int EQUAL = 154;
  public static final int NTHCDR = 155;
  public static final int ELT = 156;
  public static final int MEMBER = 157;
  public static final int ASSQ = 158;
  public static final int NREVERSE = 159;
  public static final int SETCAR = 160;
  public static final int SETCDR = 161;
  public static final int CAR_SAFE = 162;
  public static final int CDR_SAFE = 163;
  public static final int NCONC = 164;
  public static final int QUO = 165;
  public static final int REM = 166;
  public static final int NUMBERP = 167;
  public static final int INTEGERP = 168;
  public static final int LIST_N = 175;
  public static final int CONCAT_N = 176;
  public static final int INSERT_N = 177;
  public static final int STACK_SET = 178;
  public static final int STACK_SET2 = 179;
  public static final int DISCARD_N = 182;

  /** Pops N values under the top one, which stays. (0x80 in the operand byte of discardN.) */
  public static final int DISCARD_N_KEEP_TOP = 184;

  public static final int SWITCH = 183;
  public static final int CONSTANT = 192;
}
