package io.openshell.model.policy;

import java.util.List;

/**
 * Which paths a sandbox may use; everything unlisted is inaccessible.
 *
 * @param includeWorkdir add the driver's working directory to the writable paths
 * @param readOnly absolute readable paths, in the author's order
 * @param readWrite absolute readable and writable paths, in the author's order
 */
public record FilesystemPolicy(boolean includeWorkdir, List<String> readOnly, List<String> readWrite) {
    public FilesystemPolicy {
        readOnly = List.copyOf(readOnly);
        readWrite = List.copyOf(readWrite);
    }
}
