package io.openshell.agent.linux;

/** Mounts in the calling thread's view of the files. */
public final class Mounts {
    public static final long NOSUID = 2;
    public static final long NODEV = 4;
    public static final long NOEXEC = 8;
    public static final long BIND = 4096;
    public static final long REC = 16384;
    public static final long PRIVATE = 1 << 18;
    private static final int DETACH = 2;
    private static final int NOFOLLOW = 8;

    private Mounts() {}

    /** Mounts; an empty type or empty options are left out. */
    public static void mount(String source, String target, String type, long flags, String options) {
        try (Memory m = new Memory()) {
            long data = options.isEmpty() ? 0 : m.text(options);
            long fs = type.isEmpty() ? 0 : m.text(type);
            Native.check("mount " + target, Sys.MOUNT, m.text(source), m.text(target), fs, flags, data);
        }
    }

    /** Takes a mount out of the view; who still uses it keeps it until he is done. */
    public static void detach(String target) {
        try (Memory m = new Memory()) {
            Native.check("unmount " + target, Sys.UMOUNT2, m.text(target), DETACH | NOFOLLOW);
        }
    }
}
