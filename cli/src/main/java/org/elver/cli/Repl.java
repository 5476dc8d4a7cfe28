package org.elver.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.boot.Images;
import org.elver.lisp.isolate.LispFiber;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Subr;
import org.elver.lisp.machine.Task;
import org.elver.lisp.object.CodeBuffer;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.print.ErrorText;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Reads forms, evaluates them with lexical binding, prints their values. An error, or {@code C-c}
 * during an evaluation, ends that evaluation and not the session. With a terminal lines are edited,
 * kept and completed; without one input is taken as it comes and there is no prompt.
 */
final class Repl extends Subr {
  static final String NAME = "elver--repl";

  private static final String EVALUATE =
      "(lambda (form) (condition-case err (cons t (eval form t)) (t (cons nil err))))";

  private static final String READ =
      "(lambda (text) (condition-case err (cons t (read-from-string text)) (t (cons nil err))))";

  Repl() {
    super(NAME, 0, 0);
  }

  private Object evaluate;
  private Object read;

  private static Object function(Task t, String source) {
    Pair p = (Pair) t.callNamed("read-from-string", LispString.of(t.c, source));
    return t.callNamed("eval", p.first(t.c), Symbol.T);
  }

  /** What comes next; null: the end. */
  private interface Source {
    /** Throws UserInterruptException when what was typed is given up. */
    String next() throws IOException;
  }

  @Override
  protected Object call0(Task t) {
    evaluate = function(t, EVALUATE);
    read = function(t, READ);
    try {
      if (hasTerminal()) {
        withTerminal(t);
      } else {
        loop(t, () -> plain(t));
      }
    } catch (IOException e) {
      throw new LispSignal(Q.FILE_ERROR, "Standard input", String.valueOf(e.getMessage()));
    }
    return Symbol.NIL;
  }

