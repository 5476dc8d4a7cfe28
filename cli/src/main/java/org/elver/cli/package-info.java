/** The command line: what people type, and which exit status they get. */
package org.elver.cli;
