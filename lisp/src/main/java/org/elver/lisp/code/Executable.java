package org.elver.lisp.code;

/**
 * What a layer above has made of {@link Code}, for the machine to run in its place. Immutable, and
 * free of references to Lisp objects, as the code is.
 */
public abstract class Executable {}
