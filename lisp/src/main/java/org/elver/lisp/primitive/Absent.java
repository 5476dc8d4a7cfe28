package org.elver.lisp.primitive;

import org.elver.lisp.collection.HashTable;
import org.elver.lisp.machine.Lisp;
import org.elver.lisp.machine.Primitive;
import org.elver.lisp.machine.Task;
import org.elver.lisp.machine.Vm;
import org.elver.lisp.object.LispSignal;
import org.elver.lisp.object.Q;
import org.elver.lisp.object.Symbol;

/** Primitives of libraries and facilities that are not there: they say so. */
final class Absent {
  private Absent() {}

  static void variables(Task t) {
    Defvars.nil(
        t,
        "comp-ctxt comp-file-preloaded-p inhibit-automatic-native-compilation comp-subr-list"
            + " native-comp-deferred-compilation native-comp-eln-load-path dbus-debug");
    Defvars.t(t, "comp-enable-subr-trampolines");
    Defvars.string(t, "comp-abi-hash", "");
    Defvars.string(t, "comp-native-version-dir", "");
    for (String name : new String[] {"comp-deferred-pending-h", "comp-installed-trampolines-h"}) {
      Vm.defvar(t, name, HashTable.of(t.c, Q.EQ, 65));
    }
    for (String name :
        new String[] {
          "comp-eln-to-el-h", "comp-no-native-file-h", "dbus-registered-objects-table"
        }) {
      Vm.defvar(t, name, HashTable.of(t.c, Q.EQUAL, 65));
    }
    Defvars.integers(
        t,
        "profiler-log-size 10000 profiler-max-stack-depth 16 "
            + "dbus-message-type-invalid 0 dbus-message-type-method-call 1 "
            + "dbus-message-type-method-return 2 dbus-message-type-error 3 "
            + "dbus-message-type-signal 4 gnutls-log-level 0 libgnutls-version -1");
    Defvars.string(t, "dbus-compiled-version", "");
    Defvars.nil(t, "dbus-runtime-version");
  }

  private static LispSignal noNativeCompiler() {
    return new LispSignal(
        Symbol.known("native-compiler-error"), "native compilation is not available");
  }

  private static LispSignal noDbus() {
    return new LispSignal(Symbol.known("dbus-error"), "D-Bus is not available");
  }

  private static LispSignal noGnutls() {
    return LispSignal.error("GnuTLS is not available");
  }

  private static LispSignal noColors() {
    return LispSignal.error("lcms2 library not found");
  }

  @Primitive(
      value = "native-comp-available-p",
      doc = "Return t if Lisp can be compiled to machine code: no.")
  static Object nativeCompAvailableP(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "comp-libgccjit-version",
      doc = "Return the version of the compiler library: there is none.")
  static Object compLibgccjitVersion(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "comp-native-compiler-options-effective-p",
      doc = "Return t if `native-comp-compiler-options' has an effect: no.")
  static Object compNativeCompilerOptionsEffectiveP(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "comp-native-driver-options-effective-p",
      doc = "Return t if `native-comp-driver-options' has an effect: no.")
  static Object compNativeDriverOptionsEffectiveP(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "comp--subr-signature", doc = "Return the arity of SUBR.")
  static Object compSubrSignature(Task t, Object subr) {
    return t.callNamed("subr-arity", subr);
  }

  @Primitive(
      value = "comp--compile-ctxt-to-file",
      doc = "Part of native compilation, which is not available.")
  static Object compCompileCtxtToFile(Task t, Object filename) {
    throw noNativeCompiler();
  }

  @Primitive(value = "comp--init-ctxt", doc = "Part of native compilation, which is not available.")
  static Object compInitCtxt(Task t) {
    throw noNativeCompiler();
  }

  @Primitive(
      value = "comp--release-ctxt",
      doc = "Part of native compilation, which is not available.")
  static Object compReleaseCtxt(Task t) {
    throw noNativeCompiler();
  }

