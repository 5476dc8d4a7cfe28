/**
 * Char-tables: sparse maps from characters to values, as versioned objects. Knows the layout that
 * the printed form shows; must not know what particular tables (syntax, case, categories) mean,
 * except for the compressed form of Unicode property tables.
 */
package org.elver.lisp.chartable;
