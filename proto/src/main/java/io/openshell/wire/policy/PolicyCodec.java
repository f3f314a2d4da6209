package io.openshell.wire.policy;

import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.MiddlewareSelector;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.ProcessPolicy;
import io.openshell.wire.sandbox.v1.MiddlewareEndpointSelector;
import io.openshell.wire.sandbox.v1.NetworkMiddlewareConfig;
import io.openshell.wire.sandbox.v1.NetworkPolicyRule;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Translates between the policy document and its message, without validating. Nothing is lost on the way, except what has no
 * meaning: the single-port field is folded into the list of ports and the old harness mark of a program is dropped.
 */
public final class PolicyCodec {
    private PolicyCodec() {}

    /** The document a message holds. */
    public static PolicyDocument decode(SandboxPolicy message) {
        SortedMap<String, NetworkRule> rules = new TreeMap<>();
        message.getNetworkPoliciesMap().forEach((key, rule) -> rules.put(key, rule(rule)));
        SortedMap<String, MiddlewareConfig> middlewares = new TreeMap<>();
        message.getNetworkMiddlewaresMap().forEach((key, config) -> middlewares.put(key, middleware(config)));
        return new PolicyDocument(
                message.getVersion(),
                message.hasFilesystem() ? Optional.of(filesystem(message.getFilesystem())) : Optional.empty(),
                message.hasLandlock() ? Optional.of(new LandlockPolicy(message.getLandlock().getCompatibility())) : Optional.empty(),
                message.hasProcess() ? Optional.of(process(message.getProcess())) : Optional.empty(),
                rules,
                middlewares);
    }

    /** The message of a document. */
    public static SandboxPolicy encode(PolicyDocument document) {
        SandboxPolicy.Builder message = SandboxPolicy.newBuilder().setVersion(document.version());
        document.filesystem().ifPresent(section -> message.setFilesystem(filesystem(section)));
        document.landlock().ifPresent(section -> message.getLandlockBuilder().setCompatibility(section.compatibility()));
        document.process().ifPresent(section ->
                message.getProcessBuilder().setRunAsUser(section.runAsUser()).setRunAsGroup(section.runAsGroup()));
        document.networkPolicies().forEach((key, rule) -> message.putNetworkPolicies(key, rule(rule)));
        document.middlewares().forEach((key, config) -> message.putNetworkMiddlewares(key, middleware(config)));
        return message.build();
    }

    private static FilesystemPolicy filesystem(io.openshell.wire.sandbox.v1.FilesystemPolicy section) {
        return new FilesystemPolicy(section.getIncludeWorkdir(), section.getReadOnlyList(), section.getReadWriteList());
    }

    private static io.openshell.wire.sandbox.v1.FilesystemPolicy filesystem(FilesystemPolicy section) {
        return io.openshell.wire.sandbox.v1.FilesystemPolicy.newBuilder().setIncludeWorkdir(section.includeWorkdir())
                .addAllReadOnly(section.readOnly()).addAllReadWrite(section.readWrite()).build();
    }

    private static ProcessPolicy process(io.openshell.wire.sandbox.v1.ProcessPolicy section) {
        return new ProcessPolicy(section.getRunAsUser(), section.getRunAsGroup());
    }

    /** One entry of the network section out of its message. */
    public static NetworkRule rule(NetworkPolicyRule rule) {
        return new NetworkRule(
                rule.getName(),
                rule.getEndpointsList().stream().map(EndpointCodec::decode).toList(),
                rule.getBinariesList().stream().map(binary -> new NetworkBinary(binary.getPath())).toList());
    }

    /** One entry of the network section as a message. */
    public static NetworkPolicyRule rule(NetworkRule rule) {
        NetworkPolicyRule.Builder message = NetworkPolicyRule.newBuilder().setName(rule.name());
        rule.endpoints().forEach(endpoint -> message.addEndpoints(EndpointCodec.encode(endpoint)));
        rule.binaries().forEach(binary -> message.addBinariesBuilder().setPath(binary.path()));
        return message.build();
    }

    private static MiddlewareConfig middleware(NetworkMiddlewareConfig config) {
        Optional<MiddlewareSelector> selector = config.hasEndpoints()
                ? Optional.of(new MiddlewareSelector(config.getEndpoints().getIncludeList(), config.getEndpoints().getExcludeList()))
                : Optional.empty();
        return new MiddlewareConfig(config.getName(), config.getMiddleware(), config.getOrder(),
                StructCodec.decode(config.getConfig()), config.getOnError(), selector);
    }

    private static NetworkMiddlewareConfig middleware(MiddlewareConfig config) {
        NetworkMiddlewareConfig.Builder message = NetworkMiddlewareConfig.newBuilder()
                .setName(config.name()).setMiddleware(config.middleware()).setOrder(config.order()).setOnError(config.onError());
        if (!config.config().values().isEmpty()) {
            message.setConfig(StructCodec.encode(config.config()));
        }
        config.endpoints().ifPresent(selector -> message.setEndpoints(MiddlewareEndpointSelector.newBuilder()
                .addAllInclude(selector.include()).addAllExclude(selector.exclude())));
        return message.build();
    }
}
