package org.elver.kernel.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What channels do when calls come one after the other, written as plainly as can be; and a search
 * for an order of the calls of several threads in which they would have had the outcomes that they
 * had.
 */
final class ChannelModel {
  /** What a call does. */
  enum Kind {
    SEND,
    RECEIVE,
    TRY_SEND,
    TRY_RECEIVE,
    SELECT,
    TRY_SELECT,
    CLOSE,
    POISON,
    LENGTH,
    CANCEL
  }

  /** An alternative of a selection: {@code value} null: receive. */
  record Clause(int channel, String value) {}

  /** A call, and what came of it. */
  static final class Call {
    final int id;
    final Kind kind;
    final int channel;
    final String value;
    final List<Clause> clauses;
    final int target;

    /** When it began and when it had returned: all such times differ. */
    long begun;

    long returned;

    /** Whether it registered its fiber. */
    boolean waited;

    /** What it returned, or what the fiber was woken with; "waiting": nothing has woken it. */
    String outcome;

    Call(int id, Kind kind, int channel, String value, List<Clause> clauses, int target) {
      this.id = id;
      this.kind = kind;
      this.channel = channel;
      this.value = value;
      this.clauses = clauses;
      this.target = target;
    }

    boolean isTry() {
      return kind == Kind.TRY_SEND || kind == Kind.TRY_RECEIVE || kind == Kind.TRY_SELECT;
    }

    /** What it would do, as a selection. */
    List<Clause> alternatives() {
      return switch (kind) {
        case SEND, TRY_SEND -> List.of(new Clause(channel, value));
        case RECEIVE, TRY_RECEIVE -> List.of(new Clause(channel, null));
        default -> clauses;
      };
    }

    /** The outcome when alternative {@code i} gave {@code v}. */
    String named(int i, String v) {
      return kind == Kind.SELECT || kind == Kind.TRY_SELECT ? i + ":" + v : v;
    }

    @Override
    public String toString() {
      return "%d..%d #%d %s %d %s %s %d => %s%s"
          .formatted(
              begun,
              returned,
              id,
              kind,
              channel,
              value,
              clauses,
              target,
              outcome,
              waited ? " (waited)" : "");
    }
  }

  /** A place in a queue: alternative {@code clause} of {@code call}. */
  private record Place(Call call, int clause) {}

  private static final class State {
    final int[] capacity;
    final List<Deque<String>> buffers = new ArrayList<>();
    final List<Deque<Place>> receivers = new ArrayList<>();
    final List<Deque<Place>> senders = new ArrayList<>();
    final String[] end;

    /** By call: whether it waits. */
    final boolean[] waiting;

    State(int[] capacity, int calls) {
      this.capacity = capacity;
      for (int i = 0; i < capacity.length; i++) {
        buffers.add(new ArrayDeque<>());
        receivers.add(new ArrayDeque<>());
        senders.add(new ArrayDeque<>());
      }
      end = new String[capacity.length];
      waiting = new boolean[calls];
    }

    State(State s) {
      capacity = s.capacity;
      for (int i = 0; i < capacity.length; i++) {
        buffers.add(new ArrayDeque<>(s.buffers.get(i)));
        receivers.add(new ArrayDeque<>(s.receivers.get(i)));
        senders.add(new ArrayDeque<>(s.senders.get(i)));
      }
      end = s.end.clone();
      waiting = s.waiting.clone();
    }
  }

  /** A call had another outcome than this order would give it. */
  private static final class Contradiction extends Exception {
    private static final long serialVersionUID = 1;

    Contradiction() {
      super(null, null, false, false);
    }
  }

  private final int[] capacity;
  private final Call[] calls;

  ChannelModel(int[] capacity, Call[] calls) {
    this.capacity = capacity;
    this.calls = calls;
  }

  /** Whether the outcomes can be explained by some order of the calls. */
  boolean explains() {
    return search(new State(capacity, calls.length), new boolean[calls.length], calls.length);
  }

