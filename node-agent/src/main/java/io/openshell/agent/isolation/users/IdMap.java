package io.openshell.agent.isolation.users;

import java.util.ArrayList;
import java.util.List;

/** The ids a user namespace knows, as the kernel's map files tell them. Pure. */
record IdMap(List<Extent> extents) {
    private static final long ALL = 4_294_967_295L;

    IdMap {
        extents = List.copyOf(extents);
    }

    /** {@code count} ids from {@code inside} on, which are those from {@code outside} on one level up. */
    record Extent(long inside, long outside, long count) {
        private long end() {
            return inside + count;
        }
    }

    /** From the lines of a map file; what is no line of one is left out. */
    static IdMap of(List<String> lines) {
        List<Extent> extents = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.trim().split("\\s+");
            if (words.length == 3 && line.matches("[0-9 \\t]+")) {
                extents.add(new Extent(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])));
            }
        }
        return new IdMap(extents);
    }

    /** Every id is what it is outside: the machine's own namespace. */
    boolean whole() {
        return extents.stream().anyMatch(e -> e.inside() == 0 && e.outside() == 0 && e.count() == ALL);
    }

    boolean knows(long id) {
        return extents.stream().anyMatch(e -> id >= e.inside() && id < e.end());
    }

    /** What both know, in pieces. */
    List<Extent> sharedWith(IdMap other) {
        List<Extent> pieces = new ArrayList<>();
        for (Extent a : extents) {
            for (Extent b : other.extents()) {
                long from = Math.max(a.inside(), b.inside());
                long end = Math.min(a.end(), b.end());
                if (end > from) {
                    pieces.add(new Extent(from, a.outside() + from - a.inside(), end - from));
                }
            }
        }
        return pieces;
    }
}
