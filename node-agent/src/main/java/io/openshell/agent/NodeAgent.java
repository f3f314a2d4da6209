package io.openshell.agent;

import io.openshell.agent.advise.FeedWaits;
import io.openshell.agent.advise.RecentDenials;
import io.openshell.agent.advise.SandboxAdvisor;
import io.openshell.agent.credential.AttachedCredentials;
import io.openshell.agent.credential.CredentialSource;
import io.openshell.agent.credential.ProviderCredentials;
import io.openshell.agent.desired.DesiredSandbox;
import io.openshell.agent.desired.GlobalFeed;
import io.openshell.agent.desired.SandboxFeed;
import io.openshell.agent.execute.Launcher;
import io.openshell.agent.execute.Reconciler;
import io.openshell.agent.report.Heartbeats;
import io.openshell.agent.report.Registration;
import io.openshell.agent.report.Reporter;
import io.openshell.agent.report.SandboxLog;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SandboxRuntime;
import io.openshell.agent.session.RelayClient;
import io.openshell.agent.session.SessionEnd;
import io.openshell.log.ActivityLog;
import io.openshell.log.CommandLog;
import io.openshell.log.Entry;
import io.openshell.log.LogFaults;
import io.openshell.log.LogUnavailable;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.NodeFeed;
import io.openshell.log.kafka.Topics;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.sandbox.Session;
import io.openshell.proxy.DecisionTimes;
import io.openshell.proxy.PolicyAdvisor;
import io.openshell.proxy.ProxyEventLoops;
import io.openshell.proxy.SystemResolver;
import io.openshell.wire.events.Heartbeat;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the node's feed, keeps its sandboxes as wanted, and reports. It acts only on its feed and never before it has
 * read all of it. Safe for any thread.
 */
public final class NodeAgent implements AutoCloseable {

