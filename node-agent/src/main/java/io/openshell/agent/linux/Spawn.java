package io.openshell.agent.linux;

import java.util.List;

/**
 * One posix_spawn: prepared on an ordinary thread, run on the sealed one. The child starts with default signals, an empty mask,
 * its own session and no descriptor above 2 but what it is to carry.
 */
public final class Spawn implements AutoCloseable {
    /** The operation that fails when the command is not there or may not be run. */
    public static final String FIND = "find program";

    private static final int MAY_EXECUTE = 1;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    private final Memory memory = new Memory();
    private final long actions = memory.allocate(256);
    private final long attributes = memory.allocate(512);
    private final long pid = memory.allocate(8);
    private final long argv;
    private final long envp;
    private int next = 3;

    public Spawn(List<String> arguments, List<String> environment) {
        argv = memory.vector(arguments);
        envp = memory.vector(environment);
        long all = memory.allocate(128);
        for (int i = 0; i < 8; i++) {
            Memory.putByte(all + i, 0xff);
        }
        Native.C.posix_spawn_file_actions_init(actions);
        Native.C.posix_spawnattr_init(attributes);
        Native.C.posix_spawnattr_setsigmask(attributes, memory.allocate(128));
        Native.C.posix_spawnattr_setsigdefault(attributes, all);
        Native.C.posix_spawnattr_setflags(attributes, (short) (SETSIGDEF | SETSIGMASK | SETSID));
    }

    /** Connects input, output and error output to descriptors of the agent. */
    public Spawn streams(int in, int out, int err) {
        dup(in, 0);
        dup(out, 1);
        dup(err, 2);
        return this;
    }

    /** Connects all three to a path opened in the child; a terminal becomes the controlling one. */
    public Spawn streams(String path) {
        check("open " + path, Native.C.posix_spawn_file_actions_addopen(actions, 0, memory.text(path), Fd.O_RDWR, 0));
        dup(0, 1);
        dup(0, 2);
        return this;
    }

    /** Hands these descriptors on as 3, 4 and so on; each must be numbered above all of those. */
    public Spawn carry(List<Integer> descriptors) {
        for (int fd : descriptors) {
            dup(fd, next++);
        }
        return this;
    }

    /** Leaves only 0, 1, 2 and what is carried, and enters the directory. Comes last. */
    public Spawn finish(String directory) {
        check("close", Native.C.posix_spawn_file_actions_addclosefrom_np(actions, next));
        check("directory", Native.C.posix_spawn_file_actions_addchdir_np(actions, memory.text(directory)));
        return this;
    }

    /**
     * Starts {@code program} and returns its process id.
     *
     * @param wanted places where the command may be; without an executable file at any of them nothing is started
     * @throws KernelException of {@link #FIND} when the command is nowhere, otherwise of the start
     */
    public int run(List<String> wanted, String program) {
        find(wanted);
        int problem = Native.C.posix_spawn(pid, memory.text(program), actions, attributes, argv, envp, 0);
        if (problem != 0) {
            throw new KernelException("start program", problem);
        }
        return Memory.getInt(pid);
    }

    private void find(List<String> wanted) {
        int problem = Errno.ENOENT;
        for (String path : wanted) {
            long r = Native.call(Sys.FACCESSAT, Fd.CWD, memory.text(path), MAY_EXECUTE);
            if (r == 0) {
                return;
            }
            if (r != -Errno.ENOENT && r != -Errno.ENOTDIR) {
                problem = (int) -r;
            }
        }
        throw new KernelException(FIND, problem);
    }

    private void dup(int from, int to) {
        check("dup", Native.C.posix_spawn_file_actions_adddup2(actions, from, to));
    }

    private static void check(String what, int errno) {
        if (errno != 0) {
            throw new KernelException("spawn action " + what, errno);
        }
    }

    @Override
    public void close() {
        Native.C.posix_spawn_file_actions_destroy(actions);
        memory.close();
    }
}
