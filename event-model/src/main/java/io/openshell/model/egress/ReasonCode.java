package io.openshell.model.egress;

/** Stable codes for refused egress. Names are part of logs and events and are never renamed. */
public enum ReasonCode {
    /** The policy has no network rules at all. */
    NO_NETWORK_POLICY,
    /** No rule names this host and port. */
    ENDPOINT_NOT_ALLOWED,
    /** A rule names the endpoint, but not for this program. */
    BINARY_NOT_ALLOWED,
    /** The program behind the connection cannot be determined. */
    IDENTITY_UNKNOWN,
    /** Several different programs hold the connection. */
    IDENTITY_AMBIGUOUS,
    /** An executable is not the one first seen at its path. */
    INTEGRITY_CHANGED,
    /** The policy asks for an inspection of requests that cannot be done here. */
    INSPECTION_UNAVAILABLE,
    /** The host gateway name resolves to something else than the captured gateway. */
    SSRF_TRUSTED_GATEWAY,
    /** The endpoint's address list cannot be used. */
    SSRF_INVALID_ALLOWED_IPS,
    /** A resolved address is not in the endpoint's address list. */
    SSRF_NOT_IN_ALLOWED_IPS,
    /** A literal or declared destination is an address that is always blocked. */
    SSRF_ALWAYS_BLOCKED,
    /** A resolved address is internal and no rule declares the host exactly. */
    SSRF_INTERNAL_ADDRESS,
    /** The port belongs to a cluster control plane. */
    SSRF_CONTROL_PLANE_PORT,
    /** The host has no address. */
    SSRF_UNRESOLVED,
    /** No allow rule matches the request. */
    REQUEST_NOT_ALLOWED,
    /** A deny rule matches the request. */
    REQUEST_DENIED_BY_RULE,
    /** The endpoints of this host and port are all scoped to other paths. */
    REQUEST_OUT_OF_SCOPE,
    /** The request cannot be read in one way only, so it is not judged at all. */
    REQUEST_MALFORMED,
    /** The request names another host than the connection was allowed for. */
    REQUEST_AUTHORITY_MISMATCH,
    /** The endpoint takes WebSocket upgrades only. */
    UPGRADE_REQUIRED,
    /** The bytes are of a protocol that cannot be inspected here. */
    PROTOCOL_UNSUPPORTED,
    /** A WebSocket message breaks the protocol or a limit. */
    MESSAGE_UNACCEPTABLE,
    /** A middleware found in the request what must not leave. */
    MIDDLEWARE_DENIED,
    /** A middleware that must see every request cannot see this one. */
    MIDDLEWARE_FAILED,
    /** A credential's placeholder goes to an endpoint the credential does not belong to. */
    CREDENTIAL_MISDIRECTED,
    /** A placeholder stands for no credential that can be used, or where none is filled in. */
    CREDENTIAL_UNAVAILABLE,
    /** The upstream could not prove who it is. */
    TLS_UPSTREAM_UNTRUSTED,
    /** The client did not complete TLS with the proxy. */
    TLS_CLIENT_FAILED,
    /** TLS cannot be terminated because the sandbox has no certificate authority. */
    TLS_UNAVAILABLE,
    /** The policy changed while the connection was being decided. */
    STALE_POLICY,
    /** There is no valid policy to decide with. */
    POLICY_UNAVAILABLE,
    /** The program tried to connect without asking the proxy. */
    BYPASS,
    /** The program sent packets of another protocol than TCP past the proxy, which carries no other. */
    BYPASS_PROTOCOL,
    /** Policy DNS answers for names of endpoints with {@code protocol: tcp} only. */
    NAME_NOT_ALLOWED,
    /** The connection goes to an address that policy DNS did not give out, or not for this port, or not lately. */
    UNMAPPED_DESTINATION;

    /** Whether it is the way that was taken, and not the policy, that refused: another policy would have refused as well. */
    public boolean isAboutTheWay() {
        return this == BYPASS || this == BYPASS_PROTOCOL || this == UNMAPPED_DESTINATION;
    }
}
