package io.openshell.cli.local;

import java.util.List;
import java.util.Optional;

/**
 * Ids that the machine's administrator gave to a user to give away in user namespaces.
 *
 * @param first as the machine counts them
 * @param count how many follow each other
 */
record SubIds(long first, long count) {
    /** Fewer are not worth a namespace of another kind. */
    private static final long FEWEST = 16;

    /** The user's first range in the lines of {@code /etc/subuid} or {@code /etc/subgid}; lines may name the user or give the number. */
    static Optional<SubIds> in(List<String> lines, String name, long uid) {
        for (String line : lines) {
            String[] parts = line.trim().split(":");
            boolean his = parts.length == 3 && (parts[0].equals(name) || parts[0].equals(Long.toString(uid)));
            if (his && parts[1].matches("[0-9]{1,10}") && parts[2].matches("[0-9]{1,10}")) {
                SubIds range = new SubIds(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
                if (range.count() >= FEWEST) {
                    return Optional.of(range);
                }
            }
        }
        return Optional.empty();
    }

    /** As {@code unshare} takes a map. */
    String shownFrom(long inside, long most) {
        return first + "," + inside + "," + Math.min(count, most);
    }
}
