package org.elver.lisp.primitive;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elver.heap.object.Pair;
import org.elver.lisp.file.FileErrors;
import org.elver.lisp.file.Recoding;
import org.elver.lisp.machine.Blocking;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Variables;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.LispString;
import org.elver.lisp.object.Symbol;
import org.elver.lisp.process.Channels;
import org.elver.lisp.process.Programs;
import org.elver.lisp.process.Signals;
import org.elver.lisp.text.Buffer;
import org.elver.lisp.text.Editing;

/** Programs that are run and waited for. */
final class Callproc {
  private static final Symbol CALL_PROCESS = Symbol.known("call-process");
  private static final Symbol CALL_PROCESS_REGION = Symbol.known("call-process-region");
  private static final Symbol K_FILE = Symbol.known(":file");
  private static final Symbol GET_BUFFER_CREATE = Symbol.known("get-buffer-create");
  private static final Symbol FOR_READ = Symbol.known("coding-system-for-read");
  private static final Symbol FOR_WRITE = Symbol.known("coding-system-for-write");
  private static final Symbol FIND_CODING = Symbol.known("find-operation-coding-system");
  private static final Symbol DEFAULT_CODING = Symbol.known("default-process-coding-system");
  private static final Symbol UTF_8 = Symbol.known("utf-8");

  private Callproc() {}

  /** The coding system for a program's output ({@code input} false) or input. */
  static Object coding(Task t, boolean input, Symbol operation, Object... args) {
    Object coding = Variables.orNil(t, input ? FOR_WRITE : FOR_READ);
    if (coding != Symbol.NIL) {
      return coding;
    }
    if (args.length > 0 && Lisp.isTrue(FIND_CODING.function(t))) {
      Object[] all = new Object[args.length + 1];
      all[0] = operation;
      System.arraycopy(args, 0, all, 1, args.length);
      if (t.call(FIND_CODING, all) instanceof Pair p) {
        return input ? p.second(t.c) : p.first(t.c);
      }
    }
    if (Variables.orNil(t, DEFAULT_CODING) instanceof Pair p) {
      return input ? p.second(t.c) : p.first(t.c);
    }
    return Symbol.NIL;
  }

  @Primitive(
      value = "call-process",
      min = 1,
      args = "(PROGRAM &optional INFILE DESTINATION DISPLAY &rest ARGS)",
      doc =
          "Run PROGRAM with ARGS and wait for it; return its exit code, or the name of the signal\n"
              + "that ended it.  INFILE: its input, by default none.  DESTINATION: nil discards"
              + " output,\n"
              + "0 does not even wait, t the current buffer, a buffer or its name, (:file NAME),\n"
              + "or a list of one of these and where error output goes: nil, t (the same), a file"
              + " name.")
  static Object callProcess(Task t, Object[] args) {
    Object infile = args.length > 1 ? args[1] : Symbol.NIL;
    File in = null;
    LispString program = Lisp.string(args[0]);
    if (infile != Symbol.NIL) {
      LispString name = Filenames.expand(t, infile, Symbol.NIL);
      Path p = Fileio.path(t, name);
      if (!Files.isReadable(p)) {
        throw FileErrors.signal(
            "Opening process input file",
            Files.exists(p) ? "Permission denied" : "No such file or directory",
            name);
      }
      in = p.toFile();
    }
    return run(t, args, program, in, null);
  }

