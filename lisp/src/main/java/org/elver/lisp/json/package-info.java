/** JSON text from and to Lisp objects. Knows nothing of buffers. */
package org.elver.lisp.json;