  @SuppressWarnings("SystemConsoleNull") // It does return null again, in JDK 25.
  private static boolean hasTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private void withTerminal(Task t) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      Path history = Images.cache().resolve("history");
      Files.createDirectories(history.getParent());
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("elver")
              .parser(
                  new Parser() {
                    @Override
                    public ParsedLine parse(String line, int cursor, ParseContext context) {
                      return parsed(t, line, cursor, context);
                    }
                  })
              .completer((r, line, candidates) -> complete(t, line, candidates))
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .variable(LineReader.HISTORY_FILE, history)
              .variable(LineReader.SECONDARY_PROMPT_PATTERN, "     | ")
              .build();
      terminal.handle(Terminal.Signal.INT, signal -> interrupt(t));
      terminal.writer().println("Elver; C-c interrupts, C-d ends, TAB completes.");
      loop(
          t,
          () -> {
            try {
              return reader.readLine("elver> ");
            } catch (EndOfFileException e) {
              return null;
            }
          });
    }
  }

  private void loop(Task t, Source source) throws IOException {
    while (true) {
      String text;
      try {
        text = source.next();
      } catch (UserInterruptException e) {
        continue;
      }
      if (text == null) {
        return;
      }
      try {
        evaluateAll(t, text);
        t.safepoint(); // An interruption that came too late is for nobody.
      } catch (LispSignal s) {
        say(t, t.cons(s.symbol(), s.data(t.c)));
      } catch (StackOverflowError e) {
        System.err.println("Error: Java's stack overflowed");
      }
      System.out.flush();
    }
  }

  private void evaluateAll(Task t, String text) {
    for (String rest = skip(text); !rest.isEmpty(); ) {
      Pair result = read(t, rest);
      if (result.first(t.c) != Symbol.NIL) {
        Pair p = (Pair) result.second(t.c);
        rest = after(t, rest, p);
        result = (Pair) t.call(evaluate, p.first(t.c));
      }
      if (result.first(t.c) == Symbol.NIL) {
        say(t, result.second(t.c));
        return; // What follows may rest on what failed.
      }
      System.out.println(
          Lisp.string(t.callNamed("prin1-to-string", result.second(t.c))).toJava(t.c));
    }
  }

  /** An error in one line. */
  private static void say(Task t, Object error) {
    System.out.flush();
    CodeBuffer b = new CodeBuffer();
    try {
      ErrorText.print(t, b, error);
    } catch (LispSignal s) {
      b.append("an error that cannot be shown");
    }
    System.err.println("Error: " + b.toString().replace('\n', ' '));
  }

  // ---- Text ---------------------------------------------------------------------------------

  /** (t OBJECT . INDEX-AFTER-IT) for the first object in {@code text}, or (nil . ERROR). */
  private Pair read(Task t, String text) {
    return (Pair) t.call(read, LispString.of(t.c, text));
  }

  /** What of {@code text} follows the object that was read. */
  private static String after(Task t, String text, Pair objectAndIndex) {
    int index = (int) Lisp.fixnum(objectAndIndex.second(t.c));
    return skip(text.substring(text.offsetByCodePoints(0, index)));
  }

  /** Without the blanks and comments at its beginning. */
  private static String skip(String text) {
    int i = 0;
    while (i < text.length() && (Character.isWhitespace(text.charAt(i)) || text.charAt(i) == ';')) {
      if (text.charAt(i) == ';') {
        int end = text.indexOf('\n', i);
        i = end < 0 ? text.length() : end;
      } else {
        i++;
      }
    }
    return text.substring(i);
  }

  /**
   * Whether {@code text} ends within a form. What is wrong otherwise shows when it is evaluated.
   */
  private boolean isIncomplete(Task t, String text) {
    for (String rest = skip(text); !rest.isEmpty(); ) {
      Pair result = read(t, rest);
      if (result.first(t.c) == Symbol.NIL) {
        return Lisp.car(t.c, result.second(t.c)) == Q.END_OF_FILE;
      }
      rest = after(t, rest, (Pair) result.second(t.c));
    }
    return false;
  }

  /** The next lines of standard input that are complete forms. */
  private String plain(Task t) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = line(); line != null; line = line()) {
      all.append(line).append('\n');
      if (!isIncomplete(t, all.toString())) {
        return all.toString();
      }
    }
    return all.isEmpty() ? null : all.toString();
  }

  /** By bytes, so that nothing is taken that a form wants to read. */
  private static String line() throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    int b = System.in.read();
    if (b < 0) {
      return null;
    }
    for (; b >= 0 && b != '\n'; b = System.in.read()) {
      bytes.write(b);
    }
    return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  // ---- The line editor ----------------------------------------------------------------------

  private ParsedLine parsed(Task t, String line, int cursor, Parser.ParseContext context) {
    if (context == Parser.ParseContext.ACCEPT_LINE && isIncomplete(t, line)) {
      throw new EOFError(-1, -1, "the form is not complete", "form");
    }
    int from = cursor;
    while (from > 0 && isSymbolic(line.charAt(from - 1))) {
      from--;
    }
    return new Word(line, cursor, line.substring(from, cursor));
  }

  private static boolean isSymbolic(char c) {
    return !Character.isWhitespace(c) && "()[]'`,\";#?".indexOf(c) < 0;
  }

  /** The part of a symbol before the cursor. */
  private record Word(String line, int cursor, String word) implements CompletingParsedLine {
    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return word.length();
    }

    @Override
    public int rawWordLength() {
      return word.length();
    }

    @Override
    public int wordCursor() {
      return word.length();
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word);
    }
  }

  /** Symbols that are functions or variables. */
  private static void complete(Task t, ParsedLine line, List<Candidate> candidates) {
    if (line.word().isEmpty()) {
      return;
    }
    Object obarray = t.symbols().intern(t, "obarray").plainValue(t);
    Object all = t.callNamed("all-completions", LispString.of(t.c, line.word()), obarray);
    for (Object s : Lisp.elements(t.c, all)) {
      String name = Lisp.string(s).toJava(t.c);
      Symbol symbol = t.symbols().intern(t, name);
      if (Lisp.isTrue(t.callNamed("fboundp", symbol))
          || Lisp.isTrue(t.callNamed("boundp", symbol))) {
        candidates.add(new Candidate(name, name, null, null, null, null, true));
      }
    }
  }

  /** Signals {@code quit} in what is being evaluated, wherever it waits. Any thread. */
  private static void interrupt(Task t) {
    LispFiber f = LispFiber.of(t);
    if (f != null) {
      f.cancel(new LispSignal(Q.QUIT));
    } else {
      t.interrupt();
    }
  }
}
