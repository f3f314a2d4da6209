package io.openshell.wire.events;

import com.google.protobuf.ByteString;
import io.openshell.model.Actor;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.wire.events.v1.Provenance;
import java.util.HexFormat;
import java.util.Locale;

/** Who asked for what when, on the wire. */
final class ProvenanceCodec {

    private ProvenanceCodec() {}

    static Provenance encode(Context context) {
        return Provenance.newBuilder()
                .setCorrelationId(context.correlationId())
                .setTraceId(context.traceId())
                .setActorKind(context.actor().kind().name().toLowerCase(Locale.ROOT))
                .setActorSubject(context.actor().subject())
                .setAuthenticatedBy(context.actor().authenticatedBy())
                .setOriginAddress(context.originAddress())
                .setAssertedBy(context.assertedBy())
                .setTime(Times.encode(context.time()))
                .setRequestDigest(ByteString.copyFrom(HexFormat.of().parseHex(context.requestDigest())))
                .build();
    }

    static Context decode(String commandId, Provenance p) {
        Actor.Kind kind = Names.of(Actor.Kind.class, p.getActorKind().toUpperCase(Locale.ROOT));
        return new Context(
                new CommandId(commandId),
                p.getCorrelationId(),
                p.getTraceId(),
                new Actor(kind, p.getActorSubject(), p.getAuthenticatedBy()),
                p.getOriginAddress(),
                p.getAssertedBy(),
                Times.decode(p.getTime()),
                HexFormat.of().formatHex(p.getRequestDigest().toByteArray()));
    }
}
