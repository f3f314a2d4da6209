package io.openshell.wire.events;

import io.openshell.model.CommandRejected;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamCommand;
import io.openshell.wire.events.v1.RecordRefusals;
import io.openshell.wire.events.v1.SkipEvent;

/** Commands that a stream of any kind takes, and refusals, on the wire. */
final class StreamCommandCodec {

    private StreamCommandCodec() {}

    static io.openshell.wire.events.v1.StreamCommand encode(StreamCommand command) {
        var out = io.openshell.wire.events.v1.StreamCommand.newBuilder();
        switch (command) {
            case StreamCommand.SkipEvent c -> out.setSkip(SkipEvent.newBuilder().setVersion(c.version()));
            case StreamCommand.RecordRefusals c -> out.setRefusals(RecordRefusals.newBuilder()
                    .setRefusal(refusal(new CommandRejected(c.command(), c.rejection(), c.count()))));
        }
        return out.build();
    }

    static StreamCommand decode(io.openshell.wire.events.v1.StreamCommand in) {
        return switch (in.getBodyCase()) {
            case SKIP -> new StreamCommand.SkipEvent(in.getSkip().getVersion());
            case REFUSALS -> {
                CommandRejected refused = refusal(in.getRefusals().getRefusal());
                yield new StreamCommand.RecordRefusals(refused.command(), refused.rejection(), refused.count());
            }
            case BODY_NOT_SET -> throw new UndecodableRecord("stream command of a newer release");
        };
    }

    /** A count of one is left out, so that a single refusal reads as it always did. */
    static io.openshell.wire.events.v1.CommandRejected refusal(CommandRejected event) {
        return io.openshell.wire.events.v1.CommandRejected.newBuilder()
                .setCode(event.rejection().code().name())
                .setReason(event.rejection().reason())
                .setCommand(event.command())
                .setCount(event.count() == 1 ? 0 : event.count())
                .build();
    }

    /** The same as an event of this schema version: from 2 on the count is always there. */
    static io.openshell.wire.events.v1.CommandRejected event(CommandRejected event, int schemaVersion) {
        io.openshell.wire.events.v1.CommandRejected refusal = refusal(event);
        return schemaVersion < 2 ? refusal : refusal.toBuilder().setCount(event.count()).build();
    }

    static CommandRejected refusal(io.openshell.wire.events.v1.CommandRejected in) {
        return in.getCount() == 0 ? event(in.toBuilder().setCount(1).build()) : event(in);
    }

    /** An event in its newest shape. */
    static CommandRejected event(io.openshell.wire.events.v1.CommandRejected in) {
        if (in.getCount() < 1) {
            throw new UndecodableRecord("a refusal with an impossible count");
        }
        return new CommandRejected(in.getCommand(),
                new Rejection(Names.of(RejectionCode.class, in.getCode()), in.getReason()), in.getCount());
    }
}
