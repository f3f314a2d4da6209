package io.openshell.gateway.process;

import io.openshell.agent.NodeAgent;
import io.openshell.agent.credential.ProviderCredentials;
import io.openshell.agent.docker.DockerRuntime;
import io.openshell.agent.docker.Engine;
import io.openshell.agent.launcher.ContainerEntry;
import io.openshell.agent.launcher.LinuxRuntime;
import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.agent.runtime.SourcedRuntime;
import io.openshell.gateway.grpc.StartFailed;
import io.openshell.log.LogFaults;
import io.openshell.model.node.NodeState;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** This host's node agent, run inside the gateway's process. Starting and closing block for some seconds. */
final class HostNode implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final String id;
    private final LogSide log;
    private final NodeAgent agent;
    private final Optional<DockerRuntime> containers;

    /** What the agent shares with the rest of the process. */
    record Surroundings(Vertx vertx, LogFaults faults, Clock clock, Path sandboxes, Optional<URI> engine,
            ProviderCredentials credentials) {}

    private HostNode(String id, LogSide log, NodeAgent agent, Optional<DockerRuntime> containers) {
        this.id = id;
        this.log = log;
        this.agent = agent;
        this.containers = containers;
    }

    /**
     * Starts the agent and waits until the log has it as a node.
     *
     * @throws StartFailed when that takes longer than fifteen seconds
     */
    static HostNode start(String id, String hostname, LogSide log, Surroundings around) {
        LinuxRuntime linux = new LinuxRuntime(LinuxSettings.at(around.sandboxes()));
        Optional<DockerRuntime> containers = around.engine()
                .map(address -> new DockerRuntime(new Engine(address), new ContainerEntry(linux), around.sandboxes()));
        NodeAgent agent = NodeAgent.start(
                new NodeAgent.Settings(id, hostname, log.settings()),
                new NodeAgent.Ports(log.commands(), log.activity(),
                        new SourcedRuntime(linux, containers), around.vertx(), around.faults(), around.clock(),
                        around.credentials()));
        HostNode node = new HostNode(id, log, agent, containers);
        boolean there = node.await(state -> state instanceof NodeState.Registered r
                && r.incarnation().equals(agent.incarnation()), LIMIT);
        if (!there) {
            node.close();
            throw new StartFailed("this host did not register as node '" + id + "' within " + LIMIT, null);
        }
        return node;
    }

    /** What the proxies of this node tell of their decisions, as lines of the metrics page. */
    String metrics() {
        return agent.decisions().text();
    }

    private boolean await(Predicate<NodeState> wanted, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end) {
            if (log.nodes().nodes().stream().anyMatch(n -> n.id().equals(id) && wanted.test(n.state()))) {
                return true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    @Override
    public void close() {
        agent.close();
        containers.ifPresent(DockerRuntime::close);
        await(state -> state instanceof NodeState.Retired, FAREWELL);
    }
}
