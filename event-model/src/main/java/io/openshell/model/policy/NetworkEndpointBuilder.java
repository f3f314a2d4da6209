package io.openshell.model.policy;

import java.util.List;
import java.util.Optional;

/** Collects the parts of a {@link NetworkEndpoint}; every part not given has its default. Not thread safe. */
public final class NetworkEndpointBuilder {
    private String host = "";
    private List<Integer> ports = List.of();
    private String path = "";
    private String protocol = "";
    private String tls = "";
    private String enforcement = "";
    private String access = "";
    private List<AllowRule> rules = List.of();
    private List<RequestMatch> denyRules = List.of();
    private List<String> allowedIps = List.of();
    private HttpFlags flags = HttpFlags.NONE;
    private GraphqlOptions graphql = GraphqlOptions.NONE;
    private long jsonRpcMaxBodyBytes;
    private Optional<McpOptions> mcp = Optional.empty();
    private RequestSigning signing = RequestSigning.NONE;
    private Optional<CredentialBinding> credentialBinding = Optional.empty();
    private Provenance provenance = Provenance.AUTHOR;

    NetworkEndpointBuilder() {}

    NetworkEndpointBuilder(NetworkEndpoint from) {
        host = from.host();
        ports = from.ports();
        path = from.path();
        protocol = from.protocol();
        tls = from.tls();
        enforcement = from.enforcement();
        access = from.access();
        rules = from.rules();
        denyRules = from.denyRules();
        allowedIps = from.allowedIps();
        flags = from.flags();
        graphql = from.graphql();
        jsonRpcMaxBodyBytes = from.jsonRpcMaxBodyBytes();
        mcp = from.mcp();
        signing = from.signing();
        credentialBinding = from.credentialBinding();
        provenance = from.provenance();
    }

    /** See {@link NetworkEndpoint#host()}. */
    public NetworkEndpointBuilder host(String value) {
        host = value;
        return this;
    }

    /** See {@link NetworkEndpoint#ports()}. */
    public NetworkEndpointBuilder ports(List<Integer> value) {
        ports = value;
        return this;
    }

    /** See {@link NetworkEndpoint#path()}. */
    public NetworkEndpointBuilder path(String value) {
        path = value;
        return this;
    }

    /** See {@link NetworkEndpoint#protocol()}. */
    public NetworkEndpointBuilder protocol(String value) {
        protocol = value;
        return this;
    }

    /** See {@link NetworkEndpoint#tls()}. */
    public NetworkEndpointBuilder tls(String value) {
        tls = value;
        return this;
    }

    /** See {@link NetworkEndpoint#enforcement()}. */
    public NetworkEndpointBuilder enforcement(String value) {
        enforcement = value;
        return this;
    }

    /** See {@link NetworkEndpoint#access()}. */
    public NetworkEndpointBuilder access(String value) {
        access = value;
        return this;
    }

    /** See {@link NetworkEndpoint#rules()}. */
    public NetworkEndpointBuilder rules(List<AllowRule> value) {
        rules = value;
        return this;
    }

    /** See {@link NetworkEndpoint#denyRules()}. */
    public NetworkEndpointBuilder denyRules(List<RequestMatch> value) {
        denyRules = value;
        return this;
    }

    /** See {@link NetworkEndpoint#allowedIps()}. */
    public NetworkEndpointBuilder allowedIps(List<String> value) {
        allowedIps = value;
        return this;
    }

    /** See {@link NetworkEndpoint#flags()}. */
    public NetworkEndpointBuilder flags(HttpFlags value) {
        flags = value;
        return this;
    }

    /** See {@link NetworkEndpoint#graphql()}. */
    public NetworkEndpointBuilder graphql(GraphqlOptions value) {
        graphql = value;
        return this;
    }

    /** See {@link NetworkEndpoint#jsonRpcMaxBodyBytes()}. */
    public NetworkEndpointBuilder jsonRpcMaxBodyBytes(long value) {
        jsonRpcMaxBodyBytes = value;
        return this;
    }

    /** See {@link NetworkEndpoint#mcp()}. */
    public NetworkEndpointBuilder mcp(McpOptions value) {
        mcp = Optional.of(value);
        return this;
    }

    /** See {@link NetworkEndpoint#signing()}. */
    public NetworkEndpointBuilder signing(RequestSigning value) {
        signing = value;
        return this;
    }

    /** See {@link NetworkEndpoint#credentialBinding()}. */
    public NetworkEndpointBuilder credentialBinding(CredentialBinding value) {
        credentialBinding = Optional.of(value);
        return this;
    }

    /** See {@link NetworkEndpoint#provenance()}. */
    public NetworkEndpointBuilder provenance(Provenance value) {
        provenance = value;
        return this;
    }

    /** The endpoint. */
    public NetworkEndpoint build() {
        return new NetworkEndpoint(host, ports, path, protocol, tls, enforcement, access, rules, denyRules, allowedIps, flags,
                graphql, jsonRpcMaxBodyBytes, mcp, signing, credentialBinding, provenance);
    }
}
