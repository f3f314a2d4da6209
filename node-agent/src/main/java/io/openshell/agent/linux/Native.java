package io.openshell.agent.linux;

import com.kenai.jffi.LastError;
import jnr.ffi.LibraryLoader;

/** The loaded C library. Every call is made on the calling thread. */
public final class Native {
    static final LibC C;
    private static final LastError ERRNO;

    static {
        // The binding's x86 stubs hand a wrong sixth argument to functions of exactly six; must be off before the first use.
        System.setProperty("jnr.ffi.x86asm.enabled", "false");
        C = LibraryLoader.create(LibC.class).load("c");
        ERRNO = LastError.getInstance();
    }

    private Native() {}

    /** Makes a system call; a negative result is a negated errno. */
    public static long call(int number, long... a) {
        long result = a.length > 4
                ? C.syscall(number, a[0], a[1], a[2], a[3], a[4], arg(a, 5))
                : C.syscall(number, arg(a, 0), arg(a, 1), arg(a, 2), arg(a, 3));
        return result == -1 ? -ERRNO.get() : result;
    }

    /** Makes a system call that must succeed. */
    public static long check(String operation, int number, long... a) {
        long result = call(number, a);
        if (result < 0) {
            throw new KernelException(operation, (int) -result);
        }
        return result;
    }

    /** Whether a six-argument call reaches the kernel unharmed: a shifted last argument makes this mapping fail. */
    public static boolean sixArgumentsArrive() {
        long at = C.mmap(0, 4096, 1, 0x22, -1, 0);
        if (at == -1) {
            return false;
        }
        return call(Sys.MUNMAP, at, 4096) == 0;
    }

    private static long arg(long[] a, int i) {
        return i < a.length ? a[i] : 0;
    }
}