  @Primitive(
      value = "comp--install-trampoline",
      doc = "Part of native compilation, which is not available.")
  static Object compInstallTrampoline(Task t, Object subrName, Object trampoline) {
    throw noNativeCompiler();
  }

  @Primitive(
      value = "comp--register-lambda",
      doc = "Part of native compilation, which is not available.")
  static Object compRegisterLambda(
      Task t, Object a, Object b, Object c, Object d, Object e, Object f, Object g) {
    throw noNativeCompiler();
  }

  @Primitive(
      value = "comp--register-subr",
      doc = "Part of native compilation, which is not available.")
  static Object compRegisterSubr(
      Task t, Object a, Object b, Object c, Object d, Object e, Object f, Object g) {
    throw noNativeCompiler();
  }

  @Primitive(
      value = "comp--late-register-subr",
      doc = "Part of native compilation, which is not available.")
  static Object compLateRegisterSubr(
      Task t, Object a, Object b, Object c, Object d, Object e, Object f, Object g) {
    throw noNativeCompiler();
  }

  @Primitive(
      value = "comp-el-to-eln-filename",
      min = 1,
      doc = "Part of native compilation, which is not available.")
  static Object compElToElnFilename(Task t, Object filename, Object baseDir) {
    throw noNativeCompiler();
  }

  @Primitive(
      value = "comp-el-to-eln-rel-filename",
      doc = "Part of native compilation, which is not available.")
  static Object compElToElnRelFilename(Task t, Object filename) {
    throw noNativeCompiler();
  }

  @Primitive(
      value = "native-elisp-load",
      min = 1,
      doc = "Part of native compilation, which is not available.")
  static Object nativeElispLoad(Task t, Object filename, Object latePath) {
    throw noNativeCompiler();
  }

  @Primitive(
      value = "profiler-cpu-log",
      doc = "Return the log of the cpu profiler: nil, there is none.")
  static Object profilerCpuLog(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "profiler-cpu-running-p", doc = "Return t if the cpu profiler is running.")
  static Object profilerCpuRunningP(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "profiler-cpu-stop",
      doc = "Stop the cpu profiler; return whether it was running.")
  static Object profilerCpuStop(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "profiler-cpu-start", doc = "Start the cpu profiler: there is none.")
  static Object profilerCpuStart(Task t, Object interval) {
    throw LispSignal.error("Profiling is not supported");
  }

  @Primitive(
      value = "profiler-memory-log",
      doc = "Return the log of the memory profiler: nil, there is none.")
  static Object profilerMemoryLog(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "profiler-memory-running-p",
      doc = "Return t if the memory profiler is running.")
  static Object profilerMemoryRunningP(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "profiler-memory-stop",
      doc = "Stop the memory profiler; return whether it was running.")
  static Object profilerMemoryStop(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "profiler-memory-start", doc = "Start the memory profiler: there is none.")
  static Object profilerMemoryStart(Task t) {
    throw LispSignal.error("Profiling is not supported");
  }

  @Primitive(value = "lcms2-available-p", doc = "Return t if the colour library is available: no.")
  static Object lcms2AvailableP(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "lcms-cam02-ucs",
      min = 2,
      doc = "Part of the colour library, which is not available.")
  static Object lcmsCam02Ucs(Task t, Object color1, Object color2, Object whitepoint, Object view) {
    throw noColors();
  }

  @Primitive(
      value = "lcms-cie-de2000",
      min = 2,
      doc = "Part of the colour library, which is not available.")
  static Object lcmsCieDe2000(
      Task t, Object color1, Object color2, Object kL, Object kC, Object kH) {
    throw noColors();
  }

  @Primitive(
      value = "lcms-jab->jch",
      min = 1,
      doc = "Part of the colour library, which is not available.")
  static Object lcmsJabToJch(Task t, Object color, Object whitepoint, Object view) {
    throw noColors();
  }