  private boolean search(State s, boolean[] done, int left) {
    if (left == 0) {
      for (Call c : calls) {
        if (s.waiting[c.id] != c.outcome.equals("waiting")) {
          return false;
        }
      }
      return true;
    }
    long first = Long.MAX_VALUE; // Nothing can come before what returned before it began.
    for (Call c : calls) {
      if (!done[c.id]) {
        first = Math.min(first, c.returned);
      }
    }
    for (Call c : calls) {
      if (!done[c.id] && c.begun < first) {
        done[c.id] = true;
        int choices = Math.max(1, c.alternatives().size());
        for (int k = 0; k < choices; k++) {
          State next = new State(s);
          try {
            if (step(next, c, k) && search(next, done, left - 1)) {
              return true;
            }
          } catch (Contradiction e) {
            // Another order.
          }
        }
        done[c.id] = false;
      }
    }
    return false;
  }

  /**
   * Does {@code c}.
   *
   * @param choice the alternative to be done if several can be
   * @return false when that one cannot be done and another can: no choice
   */
  private boolean step(State s, Call c, int choice) throws Contradiction {
    switch (c.kind) {
      case CLOSE -> returns(c, finish(s, c.channel, "closed") ? "t" : "nil");
      case POISON -> returns(c, finish(s, c.channel, "poisoned") ? "t" : "nil");
      case LENGTH -> returns(c, String.valueOf(s.buffers.get(c.channel).size()));
      case CANCEL -> {
        if (s.waiting[c.target]) {
          returns(c, "t");
          wake(s, calls[c.target], "cancelled");
        } else {
          returns(c, "nil");
        }
      }
      default -> {
        List<Clause> all = c.alternatives();
        String v = perform(s, all.get(choice));
        if (v != null) {
          returns(c, c.named(choice, v));
          return true;
        }
        if (choice > 0) {
          return false; // The first choice tries them all.
        }
        for (Clause other : all) {
          if (perform(new State(s), other) != null) {
            return false;
          }
        }
        if (c.isTry()) {
          returns(c, "nothing");
          return true;
        }
        if (!c.waited) {
          throw new Contradiction();
        }
        s.waiting[c.id] = true;
        for (int i = 0; i < all.size(); i++) {
          Clause a = all.get(i);
          (a.value == null ? s.receivers : s.senders).get(a.channel).add(new Place(c, i));
        }
      }
    }
    return true;
  }

  private static void returns(Call c, String v) throws Contradiction {
    if (c.waited || !v.equals(c.outcome)) {
      throw new Contradiction();
    }
  }

  private static void wake(State s, Call c, String v) throws Contradiction {
    if (!v.equals(c.outcome)) {
      throw new Contradiction();
    }
    s.waiting[c.id] = false;
  }

  /** The first in a queue that still waits; null: nobody. */
  private static Place poll(State s, Deque<Place> queue) {
    Place p = queue.poll();
    while (p != null && !s.waiting[p.call.id]) {
      p = queue.poll();
    }
    return p;
  }

  /** What a clause gives now; null: it would have to wait. */
  private static String perform(State s, Clause c) throws Contradiction {
    Deque<String> buffer = s.buffers.get(c.channel);
    if (c.value == null) {
      Place p;
      if (!buffer.isEmpty()) {
        String v = buffer.poll();
        p = poll(s, s.senders.get(c.channel));
        if (p != null) {
          buffer.add(p.call.alternatives().get(p.clause).value);
          wake(s, p.call, p.call.named(p.clause, "sent"));
        }
        return v;
      }
      p = poll(s, s.senders.get(c.channel));
      if (p != null) {
        wake(s, p.call, p.call.named(p.clause, "sent"));
        return p.call.alternatives().get(p.clause).value;
      }
      return s.end[c.channel];
    }
    if (s.end[c.channel] != null) {
      return s.end[c.channel];
    }
    Place p = poll(s, s.receivers.get(c.channel));
    if (p != null) {
      wake(s, p.call, p.call.named(p.clause, c.value));
      return "sent";
    }
    if (buffer.size() < s.capacity[c.channel]) {
      buffer.add(c.value);
      return "sent";
    }
    return null;
  }

  private static boolean finish(State s, int channel, String how) throws Contradiction {
    if ("poisoned".equals(s.end[channel]) || how.equals(s.end[channel])) {
      return false;
    }
    s.end[channel] = how;
    for (List<Deque<Place>> queues : List.of(s.receivers, s.senders)) {
      for (Place p = poll(s, queues.get(channel)); p != null; p = poll(s, queues.get(channel))) {
        wake(s, p.call, p.call.named(p.clause, how));
      }
    }
    return true;
  }
}
