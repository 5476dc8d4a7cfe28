package org.elver.heap.object;

import org.elver.heap.epoch.Epoch;
import org.elver.heap.version.Context;

/**
 * What is done to trees of {@link TextPart}s.
 *
 * <p>A tree is balanced as AVL trees are: the heights of two siblings differ by one at most. In a
 * tree of more than one chunk, each has from {@link TextChunk#MIN} to {@link TextChunk#MAX} codes.
 * All changes come down to joining two trees (Blelloch, Ferizovic and Sun, "Just Join for Parallel
 * Ordered Sets", SPAA 2016), which costs the difference of their heights. So an insertion or
 * deletion of whatever size joins its way up along one or two paths, in O(log n), besides the
 * copying of the inserted codes. No recursion is deeper than the tree is high.
 *
 * <p>The methods that change trees take them over: parts that the context owns are changed in place
 * or become parts of the result, and the arguments must not be used any more. Parts that it does
 * not own stay as they are and are shared by the result.
 */
final class Rope {
  private Rope() {}

  // Making.

  /** A tree of valid codes, or null for none. O(n). */
  static TextPart of(Context c, int[] codes, int from, int to) {
    int n = to - from;
    if (n == 0) {
      return null;
    }
    if (n <= TextChunk.MAX) {
      return TextChunk.of(c.epoch(), codes, from, to);
    }
    int middle = from + (n >>> 1);
    return concat(c, null, of(c, codes, from, middle), of(c, codes, middle, to));
  }

  /** A tree of the code points of {@code s}, or null for none. O(n). */
  static TextPart of(Context c, String s) {
    return of(c, s, 0, s.length());
  }

  /** The same of a range that cuts no pair of surrogates in two. */
  private static TextPart of(Context c, String s, int from, int to) {
    int n = to - from;
    if (n == 0) {
      return null;
    }
    if (n <= TextChunk.MAX) {
      return TextChunk.of(c.epoch(), s, from, to);
    }
    int middle = from + (n >>> 1);
    if (Character.isSurrogatePair(s.charAt(middle - 1), s.charAt(middle))) {
      middle++;
    }
    return concat(c, null, of(c, s, from, middle), of(c, s, middle, to));
  }

  /** A copy of a whole tree that shares nothing with it. O(n). */
  static TextPart copy(TextPart p, Epoch label) {
    if (p.length == 0) {
      return TextChunk.EMPTY;
    }
    if (p instanceof TextNode n) {
      return new TextNode(label, copy(n.left, label), copy(n.right, label), n.height);
    }
    return ((TextChunk) p).copy(label, 0, p.length);
  }

  /** A copy of a part of a tree that shares nothing with it, or null when it is empty. */
  static TextPart copy(Context c, TextPart p, int from, int to) {
    if (from == to) {
      return null;
    }
    if (from == 0 && to == p.length) {
      return copy(p, c.epoch());
    }
    if (p instanceof TextNode n) {
      int middle = n.left.length;
      return concat(
          c,
          null,
          copy(c, n.left, Math.min(from, middle), Math.min(to, middle)),
          copy(c, n.right, Math.max(from - middle, 0), Math.max(to - middle, 0)));
    }
    return ((TextChunk) p).copy(c.epoch(), from, to);
  }

  // Changing.

  static TextPart set(Context c, TextPart p, int at, int code) {
    if (!(p instanceof TextNode n)) {
      return ((TextChunk) p).set(c, at, code);
    }
    TextNode own = n.isOwnedBy(c) ? n : new TextNode(c.epoch(), n.left, n.right, n.height);
    int middle = n.left.length;
    if (at < middle) {
      TextPart l = set(c, n.left, at, code);
      if (l != own.left) {
        own.left = l;
      }
    } else {
      TextPart r = set(c, n.right, at - middle, code);
      if (r != own.right) {
        own.right = r;
      }
    }
    return own;
  }

  static TextPart insert(Context c, TextPart root, int at, int code) {
    TextPart p = root;
    int i = at;
    while (p instanceof TextNode n) {
      int middle = n.left.length;
      if (i <= middle) {
        p = n.left;
      } else {
        i -= middle;
        p = n.right;
      }
    }
    if (!((TextChunk) p).insertInPlace(c, i, code)) {
      return insert(c, root, at, TextChunk.of(c.epoch(), code));
    }
    // Who owns a chunk owns the nodes above it; see TextPart.
    p = root;
    i = at;
    while (p instanceof TextNode n) {
      assert n.isOwnedBy(c);
      n.length++;
      int middle = n.left.length;
      if (i <= middle) {
        p = n.left;
      } else {
        i -= middle;
        p = n.right;
      }
    }
    return root;
  }

