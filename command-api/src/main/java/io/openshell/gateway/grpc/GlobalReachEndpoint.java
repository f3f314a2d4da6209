package io.openshell.gateway.grpc;

import io.openshell.model.sandbox.Phase;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.control.v1.GetGlobalPolicyReachRequest;
import io.openshell.wire.control.v1.GlobalPoliciesGrpcService;
import io.openshell.wire.control.v1.GlobalPolicyReach;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells which running sandboxes enforce the global policy that is in force now. */
public final class GlobalReachEndpoint implements RpcGroup {

    private static final int MOST_NAMES = 100;

    private final ViewSource views;

    /** Reads from these views. */
    public GlobalReachEndpoint(ViewSource views) {
        this.views = views;
    }

    @Override
    public void addTo(RpcTable table) {
        table.read(GlobalPoliciesGrpcService.GetGlobalPolicyReach, views, GlobalReachEndpoint::reach);
    }

    private static GlobalPolicyReach reach(GetGlobalPolicyReachRequest request, Views views) {
        int version = views.global().globalPolicy().version();
        // What does not run takes up the policy in force when it starts.
        List<SandboxView> running = views.sandboxes()
                .list(new SandboxQuery(Optional.empty(), Map.of(), 0, Integer.MAX_VALUE)).stream()
                .filter(each -> each.state().phase() == Phase.READY).toList();
        List<SandboxView> waiting = running.stream()
                .filter(each -> each.state().policies().globalVersion() != version).toList();
        GlobalPolicyReach.Builder reach = GlobalPolicyReach.newBuilder()
                .setVersion(version)
                .setLoaded(running.size() - waiting.size())
                .setNotLoaded(waiting.size());
        waiting.stream().limit(MOST_NAMES).forEach(each -> reach.addWaiting(each.workspace() + "/" + each.name()));
        return reach.build();
    }
}
