package io.openshell.agent.workspace;

import io.openshell.agent.host.HostProgram;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.LoopDevice;
import io.openshell.agent.linux.Mounts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A sandbox's workspace: a folder of the host. When it has a size, a file beside it is the image of a file system of that size, which is
 * mounted on the folder while the sandbox runs. So whoever looks at the folder, from the host or as a sandbox, sees the same. One thread
 * at a time.
 */
public final class Workspace {
    /** Where a sandbox sees it. */
    private static final String INSIDE = "sandbox";
    private static final String IMAGE = "workspace.image";
    private static final String MAKER = "mkfs.ext4";
    private static final String LOST_AND_FOUND = "lost+found";
    private static final long MAKING_SECONDS = 60;
    private static final long WRITING_SECONDS = 2;
    private static final long BUSY_SECONDS = 20;
    private static final long BUSY_PAUSE_NANOS = 5_000_000;
    private static final int PERMISSIONS = 07777;
    private final Path folder;
    private final Path image;

    /** In a sandbox's directory. */
    public Workspace(Path home) {
        this.folder = home.resolve("workspace");
        this.image = home.resolve(IMAGE);
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** Why no workspace can have a size here, and what would change that; empty when it can. */
    public static Optional<String> obstacle() {
        if (Standing.here().kind() != Standing.Kind.ROOT) {
            return Optional.of("loop devices need a gateway that runs as root");
        }
        if (HostProgram.find(MAKER).isEmpty()) {
            return Optional.of("the program " + MAKER + " is missing (e2fsprogs)");
        }
        return Files.isWritable(Path.of(LoopDevice.CONTROL)) ? Optional.empty()
                : Optional.of("there is no " + LoopDevice.CONTROL + " (the kernel's module loop, or a container without devices)");
    }

    /**
     * Has the folder, which exists, be of this size from now on; one that got a size once keeps it.
     *
     * @param bytes that can be written into it; 0 for as much as the host's file system has
     * @return why it has none although one was asked for
     * @throws IOException when it has an image, and so all its files, that cannot be mounted
     */
    public Optional<String> sized(long bytes) throws IOException {
        resume();
        Optional<String> gap = gap(bytes);
        if (bytes <= 0 || gap.isEmpty()) {
            return Optional.empty();
        }
        if (!empty()) {
            return Optional.of("it has files from before it could have a size");
        }
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            return obstacle;
        }
        try {
            make(bytes);
            mount();
            return Optional.empty();
        } catch (IOException | KernelException e) {
            discard();
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Why it has no size although one is wanted, as it is now. */
    Optional<String> gap(long bytes) {
        return bytes <= 0 || Files.exists(image) ? Optional.empty() : Optional.of(obstacle().orElse("it was made without one"));
    }

    /**
     * Mounts its image where that is missing, for example after a start of the machine, or in another view of the files than the agent had
     * that mounted it.
     *
     * @throws IOException when it has one that cannot be mounted
     */
    public void resume() throws IOException {
        if (Files.exists(image) && !mounted()) {
            try {
                mount();
            } catch (KernelException e) {
                throw new IOException("its workspace, " + image + ", cannot be mounted: " + e.getMessage(), e);
            }
        }
    }

    /**
     * Takes the mount away and keeps the image. The folder is empty then. The kernel writes out what was not written yet, for which this
     * waits {@value #WRITING_SECONDS} s at most: a start meanwhile finds the device that is still being written.
     */
    public void leave() throws IOException {
        if (!Files.isDirectory(folder) || !mounted()) {
            return;
        }
        FutureTask<Void> detaching = new FutureTask<>(() -> Mounts.detach(folder.toString()), null);
        Thread.ofPlatform().daemon().name("workspace-unmount").start(detaching);
        try {
            detaching.get(WRITING_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException stillWriting) {
            return; // it is out of sight since the beginning of the call
        } catch (ExecutionException e) {
            throw new IOException("its workspace cannot be unmounted: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has it be a folder without a size again; for a workspace in which there is nothing. */
    public void discard() throws IOException {
        leave();
        Files.deleteIfExists(image);
    }

    /** Whether nothing is in it. */
    public boolean empty() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            return !all.iterator().hasNext();
        }
    }

    /** Whether the sandbox with this first process sees the mounted image as its workspace. */
    public boolean seenBy(int initPid) throws IOException {
        long own = device(folder);
        return LoopDevice.is(own) && own == device(Path.of("/proc", Integer.toString(initPid), "root", INSIDE));
    }

    private boolean mounted() throws IOException {
        return device(folder) != device(folder.getParent());
    }

    private static long device(Path path) throws IOException {
        return (long) Files.getAttribute(path, "unix:dev");
    }

    /** Under another name until it is whole. */
    private void make(long bytes) throws IOException {
        ImageSize size = ImageSize.of(bytes);
        Path fresh = image.resolveSibling(IMAGE + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (RandomAccessFile file = new RandomAccessFile(fresh.toFile(), "rw")) {
                file.setLength(size.bytes());
            }
            List<String> command = new ArrayList<>(List.of(HostProgram.find(MAKER).orElseThrow().toString(), "-q", "-F"));
            command.addAll(size.options());
            command.add(fresh.toString());
            HostProgram.run(command, MAKING_SECONDS);
            Files.move(fresh, image, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Empty parts of the image need not be written as zeros, and what is deleted goes back to the host. */
    private void mount() throws IOException {
        try (LoopDevice device = LoopDevice.of(image.toRealPath())) {
            Map<String, Object> look = Files.readAttributes(folder, "unix:mode,uid,gid");
            mountOnceFree(device);
            furnish(look);
        }
    }

    /** What the kernel still writes out of a mount before cannot be mounted at that moment. */
    private void mountOnceFree(LoopDevice device) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BUSY_SECONDS);
        while (true) {
            try {
                Mounts.mount(device.path(), folder.toString(), "ext4", Mounts.NOSUID | Mounts.NODEV, "noinit_itable,discard");
                return;
            } catch (KernelException e) {
                if (e.errno() != Errno.EBUSY || System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(BUSY_PAUSE_NANOS);
            }
        }
    }

    /** A new one looks like the folder it is on; what shows that it is new goes last, so that whatever interrupts this, it is done. */
    private void furnish(Map<String, Object> look) throws IOException {
        Path ofMaker = folder.resolve(LOST_AND_FOUND);
        if (Files.isDirectory(ofMaker, LinkOption.NOFOLLOW_LINKS) && Files.getAttribute(ofMaker, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0)) {
            Files.setAttribute(folder, "unix:mode", (int) look.get("mode") & PERMISSIONS);
            Files.setAttribute(folder, "unix:uid", look.get("uid"));
            Files.setAttribute(folder, "unix:gid", look.get("gid"));
            Files.delete(ofMaker);
        }
    }
}
