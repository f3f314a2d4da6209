package io.openshell.model.policy;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Checks of the sections that are fixed when a sandbox is created. */
final class StaticRules {
    private static final int MAX_PATHS = 256;
    private static final int MAX_PATH_BYTES = 4096;
    private static final int SHOWN = 80;
    private static final long MAX_ID = 4_294_967_294L;

    private StaticRules() {}

    static void check(PolicyDocument document, Findings findings) {
        document.filesystem().ifPresent(section -> filesystem(section, findings.at("filesystem_policy")));
        document.landlock().ifPresent(section -> findings.at("landlock").at("compatibility").addIf(
                section.mode().isEmpty(), "must be best_effort or hard_requirement"));
        document.process().ifPresent(section -> {
            identity(section.runAsUser(), findings.at("process").at("run_as_user"));
            identity(section.runAsGroup(), findings.at("process").at("run_as_group"));
        });
    }

    private static void filesystem(FilesystemPolicy section, Findings findings) {
        int count = section.readOnly().size() + section.readWrite().size();
        findings.addIf(count > MAX_PATHS, "names " + count + " paths, at most " + MAX_PATHS + " are allowed");
        paths(section.readOnly(), "read_only", findings);
        paths(section.readWrite(), "read_write", findings);
        for (int i = 0; i < section.readWrite().size(); i++) {
            String path = section.readWrite().get(i);
            // "/." and the like name the root as well.
            boolean root = path.startsWith("/") && path.chars().allMatch(c -> c == '/' || c == '.');
            findings.at("read_write", i).addIf(root, "is too broad: the whole file system must not be writable");
        }
    }

    private static void paths(List<String> paths, String key, Findings findings) {
        for (int i = 0; i < paths.size(); i++) {
            path(paths.get(i), findings.at(key, i));
        }
    }

    private static void path(String path, Findings findings) {
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_PATH_BYTES) {
            findings.add("path '" + path.substring(0, SHOWN) + "...' has " + bytes + " bytes, at most " + MAX_PATH_BYTES + " are allowed");
            return;
        }
        findings.addIf(!path.startsWith("/"), "path must be absolute");
        findings.addIf(List.of(path.split("/", -1)).contains(".."), "path must not contain '..'");
        findings.addIf(path.indexOf('\0') >= 0, "path must not contain a NUL character");
    }

    private static void identity(String text, Findings findings) {
        boolean number = text.matches("[0-9]{1,10}") && Long.parseLong(text) >= 1 && Long.parseLong(text) <= MAX_ID;
        findings.addIf(!text.isEmpty() && !text.equals("sandbox") && !number,
                "must be 'sandbox' or a number from 1 to " + MAX_ID);
    }
}
