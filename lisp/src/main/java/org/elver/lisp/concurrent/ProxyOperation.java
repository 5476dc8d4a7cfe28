package org.elver.lisp.concurrent;

import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * What a primitive does with an object that a proxy stands for. Of primitives that are not listed
 * nothing is known: they get a copy.
 *
 * @param kind see there
 * @param subject which argument the operation is on, where it is not clear from the call; it counts
 *     from 0
 * @param silent whether the primitive says nil, rather than signaling, of what it does not know
 * @param byContents whether it looks into its other arguments, and not only at which they are
 * @param handedBack the argument that it may return, and does nothing else with; -1: none
 */
record ProxyOperation(Kind kind, int subject, boolean silent, boolean byContents, int handedBack) {
  enum Kind {
    /** Depends on nothing but the object's class. */
    TYPE,
    /** Reads the object: done in its isolate, by a look; what it returns is part of the object. */
    READ,
    /** As READ, but what it returns is new, and so is handed over. */
    ANSWER,
    /** Goes through the elements, perhaps calling Lisp: gets them as a list or vector. */
    ITERATE,
    /** Changes the object. */
    WRITE
  }

  private static final Map<String, ProxyOperation> ALL = new HashMap<>();

  static {
    // Operations, each with the argument that it is on.
    put(
        Kind.TYPE,
        true,
        false,
        "symbolp 0 consp 0 listp 0 stringp 0 vectorp 0 recordp 0 arrayp 0 sequencep 0 "
            + "hash-table-p 0 char-table-p 0 vector-or-char-table-p 0 bool-vector-p 0 bufferp 0 "
            + "markerp 0 overlayp 0 integer-or-marker-p 0 number-or-marker-p 0 char-or-string-p 0 "
            + "byte-code-function-p 0 processp 0 windowp 0 framep 0 mutexp 0 threadp 0 "
            + "condition-variable-p 0 taskp 0");
    put(
        Kind.READ,
        true,
        false,
        "car-safe 0 cdr-safe 0 plist-get 0 proper-list-p 0 buffer-live-p 0 functionp 0 keymapp 0"
            + " keywordp 0 multibyte-string-p 0 case-table-p 0 category-table-p 0 syntax-table-p"
            + " 0");
    put(
        Kind.READ,
        false,
        false,
        "car 0 cdr 0 nth 1 nthcdr 1 elt 0 aref 0 memq 1 memql 1 assq 1 rassq 1 "
            + "plist-member 0 lax-plist-get 0 get 0 symbol-value 0 symbol-function 0 "
            + "symbol-plist 0 default-value 0 indirect-function 0 indirect-variable 0 "
            + "buffer-base-buffer 0 buffer-local-value 1 marker-buffer 0 overlay-buffer 0 "
            + "overlay-get 0 overlay-properties 0 get-text-property 2 char-table-parent 0 "
            + "char-table-extra-slot 0 char-table-range 0");
    put(
        Kind.READ,
        false,
        true,
        "task-state 0 task-live-p 0 process-status 0 process-id 0 process-exit-status 0"
            + " thread-live-p 0 gethash 1 member 1 assoc 1 rassoc 1 assoc-string 1 length 0 length="
            + " 0 length< 0 length> 0 type-of 0 boundp 0 fboundp 0 default-boundp 0"
            + " special-variable-p 0 local-variable-if-set-p 0 hash-table-count 0 hash-table-size 0"
            + " hash-table-test 0 hash-table-weakness 0 hash-table-rehash-size 0"
            + " hash-table-rehash-threshold 0 buffer-modified-p 0 buffer-size 0"
            + " buffer-modified-tick 0 buffer-chars-modified-tick 0 marker-position 0"
            + " marker-insertion-type 0 overlay-start 0 overlay-end 0 string-to-char 0"
            + " bool-vector-count-population 0 bool-vector-count-consecutive 0 bool-vector-subsetp"
            + " 0 string-bytes 0 get-byte 1 text-property-any 4 next-single-property-change 2"
            + " next-property-change 1 previous-property-change 1 previous-single-property-change 2"
            + " text-property-not-all 4");
    put(
        Kind.ANSWER,
        false,
        true,
        "symbol-name 0 task-name 0 process-name 0 mutex-name 0 thread-name 0 "
            + "buffer-name 0 buffer-file-name 0 buffer-local-variables 0 substring 0 "
            + "substring-no-properties 0 text-properties-at 1 char-table-subtype 0 func-arity 0");
    put(
        Kind.ITERATE,
        false,
        false,
        "mapcar 1 mapc 1 mapcan 1 mapconcat 1 append 0 vconcat 0 copy-sequence 0 reverse 0 "
            + "apply 1 maphash 1 string-join 0");
    put(
        Kind.WRITE,
        false,
        true,
        "setcar 0 setcdr 0 aset 0 puthash 2 remhash 1 clrhash 0 set 0 set-default 0 fset 0 "
            + "defalias 0 put 0 setplist 0 makunbound 0 fmakunbound 0 fillarray 0 nreverse 0 "
            + "nconc 0 sort 0 delq 1 delete 1 plist-put 0 lax-plist-put 0 put-text-property 4 "
            + "set-text-properties 3 add-text-properties 3 remove-text-properties 3 "
            + "remove-list-of-text-properties 3 add-face-text-property 4 set-marker 0 "
            + "set-marker-insertion-type 0 move-overlay 0 overlay-put 0 delete-overlay 0 "
            + "kill-buffer 0 set-char-table-range 0 set-char-table-parent 0 "
            + "set-char-table-extra-slot 0 clear-string 0 bool-vector-set-difference 2 "
            + "bool-vector-union 2 bool-vector-intersection 2 bool-vector-exclusive-or 2 "
            + "bool-vector-not 1 modify-syntax-entry 2 define-key 0 set-keymap-parent 0");
  }

  private static void put(Kind kind, boolean silent, boolean byContents, String operations) {
    StringTokenizer words = new StringTokenizer(operations);
    while (words.hasMoreTokens()) {
      String name = words.nextToken();
      int subject = Integer.parseInt(words.nextToken());
      int handedBack = name.equals("gethash") ? 2 : -1;
      ALL.put(name, new ProxyOperation(kind, subject, silent, byContents, handedBack));
    }
  }

  /** What the primitive of this name does; null: nothing is known. */
  static ProxyOperation of(String name) {
    return ALL.get(name);
  }
}
