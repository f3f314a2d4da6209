package io.openshell.agent.doctor;

import io.openshell.agent.capture.CaptureSupport;
import io.openshell.model.isolation.LayerReport;
import java.util.List;
import java.util.Set;

/**
 * What the check-up may know of a host.
 *
 * @param platform operating system and processor as Java names them, for example {@code Linux amd64}
 * @param kernel release
 * @param root whether the process is user 0
 * @param lackingCapabilities names of those sandboxes need and this process has not
 * @param namespaces kinds this kernel has
 * @param landlock version, or a negated errno
 * @param seccompActions what a filter may answer
 * @param mountAttributes whether mounts can be made read-only recursively
 * @param shares what control groups can limit, as the runtime sees it
 * @param direct whether attempts to go around the proxy can be seen
 * @param userNamespaces whether ordinary users may make user namespaces
 * @param containerEngine socket of an engine that is there, or empty
 * @param lackingPrograms programs a sandbox starts with that are not there
 */
record Machine(String platform, String kernel, boolean root, List<String> lackingCapabilities, Set<String> namespaces, int landlock,
        Set<String> seccompActions, boolean mountAttributes, LayerReport shares, CaptureSupport direct, boolean userNamespaces,
        String containerEngine, List<String> lackingPrograms) {}