  /**
   * Inserts {@code added}, a tree of at least one code, of which it leaves the chunk if it is one.
   */
  static TextPart insert(Context c, TextPart p, int at, TextPart added) {
    if (p instanceof TextNode n) {
      int count = added.length;
      int middle = n.left.length;
      if (at <= middle) {
        int height = height(n.left);
        TextPart l = insert(c, n.left, at, added);
        return l == n.left && height(l) == height && n.isOwnedBy(c)
            ? resized(n, count)
            : concat(c, n, l, n.right);
      }
      int height = height(n.right);
      TextPart r = insert(c, n.right, at - middle, added);
      return r == n.right && height(r) == height && n.isOwnedBy(c)
          ? resized(n, count)
          : concat(c, n, n.left, r);
    }
    TextChunk chunk = (TextChunk) p;
    if (added instanceof TextChunk codes) {
      return split(c, chunk.insert(c, at, codes));
    }
    TextPart before = at == 0 ? null : chunk.copy(c.epoch(), 0, at);
    TextPart after = at == chunk.length ? null : chunk.copy(c.epoch(), at, chunk.length);
    return concat(c, null, concat(c, null, before, added), after);
  }

  /** Deletes the codes from {@code from} to {@code to}; returns null when none is left. */
  static TextPart delete(Context c, TextPart p, int from, int to) {
    if (from == to) {
      return p;
    }
    if (from == 0 && to == p.length) {
      return null;
    }
    if (!(p instanceof TextNode n)) {
      return ((TextChunk) p).delete(c, from, to);
    }
    int middle = n.left.length;
    if (to <= middle) {
      int height = height(n.left);
      TextPart l = delete(c, n.left, from, to);
      return l == n.left && height(l) == height && !isSmall(l) && n.isOwnedBy(c)
          ? resized(n, from - to)
          : concat(c, n, l, n.right);
    }
    if (from >= middle) {
      int height = height(n.right);
      TextPart r = delete(c, n.right, from - middle, to - middle);
      return r == n.right && height(r) == height && !isSmall(r) && n.isOwnedBy(c)
          ? resized(n, from - to)
          : concat(c, n, n.left, r);
    }
    TextPart r = delete(c, n.right, 0, to - middle);
    return concat(c, n, delete(c, n.left, from, middle), r);
  }

  /** An owned node below which nothing moved, after {@code change} more codes. */
  private static TextNode resized(TextNode n, int change) {
    n.length += change;
    return n;
  }

  private static boolean isSmall(TextPart p) {
    return p instanceof TextChunk && p.length < TextChunk.MIN;
  }

  /** A chunk of the context's own as it is, or as two when it has become too long. */
  private static TextPart split(Context c, TextChunk chunk) {
    int n = chunk.length;
    if (n <= TextChunk.MAX) {
      return chunk;
    }
    int middle = n >>> 1;
    Epoch label = c.epoch();
    return node(c, null, chunk.copy(label, 0, middle), chunk.copy(label, middle, n));
  }

  /**
   * One tree of two, either of which may be null, or a chunk that is too small beside another.
   *
   * @param spare a node that is not needed any more, to use if it is owned, or null
   */
  private static TextPart concat(Context c, TextNode spare, TextPart l, TextPart r) {
    if (l == null || r == null) {
      return l == null ? r : l;
    }
    if (isSmall(l)) {
      return insert(c, r, 0, l);
    }
    if (isSmall(r)) {
      return insert(c, l, l.length, r);
    }
    return join(c, spare, l, r);
  }

  /** One tree of two proper ones, at most one higher than the higher of them. */
  private static TextPart join(Context c, TextNode spare, TextPart l, TextPart r) {
    int difference = height(l) - height(r);
    if (difference > 1) {
      TextNode n = (TextNode) l;
      return balance(c, n, n.left, join(c, spare, n.right, r));
    }
    if (difference < -1) {
      TextNode n = (TextNode) r;
      return balance(c, n, join(c, spare, l, n.left), n.right);
    }
    return node(c, spare, l, r);
  }

