package io.openshell.agent.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** System call numbers of one processor architecture, by name; only the calls the agent makes or refuses. Immutable. */
public final class SyscallTable {
    // name, x86-64, arm64; - where the architecture has none
    private static final String NUMBERS = """
            read 0 63
            write 1 64
            close 3 57
            fstat 5 80
            munmap 11 215
            ioctl 16 29
            pread64 17 67
            socket 41 198
            sendto 44 206
            recvfrom 45 207
            bind 49 200
            listen 50 201
            setsockopt 54 208
            clone 56 220
            execve 59 221
            kill 62 129
            fcntl 72 25
            chdir 80 49
            umask 95 166
            ptrace 101 117
            syslog 103 116
            setgroups 116 159
            setresuid 117 147
            setresgid 119 149
            capset 126 91
            mknod 133 -
            uselib 134 -
            personality 135 92
            vhangup 153 58
            modify_ldt 154 -
            pivot_root 155 41
            prctl 157 167
            adjtimex 159 171
            chroot 161 51
            acct 163 89
            settimeofday 164 170
            mount 165 40
            umount2 166 39
            swapon 167 224
            swapoff 168 225
            reboot 169 142
            sethostname 170 161
            setdomainname 171 162
            iopl 172 -
            ioperm 173 -
            init_module 175 105
            delete_module 176 106
            quotactl 179 60
            lookup_dcookie 212 18
            clock_settime 227 112
            kexec_load 246 104
            waitid 247 95
            add_key 248 217
            request_key 249 218
            keyctl 250 219
            migrate_pages 256 238
            openat 257 56
            mkdirat 258 34
            mknodat 259 33
            fchownat 260 54
            unlinkat 263 35
            symlinkat 266 36
            faccessat 269 48
            ppoll 271 73
            unshare 272 97
            move_pages 279 239
            pipe2 293 59
            perf_event_open 298 241
            fanotify_init 300 262
            prlimit64 302 261
            name_to_handle_at 303 264
            open_by_handle_at 304 265
            clock_adjtime 305 266
            setns 308 268
            process_vm_readv 310 270
            process_vm_writev 311 271
            kcmp 312 272
            memfd_create 319 279
            finit_module 313 273
            seccomp 317 277
            kexec_file_load 320 294
            bpf 321 280
            userfaultfd 323 282
            pidfd_send_signal 424 424
            io_uring_setup 425 425
            io_uring_enter 426 426
            io_uring_register 427 427
            open_tree 428 428
            move_mount 429 429
            fsopen 430 430
            fsconfig 431 431
            fsmount 432 432
            fspick 433 433
            pidfd_open 434 434
            clone3 435 435
            pidfd_getfd 438 438
            process_madvise 440 440
            mount_setattr 442 442
            quotactl_fd 443 443
            landlock_create_ruleset 444 444
            landlock_add_rule 445 445
            landlock_restrict_self 446 446
            statmount 457 457
            listmount 458 458
            open_tree_attr 467 467
            """;

    /** 64-bit x86. */
    public static final SyscallTable X86_64 = new SyscallTable(1, 0xC000003EL, true);
    /** 64-bit Arm. */
    public static final SyscallTable ARM64 = new SyscallTable(2, 0xC00000B7L, false);

    private final Map<String, Integer> numbers = new HashMap<>();
    private final long auditArch;
    private final boolean hasX32;

    private SyscallTable(int column, long auditArch, boolean hasX32) {
        this.auditArch = auditArch;
        this.hasX32 = hasX32;
        NUMBERS.lines().map(line -> line.split(" ")).filter(f -> !f[column].equals("-"))
                .forEach(f -> numbers.put(f[0], Integer.parseInt(f[column])));
    }

    /** The table of the running machine. */
    public static SyscallTable ofThisMachine() {
        return System.getProperty("os.arch").equals("aarch64") ? ARM64 : X86_64;
    }

    /** The number of a call that exists here. */
    public int number(String name) {
        Integer n = numbers.get(name);
        if (n == null) {
            throw new IllegalArgumentException("no system call " + name + " on this architecture");
        }
        return n;
    }

    /** The number, or empty where the architecture has no such call. */
    public OptionalInt find(String name) {
        Integer n = numbers.get(name);
        return n == null ? OptionalInt.empty() : OptionalInt.of(n);
    }

    /** The value seccomp shows for this architecture. */
    public long auditArch() {
        return auditArch;
    }

    /** Whether a second numbering with 32-bit pointers shares the architecture value. */
    public boolean hasX32() {
        return hasX32;
    }
}
