package io.openshell.agent.launcher;

import io.openshell.agent.isolation.capabilities.PrivilegeDrop;
import io.openshell.agent.isolation.landlock.Landlock;
import io.openshell.agent.isolation.landlock.LandlockRights;
import io.openshell.agent.isolation.landlock.LandlockRule;
import io.openshell.agent.isolation.mounts.ContainerView;
import io.openshell.agent.isolation.mounts.MountStep;
import io.openshell.agent.isolation.mounts.RootView;
import io.openshell.agent.isolation.namespaces.Namespaces;
import io.openshell.agent.isolation.seccomp.SeccompFilter;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.DescriptorTable;
import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Mounts;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Netlink;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Spawn;
import io.openshell.agent.linux.Sys;
import java.util.List;

/** Loads what a sealed thread runs: once its root view has changed, class files are out of its reach. */
final class Preload {
    private static final List<Class<?>> NEEDED = List.of(Native.class, Sys.class, Memory.class, Mounts.class, Fd.class, Errno.class, KernelException.class,
            Netlink.class, Processes.class, Spawn.class, DescriptorTable.class, Namespaces.class, RootView.class, ContainerView.class, MountStep.class, MountStep.Directory.class,
            MountStep.Link.class, MountStep.Bind.class, MountStep.Restrict.class, MountStep.Fresh.class, MountStep.Proc.class,
            MountStep.ReadOnlyInPlace.class, Landlock.class, Landlock.Applied.class,
            LandlockRights.class, LandlockRule.class, PrivilegeDrop.class, SeccompFilter.class, SealedThread.class, Child.class);

    private Preload() {}

    static void run() {
        for (Class<?> c : NEEDED) {
            try {
                Class.forName(c.getName(), true, c.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
        Standing.here();
        // the failing path of a call has classes of its own
        String message = new KernelException("preload", (int) -Native.call(Sys.CLOSE, -1)).getMessage();
        if (message == null || message.isEmpty()) {
            throw new IllegalStateException("preload");
        }
        int route = Netlink.openRoute();
        Fd.close(route);
        Fd.close(Netlink.openDiag());
    }
}
