package io.openshell.model.review;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RequestMatch;
import io.openshell.model.policy.merge.MergeOperation;
import io.openshell.model.policy.merge.MergeOutcome;
import io.openshell.model.policy.merge.PolicyMerge;
import io.openshell.model.policy.merge.RuleNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What would have allowed a request that was refused. */
public sealed interface Suggestion {

    /** These operations would, and would allow little else. They were tried: they apply to the policy. */
    record Operations(List<MergeOperation> operations) implements Suggestion {
        /** Keeps a copy. */
        public Operations {
            operations = List.copyOf(operations);
        }
    }

    /** No operation would, or none that can be recommended. */
    record None(String why) implements Suggestion {}

    /** Methods that change nothing at the other end. */
    Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /**
     * The suggestion for a refusal.
     *
     * @param policy the policy that refused
     * @param code why, empty when there is no code
     */
    static Suggestion of(PolicyDocument policy, RecordedRequest request, Optional<ReasonCode> code) {
        if (code.isEmpty()) {
            return new None("the request could not be read, so no policy decided about it");
        }
        return switch (code.get()) {
            case NO_NETWORK_POLICY, ENDPOINT_NOT_ALLOWED, BINARY_NOT_ALLOWED, SSRF_INTERNAL_ADDRESS -> endpoint(policy, request);
            case REQUEST_NOT_ALLOWED -> allowRule(policy, request);
            case REQUEST_DENIED_BY_RULE -> new None("a deny rule refuses it, and deny rules win; change that with `policy set`");
            case REQUEST_OUT_OF_SCOPE -> new None("the endpoints of this host are scoped to other paths; change that with `policy set`");
            case REQUEST_MALFORMED, MESSAGE_UNACCEPTABLE -> new None("it has no single meaning, so no rule can allow it");
            case REQUEST_AUTHORITY_MISMATCH -> new None("it names another host than its connection was opened for");
            case UPGRADE_REQUIRED -> new None("the endpoint takes WebSocket upgrades only");
            case PROTOCOL_UNSUPPORTED, INSPECTION_UNAVAILABLE ->
                new None("the policy asks for an inspection that is not available for it");
            case MIDDLEWARE_DENIED -> new None("a middleware found a secret in it; take it out, or change the middleware with `policy set`");
            case MIDDLEWARE_FAILED ->
                new None("a middleware must see every request to this host and cannot read this one; change it with `policy set`");
            case CREDENTIAL_MISDIRECTED ->
                new None("the credential belongs to other endpoints; `provider get` and credential_binding of the policy say to which");
            case CREDENTIAL_UNAVAILABLE -> new None("the placeholder stands for no credential of an attached provider, or where none is"
                    + " filled in; see `sandbox provider list`");
            case TLS_UPSTREAM_UNTRUSTED, TLS_CLIENT_FAILED, TLS_UNAVAILABLE -> new None("TLS failed, not the policy");
            case IDENTITY_UNKNOWN, IDENTITY_AMBIGUOUS -> new None("the program behind the connection was not found beyond doubt");
            case INTEGRITY_CHANGED -> new None("a program's file changed after it was first used; restart the sandbox if that is meant");
            case SSRF_TRUSTED_GATEWAY, SSRF_ALWAYS_BLOCKED, SSRF_CONTROL_PLANE_PORT -> new None("no policy can open this destination");
            case SSRF_INVALID_ALLOWED_IPS, SSRF_NOT_IN_ALLOWED_IPS ->
                new None("the endpoint's allowed_ips do not cover the address; change them with `policy set`");
            case SSRF_UNRESOLVED -> new None("the host has no address");
            case STALE_POLICY -> new None("the policy changed at that moment; the same request may pass now");
            case POLICY_UNAVAILABLE -> new None("the decision could not be made");
            case BYPASS -> new None("no rule opens a way past the proxy: the program must use the one its environment names, or connect"
                    + " to a name that has an endpoint with `protocol: tcp`");
            case BYPASS_PROTOCOL -> new None("only TCP gets out of a sandbox");
            case NAME_NOT_ALLOWED -> new None("names are answered only for endpoints with `protocol: tcp`; a program that uses the proxy of its"
                    + " environment need not look names up");
            case UNMAPPED_DESTINATION -> new None("the address must be looked up again: addresses of policy DNS are for one name, its ports"
                    + " and a short time");
        };
    }

    private static Suggestion allowRule(PolicyDocument policy, RecordedRequest request) {
        return tried(policy, List.of(new MergeOperation.AddAllow(request.host(), request.port(),
                List.of(AllowRule.of(RequestMatch.http(request.method(), request.path()))))));
    }

    private static Suggestion endpoint(PolicyDocument policy, RecordedRequest request) {
        if (request.caller().executable().isEmpty()) {
            return new None("the program behind the connection is not known");
        }
        return tried(policy, List.of(addition(policy, request)));
    }

    private static Suggestion tried(PolicyDocument policy, List<MergeOperation> operations) {
        return switch (PolicyMerge.apply(policy, operations)) {
            case MergeOutcome.Merged merged -> new Operations(operations);
            case MergeOutcome.Refused refused -> new None(refused.reason());
        };
    }

    private static MergeOperation addition(PolicyDocument policy, RecordedRequest request) {
        Optional<NearestEntry> model = NearestEntry.of(policy, request)
                .filter(rule -> rule.endpoint().ports().contains(request.port()) && !rule.endpoint().host().isEmpty())
                .filter(rule -> rule.lacks().size() == 1 && imitable(rule.endpoint()));
        NetworkEndpoint endpoint = model.map(rule -> like(rule.endpoint(), request)).orElseGet(() -> fresh(request));
        return new MergeOperation.AddRule(RuleNames.of(request.host(), request.port()), new NetworkRule(
                "", List.of(endpoint), List.of(new NetworkBinary(request.caller().executable()))));
    }

    /** As the nearest endpoint treats requests, so that the two do not contradict each other. */
    private static NetworkEndpoint like(NetworkEndpoint nearest, RecordedRequest request) {
        return NetworkEndpoint.builder(request.host(), request.port()).protocol(nearest.protocol())
                .enforcement(nearest.enforcement()).access(nearest.access()).rules(nearest.rules()).build();
    }

    private static boolean imitable(NetworkEndpoint endpoint) {
        return endpoint.path().isEmpty() && endpoint.tls().isEmpty() && endpoint.rules().stream().allMatch(rule ->
                rule.allow().filter(match -> match.equals(RequestMatch.http(match.method(), match.path()))).isPresent());
    }

    private static NetworkEndpoint fresh(RecordedRequest request) {
        NetworkEndpointBuilder endpoint = NetworkEndpoint.builder(request.host(), request.port());
        if (!request.isHttp()) {
            return endpoint.build();
        }
        NetworkEndpointBuilder inspected = endpoint.protocol("rest").enforcement("enforce");
        return READING.contains(request.method())
                ? inspected.access("read-only").build()
                : inspected.rules(List.of(AllowRule.of(RequestMatch.http(request.method(), request.path())))).build();
    }
}
