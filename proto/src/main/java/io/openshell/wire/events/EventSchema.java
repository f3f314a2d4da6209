package io.openshell.wire.events;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.openshell.model.Actor;
import io.openshell.model.CommandRejected;
import io.openshell.model.Event;
import io.openshell.model.RejectionCode;
import io.openshell.model.isolation.LayerKind;
import io.openshell.wire.events.v1.EventRecord;
import io.openshell.wire.events.v1.GlobalEvent;
import io.openshell.wire.events.v1.NodeEvent;
import io.openshell.wire.events.v1.ProviderEvent;
import io.openshell.wire.events.v1.SandboxEvent;
import io.openshell.wire.events.v1.SettingsEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Which types of event this release reads, in which versions. Pure; any thread. */
public final class EventSchema {

    /** By type, the steps from version 1 on: the first lifts a record of version 1 to version 2. */
    private static final Map<Enum<?>, List<UnaryOperator<EventRecord>>> STEPS =
            Map.of(EventRecord.BodyCase.REJECTED, List.of(Upcasters::refusalsAreCounted));

    private EventSchema() {}

    /**
     * The version to write an event in: the lowest that says it in full, so that releases that know only older ones go on
     * reading whatever they would understand.
     */
    public static int version(Event event) {
        return event instanceof CommandRejected refused && refused.count() > 1 ? 2 : 1;
    }

    /** Every type of event, as {@code rejected} or {@code sandbox.ready}, with the newest version that is read. */
    public static SortedMap<String, Integer> known() {
        SortedMap<String, Integer> known = new TreeMap<>();
        Arrays.stream(SandboxEvent.BodyCase.values()).filter(each -> each != SandboxEvent.BodyCase.BODY_NOT_SET)
                .forEach(each -> known.put(name(each), newest(each)));
        Arrays.stream(NodeEvent.BodyCase.values()).filter(each -> each != NodeEvent.BodyCase.BODY_NOT_SET)
                .forEach(each -> known.put(name(each), newest(each)));
        Arrays.stream(GlobalEvent.BodyCase.values()).filter(each -> each != GlobalEvent.BodyCase.BODY_NOT_SET)
                .forEach(each -> known.put(name(each), newest(each)));
        Arrays.stream(ProviderEvent.BodyCase.values()).filter(each -> each != ProviderEvent.BodyCase.BODY_NOT_SET)
                .forEach(each -> known.put(name(each), newest(each)));
        Arrays.stream(SettingsEvent.BodyCase.values()).filter(each -> each != SettingsEvent.BodyCase.BODY_NOT_SET)
                .forEach(each -> known.put(name(each), newest(each)));
        for (EventRecord.BodyCase each : EventRecord.BodyCase.values()) {
            switch (each) {
                case SANDBOX, NODE, GLOBAL, PROVIDER, SETTINGS, BODY_NOT_SET -> { }
                case REJECTED, UNCHANGED, SKIPPED -> known.put(name(each), newest(each));
            }
        }
        return known;
    }

    /** Lower-case hex SHA-256 of all that decides how events are read; another one means that some may read differently. */
    public static String fingerprint() {
        MessageDigest digest = sha256();
        describe(EventRecord.getDescriptor().getFile(), new TreeMap<>()).values().forEach(digest::update);
        String names = known() + Arrays.toString(RejectionCode.values()) + Arrays.toString(LayerKind.values())
                + Arrays.toString(Actor.Kind.values());
        return HexFormat.of().formatHex(digest.digest(names.getBytes(StandardCharsets.UTF_8)));
    }

    private static SortedMap<String, byte[]> describe(FileDescriptor file, SortedMap<String, byte[]> files) {
        files.put(file.getName(), file.toProto().toByteArray());
        file.getDependencies().forEach(each -> describe(each, files));
        return files;
    }

    /**
     * The record in the newest shape of its type. Its schema version is left as it was.
     *
     * @throws UndecodableRecord when a newer release wrote it, or when it has no body
     */
    static EventRecord lifted(EventRecord record) {
        Enum<?> type = type(record);
        int version = record.getSchemaVersion();
        if (version < 1) {
            throw new UndecodableRecord("an event of schema version " + Integer.toUnsignedString(version));
        }
        List<UnaryOperator<EventRecord>> steps = STEPS.getOrDefault(type, List.of());
        if (version > steps.size() + 1) {
            throw UndecodableRecord.ofNewerRelease("the event " + name(type) + ", schema version " + version + ",");
        }
        EventRecord lifted = record;
        for (UnaryOperator<EventRecord> step : steps.subList(version - 1, steps.size())) {
            lifted = step.apply(lifted);
        }
        return lifted;
    }

    static String typeName(EventRecord record) {
        return name(type(record));
    }

    private static Enum<?> type(EventRecord record) {
        return switch (record.getBodyCase()) {
            case SANDBOX -> {
                SandboxEvent.BodyCase type = record.getSandbox().getBodyCase();
                yield type != SandboxEvent.BodyCase.BODY_NOT_SET
                        ? type : unknown("a sandbox event", record.getSandbox().getUnknownFields().asMap().isEmpty());
            }
            case NODE -> {
                NodeEvent.BodyCase type = record.getNode().getBodyCase();
                yield type != NodeEvent.BodyCase.BODY_NOT_SET
                        ? type : unknown("a node event", record.getNode().getUnknownFields().asMap().isEmpty());
            }
            case GLOBAL -> {
                GlobalEvent.BodyCase type = record.getGlobal().getBodyCase();
                yield type != GlobalEvent.BodyCase.BODY_NOT_SET
                        ? type : unknown("a global policy event", record.getGlobal().getUnknownFields().asMap().isEmpty());
            }
            case SETTINGS -> {
                SettingsEvent.BodyCase type = record.getSettings().getBodyCase();
                yield type != SettingsEvent.BodyCase.BODY_NOT_SET
                        ? type : unknown("an event of the settings", record.getSettings().getUnknownFields().asMap().isEmpty());
            }
            case PROVIDER -> {
                ProviderEvent.BodyCase type = record.getProvider().getBodyCase();
                yield type != ProviderEvent.BodyCase.BODY_NOT_SET
                        ? type : unknown("a provider event", record.getProvider().getUnknownFields().asMap().isEmpty());
            }
            case REJECTED, UNCHANGED, SKIPPED -> record.getBodyCase();
            case BODY_NOT_SET -> unknown("an event", record.getUnknownFields().asMap().isEmpty());
        };
    }

    /** A type this release does not know stands in a field it does not know either; where there is none, there is no event. */
    private static Enum<?> unknown(String what, boolean empty) {
        throw empty ? new UndecodableRecord(what + " without a body") : UndecodableRecord.ofNewerRelease(what + " of a type");
    }

    private static int newest(Enum<?> type) {
        return STEPS.getOrDefault(type, List.of()).size() + 1;
    }

    private static String name(Enum<?> type) {
        String name = type.name().toLowerCase(Locale.ROOT);
        return switch (type) {
            case SandboxEvent.BodyCase sandbox -> "sandbox." + name;
            case NodeEvent.BodyCase node -> "node." + name;
            case GlobalEvent.BodyCase global -> "global." + name;
            case SettingsEvent.BodyCase settings -> "settings." + name;
            case ProviderEvent.BodyCase provider -> "provider." + name;
            default -> name;
        };
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
