package org.elver.heap.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The strongly connected components of a graph, each after those it refers to (Tarjan, "Depth-first
 * search and linear graph algorithms", 1972), without recursion.
 */
final class Components {
  private final int[][] referents;
  private final int[] order;
  private final int[] low;
  private final boolean[] onStack;
  private final IntList stack = new IntList();
  private final List<int[]> components = new ArrayList<>();
  private int visited;

  Components(int[][] referents) {
    this.referents = referents;
    int n = referents.length;
    order = new int[n];
    low = new int[n];
    onStack = new boolean[n];
    for (int i = 0; i < n; i++) {
      if (order[i] == 0) {
        visit(i);
      }
    }
  }

  /** The components, referents first. */
  List<int[]> inOrder() {
    return components;
  }

  private void visit(int root) {
    int[] next = new int[8];
    IntList path = new IntList();
    enter(root, path);
    int depth = 0;
    next[0] = 0;
    while (depth >= 0) {
      int node = path.get(depth);
      if (next[depth] < referents[node].length) {
        int to = referents[node][next[depth]++];
        if (order[to] == 0) {
          enter(to, path);
          depth++;
          if (depth == next.length) {
            next = Arrays.copyOf(next, depth * 2);
          }
          next[depth] = 0;
        } else if (onStack[to]) {
          low[node] = Math.min(low[node], order[to]);
        }
      } else {
        path.removeLast();
        depth--;
        if (depth >= 0) {
          int parent = path.get(depth);
          low[parent] = Math.min(low[parent], low[node]);
        }
        if (low[node] == order[node]) {
          leave(node);
        }
      }
    }
  }

  private void enter(int node, IntList path) {
    order[node] = ++visited;
    low[node] = visited;
    stack.add(node);
    onStack[node] = true;
    path.add(node);
  }

  private void leave(int root) {
    IntList members = new IntList();
    int node;
    do {
      node = stack.removeLast();
      onStack[node] = false;
      members.add(node);
    } while (node != root);
    components.add(members.toArray());
  }
}
