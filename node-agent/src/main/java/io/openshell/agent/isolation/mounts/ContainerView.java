package io.openshell.agent.isolation.mounts;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;
import java.util.List;

/** Takes out of a container's view of the files what an engine leaves in: set-user-id programs, devices, the machine's own tree. */
public final class ContainerView {
    private static final long NOSUID = 2;
    private static final long NODEV = 4;
    private static final int RECURSIVE = 0x8000;
    private static final int ATTRIBUTE_BYTES = 32;
    private static final int DETACH = 2;

    private ContainerView() {}

    /** Changes the mount namespace the calling thread is in, at last by these steps. */
    public static void restrict(List<MountStep> steps) {
        attributes("/", NOSUID | NODEV, 0);
        attributes("/dev", 0, NODEV);
        try (Memory m = new Memory()) {
            long result = Native.call(Sys.UMOUNT2, m.text("/sys"), DETACH);
            // no mount, or no such directory, in this container
            if (result < 0 && result != -Errno.EINVAL && result != -Errno.ENOENT) {
                throw new KernelException("hide /sys", (int) -result);
            }
        }
        RootView.change(steps);
    }

    private static void attributes(String path, long set, long clear) {
        try (Memory m = new Memory()) {
            long attributes = m.allocate(ATTRIBUTE_BYTES);
            Memory.putLong(attributes, set);
            Memory.putLong(attributes + 8, clear);
            Native.check("restrict " + path, Sys.MOUNT_SETATTR, Fd.CWD, m.text(path), RECURSIVE, attributes, ATTRIBUTE_BYTES);
        }
    }
}
