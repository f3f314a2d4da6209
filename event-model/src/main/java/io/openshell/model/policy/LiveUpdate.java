package io.openshell.model.policy;

import java.util.List;

/** What may change in the policy of a sandbox that exists already. */
public final class LiveUpdate {
    private static final FilesystemPolicy UNSAID = new FilesystemPolicy(true, List.of(), List.of());

    private LiveUpdate() {}

    /**
     * Compares the fixed parts of two documents. Network rules and middlewares may change freely; paths may be added; nothing else may
     * differ, because it was set up when the sandbox was created.
     *
     * @param creation the document the sandbox was created with
     * @param next the document wanted now
     * @return why the update is refused; empty when it is not
     */
    public static List<PolicyViolation> check(PolicyDocument creation, PolicyDocument next) {
        Findings findings = Findings.start();
        FilesystemPolicy before = creation.filesystem().orElse(UNSAID);
        FilesystemPolicy after = next.filesystem().orElse(UNSAID);
        Findings filesystem = findings.at("filesystem_policy");
        filesystem.at("include_workdir").addIf(before.includeWorkdir() != after.includeWorkdir(),
                "cannot change after the sandbox was created");
        removed(before.readOnly(), after.readOnly(), filesystem.at("read_only"));
        removed(before.readWrite(), after.readWrite(), filesystem.at("read_write"));
        findings.at("landlock").addIf(!strictness(creation).equals(strictness(next)), "cannot change after the sandbox was created");
        findings.at("process").addIf(!creation.process().equals(next.process()), "cannot change after the sandbox was created");
        return findings.all();
    }

    private static void removed(List<String> before, List<String> after, Findings findings) {
        before.stream().distinct().filter(path -> !after.contains(path)).forEach(path ->
                findings.add("path '" + path + "' cannot be removed after the sandbox was created"));
    }

    /** The meaning of the section, so that leaving it out equals writing its default. */
    private static String strictness(PolicyDocument document) {
        return document.landlock().map(section -> section.mode().map(Enum::name).orElse(section.compatibility()))
                .orElse(LandlockPolicy.Mode.BEST_EFFORT.name());
    }
}
