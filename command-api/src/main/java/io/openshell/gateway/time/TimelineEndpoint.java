package io.openshell.gateway.time;

import static io.openshell.gateway.grpc.RequestRules.name;
import static io.openshell.gateway.grpc.RequestRules.workspace;

import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.NodesEndpoint;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.gateway.grpc.ViewSource;
import io.openshell.model.AggregateState;
import io.openshell.model.StreamId;
import io.openshell.model.history.Change;
import io.openshell.model.history.StateDiff;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.PastViews;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.wire.control.v1.DescribePointRequest;
import io.openshell.wire.control.v1.DiffSandboxRequest;
import io.openshell.wire.control.v1.DiffSandboxResponse;
import io.openshell.wire.control.v1.FactChange;
import io.openshell.wire.control.v1.PointDescription;
import io.openshell.wire.control.v1.TimelineGrpcService;
import io.vertx.core.Vertx;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** What there was at a point of the log, and what differs between two. */
public final class TimelineEndpoint implements RpcGroup {

    private final Vertx vertx;
    private final ViewSource views;
    private final PastViews past;

    /** Reads these; the past on worker threads. */
    public TimelineEndpoint(Vertx vertx, ViewSource views, PastViews past) {
        this.vertx = vertx;
        this.views = views;
        this.past = past;
    }

    @Override
    public void addTo(RpcTable table) {
        table.read(TimelineGrpcService.DescribePoint, views, TimelineEndpoint::describe);
        table.unary(TimelineGrpcService.DiffSandbox, this::diff);
    }

    private static PointDescription describe(DescribePointRequest request, Views views) {
        Map<String, Integer> phases = new TreeMap<>();
        views.sandboxes().list(new SandboxQuery(Optional.empty(), Map.of(), 0, Integer.MAX_VALUE)).forEach(view -> {
            String phase = view.state().lifecycle().paused() ? "PAUSED" : view.state().phase().name();
            phases.merge(phase.charAt(0) + phase.substring(1).toLowerCase(Locale.ROOT), 1, Integer::sum);
        });
        PointDescription.Builder description = PointDescription.newBuilder().putAllSandboxes(phases);
        views.nodes().nodes().forEach(node -> description.addNodes(NodesEndpoint.node(node)));
        return description.build();
    }

    private CompletionStage<DiffSandboxResponse> diff(DiffSandboxRequest request, Caller caller) {
        StreamId stream = StreamId.sandbox(workspace(request.getWorkspace()), name("sandbox", request.getName()));
        AsOf from = AsOf.parse(request.getFrom());
        AsOf to = AsOf.parse(request.getTo());
        return vertx.executeBlocking(() -> diff(stream, from, to), false).toCompletionStage();
    }

    private DiffSandboxResponse diff(StreamId stream, AsOf from, AsOf to) {
        AggregateState before = past.stateAt(stream, from, TimedViews.DEADLINE);
        AggregateState after = past.stateAt(stream, to, TimedViews.DEADLINE);
        if (after instanceof SandboxState.Unused && before instanceof SandboxState.Unused) {
            throw Refusal.notFound("the log holds no event of a sandbox named '" + stream.path() + "' at either time");
        }
        DiffSandboxResponse.Builder response = DiffSandboxResponse.newBuilder();
        StateDiff.between(before, after).forEach(change -> response.addChanges(message(change)));
        return response.build();
    }

    private static FactChange message(Change change) {
        FactChange.Builder message = FactChange.newBuilder().setPath(change.path());
        return switch (change) {
            case Change.Added added -> message.setAfter(added.value()).build();
            case Change.Removed removed -> message.setBefore(removed.value()).build();
            case Change.Changed changed -> message.setBefore(changed.before()).setAfter(changed.after()).build();
        };
    }
}
