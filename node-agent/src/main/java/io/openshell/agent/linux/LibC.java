package io.openshell.agent.linux;

import jnr.ffi.annotations.IgnoreError;

/** The C library functions in use. Pointers are plain longs; public because the binding generates an implementation. */
public interface LibC {
    /** Raw system call: -1 with the thread's errno on failure. Seven parameters, which keeps clear of the six-argument stub. */
    long syscall(long number, long a, long b, long c, long d, long e, long f);

    /** The same for calls with few arguments: the binding passes up to six in half the time. */
    long syscall(long number, long a, long b, long c, long d);

    /** Exactly six arguments: only for the start-up self-test. */
    long mmap(long address, long length, int protection, int flags, int fd, long offset);

    /** The last parameter is ignored by the function; see {@link #syscall}. */
    @IgnoreError
    int posix_spawn(long pid, long path, long actions, long attributes, long argv, long envp, long unused);

    @IgnoreError
    int posix_spawn_file_actions_init(long actions);

    @IgnoreError
    int posix_spawn_file_actions_destroy(long actions);

    @IgnoreError
    int posix_spawn_file_actions_adddup2(long actions, int from, int to);

    @IgnoreError
    int posix_spawn_file_actions_addopen(long actions, int fd, long path, int flags, int mode);

    @IgnoreError
    int posix_spawn_file_actions_addclosefrom_np(long actions, int from);

    @IgnoreError
    int posix_spawn_file_actions_addchdir_np(long actions, long path);

    @IgnoreError
    int posix_spawnattr_init(long attributes);

    @IgnoreError
    int posix_spawnattr_setflags(long attributes, short flags);

    @IgnoreError
    int posix_spawnattr_setsigmask(long attributes, long set);

    @IgnoreError
    int posix_spawnattr_setsigdefault(long attributes, long set);
}
