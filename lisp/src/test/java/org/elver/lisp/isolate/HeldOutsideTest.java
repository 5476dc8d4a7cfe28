package org.elver.lisp.isolate;

import static org.elver.lisp.isolate.Programs.run;
import static org.elver.lisp.isolate.Programs.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What isolates hold outside of Java, which goes with them. */
class HeldOutsideTest {
  @TempDir Path dir;

  private Path file(String name) {
    return dir.resolve(name);
  }

  private static String sh(String script) {
    return "\"sh\" nil nil nil \"-c\" \"" + script + "\"";
  }

  @Test
  void whatAProgramHasStartedEndsWithIt() throws Exception {
    String below = Outside.seconds();
    String text = Outside.seconds();
    assertEquals(
        "(isolate-killed isolate-killed)",
        value(
            "(list "
                + Outside.killed(
                    file("a"),
                    "(call-process "
                        + sh("sleep " + below + " & : > " + file("a") + "; wait; true")
                        + ")")
                + Outside.killed(
                    file("b"),
                    "(call-process-region \"text\" nil \"sh\" nil nil nil \"-c\" \"sleep "
                        + text
                        + " & : > "
                        + file("b")
                        + "; wait; cat\")")
                + ")"));
    assertTrue(Outside.isGone(below));
    assertTrue(Outside.isGone(text));
  }

  @Test
  void aProgramThatWillNotEndIsMadeTo() throws Exception {
    String seconds = Outside.seconds();
    assertEquals(
        "isolate-killed",
        value(
            Outside.killed(
                file("a"),
                "(call-process "
                    + sh(
                        "trap '' TERM; : > "
                            + file("a")
                            + "; while true; do sleep "
                            + seconds
                            + "; done")
                    + ")")));
    assertTrue(Outside.isGone(seconds));
  }

  @Test
  void programsBesideEndWithTheirIsolate() throws Exception {
    String seconds = Outside.seconds();
    assertEquals(
        "isolate-killed",
        value(
            Outside.killed(
                file("a"),
                "(make-process :name \"p\" :command '(\"sh\" \"-c\" \"sleep "
                    + seconds
                    + " & : > "
                    + file("a")
                    + "; wait\")) (isolate-receive)")));
    assertTrue(Outside.isGone(seconds));
  }

