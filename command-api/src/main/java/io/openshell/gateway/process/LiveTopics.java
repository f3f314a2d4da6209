package io.openshell.gateway.process;

import io.openshell.gateway.ops.TopicsEndpoint;
import io.openshell.log.kafka.TopicReport;
import io.openshell.log.kafka.Topics;
import io.openshell.projection.nodes.NodeViews;
import java.time.Duration;
import java.util.List;

/** The topics of the running log, the feeds of every node known to it included. */
record LiveTopics(LogSide log) implements TopicsEndpoint.TopicChecks {

    private static final Duration DEADLINE = Duration.ofSeconds(8);

    @Override
    public List<TopicReport> check(boolean createMissing) {
        List<String> nodes = log.nodes().nodes().stream().map(NodeViews.NodeView::id).toList();
        return createMissing ? topics().createMissing(nodes) : topics().report(nodes);
    }

    @Override
    public int brokers() {
        return topics().brokers();
    }

    private Topics topics() {
        return new Topics(log.settings(), DEADLINE);
    }
}
