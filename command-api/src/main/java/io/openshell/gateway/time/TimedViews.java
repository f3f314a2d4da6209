package io.openshell.gateway.time;

import io.openshell.gateway.grpc.ViewSource;
import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.PastViews;
import io.openshell.projection.past.Views;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The folds of now, and the past replayed on worker threads. */
public final class TimedViews implements ViewSource {

    /** Bound of one replay; a caller of the command line waits 30 seconds. */
    static final Duration DEADLINE = Duration.ofSeconds(25);

    private final Vertx vertx;
    private final Views now;
    private final PastViews past;

    /** Reads from these. */
    public TimedViews(Vertx vertx, Views now, PastViews past) {
        this.vertx = vertx;
        this.now = now;
        this.past = past;
    }

    @Override
    public Views now() {
        return now;
    }

    @Override
    public <T> CompletionStage<T> at(AsOf point, Function<Views, T> read) {
        return vertx.executeBlocking(() -> read.apply(past.at(point, DEADLINE)), false).toCompletionStage();
    }
}
