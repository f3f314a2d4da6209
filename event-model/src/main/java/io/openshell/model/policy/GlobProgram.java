package io.openshell.model.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A small nondeterministic automaton: all states it can be in are advanced together, so no input makes it backtrack. */
final class GlobProgram {
    /** A set of characters a step may consume. */
    interface CharSet {
        boolean has(char c);
    }

    private final List<List<Integer>> free = new ArrayList<>();
    private final List<CharSet> consumed = new ArrayList<>();
    private int last;
    /** The states each state leads to without consuming, itself included, as bits; empty when there are too many. */
    private long[] reach = {};

    GlobProgram() {
        last = state();
    }

    /** The state the program built so far ends in. */
    int end() {
        return last;
    }

    /** Continues building from another state. */
    void continueFrom(int state) {
        last = state;
    }

    /** A new state without any step. */
    int state() {
        free.add(new ArrayList<>());
        consumed.add(c -> false);
        return free.size() - 1;
    }

    /** One character of a set. */
    void one(CharSet set) {
        int from = state();
        free(last, from);
        consumed.set(from, set);
        // By construction the step of a state leads to the next higher state.
        last = state();
    }

    /** Any number of characters of a set. */
    void many(CharSet set) {
        int entry = state();
        free(last, entry);
        last = entry;
        one(set);
        free(last, entry);
        int exit = state();
        free(entry, exit);
        last = exit;
    }

    /** A step that consumes nothing. */
    void free(int from, int to) {
        free.get(from).add(to);
    }

    /** Ends building; small programs are prepared for matching without allocation. */
    GlobProgram finished() {
        if (free.size() <= Long.SIZE) {
            reach = new long[free.size()];
            for (int state = 0; state < reach.length; state++) {
                BitSet into = new BitSet();
                enter(state, into);
                long[] words = into.toLongArray();
                reach[state] = words.length == 0 ? 0 : words[0];
            }
        }
        return this;
    }

    boolean accepts(String text) {
        return reach.length > 0 ? acceptsSmall(text) : acceptsAny(text);
    }

    private boolean acceptsSmall(String text) {
        long now = reach[0];
        for (int i = 0; i < text.length() && now != 0; i++) {
            char c = text.charAt(i);
            long next = 0;
            for (long rest = now; rest != 0; rest &= rest - 1) {
                int state = Long.numberOfTrailingZeros(rest);
                if (consumed.get(state).has(c)) {
                    next |= reach[state + 1];
                }
            }
            now = next;
        }
        return (now >>> last & 1) != 0;
    }

    private boolean acceptsAny(String text) {
        BitSet now = new BitSet();
        enter(0, now);
        for (int i = 0; i < text.length() && !now.isEmpty(); i++) {
            BitSet next = new BitSet();
            char c = text.charAt(i);
            for (int s = now.nextSetBit(0); s >= 0; s = now.nextSetBit(s + 1)) {
                if (consumed.get(s).has(c)) {
                    enter(s + 1, next);
                }
            }
            now = next;
        }
        return now.get(last);
    }

    private void enter(int state, BitSet into) {
        List<Integer> open = new ArrayList<>();
        open.add(state);
        while (!open.isEmpty()) {
            int current = open.removeLast();
            if (!into.get(current)) {
                into.set(current);
                open.addAll(free.get(current));
            }
        }
    }
}
