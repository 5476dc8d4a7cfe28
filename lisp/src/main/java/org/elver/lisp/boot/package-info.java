/**
 * From nothing to a VM with GNU Emacs's preloaded library: finds the library, loads it, sets what
 * depends on where it is. Knows everything below; only programs that start VMs know it.
 */
package org.elver.lisp.boot;
