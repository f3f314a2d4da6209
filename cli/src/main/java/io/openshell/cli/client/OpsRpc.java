package io.openshell.cli.client;

import io.openshell.wire.control.v1.CheckTopicsRequest;
import io.openshell.wire.control.v1.CheckTopicsResponse;
import io.openshell.wire.control.v1.ListNodesRequest;
import io.openshell.wire.control.v1.ListNodesResponse;

/** Calls for looking after hosts and the log. Apart from {@link Rpc}, so that other commands do not load their messages. */
public final class OpsRpc {
    public static final Rpc<ListNodesRequest, ListNodesResponse> NODES =
            new Rpc<>("/openshell.control.v1.Control/ListNodes", ListNodesResponse.parser());
    public static final Rpc<CheckTopicsRequest, CheckTopicsResponse> TOPICS =
            new Rpc<>("/openshell.control.v1.Topics/CheckTopics", CheckTopicsResponse.parser());

    private OpsRpc() {}
}
