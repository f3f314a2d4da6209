package io.openshell.cli.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.openshell.wire.v1.AttachSandboxProviderRequest;
import io.openshell.wire.v1.AttachSandboxProviderResponse;
import io.openshell.wire.v1.CreateProviderRequest;
import io.openshell.wire.v1.DeleteProviderRequest;
import io.openshell.wire.v1.DeleteProviderResponse;
import io.openshell.wire.v1.DetachSandboxProviderRequest;
import io.openshell.wire.v1.DetachSandboxProviderResponse;
import io.openshell.wire.v1.GetProviderProfileRequest;
import io.openshell.wire.v1.GetProviderRequest;
import io.openshell.wire.v1.ListProviderProfilesRequest;
import io.openshell.wire.v1.ListProviderProfilesResponse;
import io.openshell.wire.v1.ListProvidersRequest;
import io.openshell.wire.v1.ListProvidersResponse;
import io.openshell.wire.v1.ListSandboxProvidersRequest;
import io.openshell.wire.v1.ListSandboxProvidersResponse;
import io.openshell.wire.v1.ProviderProfileResponse;
import io.openshell.wire.v1.ProviderResponse;
import io.openshell.wire.v1.UpdateProviderRequest;

/** Calls about providers. Apart from {@link Rpc}, so that other commands do not load their messages. */
public final class ProviderRpc {
    public static final Rpc<CreateProviderRequest, ProviderResponse> CREATE = api("CreateProvider", ProviderResponse.parser());
    public static final Rpc<GetProviderRequest, ProviderResponse> GET = api("GetProvider", ProviderResponse.parser());
    public static final Rpc<ListProvidersRequest, ListProvidersResponse> LIST =
            api("ListProviders", ListProvidersResponse.parser());
    public static final Rpc<UpdateProviderRequest, ProviderResponse> UPDATE = api("UpdateProvider", ProviderResponse.parser());
    public static final Rpc<DeleteProviderRequest, DeleteProviderResponse> DELETE =
            api("DeleteProvider", DeleteProviderResponse.parser());
    public static final Rpc<ListProviderProfilesRequest, ListProviderProfilesResponse> PROFILES =
            api("ListProviderProfiles", ListProviderProfilesResponse.parser());
    public static final Rpc<GetProviderProfileRequest, ProviderProfileResponse> PROFILE =
            api("GetProviderProfile", ProviderProfileResponse.parser());
    public static final Rpc<ListSandboxProvidersRequest, ListSandboxProvidersResponse> ATTACHED =
            api("ListSandboxProviders", ListSandboxProvidersResponse.parser());
    public static final Rpc<AttachSandboxProviderRequest, AttachSandboxProviderResponse> ATTACH =
            api("AttachSandboxProvider", AttachSandboxProviderResponse.parser());
    public static final Rpc<DetachSandboxProviderRequest, DetachSandboxProviderResponse> DETACH =
            api("DetachSandboxProvider", DetachSandboxProviderResponse.parser());

    private ProviderRpc() {}

    private static <Q extends MessageLite, R extends MessageLite> Rpc<Q, R> api(String method, Parser<R> parser) {
        return new Rpc<>("/openshell.v1.OpenShell/" + method, parser);
    }
}
