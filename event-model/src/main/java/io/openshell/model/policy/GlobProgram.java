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

    boolean accepts(String text) {
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
