package io.openshell.agent.isolation.users;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the agent is to the kernel, and whom it can make its sandboxes be. Does not change while a process lives.
 *
 * @param kind what it is
 * @param ownUid the agent's own user id, as it sees it
 * @param firstUid first of the user ids it can give away beside its own; every one of them is a group id as well
 * @param count how many those are; 0 when sandboxes have to have the agent's own
 * @param groupsStay whether the groups of the agent's user cannot be taken from a sandbox
 */
public record Standing(Kind kind, int ownUid, int firstUid, int count, boolean groupsStay) {
    /** Ids below belong to a system's own accounts in most file trees. */
    private static final long LOWEST = 1_000;
    private static final long SYS_ADMIN = 1L << 21;

    /** What a process may be. */
    public enum Kind {
        /** User 0 of the machine. */
        ROOT,
        /** In a user namespace in which it may do what root may do of the machine. */
        USER_NAMESPACE,
        /** Neither: it can seal nothing. */
        ORDINARY
    }

    /** This process. Its first call reads files; sealed threads come after it. */
    public static Standing here() {
        return Here.STANDING;
    }

    private static final class Here {
        private static final Standing STANDING = look();

        private static Standing look() {
            try {
                Map<String, String> status = new LinkedHashMap<>();
                for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                    int colon = line.indexOf(':');
                    status.put(line.substring(0, colon), line.substring(colon + 1).trim());
                }
                Path denied = Path.of("/proc/self/setgroups");
                return of(status, Files.readAllLines(Path.of("/proc/self/uid_map")), Files.readAllLines(Path.of("/proc/self/gid_map")),
                        Files.exists(denied) ? Files.readString(denied).trim() : "allow");
            } catch (IOException e) {
                throw new UncheckedIOException("this process cannot look at itself in /proc", e);
            }
        }
    }

    /** Judges what the kernel says of a process. Pure. */
    static Standing of(Map<String, String> status, List<String> uidMap, List<String> gidMap, String setgroups) {
        int uid = Integer.parseInt(status.getOrDefault("Uid", "0").split("\\s+")[0]);
        boolean may = (Long.parseUnsignedLong(status.getOrDefault("CapEff", "0"), 16) & SYS_ADMIN) != 0;
        IdMap uids = IdMap.of(uidMap);
        if (uids.whole()) {
            return new Standing(uid == 0 ? Kind.ROOT : Kind.ORDINARY, uid, 0, 0, false);
        }
        IdMap gids = IdMap.of(gidMap);
        IdMap.Extent range = uids.sharedWith(gids).stream().map(e -> without(e, uid))
                .max(Comparator.comparingLong(IdMap.Extent::count)).orElse(new IdMap.Extent(uid, uid, 0));
        boolean groupsStay = setgroups.equals("deny");
        boolean none = range.count() == 0 || groupsStay;
        boolean ownFits = uid != 0 && gids.knows(uid);
        return new Standing(may && (!none || ownFits) ? Kind.USER_NAMESPACE : Kind.ORDINARY, uid,
                none ? uid : (int) range.inside(), none ? 0 : (int) Math.min(range.count(), Integer.MAX_VALUE), groupsStay);
    }

    /** What of a piece can be given away: not the agent's own id, and not those of a system's accounts. */
    private static IdMap.Extent without(IdMap.Extent e, int uid) {
        long from = Math.max(e.inside(), LOWEST);
        long end = e.inside() + e.count();
        if (uid >= from && uid < end) {
            if (uid - from > end - uid - 1) {
                end = uid;
            } else {
                from = uid + 1L;
            }
        }
        return new IdMap.Extent(from, e.outside(), Math.max(0, end - from));
    }

    /** Whether the ids come from a namespace of an ordinary user's. */
    public boolean inUserNamespace() {
        return kind == Kind.USER_NAMESPACE;
    }

    /** Whether a sandbox that was given this id once can still be that user. */
    public boolean gives(int uid) {
        return !inUserNamespace() || (sharesOwnId() ? uid == ownUid : uid >= firstUid && uid - firstUid < count);
    }

    /** Whether all sandboxes have to be the agent's own user. */
    public boolean sharesOwnId() {
        return inUserNamespace() && count == 0;
    }
}
