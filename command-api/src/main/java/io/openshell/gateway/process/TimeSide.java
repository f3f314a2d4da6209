package io.openshell.gateway.process;

import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.ViewSource;
import io.openshell.gateway.query.EventJson;
import io.openshell.gateway.time.HistorySearchEndpoint;
import io.openshell.gateway.time.ReplayEndpoint;
import io.openshell.gateway.time.ReplayExport;
import io.openshell.gateway.time.StoredHistory;
import io.openshell.gateway.time.TimedViews;
import io.openshell.gateway.time.TimelineEndpoint;
import io.openshell.log.LogFaults;
import io.openshell.log.kafka.KafkaStreamReader;
import io.openshell.log.kafka.KafkaTopicScan;
import io.openshell.log.kafka.Topics;
import io.openshell.projection.fold.FoldedGlobalPolicy;
import io.openshell.projection.fold.FoldedProviders;
import io.openshell.projection.fold.FoldedSettings;
import io.openshell.projection.fold.ReplayedViews;
import io.openshell.projection.fold.ServedViewsCheck;
import io.openshell.projection.past.PastViews;
import io.openshell.projection.past.Views;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** The gateway's share in the past: replayed views, the history store, and the calls about them. */
record TimeSide(ViewSource views, List<RpcGroup> endpoints) {

    private static final int EXPORTED_RECORDS = 20_000;

    /** Starts feeding the store at this path, in the background. */
    static TimeSide start(LogSide log, Vertx vertx, Path store, LogFaults faults, CloseStack parts) {
        Clock clock = Clock.systemUTC();
        KafkaTopicScan scan = new KafkaTopicScan(log.settings());
        PastViews past = new ReplayedViews(scan, Topics.EVENTS, clock, log.checkpoints());
        ViewSource views = new TimedViews(vertx, new Views(log.sandboxes(), log.nodes(), new FoldedGlobalPolicy(log.fold()),
                new FoldedProviders(log.fold()), new FoldedSettings(log.fold())), past);
        StoredHistory history = parts.push(StoredHistory.start(store, EventJson::of, new HistoryFeed(log, faults)));
        ReplayExport export = new ReplayExport(
                new KafkaStreamReader(log.settings(), EXPORTED_RECORDS)::read,
                new ReplayExport.Topics(Topics.EVENTS, Topics.ACTIVITY), GatewayProcess.VERSION);
        return new TimeSide(views, List.of(
                new TimelineEndpoint(vertx, views, past),
                new HistorySearchEndpoint(history),
                new ReplayEndpoint(export, new ServedViewsCheck(log.fold(), scan, Topics.EVENTS), history, clock)));
    }
}
