package io.openshell.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.openshell.model.egress.ReasonCode;
import io.openshell.proxy.credential.FilledRequest;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.RequestHead;
import io.openshell.proxy.http.RequestTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one client connection through {@link ConnectMachine}: performs what each state asks for and reports back what came of
 * it. Lives on the client's event loop. Every failure becomes an event, and every end is recorded once.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final ProxyScene scene;
    private final SocketChannel client;
    private final String decisionId = UUID.randomUUID().toString();
    private ConnectState state = new ConnectState.AwaitingHead();
    private long asked;
    private @Nullable RequestHead head;
    private @Nullable RequestTarget target;
    private @Nullable UpstreamDial dial;
    private List<InetAddress> resolved = List.of();
    private boolean captured;

    Exchange(ProxyScene scene, SocketChannel client) {
        this.scene = scene;
        this.client = client;
    }

    /** Says what a well-formed head asks for. */
    ConnectEvent read(RequestHead parsed) {
        head = parsed;
        target = RequestTarget.of(parsed);
        return switch (target) {
            case RequestTarget.Tunnel tunnel -> new ConnectEvent.Asked(new Ask.Tunnel(tunnel.authority()));
            case RequestTarget.Forward forward ->
                new ConnectEvent.Asked(Ask.Forward.of(parsed, forward.url()));
            case RequestTarget.Hopeless hopeless ->
                new ConnectEvent.Unusable(new Reply.Drop(), "the CONNECT target is not host:port");
            case RequestTarget.Unreadable unreadable ->
                new ConnectEvent.Unusable(new Reply.Bare(400), unreadable.reason());
            case RequestTarget.NeedsTunnel needsTunnel ->
                new ConnectEvent.Unusable(
                        new Reply.Text(400, "Use CONNECT for https targets.\n"), "https without CONNECT");
            case RequestTarget.Unsupported unsupported ->
                new ConnectEvent.Unusable(
                        new Reply.Json(400, unsupported.error(), unsupported.detail(), Optional.empty()),
                        unsupported.detail());
        };
    }

    /** Answers a request about the policy itself; nothing is decided about it. */
    void serveLocally(RequestHead parsed) {
        LocalExchange.serve(scene, client, parsed);
    }

    /** Begins with a connection that came without asking. */
    void begin(Ask.Captured ask) {
        captured = true;
        resolved = ask.pinned();
        advance(new ConnectEvent.Asked(ask));
    }

    /** Takes in what happened and does what follows from it. */
    void advance(ConnectEvent event) {
        var before = state;
        if (event instanceof ConnectEvent.Resolved found) {
            resolved = found.addresses();
        }
        try {
            state = ConnectMachine.next(before, event, scene.deciding());
            if (state != before) {
                clock(before);
                perform();
            }
        } catch (RuntimeException | Error fault) {
            LOG.error("Exchange {} of sandbox {} failed", decisionId, scene.sandbox().sandboxId(), fault);
            failClosed(fault);
        }
    }

    private void clock(ConnectState before) {
        if (state instanceof ConnectState.Identifying) {
            asked = System.nanoTime();
        } else if (before instanceof ConnectState.Identifying) {
            scene.loops().decisions().took(DecisionTimes.Kind.CONNECTION, System.nanoTime() - asked);
        }
    }

    private void failClosed(Throwable fault) {
        var ended = ConnectMachine.next(
                state, new ConnectEvent.Failed("internal fault: " + fault.getClass().getSimpleName()), scene.deciding());
        if (ended != state && ended instanceof ConnectState.Refused refused) {
            state = ended;
            refuse(refused);
        } else {
            client.close();
            closeUpstream();
        }
    }

    private void perform() {
        switch (state) {
            case ConnectState.AwaitingHead awaiting -> { }
            case ConnectState.Identifying identifying -> identify();
            case ConnectState.Resolving resolving -> resolve(resolving.grant().ask().authority().host());
            case ConnectState.Dialing dialing -> dial(dialing);
            case ConnectState.Relaying relaying -> relay(relaying.grant());
            case ConnectState.Refused refused -> refuse(refused);
        }
    }

    private void identify() {
        var workload = client.remoteAddress();
        var proxy = client.localAddress();
        if (workload == null || proxy == null) {
            advance(unknown("the connection is gone"));
            return;
        }
        var soon = soon(workload, proxy);
        if (soon.isPresent()) {
            advance(new ConnectEvent.CallerFound(soon.get()));
        } else {
            identify(workload, proxy);
        }
    }

    private Optional<Identified> soon(InetSocketAddress workload, InetSocketAddress proxy) {
        try {
            return scene.ports().callers().identifySoon(workload, proxy);
        } catch (RuntimeException fault) {
            LOG.warn("Looking for a caller at once failed; it is looked for again", fault);
            return Optional.empty();
        }
    }

    private void identify(InetSocketAddress workload, InetSocketAddress proxy) {
        var limit = scene.limits().identification();
        Future<?> timer = loop().schedule(
                () -> advance(unknown("finding the caller took too long")), limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            var job = scene.loops().workers().submit(() -> report(
                    () -> scene.ports().callers().identify(workload, proxy),
                    ConnectEvent.CallerFound::new,
                    failure -> unknown("finding the caller failed: " + failure.getClass().getSimpleName()),
                    timer));
            // A look-up nobody waits for any more must not keep a worker of all sandboxes busy.
            timer.addListener(done -> job.cancel(!done.isCancelled()));
        } catch (RejectedExecutionException full) {
            timer.cancel(false);
            advance(unknown("too many callers are being looked for"));
        }
    }

    private static ConnectEvent unknown(String reason) {
        return new ConnectEvent.CallerFound(new Identified.Unknown(ReasonCode.IDENTITY_UNKNOWN, reason));
    }

    private void resolve(String host) {
        Duration limit = scene.limits().resolution();
        Future<?> timer = loop().schedule(
                () -> advance(new ConnectEvent.Unresolvable()), limit.toMillis(), TimeUnit.MILLISECONDS);
        report(
                () -> scene.ports().resolver().resolve(host),
                (List<InetAddress> found) ->
                        found.isEmpty() ? new ConnectEvent.Unresolvable() : new ConnectEvent.Resolved(found),
                failure -> new ConnectEvent.Unresolvable(),
                timer);
    }

    /** A question put to a port. */
    private interface Question<T> {
        CompletionStage<T> ask();
    }

    /** Puts a question and brings the answer, whichever way it comes, back to the event loop. */
    private <T> void report(
            Question<T> question,
            Function<T, ConnectEvent> answered,
            Function<Throwable, ConnectEvent> failed,
            Future<?> timer) {
        try {
            question.ask().whenComplete((answer, failure) -> {
                var event = answer == null
                        ? failed.apply(failure == null ? new IllegalStateException("no answer") : failure)
                        : answered.apply(answer);
                come(event, timer);
            });
        } catch (RuntimeException | Error thrown) {
            come(failed.apply(thrown), timer);
        }
    }

    private void come(ConnectEvent event, Future<?> timer) {
        loop().execute(() -> {
            timer.cancel(false);
            advance(event);
        });
    }

    private void dial(ConnectState.Dialing dialing) {
        var grant = dialing.grant();
        dial = new UpstreamDial(scene, client, grant.ask().authority().port(), new UpstreamDial.Outcome() {
            @Override
            public void connected(SocketChannel upstream) {
                // Registered before the generation is read, so a swap at this moment cannot miss it.
                scene.tunnels().add(client, upstream, grant.pinned().generation());
                advance(new ConnectEvent.Dialled());
            }

            @Override
            public void failed(String why) {
                advance(new ConnectEvent.Undialable(why));
            }
        });
        dial.start(dialing.addresses());
    }

    private void relay(Grant grant) {
        var upstream = Objects.requireNonNull(Objects.requireNonNull(dial).upstream());
        if (target instanceof RequestTarget.Forward forward && (grant.needsBody() || concernsCredentials())) {
            collect(grant, forward.url(), upstream);
            return;
        }
        try {
            record(grant);
        } catch (RuntimeException unaccountable) {
            LOG.error("Verdict {} could not be recorded; the connection is closed", decisionId, unaccountable);
            reply(new Reply.Json(503, "verdict_not_recorded", "the decision could not be recorded", Optional.empty()));
            closeUpstream();
            return;
        }
        if (grant.ask() instanceof Ask.Captured) {
            var ends = new ForwardRelay.Ends(client, upstream);
            TunnelRelay.join(ends, Unpooled.EMPTY_BUFFER, IdleWatch.over(client, upstream, scene.limits().idle()));
            return;
        }
        var ingress = client.pipeline().get(IngressHandler.class);
        var early = ingress.takeEarly();
        var idle = scene.limits().idle();
        switch (Objects.requireNonNull(target)) {
            case RequestTarget.Tunnel tunnel -> {
                client.pipeline().remove(ingress);
                TunnelStart.begin(scene, new ForwardRelay.Ends(client, upstream), grant, early);
            }
            case RequestTarget.Forward forward -> {
                client.pipeline().remove(ingress);
                ForwardRelay.join(new ForwardRelay.Ends(client, upstream), Objects.requireNonNull(head), forward.url(),
                        early, idle);
            }
            case RequestTarget.Hopeless hopeless -> throw new IllegalStateException("nothing to relay");
            case RequestTarget.Unreadable unreadable -> throw new IllegalStateException("nothing to relay");
            case RequestTarget.NeedsTunnel needsTunnel -> throw new IllegalStateException("nothing to relay");
            case RequestTarget.Unsupported unsupported -> throw new IllegalStateException("nothing to relay");
        }
    }

    /** A request that may need a credential is decided like one in a tunnel. */
    private boolean concernsCredentials() {
        return !scene.credentials().isEmpty() || FilledRequest.isMarked(Objects.requireNonNull(head));
    }

    /** A request that is decided with its body goes on like the only one of a tunnel; that also records it. */
    private void collect(Grant grant, HttpUrl url, SocketChannel upstream) {
        var ingress = client.pipeline().get(IngressHandler.class);
        var early = ingress.takeEarly();
        client.pipeline().remove(ingress);
        var head = Unpooled.wrappedBuffer(Hop.request(Objects.requireNonNull(this.head), url));
        var ends = new ForwardRelay.Ends(client, upstream);
        var idle = IdleWatch.over(client, upstream, scene.limits().idle());
        HttpTunnel.join(scene, ends, new TunnelContext(grant, url.authority(), false), idle, Unpooled.wrappedBuffer(head, early));
    }

    private void refuse(ConnectState.Refused refused) {
        try {
            record(refused);
        } catch (RuntimeException unaccountable) {
            LOG.error("Verdict {} could not be recorded", decisionId, unaccountable);
        } finally {
            closeUpstream();
            reply(refused.refusal().reply());
        }
    }

    private void reply(Reply reply) {
        if (captured) {
            // It speaks no protocol that an answer could be in; a reset says at once that nothing was sent on.
            client.config().setSoLinger(0);
            client.close();
            return;
        }
        var bytes = ReplyWriter.write(reply, decisionId, scene.ports().advisor().enabled());
        if (bytes.isEmpty()) {
            client.close();
        } else {
            LingeringClose.after(client, client.writeAndFlush(bytes.get()));
        }
    }

    private void closeUpstream() {
        scene.tunnels().remove(client);
        if (dial != null) {
            dial.abandon();
        }
    }

    private void record(Grant grant) {
        var entry = new VerdictEntry(grant.finding(), Optional.of(grant.ask()), Optional.of(grant.by()), decisionId,
                resolved);
        scene.record(entry, grant.pinned().generation());
    }

    private void record(ConnectState.Refused refused) {
        var entry = new VerdictEntry(refused.refusal().finding(), refused.ask(), refused.by(), decisionId, resolved);
        scene.record(entry, refused.generation());
    }

    private EventLoop loop() {
        return client.eventLoop();
    }
}