  @Test
  void whatOtherIsolatesWaitForEndsWithTheProgram() throws Exception {
    String seconds = Outside.seconds();
    assertEquals(
        7,
        run(
                2,
                "(isolate-spawn (lambda () (call-process "
                    + sh(": > " + file("a") + "; exec sleep " + seconds)
                    + "))) (while (not (file-exists-p \""
                    + file("a")
                    + "\")) (task-sleep 0.01)) (kill-emacs 7)")
            .status());
    assertTrue(Outside.isGone(seconds));
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoSendsToAProgramThatDoesNotReadCanBeKilled() throws Exception {
    String seconds = Outside.seconds();
    // One carrier: whoever sends must not keep it.
    assertEquals(
        "(isolate-killed 5)",
        run(
                1,
                "(list "
                    + Outside.killed(
                        file("a"),
                        "(let ((p (make-process :name \"p\" :coding 'binary :command '(\"sh\""
                            + " \"-c\" \": > "
                            + file("a")
                            + "; exec sleep "
                            + seconds
                            + "\")))) (process-send-string p (make-string 1000000 ?x)))")
                    + "(isolate-join (isolate-spawn (lambda () 5))))")
            .value());
    assertTrue(Outside.isGone(seconds));
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsSentInPiecesComesInOrder() {
    assertEquals(
        "(600006 \"onetwo\" finished)",
        value(
            "(let* ((got nil) (said nil) (p (make-process :name \"p\" :coding 'binary :command"
                + " '(\"sh\" \"-c\" \"sleep 0.2; cat\") :filter (lambda (_ s) (push s got))"
                + " :sentinel (lambda (_ s) (setq said (intern (substring s 0 -1))))))"
                + " (a (task-spawn (lambda () (process-send-string p (concat \"one\" (make-string"
                + " 300000 ?x)))))) (b (task-spawn (lambda () (process-send-string p (concat"
                + " \"two\" (make-string 300000 ?x))))))) (task-join a) (task-join b)"
                + " (process-send-eof p) (while (not said) (accept-process-output nil 0.1))"
                + " (let ((all (apply #'concat (nreverse got)))) (list (length all)"
                + " (concat (substring all 0 3) (substring all 300003 300006)) said)))"));
  }

  @Test
  void connectionsAndServersEndWithTheirIsolate() throws Exception {
    try (ServerSocket mine = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Path port = file("port");
      assertEquals(
          "isolate-killed",
          value(
              Outside.killed(
                  port,
                  "(make-network-process :name \"c\" :host \"127.0.0.1\" :service "
                      + mine.getLocalPort()
                      + ") (let ((s (make-network-process :name \"s\" :server t :service t :family"
                      + " 'ipv4))) (write-region (number-to-string (process-contact s :service))"
                      + " nil \""
                      + port
                      + "x\" nil 0) (rename-file \""
                      + port
                      + "x\" \""
                      + port
                      + "\") (isolate-receive))")));
      try (Socket s = mine.accept()) {
        s.setSoTimeout(30_000);
        assertEquals(-1, s.getInputStream().read());
      }
      int at = Integer.parseInt(Files.readString(port));
      assertTrue(Outside.becomes(() -> !accepts(at)));
    }
  }

  private static boolean accepts(int port) {
    try (Socket s = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return s.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aConnectionThatNobodyHasLookedAtEndsWithItsServer() throws Exception {
    Path port = file("port");
    Path came = file("came");
    Thread client =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    assertTrue(Outside.becomes(() -> Files.exists(port)));
                    int at = Integer.parseInt(Files.readString(port));
                    try (Socket s = new Socket(InetAddress.getLoopbackAddress(), at)) {
                      s.setSoTimeout(30_000);
                      Files.createFile(came);
                      if (s.getInputStream().read() == -1) {
                        Files.createFile(file("ended"));
                      }
                    }
                  } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    // It does not wait where it would accept the connection.
    assertEquals(
        "isolate-killed",
        value(
            Outside.killed(
                came,
                "(let ((s (make-network-process :name \"s\" :server t :service t :family 'ipv4)))"
                    + " (write-region (number-to-string (process-contact s :service)) nil \""
                    + port
                    + "x\" nil 0) (rename-file \""
                    + port
                    + "x\" \""
                    + port
                    + "\") (isolate-receive))")));
    client.join();
    assertTrue(Files.exists(file("ended")));
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoWaitsForAConnectionCanBeKilled() throws Exception {
    List<Socket> others = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      boolean waits = false;
      for (int k = 0; k < 100 && !waits; k++) {
        Socket s = new Socket();
        others.add(s);
        try {
          s.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), full.getLocalPort()), 1000);
        } catch (SocketTimeoutException e) {
          waits = true;
        }
      }
      assertTrue(waits);
      assertEquals(
          "(isolate-killed 5)",
          run(
                  1,
                  "(let ((i (isolate-spawn (lambda () (make-network-process :name \"c\" :host"
                      + " \"127.0.0.1\" :service "
                      + full.getLocalPort()
                      + "))))) (task-sleep 0.3) (list (progn (isolate-kill i) (condition-case e"
                      + " (isolate-join i) (error (car e)))) (isolate-join (isolate-spawn (lambda"
                      + " () 5)))))")
              .value());
    } finally {
      for (Socket s : others) {
        s.close();
      }
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoWaitsForTheOtherEndOfAPipeCanBeKilledAndOthersRun() throws Exception {
    Path pipe = file("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    String read = "(progn (set-buffer (get-buffer-create \"b\")) (insert-file-contents \"";
    assertEquals(
        "(isolate-killed 5 \"text\")",
        run(
                1,
                "(let ((i (isolate-spawn (lambda () "
                    + read
                    + pipe
                    + "\")))))) (task-sleep 0.3) (isolate-kill i) (list (condition-case e"
                    + " (isolate-join i 60) (error (car e))) (isolate-join (isolate-spawn (lambda"
                    + " () 5))) (let ((k (task-spawn (lambda () "
                    + read
                    + pipe
                    + "\") (buffer-string))))))"
                    + " (task-yield) (call-process "
                    + sh("echo; printf text > " + pipe)
                    + ") (task-join k 60))))")
            .value());
  }

  @Test
  void locksOfFilesAreGivenUp() {
    Path lock = file(".#text");
    String lockIt =
        "(setq create-lockfiles t) (lock-file \"" + file("text") + "\") (write-region \"\" nil \"";
    assertEquals(
        "(isolate-killed nil)",
        value(
            "(list "
                + Outside.killed(file("a"), lockIt + file("a") + "\") (isolate-receive)")
                + "(file-locked-p \""
                + file("text")
                + "\"))"));
    assertFalse(Files.exists(lock, LinkOption.NOFOLLOW_LINKS));
    // An isolate that returns, and the program.
    assertEquals(
        "(nil t)",
        value(
            "(isolate-join (isolate-spawn (lambda () "
                + lockIt
                + file("b")
                + "\")))) (list (file-locked-p \""
                + file("text")
                + "\") (progn "
                + lockIt
                + file("c")
                + "\") (file-locked-p \""
                + file("text")
                + "\")))"));
    assertFalse(Files.exists(lock, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void aLockIsThatOfTheIsolateThatHasMadeIt() {
    assertEquals(
        "(t t nil)",
        value(
            "(setq create-lockfiles t) (let ((f \""
                + file("text")
                + "\")) (lock-file f) (isolate-join (isolate-spawn (lambda () (lock-file f)"
                + " (unlock-file f)))) (list (file-locked-p f) (isolate-join (isolate-spawn"
                + " (lambda () (file-locked-p f)))) (progn (unlock-file f) (file-locked-p f))))"));
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void tasksReadLinesOneAfterTheOtherAndOneThatIsKilledLeavesItToTheNext() throws Exception {
    InputStream before = System.in;
    try (PipedOutputStream out = new PipedOutputStream()) {
      System.setIn(new PipedInputStream(out));
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  if (Outside.becomes(() -> Files.exists(file("all")))) {
                    out.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                  }
                } catch (IOException | InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      assertEquals(
          "(isolate-killed \"one\" \"two\")",
          run(
                  1,
                  "(let* ((i (isolate-spawn (lambda () (read-string \"\")))) (a (progn (task-sleep"
                      + " 0.2) (task-spawn (lambda () (read-string \"\"))))) (b (task-spawn (lambda"
                      + " () (read-string \"\"))))) (task-sleep 0.2) (isolate-kill i) (write-region"
                      + " \"\" nil \""
                      + file("all")
                      + "\" nil 0) (cons (condition-case e (isolate-join i) (error (car e)))"
                      + " (sort (list (task-join a) (task-join b)) #'string<)))")
              .value());
    } finally {
      System.setIn(before);
    }
  }
}
