package io.openshell.gateway.source;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.wire.control.v1.BringTreeRequest;
import io.openshell.wire.control.v1.BuildImageRequest;
import io.openshell.wire.control.v1.ImagesGrpcService;
import io.openshell.wire.control.v1.SourceProgress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Builds images and brings file trees for callers on this host: they name paths, and whoever may open the local socket is
 * the owner of this process, who may read what it may read.
 */
public final class ImagesEndpoint implements RpcGroup {
    private static final int AT_ONCE = 4;
    private static final int LONGEST_LINE = 2_000;
    private final Optional<Sources> sources;
    private final Semaphore free = new Semaphore(AT_ONCE);

    /** {@code sources} is empty where no node runs in this process. */
    public ImagesEndpoint(Optional<Sources> sources) {
        this.sources = sources;
    }

    @Override
    public void addTo(RpcTable table) {
        table.serverStream(ImagesGrpcService.BuildImage, this::build);
        table.serverStream(ImagesGrpcService.BringTree, this::bring);
    }

    private void build(BuildImageRequest request, Exchange<BuildImageRequest, SourceProgress> exchange) {
        Path context = path(request.getContext());
        Path dockerfile = path(request.getDockerfile());
        if (!request.getTag().matches("[a-z0-9][a-z0-9._/-]{0,127}:[A-Za-z0-9._-]{1,127}")) {
            throw Refusal.invalid("the tag is not NAME:TAG");
        }
        work(exchange, node -> node.build(context, dockerfile, request.getTag(), line -> send(exchange,
                SourceProgress.newBuilder().setLine(line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE)).build())));
    }

    private void bring(BringTreeRequest request, Exchange<BringTreeRequest, SourceProgress> exchange) {
        Path path = path(request.getPath());
        work(exchange, node -> node.bring(path));
    }

    private interface Work {
        String source(Sources node) throws Sources.NotBrought;
    }

    private <Q> void work(Exchange<Q, SourceProgress> exchange, Work work) {
        if (!exchange.caller().originAddress().isEmpty()) {
            throw Refusal.precondition("images are built and file trees brought only through the gateway of the same host");
        }
        Sources node = sources.orElseThrow(() -> Refusal.precondition("this gateway runs no node"));
        if (!free.tryAcquire()) {
            throw Refusal.precondition("four images or file trees are on their way already; try again");
        }
        Thread.ofVirtual().name("source").start(() -> {
            try {
                SourceProgress end = SourceProgress.newBuilder().setSource(work.source(node)).build();
                exchange.context().runOnContext(nothing -> exchange.response().end(end));
            } catch (Sources.NotBrought e) {
                exchange.fail(Refusal.precondition(String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                exchange.fail(e);
            } finally {
                free.release();
            }
        });
    }

    private static <Q> void send(Exchange<Q, SourceProgress> exchange, SourceProgress step) {
        exchange.context().runOnContext(nothing -> exchange.response().write(step));
    }

    private static Path path(String text) {
        try {
            Path path = Path.of(text).normalize();
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException notAPath) {
            throw Refusal.invalid("the path cannot be read");
        }
        throw Refusal.invalid("the path must be absolute");
    }
}
