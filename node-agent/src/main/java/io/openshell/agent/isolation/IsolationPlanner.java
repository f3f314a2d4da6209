package io.openshell.agent.isolation;

import io.openshell.agent.isolation.landlock.LandlockRule;
import io.openshell.agent.isolation.mounts.HostFacts;
import io.openshell.agent.isolation.mounts.MountPlan;
import io.openshell.agent.isolation.mounts.MountStep;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.model.isolation.LayerKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides the layers of a sandbox. Pure. */
public final class IsolationPlanner {
    /** The one order: nothing that needs a privilege comes after the step that takes it away. */
    public static final List<LayerKind> ORDER = List.of(
            LayerKind.RESOURCES, LayerKind.NETWORK_NAMESPACE, LayerKind.IPC_NAMESPACE, LayerKind.UTS_NAMESPACE, LayerKind.PID_NAMESPACE, LayerKind.MOUNTS,
            LayerKind.PROXY_LISTENER, LayerKind.CAPABILITIES, LayerKind.USER_IDS, LayerKind.NO_NEW_PRIVS, LayerKind.LANDLOCK,
            LayerKind.SECCOMP, LayerKind.ENVIRONMENT, LayerKind.DESCRIPTORS, LayerKind.RLIMITS);
    private static final List<String> SYSTEM = List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/proc",
            TrustFiles.DIRECTORY);
    private static final List<String> SCRATCH = List.of("/tmp", "/dev/shm", "/dev/pts", "/dev/null", "/dev/zero", "/dev/full",
            "/dev/random", "/dev/urandom", "/dev/tty");
    /** Listed by the built-in policies for whoever has them; their absence on a machine tells nobody anything. */
    private static final List<String> USUAL = List.of("/app", "/var/log");
    private static final List<String> PROVIDED = List.of("/usr", "/etc", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/proc", "/dev", "/tmp",
            "/sandbox");

    private IsolationPlanner() {}

    /** Plans; {@code generated} and {@code workspace} are host directories of this sandbox. */
    public static IsolationPlan plan(PlanInput in, HostFacts host, String generated, String workspace) {
        FilesystemView view = in.view();
        List<MountStep> mounts = MountPlan.compile(view, host, generated, workspace);
        return new IsolationPlan(ORDER, in.uid(), mounts, in.landlockAbi(), landlockRules(view), in.environment(), in.hostname());
    }

    /** Plans for a view of the files that a container engine has built already; {@code workspace} is shown in it. */
    public static IsolationPlan inside(PlanInput in, HostFacts host, String workspace) {
        List<MountStep> mounts = MountPlan.inContainer(in.view(), host, workspace);
        return new IsolationPlan(ORDER, in.uid(), mounts, in.landlockAbi(), landlockRules(in.view()), in.environment(), in.hostname());
    }

    /** What a policy lists and this machine does not have: reasons to refuse under a hard requirement. */
    public static List<String> missing(FilesystemView view, HostFacts host, String workspace) {
        return java.util.stream.Stream.concat(view.readOnly().stream(), view.readWrite().stream())
                .filter(path -> !present(path, host, workspace)).distinct().toList();
    }

    /** Whether the absence of a path of the ruleset should be told: an author listed it, and it is not one of the usual ones. */
    public static boolean worthTelling(String path) {
        return !SYSTEM.contains(path) && !SCRATCH.contains(path) && !USUAL.contains(path);
    }

    private static boolean present(String path, HostFacts host, String workspace) {
        if (path.startsWith("/sandbox/")) {
            return host.exists(workspace + path.substring("/sandbox".length()));
        }
        if (path.equals("/proc") || path.equals("/tmp") || path.equals("/sandbox") || SCRATCH.contains(path)) {
            return true;
        }
        boolean provided = PROVIDED.stream().anyMatch(p -> path.equals(p) || path.startsWith(p + "/"));
        return (provided || host.exposed(path)) && (host.exists(path) || !host.linkTarget(path).isEmpty());
    }

    private static List<LandlockRule> landlockRules(FilesystemView view) {
        Map<String, LandlockRule> rules = new LinkedHashMap<>();
        SYSTEM.forEach(p -> rules.put(p, new LandlockRule(p, false, false)));
        SCRATCH.forEach(p -> rules.put(p, new LandlockRule(p, true, false)));
        if (view.includeWorkdir()) {
            rules.put("/sandbox", new LandlockRule("/sandbox", true, true));
        }
        // Also over what was added above: what an author wants read-only is never made writable on the way.
        view.readOnly().forEach(p -> rules.put(p, new LandlockRule(p, false, view.hardRequirement())));
        view.readWrite().forEach(p -> rules.put(p, new LandlockRule(p, true, view.hardRequirement())));
        return List.copyOf(rules.values());
    }
}