  @Primitive(
      value = "lcms-jch->jab",
      min = 1,
      doc = "Part of the colour library, which is not available.")
  static Object lcmsJchToJab(Task t, Object color, Object whitepoint, Object view) {
    throw noColors();
  }

  @Primitive(
      value = "lcms-jch->xyz",
      min = 1,
      doc = "Part of the colour library, which is not available.")
  static Object lcmsJchToXyz(Task t, Object color, Object whitepoint, Object view) {
    throw noColors();
  }

  @Primitive(
      value = "lcms-xyz->jch",
      min = 1,
      doc = "Part of the colour library, which is not available.")
  static Object lcmsXyzToJch(Task t, Object color, Object whitepoint, Object view) {
    throw noColors();
  }

  @Primitive(
      value = "lcms-temp->white-point",
      doc = "Part of the colour library, which is not available.")
  static Object lcmsTempToWhitePoint(Task t, Object temperature) {
    throw noColors();
  }

  @Primitive(value = "play-sound-internal", doc = "Play SOUND: not supported.")
  static Object playSoundInternal(Task t, Object sound) {
    throw LispSignal.error("Invalid sound specification");
  }

  @Primitive(value = "dbus--init-bus", min = 1, doc = "Connect to BUS: not available.")
  static Object dbusInitBus(Task t, Object bus, Object private_) {
    throw noDbus();
  }

  @Primitive(value = "dbus-get-unique-name", doc = "Return the unique name at BUS: not available.")
  static Object dbusGetUniqueName(Task t, Object bus) {
    throw noDbus();
  }

  @Primitive(
      value = "dbus-message-internal",
      min = 4,
      doc = "Send a D-Bus message: not available.",
      args = "(&rest REST)")
  static Object dbusMessageInternal(Task t, Object[] args) {
    throw noDbus();
  }

  @Primitive(
      value = "inotify-add-watch",
      doc = "Watch FILENAME for changes of ASPECT, reported to CALLBACK: not available.")
  static Object inotifyAddWatch(Task t, Object filename, Object aspect, Object callback) {
    throw new LispSignal(
        Symbol.known("file-notify-error"),
        "File notification is not available",
        Lisp.string(filename));
  }

  @Primitive(value = "inotify-rm-watch", doc = "Remove a watch.")
  static Object inotifyRmWatch(Task t, Object watchDescriptor) {
    throw new LispSignal(Symbol.known("file-notify-error"), "Invalid descriptor ", watchDescriptor);
  }

  @Primitive(value = "inotify-valid-p", doc = "Return t if WATCH-DESCRIPTOR is valid.")
  static Object inotifyValidP(Task t, Object watchDescriptor) {
    return Symbol.NIL;
  }

  @Primitive(value = "module-load", doc = "Load the dynamic module FILE: not supported.")
  static Object moduleLoad(Task t, Object file) {
    throw new LispSignal(
        Symbol.known("module-open-failed"), Lisp.string(file), "Modules are not supported");
  }

  @Primitive(
      value = "dump-emacs-portable",
      min = 1,
      doc = "Write the state of Emacs to FILENAME: not supported.")
  static Object dumpEmacsPortable(Task t, Object filename, Object trackReferrers) {
    throw LispSignal.error("Dumping is not supported");
  }

  @Primitive(value = "dump-emacs-portable--sort-predicate", doc = "Order parts of a dump.")
  static Object dumpEmacsPortableSortPredicate(Task t, Object a, Object b) {
    return Symbol.NIL;
  }

