package io.openshell.wire.events;

import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.StreamCommand;
import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalCommand;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.provider.ProviderCommand;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.settings.SettingsCommand;
import io.openshell.wire.events.v1.CommandRecord;
import java.io.IOException;

/** Records of {@code openshell.commands}. */
public final class CommandCodec {

    private CommandCodec() {}

    /** To the log; equal envelopes give equal bytes. */
    public static byte[] encode(CommandEnvelope envelope) {
        CommandRecord.Builder out = CommandRecord.newBuilder()
                .setCommandId(envelope.context().commandId().value())
                .setStream(envelope.stream().toString())
                .setProvenance(ProvenanceCodec.encode(envelope.context()));
        switch (envelope.command()) {
            case SandboxCommand c -> out.setSandbox(SandboxCommandCodec.encode(c));
            case NodeCommand c -> out.setNode(NodeCodec.encode(c));
            case GlobalCommand c -> out.setGlobal(GlobalCodec.encode(c));
            case SettingsCommand c -> out.setSettings(SettingsCodec.encode(c));
            case ProviderCommand c -> out.setProvider(ProviderCodec.encode(c));
            case StreamCommand c -> out.setAny(StreamCommandCodec.encode(c));
        }
        return RecordBytes.write(out.build());
    }

    /**
     * From the log.
     *
     * @throws UndecodableRecord when this release cannot read it
     */
    public static CommandEnvelope decode(byte[] bytes) {
        try {
            CommandRecord in = CommandRecord.parseFrom(RecordBytes.read(bytes));
            Command command = switch (in.getBodyCase()) {
                case SANDBOX -> SandboxCommandCodec.decode(in.getSandbox());
                case NODE -> NodeCodec.decode(in.getNode());
                case GLOBAL -> GlobalCodec.decode(in.getGlobal());
                case SETTINGS -> SettingsCodec.decode(in.getSettings());
                case PROVIDER -> ProviderCodec.decode(in.getProvider());
                case ANY -> StreamCommandCodec.decode(in.getAny());
                case BODY_NOT_SET -> throw new UndecodableRecord("command of a newer release");
            };
            return new CommandEnvelope(
                    StreamId.parse(in.getStream()),
                    ProvenanceCodec.decode(in.getCommandId(), in.getProvenance()),
                    command);
        } catch (IOException | IllegalArgumentException e) {
            throw new UndecodableRecord("a command record", e);
        }
    }
}
