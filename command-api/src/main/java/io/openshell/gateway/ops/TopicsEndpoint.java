package io.openshell.gateway.ops;

import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.log.LogUnavailable;
import io.openshell.log.kafka.TopicReport;
import io.openshell.wire.control.v1.CheckTopicsRequest;
import io.openshell.wire.control.v1.CheckTopicsResponse;
import io.openshell.wire.control.v1.LogTopic;
import io.openshell.wire.control.v1.TopicSetting;
import io.openshell.wire.control.v1.TopicsGrpcService;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What the log's topics should be and are. */
public final class TopicsEndpoint implements RpcGroup {

    private final Vertx vertx;
    private final TopicChecks checks;

    /** Asks the log; blocks, and fails with {@link LogUnavailable}. */
    public interface TopicChecks {
        /** Compares; creates what is missing before, when that is asked for. */
        List<TopicReport> check(boolean createMissing);

        /** Brokers that answer. */
        int brokers();
    }

    /** Answers with these checks, made on threads that may block. */
    public TopicsEndpoint(Vertx vertx, TopicChecks checks) {
        this.vertx = vertx;
        this.checks = checks;
    }

    @Override
    public void addTo(RpcTable table) {
        table.unary(TopicsGrpcService.CheckTopics, this::check);
    }

    private CompletionStage<CheckTopicsResponse> check(CheckTopicsRequest request, Caller caller) {
        return vertx.executeBlocking(() -> answer(request.getCreateMissing()), false).toCompletionStage();
    }

    private CheckTopicsResponse answer(boolean createMissing) {
        try {
            CheckTopicsResponse.Builder response = CheckTopicsResponse.newBuilder().setBrokers(checks.brokers());
            checks.check(createMissing).forEach(report -> response.addTopics(message(report)));
            return response.build();
        } catch (LogUnavailable e) {
            throw new Refusal(GrpcStatus.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private static LogTopic message(TopicReport report) {
        LogTopic.Builder topic = LogTopic.newBuilder().setName(report.topic()).setPresent(report.present());
        report.settings().forEach(each -> topic.addSettings(TopicSetting.newBuilder()
                .setName(each.name()).setExpected(each.wanted()).setActual(each.found()).setFits(each.fits())));
        return topic.build();
    }
}