    private static final Duration LOG_DEADLINE = Duration.ofSeconds(20);
    private static final int PROXY_THREADS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);

    private final String nodeId;
    private final String incarnation = UUID.randomUUID().toString();
    private final Ports ports;
    private final Reporter reporter;
    private final ProxyEventLoops loops = ProxyEventLoops.own(PROXY_THREADS);
    private final SystemResolver resolver = new SystemResolver();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final SandboxFeed sandboxes;
    private final Reconciler reconciler;
    private final FeedWaits waits;
    private final CredentialSource credentials;
    private final RelayClient relay;
    private final Globals globals;
    private final NodeFeed feed;
    private final Heartbeats heartbeats;

    /**
     * Who this agent is.
     *
     * @param nodeId 1 to 200 of {@code a-z A-Z 0-9 . _ -}
     * @param log where the feed is read
     */
    public record Settings(String nodeId, String hostname, KafkaSettings log) {}

    /** What the agent works with; all of it stays the caller's to close. */
    public record Ports(
            CommandLog commands, ActivityLog activity, SandboxRuntime runtime, Vertx vertx, LogFaults faults, Clock clock,
            ProviderCredentials credentials) {

        /** Without credentials. */
        public Ports(CommandLog commands, ActivityLog activity, SandboxRuntime runtime, Vertx vertx, LogFaults faults, Clock clock) {
            this(commands, activity, runtime, vertx, faults, clock, ProviderCredentials.NONE);
        }
    }

    /** What concerns every node, and what follows it. */
    private record Globals(GlobalFeed policy, NodeFeed feed) {}

    private NodeAgent(Settings settings, Ports ports, Globals globals) {
        this.globals = globals;
        this.nodeId = settings.nodeId();
        this.ports = ports;
        this.reporter = new Reporter(ports.commands(), nodeId, ports.clock(), System::nanoTime);
        this.credentials = new AttachedCredentials(this::wanted, ports.credentials());
        this.relay = new RelayClient(ports.vertx(), nodeId, blocking);
        Launcher launcher = new Launcher(
                ports.runtime(), loops, resolver, credentials, () -> UUID.randomUUID().toString(), this::advisor);
        this.reconciler = new Reconciler(
                this::desired, new Reconciler.Ports(launcher, reporter, this::logOf, this::serve));
        this.waits = new FeedWaits(reconciler);
        this.sandboxes = new SandboxFeed(waits);
        globals.policy().onChange(() -> {
            sandboxes.sandboxIds().forEach(this::wake);
            waits.lookAtAll();
        });
        this.feed = NodeFeed.follow(settings.log(), nodeId, 0, sandboxes, ports.faults());
        this.heartbeats = Heartbeats.start(new Heartbeat(nodeId, incarnation), ports.activity(), ports.clock());
    }

    private Optional<DesiredSandbox> wanted(String sandboxId) {
        return sandboxes.find(sandboxId);
    }

    private PolicyAdvisor advisor(String sandboxId, RecentDenials denials, LongSupplier generation) {
        return new SandboxAdvisor.Node(this::desired, globals.policy()::around, reporter, waits).of(sandboxId, denials, generation);
    }

    private Optional<DesiredSandbox> desired(String sandboxId) {
        return sandboxes.find(sandboxId).map(found -> found.under(globals.policy().around()));
    }

    /** Before its own feed has caught up nothing is done about any sandbox; each one is looked at then. */
    private void wake(String sandboxId) {
        if (sandboxes.isLive()) {
            reconciler.onChanged(sandboxId);
        }
    }

    /** No sandbox may be started before it is known which policy stands. */
    private static Globals globals(Settings settings, Ports ports) {
        GlobalFeed policy = new GlobalFeed();
        NodeFeed feed = NodeFeed.follow(settings.log(), Entry.EVERY_NODE, 0, policy, ports.faults());
        try {
            if (policy.awaitHistory(LOG_DEADLINE.toMillis())) {
                return new Globals(policy, feed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        feed.close();
        throw new LogUnavailable(LogUnavailable.Cause.DEADLINE, "the global policy was not read within " + LOG_DEADLINE);
    }

    /**
     * Registers the node and starts to follow its feed. Blocks until the log has the feed's topic, twenty seconds at most.
     *
     * @throws io.openshell.log.LogUnavailable when the log does not answer in time
     */
    public static NodeAgent start(Settings settings, Ports ports) {
        Topics topics = new Topics(settings.log(), LOG_DEADLINE);
        topics.ensureNodeFeed(settings.nodeId());
        topics.ensureNodeFeed(Entry.EVERY_NODE);
        NodeAgent agent = new NodeAgent(settings, ports, globals(settings, ports));
        List<String> offers = ports.runtime().offers();
        var description = Registration.describe(settings.hostname(), offers, ports.runtime().preflight());
        agent.tellNode("registered", new NodeCommand.Register(description, agent.incarnation, Heartbeats.LEASE));
        ports.runtime().onOffersChanged(agent::tellRuntimes);
        ports.runtime().onPauses(agent.reconciler::onChanged);
        if (!ports.runtime().offers().equals(offers)) {
            agent.tellRuntimes("it changed while the agent started");
        }
        return agent;
    }

    /** Tells this start of the agent from all others. */
    public String incarnation() {
        return incarnation;
    }

    /** Whether the agent has read its feed and acts. */
    public boolean isLive() {
        return sandboxes.isLive();
    }

    /** How long the decisions of its sandboxes' proxies take. */
    public DecisionTimes decisions() {
        return loops.decisions();
    }

    private SandboxLog logOf(String sandboxId) {
        return new SandboxLog(ports.activity(), nodeId, sandboxId, ports.clock());
    }

    private void tellNode(String fact, NodeCommand command) {
        reporter.send(StreamId.node(nodeId), fact + "." + incarnation, incarnation, command);
    }

    /** A change of a moment may be told twice or be over already: the decider drops what is no change. */
    private void tellRuntimes(String reason) {
        tellNode("runtimes." + UUID.randomUUID(), new NodeCommand.ReportRuntimes(incarnation, ports.runtime().offers(), reason));
    }

    private void serve(Reconciler.SessionRequest request, @Nullable RunningSandbox sandbox) {
        Session session = request.session();
        CompletionStage<SessionEnd> served = sandbox == null
                ? relay.refuse(session, new SessionEnd.NotStarted("NOT_FOUND", "nothing of the sandbox is left here; start it again"))
                : relay.serve(session, sandbox, () -> placeholders(request.sandboxId()));
        served.whenComplete((end, never) -> tell(session, end));
        served.thenAccept(end -> sandboxes.find(request.sandboxId())
                .ifPresent(wanted -> reporter.send(
                        wanted.stream(),
                        "session-closed." + session.sessionId(),
                        wanted.correlationId(),
                        new SandboxCommand.ReportSessionClosed(session.sessionId(), code(end)))));
    }

    /** What somebody gave the sandbox by the same name at its creation is what they meant. */
    private Map<String, String> placeholders(String sandboxId) {
        Map<String, String> found = new HashMap<>(credentials.environment(sandboxId));
        sandboxes.find(sandboxId).ifPresent(wanted -> {
            if (wanted.state() instanceof SandboxState.Live live) {
                found.keySet().removeAll(live.request().launch().environment().keySet());
            }
        });
        return found;
    }

    private static void tell(Session session, SessionEnd end) {
        switch (end) {
            case SessionEnd.Exited e -> {}
            case SessionEnd.Detached d -> {}
            case SessionEnd.NotStarted n -> LOG.warn("session not started: id={} code={} reason={}", session.sessionId(), n.code(), n.message());
            case SessionEnd.Lost l -> LOG.warn("session lost: id={} reason={}", session.sessionId(), l.reason());
        }
    }

    private static int code(SessionEnd end) {
        return switch (end) {
            case SessionEnd.Exited e -> e.code();
            case SessionEnd.Detached d -> 0;
            case SessionEnd.NotStarted n -> 126;
            case SessionEnd.Lost l -> 255;
        };
    }

    /**
     * Takes the node out of service and lets its sandboxes go on; the next start takes them over. They have no way out and no
     * visitors meanwhile. Blocks up to twenty seconds.
     */
    @Override
    public void close() {
        heartbeats.close();
        tellNode("retired", new NodeCommand.Retire(incarnation, "its agent has ended"));
        feed.close();
        globals.feed().close();
        relay.close();
        reconciler.close();
        loops.close();
        resolver.close();
        blocking.shutdownNow();
    }
}
