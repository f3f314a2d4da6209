package io.openshell.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.openshell.proxy.credential.FilledRequest;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.RequestHead;
import io.openshell.proxy.http.ResponseHead;
import java.util.Optional;
import java.util.UUID;

/**
 * A tunnel that carries HTTP/1: one request after the other is decided, sent on, and answered before the next is looked at.
 * {@link TunnelRequests} reads the client, {@link TunnelResponses} the upstream; this is what they share. On the one event
 * loop of both connections.
 */
final class HttpTunnel {
    /** Where the current request stands. */
    private enum Turn {
        /** The next head is awaited. */
        HEAD,
        /** The request is sent on or answered. */
        EXCHANGE,
        /** No more requests. */
        OVER
    }

    private final ProxyScene scene;
    private final ForwardRelay.Ends ends;
    private final TunnelContext context;
    private final IdleWatch idle;
    private final TunnelRequests requests;
    private final TunnelResponses responses;
    private Turn turn = Turn.HEAD;
    private boolean last;
    private boolean unsent;
    private boolean unanswered;

    private HttpTunnel(ProxyScene scene, ForwardRelay.Ends ends, TunnelContext context, IdleWatch idle) {
        this.scene = scene;
        this.ends = ends;
        this.context = context;
        this.idle = idle;
        this.requests = new TunnelRequests(this);
        this.responses = new TunnelResponses(this);
    }

    /** Starts serving requests. Takes over {@code early}, what the client sent so far. */
    static void join(
            ProxyScene scene, ForwardRelay.Ends ends, TunnelContext context, IdleWatch idle, ByteBuf early) {
        var tunnel = new HttpTunnel(scene, ends, context, idle);
        ends.client().pipeline().addLast(tunnel.requests);
        ends.upstream().pipeline().addLast(tunnel.responses);
        HoldBack.release(ends.upstream());
        tunnel.requests.arrived(early);
        tunnel.pump();
    }

    /** What the rules say of a request. */
    RequestGate.Outcome judged(RequestHead head, Optional<byte[]> body) {
        return scene.judged(context, head, body);
    }

    /** Decides about the head of the next request; true when its body may be sent on. */
    boolean decide(RequestGate.Outcome outcome) {
        var id = UUID.randomUUID().toString();
        return switch (outcome) {
            case RequestGate.Outcome.Refuse refuse -> {
                refuse(refuse.refusal(), Optional.of(refuse.ask()), id);
                yield false;
            }
            case RequestGate.Outcome.Collect collect ->
                throw new IllegalStateException("a body is collected before anything is done");
            case RequestGate.Outcome.Pass pass -> pass(pass, id);
        };
    }

    private boolean pass(RequestGate.Outcome.Pass pass, String id) {
        var grant = context.grant();
        if (grant.pinned().generation() != scene.inForce().generation()) {
            refuse(Refusal.stale(grant), Optional.of(pass.ask()), id);
            return false;
        }
        if (!recorded(pass.finding(), Optional.of(pass.ask()), id)) {
            answer(new Reply.Json(503, "verdict_not_recorded", "the decision could not be recorded", Optional.empty()), id);
            return false;
        }
        turn = Turn.EXCHANGE;
        last = pass.after() != Hop.After.KEEP;
        responses.expect(pass);
        toUpstream(Unpooled.wrappedBuffer(Hop.request(pass.head(), pass.url(), context.defaultPort(), pass.after())));
        return true;
    }

    boolean watchesBodies() {
        return !scene.credentials().isEmpty();
    }

    /** A placeholder came in a body that is on its way: the upstream has not seen all of it and never will. */
    void marked() {
        recorded(Refusal.noCredential(context, FilledRequest.LEFT_OVER).finding(),
                Optional.of(context.ask("BODY", "")), UUID.randomUUID().toString());
        cut();
    }

    /** A head that is not strictly HTTP. */
    void malformed(String why) {
        refuse(Refusal.malformed(context.grant().policyKey(), why), Optional.of(context.ask("UNREADABLE", "")),
                UUID.randomUUID().toString());
    }

