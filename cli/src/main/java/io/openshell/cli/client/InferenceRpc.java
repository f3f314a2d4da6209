package io.openshell.cli.client;

import io.openshell.wire.inference.v1.DeleteInferenceRouteRequest;
import io.openshell.wire.inference.v1.DeleteInferenceRouteResponse;
import io.openshell.wire.inference.v1.GetInferenceRouteRequest;
import io.openshell.wire.inference.v1.GetInferenceRouteResponse;
import io.openshell.wire.inference.v1.SetInferenceRouteRequest;
import io.openshell.wire.inference.v1.SetInferenceRouteResponse;

/** Calls about inference routes. Apart from {@link Rpc}, so that other commands do not load their messages. */
public final class InferenceRpc {
    private static final String SERVICE = "/openshell.inference.v1.Inference/";
    public static final Rpc<SetInferenceRouteRequest, SetInferenceRouteResponse> SET =
            new Rpc<>(SERVICE + "SetInferenceRoute", SetInferenceRouteResponse.parser());
    public static final Rpc<GetInferenceRouteRequest, GetInferenceRouteResponse> GET =
            new Rpc<>(SERVICE + "GetInferenceRoute", GetInferenceRouteResponse.parser());
    public static final Rpc<DeleteInferenceRouteRequest, DeleteInferenceRouteResponse> DELETE =
            new Rpc<>(SERVICE + "DeleteInferenceRoute", DeleteInferenceRouteResponse.parser());

    private InferenceRpc() {}
}
