package io.openshell.agent.isolation.seccomp;

import java.util.LinkedHashMap;
import java.util.Map;

/** The calls ordinary programs need, by the reason they are harmless. Calls with conditions are refused first where those hold. */
final class AllowedCalls {
    /** Names separated by white space, by reason. */
    static final Map<String, String> BY_REASON = new LinkedHashMap<>();

    static {
        BY_REASON.put("files: the mounts and Landlock decide which", """
                read write open openat openat2 close close_range creat lseek pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2
                stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 getdents getdents64 readlink readlinkat
                truncate ftruncate fallocate fadvise64 readahead fsync fdatasync sync syncfs sync_file_range cachestat
                rename renameat renameat2 mkdir mkdirat rmdir link linkat unlink unlinkat symlink symlinkat mknod mknodat
                chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat umask utime utimes futimesat utimensat
                setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr removexattr lremovexattr fremovexattr
                setxattrat getxattrat listxattrat removexattrat getcwd chdir fchdir fcntl flock ioctl
                copy_file_range sendfile splice tee vmsplice inotify_init inotify_init1 inotify_add_watch inotify_rm_watch""".strip());
        BY_REASON.put("descriptors and waiting: own ones only", """
                dup dup2 dup3 pipe pipe2 eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime
                poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
                io_setup io_destroy io_submit io_getevents io_pgetevents io_cancel""".strip());
        BY_REASON.put("own memory", """
                mmap mprotect munmap brk mremap msync mincore madvise mlock mlock2 munlock mlockall munlockall remap_file_pages
                memfd_create memfd_secret membarrier pkey_mprotect pkey_alloc pkey_free map_shadow_stack mseal""".strip());
        BY_REASON.put("processes and threads: the pid namespace bounds whom they reach", """
                fork vfork clone unshare execve execveat exit exit_group wait4 waitid kill tkill tgkill pidfd_open pidfd_send_signal
                rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo rt_sigsuspend
                sigaltstack pause restart_syscall set_tid_address set_robust_list get_robust_list rseq prctl arch_prctl personality
                futex futex_waitv futex_wake futex_wait futex_requeue""".strip());
        BY_REASON.put("who and what the process is: changes need privileges it has not", """
                getpid getppid gettid getpgid setpgid getpgrp getsid setsid getuid geteuid getgid getegid getresuid getresgid getgroups
                setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capget capset uname sysinfo getrandom
                getrlimit setrlimit prlimit64 getrusage times getpriority setpriority ioprio_get ioprio_set getcpu""".strip());
        BY_REASON.put("its share of the processor", """
                sched_yield sched_setaffinity sched_getaffinity sched_setparam sched_getparam sched_setscheduler sched_getscheduler
                sched_setattr sched_getattr sched_get_priority_max sched_get_priority_min sched_rr_get_interval""".strip());
        BY_REASON.put("reading clocks, own timers", """
                gettimeofday time clock_gettime clock_getres clock_nanosleep nanosleep getitimer setitimer alarm
                timer_create timer_settime timer_gettime timer_getoverrun timer_delete""".strip());
        BY_REASON.put("sockets: the network namespace has only loopback and the proxy", """
                socket socketpair connect accept accept4 bind listen getsockname getpeername setsockopt getsockopt shutdown
                sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg""".strip());
        BY_REASON.put("System V and POSIX messages: the ipc namespace is the sandbox's own", """
                shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl
                mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr""".strip());
        BY_REASON.put("restricting itself further", "seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self");
    }

    private AllowedCalls() {}
}