    private void refuse(Refusal refusal, Optional<Ask> ask, String id) {
        recorded(refusal.finding(), ask, id);
        answer(refusal.reply(), id);
    }

    private boolean recorded(Finding finding, Optional<Ask> ask, String id) {
        return scene.recorded(new VerdictEntry(finding, ask, Optional.of(context.grant().by()), id),
                context.grant().pinned().generation());
    }

    /** The last word to the client. */
    void answer(Reply reply, String id) {
        turn = Turn.OVER;
        var bytes = ReplyWriter.write(reply, id, scene.ports().advisor().enabled()).orElse(Unpooled.EMPTY_BUFFER);
        LingeringClose.after(ends.client(), ends.client().writeAndFlush(bytes));
        ends.upstream().close();
    }

    /** The final head of a response has come: says what becomes of the connection after it. */
    Hop.After afterwards(ResponseHead head) {
        last |= !head.isPersistent() || !requests.isComplete() && !head.isInterim();
        return last ? Hop.After.CLOSE : Hop.After.KEEP;
    }

    /** The response has ended. */
    void answered() {
        if (last || !requests.isComplete()) {
            finish();
            return;
        }
        turn = Turn.HEAD;
        requests.next();
        pump();
    }

    /** Ends both connections once the client has everything. */
    void finish() {
        if (turn == Turn.OVER) {
            return;
        }
        turn = Turn.OVER;
        LingeringClose.after(ends.client(), ends.client().writeAndFlush(Unpooled.EMPTY_BUFFER));
        ends.upstream().close();
    }

    /** Ends both connections at once. */
    void cut() {
        turn = Turn.OVER;
        ends.close();
    }

    /** The upstream agreed to the upgrade: from here bytes pass as they are. Takes over {@code early}, sent by the upstream. */
    void upgraded(RequestGate.Outcome.Pass pass, byte[] head, ByteBuf early) {
        turn = Turn.OVER;
        var sent = requests.takeGathered();
        ends.client().pipeline().remove(requests);
        ends.upstream().pipeline().remove(responses);
        toClient(Unpooled.wrappedBuffer(head));
        flush();
        if (pass.after() == Hop.After.PLAIN_WEBSOCKET) {
            new WebSocketRelay(scene, ends, context, pass, idle).join(sent, early);
        } else {
            ends.client().writeAndFlush(early);
            TunnelRelay.join(ends, sent, idle);
        }
    }

    /**
     * Reads from each side only what the other takes. Between a request and its answer the client is read until it sends more,
     * so that its leaving is seen and nothing is switched for a client that waits.
     */
    void pump() {
        if (turn == Turn.OVER) {
            return;
        }
        boolean wanted = turn == Turn.HEAD
                ? ends.client().isWritable()
                : requests.isComplete() ? !requests.holdsMore() : ends.upstream().isWritable();
        ends.client().config().setAutoRead(wanted);
        ends.upstream().config().setAutoRead(ends.client().isWritable());
    }

    void toUpstream(ByteBuf bytes) {
        unsent = true;
        ends.upstream().write(bytes, ends.upstream().voidPromise());
    }

    void toClient(ByteBuf bytes) {
        unanswered = true;
        ends.client().write(bytes, ends.client().voidPromise());
    }

    /** Sends what was written; through TLS a flush of nothing would cost a record. */
    void flush() {
        if (unsent) {
            unsent = false;
            ends.upstream().flush();
        }
        if (unanswered) {
            unanswered = false;
            ends.client().flush();
        }
    }

    boolean awaitsHead() {
        return turn == Turn.HEAD;
    }

    boolean isOver() {
        return turn == Turn.OVER;
    }

    ForwardRelay.Ends ends() {
        return ends;
    }

    TunnelContext context() {
        return context;
    }

    IdleWatch idle() {
        return idle;
    }
}
