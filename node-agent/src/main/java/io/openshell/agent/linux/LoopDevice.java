package io.openshell.agent.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A block device that is a file, seen as a disk. The kernel gives it back by itself with the last user: nothing of it outlives its mounts
 * and this handle, also when the process is killed. Needs Linux 5.8.
 *
 * @param number in its name below {@code /dev}
 * @param fd keeps it while there is no mount yet
 */
public record LoopDevice(int number, int fd) implements AutoCloseable {
    /** Where free ones are asked for. */
    public static final String CONTROL = "/dev/loop-control";
    /** Major number of them all. */
    private static final int MAJOR = 7;
    private static final Path BLOCKS = Path.of("/sys/block");
    private static final int GET_FREE = 0x4C82;
    private static final int CONFIGURE = 0x4C0A;
    private static final int GET_STATUS = 0x4C05;
    private static final int CONFIG_BYTES = 304;
    private static final int STATUS_BYTES = 232;
    /** Of the kernel's structure, with the eight bytes before its status in a configuration. */
    private static final int FLAGS_AT = 8 + 52;
    private static final int INODE_AT = 8;
    private static final int AUTOCLEAR = 4;
    /** Past the cache of the file's own file system, where that can: what is cached is cached once, for the one on the disk. */
    private static final int DIRECT = 16;
    /** Somebody else may take the free one first, and its name may come a moment later. */
    private static final int TRIES = 100;
    private static final long PAUSE_MILLIS = 5;

    /**
     * The device of this file: the one it has, since two of them would be two disks with one content, or else a new one.
     *
     * @throws KernelException when there is none to be had
     */
    public static LoopDevice of(Path file) throws IOException {
        Optional<LoopDevice> has = existing(file);
        return has.isPresent() ? has.get() : attached(file);
    }

    /** Its path. */
    public String path() {
        return "/dev/loop" + number;
    }

    /** Whether a file's device number, as the kernel packs it, is one of these. */
    public static boolean is(long device) {
        return (device >> 8 & 0xfff) == MAJOR;
    }

    private static Optional<LoopDevice> existing(Path file) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(BLOCKS, "loop*")) {
            for (Path each : all) {
                int number = Integer.parseInt(each.getFileName().toString().substring("loop".length()));
                if (mayBe(each.resolve("loop/backing_file"), file)) {
                    int fd = (int) Fd.open("/dev/loop" + number, Fd.O_RDWR, 0);
                    if (fd >= 0 && holds(fd, file)) {
                        return Optional.of(new LoopDevice(number, fd));
                    }
                    Fd.close(fd);
                }
            }
            return Optional.empty();
        }
    }

    /** By the end of its name, which is the same from wherever it is looked at. */
    private static boolean mayBe(Path note, Path file) throws IOException {
        try {
            return Path.of(Files.readString(note).trim()).endsWith(file.subpath(file.getNameCount() - 2, file.getNameCount()));
        } catch (NoSuchFileException free) {
            return false;
        }
    }

    /** Asked of the device itself, which is kept from changing by being open. */
    private static boolean holds(int fd, Path file) throws IOException {
        try (Memory m = new Memory()) {
            long status = m.allocate(STATUS_BYTES);
            return Native.call(Sys.IOCTL, fd, GET_STATUS, status) == 0
                    && Memory.getLong(status) == (long) Files.getAttribute(file, "unix:dev")
                    && Memory.getLong(status + INODE_AT) == (long) Files.getAttribute(file, "unix:ino");
        }
    }

    private static LoopDevice attached(Path file) {
        int control = opened(CONTROL);
        int image = -1;
        try (Memory m = new Memory()) {
            image = opened(file.toString());
            long config = m.allocate(CONFIG_BYTES);
            Memory.putInt(config, image);
            Memory.putInt(config + FLAGS_AT, AUTOCLEAR | DIRECT);
            long result = -Errno.EBUSY;
            for (int i = 0; i < TRIES; i++) {
                int number = (int) Native.check("free loop device", Sys.IOCTL, control, GET_FREE);
                int fd = (int) Fd.open("/dev/loop" + number, Fd.O_RDWR, 0);
                result = fd < 0 ? fd : Native.call(Sys.IOCTL, fd, CONFIGURE, config);
                if (result == 0) {
                    return new LoopDevice(number, fd);
                }
                Fd.close(fd);
                if (result != -Errno.EBUSY && result != -Errno.ENOENT && result != -Errno.ENXIO) {
                    break;
                }
                Fd.poll(new int[] {-1}, new int[] {0}, PAUSE_MILLIS);
            }
            throw new KernelException("attach a loop device", (int) -result);
        } finally {
            Fd.close(image);
            Fd.close(control);
        }
    }

    private static int opened(String path) {
        int fd = (int) Fd.open(path, Fd.O_RDWR, 0);
        if (fd < 0) {
            throw new KernelException("open " + path, -fd);
        }
        return fd;
    }

    @Override
    public void close() {
        Fd.close(fd);
    }
}
