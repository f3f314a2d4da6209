package io.openshell.cli.client;

import io.openshell.wire.control.v1.GetGlobalPolicyReachRequest;
import io.openshell.wire.control.v1.GlobalPolicyReach;

/** Calls about the global policy. Apart from {@link Rpc}, so that other commands do not load their messages. */
public final class GlobalRpc {
    public static final Rpc<GetGlobalPolicyReachRequest, GlobalPolicyReach> REACH = new Rpc<>(
            "/openshell.control.v1.GlobalPolicies/GetGlobalPolicyReach", GlobalPolicyReach.parser());

    private GlobalRpc() {}
}