  @Primitive(value = "dump-emacs-portable--sort-predicate-copied", doc = "Order parts of a dump.")
  static Object dumpEmacsPortableSortPredicateCopied(Task t, Object a, Object b) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "pdumper-stats",
      doc = "Return how Emacs was restored from a dump: nil, it was not.")
  static Object pdumperStats(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "gnutls-available-p",
      doc = "Return the features of the TLS library: nil, there is none.")
  static Object gnutlsAvailableP(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "gnutls-ciphers",
      doc = "Return what the TLS library has of this kind: nothing.")
  static Object gnutlsCiphers(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "gnutls-digests",
      doc = "Return what the TLS library has of this kind: nothing.")
  static Object gnutlsDigests(Task t) {
    return Symbol.NIL;
  }

  @Primitive(value = "gnutls-macs", doc = "Return what the TLS library has of this kind: nothing.")
  static Object gnutlsMacs(Task t) {
    return Symbol.NIL;
  }

  @Primitive(
      value = "gnutls-asynchronous-parameters",
      doc = "Part of the TLS library, which is not available.")
  static Object gnutlsAsynchronousParameters(Task t, Object proc, Object params) {
    throw noGnutls();
  }

  @Primitive(value = "gnutls-boot", doc = "Part of the TLS library, which is not available.")
  static Object gnutlsBoot(Task t, Object proc, Object type, Object proplist) {
    throw noGnutls();
  }

  @Primitive(value = "gnutls-bye", doc = "Part of the TLS library, which is not available.")
  static Object gnutlsBye(Task t, Object proc, Object cont) {
    throw noGnutls();
  }

  @Primitive(value = "gnutls-deinit", doc = "Part of the TLS library, which is not available.")
  static Object gnutlsDeinit(Task t, Object proc) {
    throw noGnutls();
  }

  @Primitive(
      value = "gnutls-format-certificate",
      doc = "Part of the TLS library, which is not available.")
  static Object gnutlsFormatCertificate(Task t, Object cert) {
    throw noGnutls();
  }

  @Primitive(
      value = "gnutls-get-initstage",
      doc = "Part of the TLS library, which is not available.")
  static Object gnutlsGetInitstage(Task t, Object proc) {
    throw noGnutls();
  }

  @Primitive(value = "gnutls-hash-digest", doc = "Part of the TLS library, which is not available.")
  static Object gnutlsHashDigest(Task t, Object digestMethod, Object input) {
    throw noGnutls();
  }

  @Primitive(value = "gnutls-hash-mac", doc = "Part of the TLS library, which is not available.")
  static Object gnutlsHashMac(Task t, Object hashMethod, Object key, Object input) {
    throw noGnutls();
  }

  @Primitive(value = "gnutls-peer-status", doc = "Part of the TLS library, which is not available.")
  static Object gnutlsPeerStatus(Task t, Object proc) {
    throw noGnutls();
  }

  @Primitive(
      value = "gnutls-symmetric-decrypt",
      min = 4,
      doc = "Part of the TLS library, which is not available.")
  static Object gnutlsSymmetricDecrypt(
      Task t, Object cipher, Object key, Object iv, Object input, Object aeadAuth) {
    throw noGnutls();
  }

  @Primitive(
      value = "gnutls-symmetric-encrypt",
      min = 4,
      doc = "Part of the TLS library, which is not available.")
  static Object gnutlsSymmetricEncrypt(
      Task t, Object cipher, Object key, Object iv, Object input, Object aeadAuth) {
    throw noGnutls();
  }

  @Primitive(value = "gnutls-errorp", doc = "Return t if ERR is an error of the TLS library.")
  static boolean gnutlsErrorp(Task t, Object err) {
    return err != Symbol.T;
  }

  @Primitive(value = "gnutls-error-fatalp", doc = "Return t if ERR is fatal.")
  static Object gnutlsErrorFatalp(Task t, Object err) {
    return Symbol.NIL;
  }

  @Primitive(value = "gnutls-error-string", doc = "Return a description of ERROR.")
  static Object gnutlsErrorString(Task t, Object error) {
    return org.elver.lisp.object.LispString.of(t.c, "Not an error symbol or code");
  }

  @Primitive(value = "gnutls-peer-status-warning-describe", doc = "Describe STATUS-SYMBOL.")
  static Object gnutlsPeerStatusWarningDescribe(Task t, Object statusSymbol) {
    Lisp.symbol(statusSymbol);
    return Symbol.NIL;
  }
}
