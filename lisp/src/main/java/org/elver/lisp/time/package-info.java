/** Lisp's time values, time zones and the text of times. Knows nothing of files or processes. */
package org.elver.lisp.time;
