package io.openshell.agent.launcher;

import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Spawn;
import io.openshell.agent.linux.Sys;

/** The pipes of a process without a terminal: the child's ends until it is started, the agent's ends until a session owns them. */
final class Streams implements AutoCloseable {
    private static final int EMPTY_PATH = 0x1000;
    private final int[] mine = {-1, -1, -1};
    private final int[] theirs = {-1, -1, -1};

    /** Makes the pipes and connects the spawn to them; the sandbox's user owns them, so that /dev/stdout can be opened. */
    static Streams connect(Spawn spawn, int uid) {
        Streams s = new Streams();
        try {
            for (int i = 0; i < 3; i++) {
                int[] p = Fd.pipe(0);
                s.mine[i] = i == 0 ? p[1] : p[0];
                s.theirs[i] = i == 0 ? p[0] : p[1];
                own(p[0], uid);
                nonBlocking(s.mine[i]);
            }
            spawn.streams(s.theirs[0], s.theirs[1], s.theirs[2]);
            return s;
        } catch (RuntimeException e) {
            s.close();
            throw e;
        }
    }

    /** Hands the agent's ends over. */
    int[] release() {
        int[] r = mine.clone();
        java.util.Arrays.fill(mine, -1);
        return r;
    }

    @Override
    public void close() {
        for (int i = 0; i < 3; i++) {
            Fd.close(mine[i]);
            Fd.close(theirs[i]);
            mine[i] = -1;
            theirs[i] = -1;
        }
    }

    private static void own(int fd, int uid) {
        try (Memory m = new Memory()) {
            Native.check("pipe owner", Sys.FCHOWNAT, fd, m.text(""), uid, uid, EMPTY_PATH);
        }
    }

    private static void nonBlocking(int fd) {
        Native.check("pipe mode", Sys.FCNTL, fd, 4, Fd.O_NONBLOCK);
    }
}
