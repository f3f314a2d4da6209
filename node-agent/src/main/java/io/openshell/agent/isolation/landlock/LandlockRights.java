package io.openshell.agent.isolation.landlock;

/** File rights by Landlock version. Pure. */
public final class LandlockRights {
    static final long EXECUTE = 1;
    static final long WRITE_FILE = 1 << 1;
    static final long READ_FILE = 1 << 2;
    static final long READ_DIR = 1 << 3;
    static final long MAKE_CHAR = 1 << 6;
    static final long MAKE_BLOCK = 1 << 11;
    static final long REFER = 1 << 13;
    static final long TRUNCATE = 1 << 14;
    static final long IOCTL_DEV = 1 << 15;
    static final long RESOLVE_UNIX = 1 << 16;
    private static final long VERSION_ONE = (1 << 13) - 1;
    private static final long FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV | RESOLVE_UNIX;

    private LandlockRights() {}

    /** Every right that version {@code abi} can refuse. */
    public static long handled(int abi) {
        long rights = abi >= 1 ? VERSION_ONE : 0;
        rights |= abi >= 2 ? REFER : 0;
        rights |= abi >= 3 ? TRUNCATE : 0;
        rights |= abi >= 5 ? IOCTL_DEV : 0;
        rights |= abi >= 9 ? RESOLVE_UNIX : 0;
        return rights;
    }

    /** Scopes (abstract sockets, signals) that version {@code abi} can impose. */
    public static long scopes(int abi) {
        return abi >= 6 ? 3 : 0;
    }

    /** What a rule grants beneath a path; device nodes can never be made. */
    public static long granted(int abi, boolean writable, boolean directory) {
        long rights = writable ? handled(abi) & ~(MAKE_CHAR | MAKE_BLOCK) : EXECUTE | READ_FILE | READ_DIR;
        return (directory ? rights : rights & FOR_FILES) & handled(abi);
    }
}
