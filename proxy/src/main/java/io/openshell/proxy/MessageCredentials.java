package io.openshell.proxy;

import io.openshell.model.egress.CredentialScope;
import io.openshell.proxy.credential.FilledBody;
import io.openshell.proxy.credential.FilledRequest;
import io.openshell.proxy.credential.MarkerScan;
import java.time.Instant;
import java.util.Optional;

/** What is done about credentials in the messages of one WebSocket. On the event loop of its connections. */
final class MessageCredentials {
    private final ProxyScene scene;
    private final TunnelContext context;
    private final RequestGate.Outcome.Pass upgrade;

    private MessageCredentials(ProxyScene scene, TunnelContext context, RequestGate.Outcome.Pass upgrade) {
        this.scene = scene;
        this.context = context;
        this.upgrade = upgrade;
    }

    /** Empty where no credential may be used, so that messages need not be put together. */
    static Optional<MessageCredentials> of(ProxyScene scene, TunnelContext context, RequestGate.Outcome.Pass upgrade) {
        return CredentialStage.watchesMessages(context, scene.credentials(), upgrade.request())
                ? Optional.of(new MessageCredentials(scene, context, upgrade))
                : Optional.empty();
    }

    private CredentialScope rules() {
        return context.grant().passage().requests().credentials();
    }

    /** Nobody can tell what a binary message carries. */
    boolean passesBinary() {
        return rules().allowsUninspected(upgrade.request().path());
    }

    /** A text message as it is sent. */
    FilledBody fill(byte[] message) {
        if (!MarkerScan.isIn(message)) {
            return new FilledBody.Ready(message, 0);
        }
        return rules().rewritesText(upgrade.request().path())
                ? FilledBody.of(message, kind(message), scene.credentials(),
                        CredentialStage.destination(context, upgrade.request()), Instant.now())
                : new FilledBody.Unavailable(FilledRequest.LEFT_OVER);
    }

    /** Messages do not say how they are written; what looks like JSON has strings with escapes. */
    private static FilledBody.Kind kind(byte[] message) {
        for (byte each : message) {
            if (!Character.isWhitespace(each)) {
                return each == '{' || each == '[' || each == '"' ? FilledBody.Kind.JSON : FilledBody.Kind.TEXT;
            }
        }
        return FilledBody.Kind.TEXT;
    }
}
