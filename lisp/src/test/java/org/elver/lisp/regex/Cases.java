package org.elver.lisp.regex;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * Cases recorded from GNU Emacs, and the characters they use.
 *
 * <p>A case is a line of fields between tabs: how (s string-match, p posix-string-match, f and b
 * re-search-forward and -backward, g and h their posix kin, l looking-at, q posix-looking-at),
 * whether to fold case, whether the pattern and the text are unibyte, where to begin, the bound,
 * the pattern, the text, and what came of it. In these {@code %HEX;} is a character.
 */
final class Cases {
  private static final Pattern TAB = Pattern.compile("\t");

  /** The characters of the resource, with Emacs's standard tables. */
  static final class Tables implements CharacterRules, CaseFold {
    private final Map<Integer, String[]> rows = new HashMap<>();
    private final Set<String> boundaries = new HashSet<>();

    private Tables() {
      for (String line : lines("characters.tsv")) {
        String[] row = TAB.split(line, -1);
        rows.put(Integer.parseInt(row[0], 16), row);
      }
      for (String line : lines("boundaries.tsv")) {
        String[] row = TAB.split(line, -1);
        boundaries.add(Integer.parseInt(row[0], 16) + " " + Integer.parseInt(row[1], 16));
      }
    }

    @Override
    public int syntax(int ch, int position) {
      return Integer.parseInt(rows.get(ch)[1]);
    }

    @Override
    public boolean hasCategory(int ch, int category) {
      return rows.get(ch)[2].indexOf(category) >= 0;
    }

    @Override
    public boolean isUpper(int ch) {
      return rows.get(ch)[3].equals("1");
    }

    @Override
    public boolean isLower(int ch) {
      return rows.get(ch)[3].equals("2");
    }

    @Override
    public int canon(int ch) {
      return rows.containsKey(ch) ? Integer.parseInt(rows.get(ch)[4], 16) : ch;
    }

    @Override
    public int next(int ch) {
      return rows.containsKey(ch) ? Integer.parseInt(rows.get(ch)[5], 16) : ch;
    }

    @Override
    public boolean wordBoundaryBetween(int before, int after) {
      return boundaries.contains(before + " " + after);
    }
  }

  /** Ends a match that takes too long. */
  private static final class Patience implements Interrupt {
    private int left = 30_000;

    @Override
    public void poll() {
      if (left-- == 0) {
        throw new IllegalStateException("too long");
      }
    }
  }

  static final Tables TABLES = new Tables();

  private Cases() {}

  static List<String> lines(String resource) {
    try (InputStream in = Cases.class.getResourceAsStream(resource);
        BufferedReader r = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return r.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int[] decode(String s) {
    int[] codes = new int[s.length()];
    int n = 0;
    for (int i = 0; i < s.length(); i++) {
      int ch = s.charAt(i);
      if (ch == '%') {
        int end = s.indexOf(';', i);
        ch = Integer.parseInt(s.substring(i + 1, end), 16);
        i = end;
      }
      codes[n++] = ch;
    }
    return java.util.Arrays.copyOf(codes, n);
  }

  /** What was expected of a case. */
  static String expected(String line) {
    return TAB.split(line, -1)[8];
  }

  /** What comes of a case here. */
  static String result(String line) {
    String[] f = TAB.split(line, -1);
    char how = f[0].charAt(0);
    CaseFold fold = f[1].equals("1") ? TABLES : null;
    boolean inString = how == 's' || how == 'p';
    int base = inString ? 0 : 1;
    int from = Integer.parseInt(f[4]) - base;
    int bound = Integer.parseInt(f[5]) - base;
    try {
      Program program =
          Program.compile(decode(f[6]), f[2].equals("u"), fold, "pghq".indexOf(how) >= 0);
      int[] text = decode(f[7]);
      Subject subject = Subject.of(text, text.length, f[3].equals("u"));
      if (!inString) {
        subject.withPoint(from);
      }
      Matcher m = new Matcher(program, subject, TABLES, new Patience());
      boolean found =
          switch (how) {
            case 's', 'p' -> m.search(from, text.length, text.length) >= 0;
            case 'f', 'g' -> m.search(from, bound, bound) >= 0;
            case 'b', 'h' -> m.search(from, bound, from) >= 0;
            default -> m.matchAt(from, text.length);
          };
      return found ? show(m.registers(), base) : "nil";
    } catch (RegexSyntaxException e) {
      return "E " + e.getMessage();
    } catch (BacktrackLimitException e) {
      return "X " + e.getMessage();
    }
  }

  private static String show(int[] registers, int base) {
    int n = registers.length;
    while (n > 2 && registers[n - 1] < 0) {
      n -= 2;
    }
    StringJoiner s = new StringJoiner(" ");
    for (int i = 0; i < n; i++) {
      s.add(String.valueOf(registers[i] < 0 ? -1 : registers[i] + base));
    }
    return s.toString();
  }

  /** Compares the cases in files. */
  public static void main(String[] files) throws IOException {
    int bad = 0;
    int all = 0;
    for (String file : files) {
      for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of(file))) {
        all++;
        String result;
        try {
          result = result(line);
        } catch (RuntimeException e) {
          result = String.valueOf(e);
        }
        if (!result.equals(expected(line)) && bad++ < 40) {
          System.out.println(line + "\n    HERE " + result);
        }
      }
    }
    System.out.println(bad + " of " + all + " differ");
  }
}
