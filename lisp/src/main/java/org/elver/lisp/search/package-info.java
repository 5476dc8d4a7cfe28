/**
 * Searching text of strings and buffers: compiled patterns and which are kept, what characters mean
 * to them, match data. The regular expressions themselves are in a package of their own.
 */
package org.elver.lisp.search;