  /** A node of two trees whose heights differ by two at most, after a rotation if they do. */
  private static TextNode balance(Context c, TextNode spare, TextPart l, TextPart r) {
    int difference = height(l) - height(r);
    if (difference > 1) {
      TextNode n = (TextNode) l;
      if (height(n.left) >= height(n.right)) {
        return node(c, n, n.left, node(c, spare, n.right, r));
      }
      TextNode inner = (TextNode) n.right;
      TextNode first = node(c, n, n.left, inner.left);
      return node(c, inner, first, node(c, spare, inner.right, r));
    }
    if (difference < -1) {
      TextNode n = (TextNode) r;
      if (height(n.right) >= height(n.left)) {
        TextPart last = n.right;
        return node(c, n, node(c, spare, l, n.left), last);
      }
      TextNode inner = (TextNode) n.left;
      TextNode last = node(c, n, inner.right, n.right);
      return node(c, inner, node(c, spare, l, inner.left), last);
    }
    return node(c, spare, l, r);
  }

  private static TextNode node(Context c, TextNode spare, TextPart l, TextPart r) {
    int height = 1 + Math.max(height(l), height(r));
    if (spare == null || !spare.isOwnedBy(c)) {
      return new TextNode(c.epoch(), l, r, height);
    }
    spare.left = l;
    spare.right = r;
    spare.length = l.length + r.length;
    spare.height = height;
    return spare;
  }

  static int height(TextPart p) {
    return p instanceof TextNode n ? n.height : 0;
  }

  // Reading.

  static int codeAt(TextPart root, int at) {
    TextPart p = root;
    int i = at;
    while (p instanceof TextNode n) {
      int middle = n.left.length;
      if (i < middle) {
        p = n.left;
      } else {
        i -= middle;
        p = n.right;
      }
    }
    return ((TextChunk) p).at(i);
  }

  static void getCodes(TextPart p, int from, int to, int[] dst, int at) {
    if (p instanceof TextNode n) {
      int middle = n.left.length;
      if (from < middle) {
        getCodes(n.left, from, Math.min(to, middle), dst, at);
      }
      if (to > middle) {
        int rest = Math.max(from, middle);
        getCodes(n.right, rest - middle, to - middle, dst, at + rest - from);
      }
    } else {
      ((TextChunk) p).getCodes(from, to, dst, at);
    }
  }

  static void appendTo(StringBuilder result, TextPart p, int from, int to) {
    if (p instanceof TextNode n) {
      int middle = n.left.length;
      if (from < middle) {
        appendTo(result, n.left, from, Math.min(to, middle));
      }
      if (to > middle) {
        appendTo(result, n.right, Math.max(from - middle, 0), to - middle);
      }
    } else {
      ((TextChunk) p).appendTo(result, from, to);
    }
  }

  static int indexOf(TextPart p, int code, int from, int to) {
    if (!(p instanceof TextNode n)) {
      return ((TextChunk) p).indexOf(code, from, to);
    }
    int middle = n.left.length;
    int found = from < middle ? indexOf(n.left, code, from, Math.min(to, middle)) : -1;
    if (found < 0 && to > middle) {
      int i = indexOf(n.right, code, Math.max(from - middle, 0), to - middle);
      found = i < 0 ? -1 : i + middle;
    }
    return found;
  }

  /** The hash of the codes, given that of the codes before. */
  static int hash(TextPart p, int before) {
    return p instanceof TextNode n
        ? hash(n.right, hash(n.left, before))
        : ((TextChunk) p).hash(before);
  }

  /** How many of {@code n} codes of {@code a} and {@code b} are the same before one differs. */
  static int common(TextPart a, int from, TextPart b, int otherFrom, int n) {
    ChunkFinder x = new ChunkFinder(a);
    ChunkFinder y = new ChunkFinder(b);
    int done = 0;
    while (done < n) {
      x.find(from + done);
      y.find(otherFrom + done);
      int i = from + done - x.start();
      int j = otherFrom + done - y.start();
      int run = Math.min(n - done, Math.min(x.chunk().length - i, y.chunk().length - j));
      int same = TextChunk.common(x.chunk(), i, y.chunk(), j, run);
      done += same;
      if (same < run) {
        break;
      }
    }
    return done;
  }
}
