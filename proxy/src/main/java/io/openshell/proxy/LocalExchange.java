package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.openshell.model.learn.ProposalBody;
import io.openshell.proxy.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers one request to {@code http://policy.local} and ends its connection. Nothing of it leaves the sandbox's host. On the
 * client's event loop; every failure becomes an answer, or the end of the connection.
 */
final class LocalExchange extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(LocalExchange.class);
    private static final long BODY_SECONDS = 15;
    /** Programs of one sandbox that wait for a decision at a time. */
    private static final int MOST_WAITING = 32;

    private final ProxyScene scene;
    private final SocketChannel client;
    private final ByteBuf body;
    private int missing;
    private boolean complete;
    private boolean answered;
    private @Nullable CompletableFuture<Optional<PolicyAdvisor.State>> waiting;

    private LocalExchange(ProxyScene scene, SocketChannel client, int bytes) {
        this.scene = scene;
        this.client = client;
        this.body = Unpooled.buffer(bytes);
        this.missing = bytes;
    }

    /** Takes over a connection whose first request concerns that host. */
    static void serve(ProxyScene scene, SocketChannel client, RequestHead head) {
        var request = LocalRequest.of(head, scene.ports().advisor().enabled());
        var exchange = new LocalExchange(scene, client, request instanceof LocalRequest.Propose propose ? propose.bytes() : 0);
        var ingress = client.pipeline().get(IngressHandler.class);
        var early = ingress.takeEarly();
        client.pipeline().replace(ingress, "policy.local", exchange);
        try {
            exchange.begin(request, head, early);
        } catch (RuntimeException fault) {
            exchange.fail(fault);
        } finally {
            early.release();
        }
    }

    private PolicyAdvisor advisor() {
        return scene.ports().advisor();
    }

    private void begin(LocalRequest request, RequestHead head, ByteBuf early) {
        switch (request) {
            case LocalRequest.Policy policy -> answer(advisor().policy().map(LocalAnswer::policy)
                    .orElseGet(() -> LocalAnswer.refused(503, "policy_unavailable", "the policy in force is not known now")));
            case LocalRequest.Denials denials -> answer(LocalAnswer.denials(advisor().denials(denials.most())));
            case LocalRequest.Find find -> answer(advisor().find(find.id()).map(state -> LocalAnswer.state(state, false))
                    .orElseGet(() -> LocalAnswer.unknown(find.id())));
            case LocalRequest.Await await -> await(await);
            case LocalRequest.Propose propose -> gather(head, early);
            case LocalRequest.Refused refused ->
                answer(LocalAnswer.refused(refused.status(), refused.error(), refused.detail()));
            case LocalRequest.Drop drop -> client.close();
        }
    }

    private void await(LocalRequest.Await await) {
        if (advisor().find(await.id()).isEmpty()) {
            answer(LocalAnswer.unknown(await.id()));
            return;
        }
        if (scene.waiting().incrementAndGet() > MOST_WAITING) {
            scene.waiting().decrementAndGet();
            answer(LocalAnswer.refused(503, "too_many_waiting", MOST_WAITING + " requests wait for decisions already"));
            return;
        }
        CompletableFuture<Optional<PolicyAdvisor.State>> decided = advisor().await(await.id(), await.longest());
        waiting = decided;
        client.closeFuture().addListener(closed -> decided.cancel(false));
        decided.whenComplete((state, failure) -> {
            scene.waiting().decrementAndGet();
            later(() -> {
                if (state == null) {
                    fail(failure);
                } else {
                    answer(state.map(found -> LocalAnswer.state(found, true)).orElseGet(() -> LocalAnswer.unknown(await.id())));
                }
            });
        });
    }

    private void gather(RequestHead head, ByteBuf early) {
        var timer = client.eventLoop().schedule(() -> {
            if (missing > 0) {
                client.close();
            }
        }, BODY_SECONDS, TimeUnit.SECONDS);
        client.closeFuture().addListener(closed -> timer.cancel(false));
        if (head.hasMember("Expect", "100-continue") && missing > early.readableBytes()) {
            client.writeAndFlush(Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));
        }
        client.config().setAutoRead(true);
        take(early);
    }

    private void take(ByteBuf bytes) {
        if (answered || complete) {
            return; // more than was announced is no part of it
        }
        int some = Math.min(missing, bytes.readableBytes());
        body.writeBytes(bytes, some);
        missing -= some;
        if (missing == 0) {
            complete = true;
            identified();
        }
    }

    /** A rule that names no program is for the one that asks. */
    private void identified() {
        var workload = client.remoteAddress();
        var proxy = client.localAddress();
        if (workload == null || proxy == null) {
            client.close();
            return;
        }
        try {
            scene.loops().workers().submit(() -> {
                try {
                    scene.ports().callers().identify(workload, proxy).whenComplete((found, failure) -> later(() -> submit(
                            found instanceof Identified.Known known ? Optional.of(known.caller().executable()) : Optional.empty())));
                } catch (RuntimeException fault) {
                    later(() -> fail(fault));
                }
            });
        } catch (RejectedExecutionException full) {
            answer(LocalAnswer.refused(503, "busy", "too many callers are being looked for"));
        }
    }

    private void submit(Optional<String> caller) {
        var bytes = new byte[body.readableBytes()];
        body.getBytes(0, bytes);
        switch (ProposalBody.read(bytes, caller)) {
            case ProposalBody.Read.Invalid invalid -> answer(LocalAnswer.refused(400, "invalid_proposal", invalid.reason()));
            case ProposalBody.Read.Asked asked -> submit(asked, 0, new ArrayList<>());
        }
    }

    /** One rule after the other, so that a newer one for the same destination takes the place of the one before. */
    private void submit(ProposalBody.Read.Asked asked, int next, List<PolicyAdvisor.Submission> outcomes) {
        if (next == asked.rules().size()) {
            answer(LocalAnswer.submitted(outcomes));
            return;
        }
        advisor().submit(asked.rules().get(next), asked.intent()).whenComplete((outcome, failure) -> later(() -> {
            if (outcome == null) {
                fail(failure);
            } else {
                outcomes.add(outcome);
                submit(asked, next + 1, outcomes);
            }
        }));
    }

    private void later(Runnable work) {
        client.eventLoop().execute(() -> {
            try {
                work.run();
            } catch (RuntimeException fault) {
                fail(fault);
            }
        });
    }

    private void fail(Throwable fault) {
        if (client.isActive() && !answered) {
            LOG.error("A request to policy.local of sandbox {} failed", scene.sandbox().sandboxId(), fault);
            answer(LocalAnswer.refused(502, "gateway_error", "the answer could not be made"));
        }
    }

    private void answer(LocalAnswer answer) {
        if (!answered) {
            answered = true;
            LingeringClose.after(client, client.writeAndFlush(answer.bytes()));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            take(bytes);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // One that waits and sends no more has most likely left; it could not be told from one that has.
        if (event == ChannelInputShutdownEvent.INSTANCE && (missing > 0 || waiting != null) && !answered) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
