/**
 * Text made by rule: {@code format} and the conversion of numbers it shares with others. Knows
 * nothing of buffers or output.
 */
package org.elver.lisp.format;