  private static Object run(Task t, Object[] args, LispString program, File in, byte[] input) {
    List<String> command = new ArrayList<>();
    for (int i = 4; i < args.length; i++) {
      command.add(Lisp.string(args[i]).toJava(t.c));
    }
    Object destination = args.length > 2 ? args[2] : Symbol.NIL;
    Object errors = Symbol.T;
    LispString outFile = null;
    if (destination instanceof Pair p) {
      if (p.first(t.c) != K_FILE) {
        errors = Lisp.carSafe(t.c, p.second(t.c));
        destination = p.first(t.c);
      }
      if (destination instanceof Pair f && f.first(t.c) == K_FILE) {
        outFile = Filenames.expand(t, Lisp.carSafe(t.c, f.second(t.c)), Symbol.NIL);
        destination = Symbol.NIL;
      }
    }
    if (errors instanceof LispString) {
      errors = Filenames.expand(t, errors, Symbol.NIL);
    }
    boolean wait = !(destination instanceof Long);
    if (wait) {
      Blocking.requireAllowed(t); // Before anything is started.
    }
    Buffer buffer = null;
    if (wait && destination != Symbol.NIL) {
      buffer =
          destination == Symbol.T
              ? Buffer.current(t)
              : destination instanceof Buffer b
                  ? b
                  : (Buffer) t.call(GET_BUFFER_CREATE, destination);
      if (!buffer.isLive(t.c)) {
        throw LispSignal.error("Selecting deleted buffer");
      }
    }
    String directory = Programs.directory(t);
    command.addFirst(Programs.find(t, program, directory));
    ProcessBuilder b = Programs.builder(t, command, directory);
    if (in != null) {
      b.redirectInput(in);
    } else if (input == null) {
      b.redirectInput(new File("/dev/null"));
    }
    if (outFile != null) {
      b.redirectOutput(new File(outFile.toJava(t.c)));
    } else if (buffer == null) {
      b.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }
    if (errors == Symbol.T) {
      b.redirectErrorStream(true);
    } else if (errors instanceof LispString s) {
      b.redirectError(new File(s.toJava(t.c)));
    } else {
      b.redirectError(ProcessBuilder.Redirect.DISCARD);
    }
    Process process = Programs.start(b, program);
    if (!wait) {
      if (input != null) {
        feed(process, input);
      }
      return Symbol.NIL;
    }
    Channels.of(t).beginAwaiting(t, process);
    byte[] output;
    try {
      if (input != null) {
        feed(process, input);
      }
      output = buffer == null ? new byte[0] : collect(t, process.getInputStream());
      Blocking.await(t, process.onExit());
    } catch (IOException e) {
      throw new IllegalStateException(e); // Waiting for an end does no input.
    } catch (RuntimeException | Error e) {
      Programs.end(process); // Whether the task quits, the program ends, or the isolate is killed.
      throw e;
    } finally {
      Channels.of(t).endAwaiting(process);
    }
    if (buffer != null) {
      insert(t, buffer, output, args);
    }
    int code = process.exitValue();
    int signal = Signals.ofExit(code);
    return signal > 0 ? LispString.of(t.c, Signals.text(signal)) : (Object) (long) code;
  }

  private static void insert(Task t, Buffer buffer, byte[] output, Object[] args) {
    Object coding = coding(t, false, CALL_PROCESS, args);
    if (coding instanceof Symbol s
        && Variables.orNil(t, FOR_READ) == Symbol.NIL
        && s.name().equals("utf-8-unix")) {
      coding = UTF_8; // Line ends are looked at all the same.
    }
    LispString text = Recoding.decode(t, output, coding);
    Buffer old = Buffer.current(t);
    buffer.select(t);
    try {
      Editing.insert(t, text);
    } finally {
      if (old.isLive(t.c)) {
        old.select(t);
      }
    }
  }

  private static void feed(Process process, byte[] input) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (OutputStream out = process.getOutputStream()) {
                out.write(input);
              } catch (IOException e) {
                process.isAlive(); // It does not read its input; that is its affair.
              }
            });
  }

  private static byte[] collect(Task t, InputStream in) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (in) {
      Blocking.await(t, Blocking.start(() -> in.transferTo(out)));
    } catch (IOException e) {
      return out.toByteArray(); // What came until the pipe broke.
    }
    return out.toByteArray();
  }

  @Primitive(
      value = "call-process-region",
      min = 3,
      args = "(START END PROGRAM &optional DELETE BUFFER DISPLAY &rest ARGS)",
      doc =
          "Run PROGRAM with the text from START to END as its input and wait for it.\n"
              + "START nil: the whole buffer; a string: that.  DELETE non-nil: delete the text"
              + " first.\n"
              + "BUFFER and ARGS as DESTINATION and ARGS of `call-process'.")
  static Object callProcessRegion(Task t, Object[] args) {
    Buffer b = Buffer.current(t);
    LispString text;
    Object start = args[0];
    if (start instanceof LispString s) {
      text = s;
    } else if (start == Symbol.NIL) {
      text = LispString.of(t.c, b.codes(t.c, 1, b.z(t.c)), b.isMultibyte(t.c));
    } else {
      int[] r = b.region(t, start, args[1]);
      text = LispString.of(t.c, b.codes(t.c, r[0], r[1]), b.isMultibyte(t.c));
    }
    LispString program = Lisp.string(args[2]);
    byte[] input = Recoding.encode(t, text, coding(t, true, CALL_PROCESS_REGION, args));
    if (args.length > 3 && Lisp.isTrue(args[3]) && !(start instanceof LispString)) {
      if (start == Symbol.NIL) {
        Editing.delete(t, b.begv(t.c), b.zv(t.c));
      } else {
        int[] r = b.region(t, start, args[1]);
        Editing.delete(t, r[0], r[1]);
      }
    }
    List<Object> call = new ArrayList<>();
    call.add(program);
    call.add(Symbol.NIL);
    for (int i = 4; i < args.length; i++) {
      call.add(args[i]);
    }
    return run(t, call.toArray(), program, null, input);
  }
}
