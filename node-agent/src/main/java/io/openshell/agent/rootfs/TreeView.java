package io.openshell.agent.rootfs;

import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.mounts.HostFacts;
import io.openshell.agent.isolation.mounts.MountStep;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A file tree as the root of a sandbox: what a plan takes from the host's system directories comes from the tree, and the
 * tree's other directories are shown too. All of it is read-only.
 *
 * @param tree real path of the tree on the host
 */
public record TreeView(Path tree) {
    /** Made by the plan itself, or never shown. */
    private static final Set<String> OWN = Set.of("usr", "etc", "bin", "sbin", "lib", "lib32", "lib64", "dev", "proc", "sys", "tmp",
            "sandbox", "run");

    /** The tree's facts under the names they have inside. */
    public HostFacts facts(boolean exposed) {
        HostFacts host = HostFacts.ofMachine(List.of());
        return new HostFacts() {
            @Override
            public boolean isDirectory(String path) {
                return host.isDirectory(in(path));
            }

            @Override
            public boolean isRegularFile(String path) {
                return host.isRegularFile(in(path));
            }

            @Override
            public boolean exists(String path) {
                return host.exists(in(path));
            }

            @Override
            public String linkTarget(String path) {
                return host.linkTarget(in(path));
            }

            @Override
            public boolean exposed(String path) {
                return exposed;
            }
        };
    }

    /** The workspace and the process list are not the tree's. */
    private String in(String path) {
        return path.startsWith("/proc/") || path.startsWith(tree.getParent().getParent().toString()) ? path : tree + path;
    }

    /** The plan with the tree's files in the place of the host's. */
    public IsolationPlan over(IsolationPlan plan) throws IOException {
        List<MountStep> steps = new ArrayList<>();
        for (String directory : others()) {
            steps.add(new MountStep.Directory(directory));
            steps.add(new MountStep.Bind(tree + directory, directory, false));
            steps.add(new MountStep.Restrict(directory, true, true));
        }
        for (MountStep step : plan.mounts()) {
            boolean hosts = step instanceof MountStep.Bind b && b.host().equals(b.target()) && !b.host().startsWith("/dev/");
            steps.add(hosts && step instanceof MountStep.Bind b ? new MountStep.Bind(tree + b.host(), b.target(), b.createFile()) : step);
        }
        return new IsolationPlan(plan.order(), plan.uid(), steps, plan.landlockAbi(), plan.landlock(), plan.environment(), plan.hostname());
    }

    private Set<String> others() throws IOException {
        Set<String> found = new TreeSet<>();
        try (DirectoryStream<Path> top = Files.newDirectoryStream(tree)) {
            for (Path each : top) {
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS) && !OWN.contains(each.getFileName().toString())) {
                    found.add("/" + each.getFileName());
                }
            }
        }
        return found;
    }
}
