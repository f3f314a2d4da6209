package io.openshell.agent.advise;

import io.openshell.proxy.Verdict;
import io.openshell.proxy.VerdictLine;
import io.openshell.proxy.VerdictSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Keeps the lines of the newest refusals on their way to the log. Safe for any thread. */
public final class RecentDenials implements VerdictSink {

    /** Lines kept. */
    public static final int MOST = 100;

    private static final int LONGEST = 4_096;

    private final VerdictSink next;
    private final Deque<String> lines = new ArrayDeque<>();

    /** Hands every verdict on to this. */
    public RecentDenials(VerdictSink next) {
        this.next = next;
    }

    @Override
    public void record(Verdict verdict) {
        next.record(verdict);
        if (!verdict.allowed()) {
            String line = cut(verdict.at() + " OCSF " + VerdictLine.format(verdict));
            synchronized (lines) {
                lines.addFirst(line);
                if (lines.size() > MOST) {
                    lines.removeLast();
                }
            }
        }
    }

    /** The newest lines, newest first. */
    public List<String> newest(int most) {
        synchronized (lines) {
            List<String> newest = new ArrayList<>();
            for (Iterator<String> each = lines.iterator(); each.hasNext() && newest.size() < most; ) {
                newest.add(each.next());
            }
            return newest;
        }
    }

    private static String cut(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(bytes.length, LONGEST);
        while (end < bytes.length && (bytes[end] & 0xc0) == 0x80) {
            end--; // not within a character
        }
        return bytes.length <= LONGEST ? line : new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
