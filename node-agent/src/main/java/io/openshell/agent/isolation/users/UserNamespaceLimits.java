package io.openshell.agent.isolation.users;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What of this machine keeps ordinary users from having user namespaces of any use.
 *
 * @param why what was seen
 * @param remedy what the machine's administrator can do
 */
public record UserNamespaceLimits(String why, String remedy) {

    /** Reads a setting of the kernel by its path below {@code /proc/sys}; empty where this kernel has no such setting. */
    interface Settings {
        String read(String name);
    }

    /** The first that is found; empty when the kernel's settings allow them, which is no promise that they work. */
    public static Optional<UserNamespaceLimits> ofMachine() {
        return of(name -> {
            try {
                return Files.readString(Path.of("/proc/sys", name)).trim();
            } catch (IOException absent) {
                return ""; // a setting of some kernels only
            }
        }, Files.exists(Path.of("/proc/self/ns/user")), Files.isExecutable(Path.of("/usr/bin/unshare")));
    }

    static Optional<UserNamespaceLimits> of(Settings settings, boolean compiled, boolean program) {
        if (!compiled) {
            return Optional.of(new UserNamespaceLimits("this kernel is built without user namespaces", "use one that has them, or run the gateway as root"));
        }
        if (settings.read("user/max_user_namespaces").equals("0")) {
            return forbidden("user.max_user_namespaces", "0", "10000");
        }
        if (settings.read("kernel/unprivileged_userns_clone").equals("0")) {
            return forbidden("kernel.unprivileged_userns_clone", "0", "1");
        }
        if (settings.read("kernel/apparmor_restrict_unprivileged_userns").equals("1")) {
            return forbidden("kernel.apparmor_restrict_unprivileged_userns", "1", "0");
        }
        return program ? Optional.empty()
                : Optional.of(new UserNamespaceLimits("the program unshare is not there", "install util-linux 2.36 or later, or run the gateway as root"));
    }

    private static Optional<UserNamespaceLimits> forbidden(String setting, String is, String shall) {
        return Optional.of(new UserNamespaceLimits("ordinary users may not use user namespaces here (" + setting + " is " + is + ")",
                "as root: sysctl -w " + setting + "=" + shall + "; or run the gateway as root"));
    }

    /** Both in one sentence. */
    public String sentence() {
        return why + "; " + remedy;
    }
}
