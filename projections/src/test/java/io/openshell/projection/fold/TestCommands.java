package io.openshell.projection.fold;

import io.openshell.model.Actor;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Commands as users and nodes send them. */
final class TestCommands {
    static final String NODE = "host-1";
    private static final Actor USER = new Actor(Actor.Kind.USER, "ada", "unix-socket");
    private static final Actor AGENT = new Actor(Actor.Kind.NODE, NODE, "node-key");

    private TestCommands() {}

    static CommandEnvelope user(StreamId stream, Command command) {
        return user(UUID.randomUUID().toString(), stream, command);
    }

    static CommandEnvelope user(String id, StreamId stream, Command command) {
        Actor actor = command instanceof NodeCommand ? new Actor(Actor.Kind.NODE, stream.path(), "node-key") : USER;
        return new CommandEnvelope(stream, context(id, actor), command);
    }

    static CommandEnvelope agent(StreamId stream, Command command) {
        return new CommandEnvelope(stream, context(UUID.randomUUID().toString(), AGENT), command);
    }

    static Context context(String id, Actor actor) {
        return new Context(new CommandId(id), "c", "", actor, "", "gateway:test", Instant.ofEpochSecond(1_700_000_000));
    }

    static Context context(String id) {
        return context(id, USER);
    }

    static SandboxCommand.Create create(StreamId stream) {
        return create(stream, Map.of(), NODE);
    }

    static SandboxCommand.Create create(StreamId stream, Map<String, String> labels, String node) {
        String[] path = stream.path().split("/");
        SandboxRequest request = new SandboxRequest(
                "id-" + UUID.randomUUID(), path[1], path[0], labels, Map.of(),
                new SandboxRequest.Launch(List.of("sleep"), false, Map.of(), ""));
        return new SandboxCommand.Create(request, BuiltInPolicies.restrictive(), Optional.of(node));
    }

    static SandboxCommand.ReportEnforced enforced() {
        return new SandboxCommand.ReportEnforced(new Enforcement(1, "i-1", List.of(), Map.of(), 1), 1);
    }

    static NodeCommand.Register register(String unfitReason) {
        return new NodeCommand.Register(
                new NodeDescription("host", List.of("linux"), List.of(), unfitReason), UUID.randomUUID().toString());
    }
}
