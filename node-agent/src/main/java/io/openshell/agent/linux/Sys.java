package io.openshell.agent.linux;

/** Numbers of the calls the agent itself makes, for this machine. */
public final class Sys {
    private static final SyscallTable T = SyscallTable.ofThisMachine();
    public static final int READ = T.number("read");
    public static final int WRITE = T.number("write");
    public static final int CLOSE = T.number("close");
    public static final int IOCTL = T.number("ioctl");
    public static final int FCNTL = T.number("fcntl");
    public static final int SOCKET = T.number("socket");
    public static final int BIND = T.number("bind");
    public static final int LISTEN = T.number("listen");
    public static final int SENDTO = T.number("sendto");
    public static final int RECVFROM = T.number("recvfrom");
    public static final int SETSOCKOPT = T.number("setsockopt");
    public static final int KILL = T.number("kill");
    public static final int SETGROUPS = T.number("setgroups");
    public static final int SETRESUID = T.number("setresuid");
    public static final int SETRESGID = T.number("setresgid");
    public static final int PRCTL = T.number("prctl");
    public static final int CAPSET = T.number("capset");
    public static final int MOUNT = T.number("mount");
    public static final int UMOUNT2 = T.number("umount2");
    public static final int PIVOT_ROOT = T.number("pivot_root");
    public static final int CHDIR = T.number("chdir");
    public static final int MKDIRAT = T.number("mkdirat");
    public static final int MKNODAT = T.number("mknodat");
    public static final int SYMLINKAT = T.number("symlinkat");
    public static final int UNLINKAT = T.number("unlinkat");
    public static final int OPENAT = T.number("openat");
    public static final int FACCESSAT = T.number("faccessat");
    public static final int FSTAT = T.number("fstat");
    public static final int FCHOWNAT = T.number("fchownat");
    public static final int WAITID = T.number("waitid");
    public static final int UNSHARE = T.number("unshare");
    public static final int SETNS = T.number("setns");
    public static final int SETHOSTNAME = T.number("sethostname");
    public static final int SECCOMP = T.number("seccomp");
    public static final int PIPE2 = T.number("pipe2");
    public static final int PPOLL = T.number("ppoll");
    public static final int PRLIMIT64 = T.number("prlimit64");
    public static final int MOUNT_SETATTR = T.number("mount_setattr");
    public static final int PIDFD_OPEN = T.number("pidfd_open");
    public static final int PIDFD_SEND_SIGNAL = T.number("pidfd_send_signal");
    public static final int LANDLOCK_CREATE_RULESET = T.number("landlock_create_ruleset");
    public static final int LANDLOCK_ADD_RULE = T.number("landlock_add_rule");
    public static final int LANDLOCK_RESTRICT_SELF = T.number("landlock_restrict_self");
    public static final int CLOSE_RANGE = T.number("close_range");
    public static final int PIDFD_GETFD = T.number("pidfd_getfd");
    public static final int MEMFD_CREATE = T.number("memfd_create");
    public static final int PREAD64 = T.number("pread64");
    public static final int MUNMAP = T.number("munmap");
    public static final int UMASK = T.number("umask");
    public static final int LSEEK = T.number("lseek");
    public static final int GETDENTS64 = T.number("getdents64");
    public static final int READLINKAT = T.number("readlinkat");
    public static final int STATX = T.number("statx");
    public static final int EVENTFD2 = T.number("eventfd2");
    public static final int EPOLL_CREATE1 = T.number("epoll_create1");
    public static final int EPOLL_CTL = T.number("epoll_ctl");
    public static final int EPOLL_PWAIT = T.number("epoll_pwait");

    private Sys() {}
}
