package io.openshell.agent.doctor;

import io.openshell.agent.capture.CaptureSupport;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.isolation.users.UserNamespaceLimits;
import io.openshell.model.isolation.LayerReport;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the check-up may know of a host.
 *
 * @param platform operating system and processor as Java names them, for example {@code Linux amd64}
 * @param kernel release
 * @param standing what the process is: root, in a user namespace, or neither
 * @param lackingCapabilities names of those sandboxes need and this process has not
 * @param namespaces kinds this kernel has
 * @param landlock version, or a negated errno
 * @param seccompActions what a filter may answer
 * @param mountAttributes whether mounts can be made read-only recursively
 * @param shares what control groups can limit, as the runtime sees it
 * @param noWorkspaceSize why a workspace cannot have a size; empty when it can
 * @param direct whether attempts to go around the proxy can be seen
 * @param userNamespaces what keeps ordinary users from having user namespaces; empty for nothing that is known
 * @param containerEngine socket of an engine that is there, or empty
 * @param lackingPrograms programs a sandbox starts with that are not there
 */
record Machine(String platform, String kernel, Standing standing, List<String> lackingCapabilities, Set<String> namespaces, int landlock,
        Set<String> seccompActions, boolean mountAttributes, LayerReport shares, Optional<String> noWorkspaceSize,
        CaptureSupport direct, Optional<UserNamespaceLimits> userNamespaces, String containerEngine, List<String> lackingPrograms) {}
