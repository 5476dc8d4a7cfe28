package org.elver.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The options that are handled before Lisp sees the command line; as in GNU Emacs they are put in
 * order first, so that {@code -Q} works wherever it stands.
 */
final class CommandLine {
  private static final Set<String> EARLY =
      Set.of(
          "-q",
          "--no-init-file",
          "-no-init-file",
          "-Q",
          "--quick",
          "-quick",
          "--no-site-file",
          "-no-site-file",
          "--no-site-lisp",
          "-nsl",
          "-no-site-lisp",
          "--no-splash",
          "-no-splash",
          "--debug-init",
          "-debug-init");
  private static final Set<String> IGNORED =
      Set.of(
          "--batch",
          "-batch",
          "-nw",
          "--no-window-system",
          "-no-window-system",
          "--no-x-resources",
          "-no-x-resources");
  private static final Set<String> WITH_ARGUMENT =
      Set.of(
          "-L",
          "--directory",
          "-directory",
          "-l",
          "--load",
          "-load",
          "-f",
          "--funcall",
          "-funcall",
          "-e",
          "--eval",
          "-eval",
          "--execute",
          "-execute",
          "--insert",
          "-insert",
          "--file",
          "--visit",
          "--find-file",
          "-u",
          "--user",
          "-T",
          "-t",
          "-d",
          "--script",
          "-script",
          "-scriptload",
          "--chdir",
          "-chdir");

  /** What Lisp gets as {@code command-line-args}. */
  final List<String> arguments = new ArrayList<>();

  /** Printed instead of anything else; null: nothing. */
  String answer;

  /** What is wrong; null: nothing. */
  String error;

  /** The file to be run as a script whose arguments are its own; null: none. */
  String script;

  /** Its arguments, or those of {@code ert}, which are not read here. */
  List<String> scriptArguments = List.of();

  /** Something else that is to be done, with the arguments; null: nothing. */
  String command;

  /** How many carriers are wanted; null: nothing was said. */
  String carriers;

  /** The directory to change to; null: none. */
  String directory;

  private CommandLine() {}

  static CommandLine parse(String... all) {
    CommandLine line = new CommandLine();
    int options = 0;
    while (options < all.length && line.takeCarriers(all, options)) {
      options += all[options].indexOf('=') < 0 ? 2 : 1;
    }
    if (line.error != null) {
      return line;
    }
    String[] args = Arrays.copyOfRange(all, options, all.length);
    if (args.length == 0) {
      line.answer = Help.TEXT;
      return line;
    }
    if ("ert".equals(args[0])) {
      line.command = args[0];
      line.scriptArguments = List.of(args).subList(1, args.length);
      return line;
    }
    if ("doctor".equals(args[0]) || "repl".equals(args[0])) {
      line.command = args[0];
      args[0] = "--batch";
    }
    if (!args[0].startsWith("-")) {
      line.script = args[0];
      line.scriptArguments = List.of(args).subList(1, args.length);
      line.arguments.add("-Q");
      return line;
    }
    List<String> first = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    boolean ours = true;
    for (int i = 0; i < args.length; i++) {
      String a = args[i];
      if ("--version".equals(a) || "-version".equals(a)) {
        line.answer = Help.VERSION;
        return line;
      }
      if ("--help".equals(a) || "-help".equals(a)) {
        line.answer = Help.TEXT;
        return line;
      }
      if ("--".equals(a)) {
        rest.addAll(List.of(args).subList(i, args.length));
        break;
      }
      if (EARLY.contains(a)) {
        first.add(a);
      } else if ("--script".equals(a) || "-script".equals(a)) {
        if (i + 1 == args.length) {
          line.error = "Option '" + a + "' requires an argument";
          return line;
        }
        rest.add("-scriptload");
        rest.add(args[++i]);
        ours = false; // What follows is the script's.
      } else if (ours && line.takeCarriers(args, i)) {
        if (line.error != null) {
          return line;
        }
        i += a.indexOf('=') < 0 ? 1 : 0;
      } else if ("--chdir".equals(a) || "-chdir".equals(a)) {
        if (i + 1 == args.length) {
          line.error = "Option '" + a + "' requires an argument";
          return line;
        }
        line.directory = args[++i];
      } else if (a.startsWith("--chdir=")) {
        line.directory = a.substring("--chdir=".length());
      } else if (!IGNORED.contains(a)) {
        rest.add(a);
        if (WITH_ARGUMENT.contains(a) && i + 1 < args.length) {
          rest.add(args[++i]);
        }
      }
    }
    line.arguments.addAll(first);
    line.arguments.addAll(rest);
    return line;
  }

  /** Whether the number of carriers is told at a place, with its value there or behind. */
  private boolean takeCarriers(String[] args, int i) {
    String a = args[i];
    if (a.startsWith(Carriers.OPTION + "=")) {
      carriers = a.substring(Carriers.OPTION.length() + 1);
    } else if (!Carriers.isOption(a)) {
      return false;
    } else if (i + 1 == args.length) {
      error = "Option '" + a + "' requires an argument";
    } else {
      carriers = args[i + 1];
    }
    return true;
  }
}
