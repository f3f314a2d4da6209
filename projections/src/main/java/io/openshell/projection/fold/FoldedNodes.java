package io.openshell.projection.fold;

import io.openshell.model.AggregateState;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeState;
import io.openshell.projection.nodes.NodeViews;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Nodes read from the fold. */
public final class FoldedNodes implements NodeViews {

    private final EventFold fold;
    private final FoldedSandboxes sandboxes;

    /** Reads this fold. */
    public FoldedNodes(EventFold fold, FoldedSandboxes sandboxes) {
        this.fold = fold;
        this.sandboxes = sandboxes;
    }

    @Override
    public List<NodeView> nodes() {
        List<NodeView> found = new ArrayList<>();
        for (StreamId stream : fold.image().nodes()) {
            AggregateState state =
                    fold.image().find(stream).map(StreamState::state).orElseThrow();
            if (state instanceof NodeState node) {
                found.add(new NodeView(stream.path(), node, fold.image().poison(stream)));
            }
        }
        return found;
    }

    @Override
    public Optional<String> place() {
        List<String> fit = nodes().stream().filter(FoldedNodes::fit).map(NodeView::id).toList();
        if (fit.size() < 2) {
            return fit.stream().findFirst();
        }
        Map<String, Long> load = sandboxes
                .all()
                .collect(Collectors.groupingBy(v -> v.state().placement().node(), Collectors.counting()));
        return fit.stream().min(Comparator.comparing(id -> load.getOrDefault(id, 0L)));
    }

    @Override
    public String whyNoPlace() {
        List<NodeView> nodes = nodes();
        if (nodes.stream().anyMatch(FoldedNodes::fit)) {
            return "";
        }
        List<String> reasons = new ArrayList<>();
        for (NodeView node : nodes) {
            switch (node.state()) {
                case NodeState.Registered r -> reasons.add("node " + node.id() + ": " + r.description().unfitReason());
                case NodeState.Lost l -> reasons.add("node " + node.id() + " is lost: " + l.reason());
                case NodeState.Retired r -> reasons.add("node " + node.id() + " is out of service: " + r.reason());
                case NodeState.Unknown u -> {}
            }
        }
        return reasons.isEmpty() ? "no node has registered yet" : String.join("; ", reasons);
    }

    private static boolean fit(NodeView node) {
        return switch (node.state()) {
            case NodeState.Registered r -> r.description().unfitReason().isEmpty();
            case NodeState.Lost l -> false;
            case NodeState.Retired r -> false;
            case NodeState.Unknown u -> false;
        };
    }
}
