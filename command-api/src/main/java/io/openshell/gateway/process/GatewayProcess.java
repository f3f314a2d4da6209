package io.openshell.gateway.process;

import io.openshell.gateway.archive.EventArchive;
import io.openshell.gateway.auth.Callers;
import io.openshell.gateway.config.GatewayConfig;
import io.openshell.gateway.grpc.CommandRate;
import io.openshell.gateway.grpc.Commands;
import io.openshell.gateway.grpc.GatewayEndpoint;
import io.openshell.gateway.grpc.GatewayServer;
import io.openshell.gateway.grpc.NameGenerator;
import io.openshell.gateway.grpc.NodesEndpoint;
import io.openshell.gateway.grpc.GlobalReachEndpoint;
import io.openshell.gateway.grpc.PolicyEndpoint;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.SandboxEndpoint;
import io.openshell.gateway.grpc.StartFailed;
import io.openshell.gateway.learn.DraftEndpoint;
import io.openshell.gateway.metrics.GatewayMetrics;
import io.openshell.gateway.ops.LogState;
import io.openshell.gateway.ops.OpsEndpoint;
import io.openshell.gateway.ops.TopicsEndpoint;
import io.openshell.gateway.provider.InferenceEndpoint;
import io.openshell.gateway.provider.ProviderEndpoint;
import io.openshell.gateway.provider.SandboxProvidersEndpoint;
import io.openshell.gateway.query.AttestationEndpoint;
import io.openshell.gateway.query.EventJson;
import io.openshell.gateway.query.HistoryEndpoint;
import io.openshell.gateway.query.LogsEndpoint;
import io.openshell.gateway.query.PolicyReviewEndpoint;
import io.openshell.gateway.session.AttachEndpoint;
import io.openshell.gateway.session.ExecEndpoint;
import io.openshell.gateway.session.NodeRelayEndpoint;
import io.openshell.gateway.session.RelayBroker;
import io.openshell.gateway.session.SessionOpening;
import io.openshell.gateway.tls.LocalCertificates;
import io.openshell.gateway.tls.LocalRegistration;
import io.openshell.gateway.watch.WatchEndpoint;
import io.openshell.gateway.source.ImagesEndpoint;
import io.openshell.log.LogFaults;
import io.openshell.log.LogUnavailable;
import io.openshell.log.LoopStatus;
import io.openshell.log.kafka.BrokerStartFailed;
import io.openshell.log.kafka.ClientFile;
import io.openshell.log.kafka.EmbeddedBroker;
import io.openshell.log.kafka.EventsTopic;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.KafkaStreamReader;
import io.openshell.log.kafka.KafkaTopicScan;
import io.openshell.log.kafka.TopicMismatch;
import io.openshell.log.kafka.Topics;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.projection.fold.CountingBus;
import io.openshell.projection.fold.LogCommandBus;
import io.openshell.projection.history.LogHistory;
import io.openshell.projection.verdicts.LogVerdicts;
import io.openshell.projection.verdicts.Verdicts;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running gateway with everything it needs: the log (its own broker, or an existing cluster), the folds, the decider,
 * this host's node agent and the listeners. Starting and closing block for some seconds.
 */
public final class GatewayProcess implements AutoCloseable {

    static final String VERSION = "0.1.0";
    private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(10);
    private static final Duration TOPICS_DEADLINE = Duration.ofSeconds(20);
    private static final int HISTORY_EVENTS = 10_000;
    private static final int VERDICT_LINES = 20_000;
    private static final Logger LOG = LoggerFactory.getLogger(GatewayProcess.class);

    private final CloseStack parts = new CloseStack();
    private final LogFaults faults = new LoggedFaults();
    private final Clock clock = Clock.systemUTC();

    private GatewayProcess() {}

    /**
     * Starts a gateway, or leaves nothing of it behind.
     *
     * @throws StartFailed when a listener, a file or the log cannot be used; the message says what to do
     * @throws BrokerStartFailed when the broker inside this process cannot start
     * @throws io.openshell.log.LogUnavailable when the log does not answer in time
     */
    public static GatewayProcess start(GatewayConfig config) throws BrokerStartFailed {
        GatewayProcess process = new GatewayProcess();
        try {
            process.open(config);
            return process;
        } catch (RuntimeException | BrokerStartFailed e) {
            process.close();
            throw e;
        }
    }

    private void open(GatewayConfig config) throws BrokerStartFailed {
        StateFiles files = new StateFiles(config.folders().state());
        KafkaSettings settings = log(config, files);
        parts.push(files.recordPid());
        ensureTopics(settings);
        String gatewayId = files.gatewayId();
        GatewayMetrics metrics = new GatewayMetrics();
        LogSide log = LogSide.start(
                settings, new LogSide.Identity(gatewayId, files.snapshot(), files.checkpoints()), faults, parts, metrics);
        Measuring.show(log, metrics);
        // Nothing is served from class path or files: no cache of them is made, which a killed process would leave behind.
        Vertx vertx = Vertx.builder().with(new VertxOptions().setPreferNativeTransport(true).setFileSystemOptions(
                new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false))).build();
        parts.push(() -> vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS));
        VaultSide vault = VaultSide.start(log, files.vaultKey(), config.operation().files().vaultKey(), faults, parts);
        TimeSide time = TimeSide.start(log, vertx, files.history(), faults, parts);
        config.operation().files().archiveConfig().ifPresent(file -> Measuring.show(parts.push(archive(file, log, files.archived())), metrics));
        Optional<String> node = config.operation().node(!config.kafka().isEmpty(), GatewayProcess::hostname);
        Optional<HostNode> host = node.map(id -> parts.push(HostNode.start(
                id, hostname(), log, new HostNode.Surroundings(vertx, faults, clock, files.sandboxes(),
                config.operation().containers().engine(), vault.credentials()))));
        Commands commands = commands(config, log, metrics);
        List<RpcGroup> groups = new ArrayList<>(endpoints(config, log, time, new Calling(vertx, commands)));
        groups.add(new ProviderEndpoint(commands, time.views(), vault.vault()));
        groups.add(new InferenceEndpoint(commands, time.views()));
        groups.add(new SandboxProvidersEndpoint(commands, time.views()));
        groups.add(new OpsEndpoint(gatewayId, log, commands));
        groups.add(new TopicsEndpoint(vertx, new LiveTopics(log)));
        parts.push(leases(gatewayId, log).start());
        groups.add(new ImagesEndpoint(node.map(id ->
                parts.push(new NodeSources(files.sandboxes(), config.operation().containers().engine())))));
        LocalCertificates certificates = LocalCertificates.in(config.folders().tls(), clock.instant());
        parts.push(GatewayServer.start(vertx, config, certificates, new GatewayServer.Served(
                new Callers(gatewayId, config.localUser()), groups, Measuring.pages(log, () -> metrics.text() + host.map(HostNode::metrics).orElse("")),
                () -> log.viewAge().toMillis())));
        LocalRegistration.write(config.folders().config(), certificates, config.port());
        LOG.info("gateway ready: port={} log={} node={}", config.port(), settings.bootstrap(), node.orElse("none"));
    }

    private EventArchive archive(Path connection, LogSide log, Path positions) {
        try {
            return EventArchive.start(connection, new EventArchive.Source(
                    new HistoryFeed(log, faults), EventJson::of, faults, EventsTopic.of(log.settings()).id(), positions));
        } catch (IllegalArgumentException e) {
            throw new StartFailed(e.getMessage(), e);
        }
    }

    private NodeLeases leases(String gatewayId, LogSide log) {
        return new NodeLeases(new NodeLeases.Ports(
                gatewayId, log.nodes(), log.beats(), new LogCommandBus(log.commands(), log.fold()), log::decides,
                () -> log.answers() && log.viewAge().compareTo(LogState.STALE) < 0, clock, System::nanoTime, faults));
    }

    private Commands commands(GatewayConfig config, LogSide log, GatewayMetrics metrics) {
        CountingBus bus = parts.push(new CountingBus(new LogCommandBus(log.commands(), log.fold()), log.fold()));
        return new Commands(bus, clock, COMMAND_DEADLINE,
                new CommandRate(config.operation().commandsPerSecond()), metrics::command);
    }

    private KafkaSettings log(GatewayConfig config, StateFiles files) throws BrokerStartFailed {
        if (config.kafka().isEmpty()) {
            return parts.push(EmbeddedBroker.start(files.log())).settings();
        }
        Map<String, String> client = config.operation().files().kafkaConfig().map(ClientFile::read).orElse(Map.of());
        String bootstrap = String.join(",", config.kafka());
        KafkaSettings one = new KafkaSettings(bootstrap, (short) 1, client);
        try {
            return new KafkaSettings(bootstrap, new Topics(one, TOPICS_DEADLINE).copies(), client);
        } catch (LogUnavailable e) {
            throw unreachable(one, e);
        }
    }

    private static StartFailed unreachable(KafkaSettings settings, LogUnavailable cause) {
        return new StartFailed("no Kafka broker answers as it should at " + settings.bootstrap()
                + "; start one there or name another with --kafka", cause);
    }

    private static void ensureTopics(KafkaSettings settings) {
        List<TopicMismatch> mismatches;
        try {
            mismatches = new Topics(settings, TOPICS_DEADLINE).ensure();
        } catch (LogUnavailable e) {
            throw unreachable(settings, e);
        }
        for (TopicMismatch each : mismatches) {
            if (each.setting().equals("partitions")) {
                throw new StartFailed(each.sentence() + "; commands and events would part ways", null);
            }
            LOG.warn("{}", each.sentence());
        }
    }

    /** What every group of calls may need. */
    private record Calling(Vertx vertx, Commands commands) {}

    private List<RpcGroup> endpoints(GatewayConfig config, LogSide log, TimeSide time, Calling calling) {
        Vertx vertx = calling.vertx();
        Commands commands = calling.commands();
        RelayBroker broker = new RelayBroker(vertx, RelayBroker.CLAIM_LIMIT);
        SessionOpening opening = new SessionOpening(
                commands, log.sandboxes(), log.nodes(), broker, "unix:" + config.folders().socket());
        var reader = new KafkaStreamReader(log.settings(), HISTORY_EVENTS);
        List<RpcGroup> endpoints = new ArrayList<>(List.of(
                new GatewayEndpoint(VERSION, () -> log.decider().status().phase() == LoopStatus.Phase.RUNNING, log.nodes()),
                new SandboxEndpoint(commands, time.views(), log.nodes(),
                        new NameGenerator(RandomGenerator.getDefault()),
                        new SandboxEndpoint.Defaults(BuiltInPolicies.community(), config.operation().containers().defaultImage())),
                new PolicyEndpoint(commands, time.views()),
                new GlobalReachEndpoint(time.views()),
                new NodesEndpoint(time.views()),
                new AttestationEndpoint(time.views()),
                new LogsEndpoint(log.sandboxes(), log.lines()),
                new PolicyReviewEndpoint(vertx, log.sandboxes(), () -> time.views().now().around(), verdicts(log)),
                new DraftEndpoint(new DraftEndpoint.Ports(
                        vertx, commands, log.sandboxes(), time.views(), verdicts(log), new LogHistory(reader::read, Topics.EVENTS))),
                new HistoryEndpoint(vertx, new LogHistory(reader::read, Topics.EVENTS)),
                new WatchEndpoint(log.sandboxes(), log.lines()),
                new ExecEndpoint(vertx, opening),
                new AttachEndpoint(vertx, opening),
                new NodeRelayEndpoint(broker)));
        endpoints.addAll(time.endpoints());
        return endpoints;
    }

    private static Verdicts verdicts(LogSide log) {
        return new LogVerdicts(new LogVerdicts.Sources(log.lines(),
                new KafkaStreamReader(log.settings(), VERDICT_LINES)::read,
                new KafkaTopicScan(log.settings()), Topics.ACTIVITY, VERDICT_LINES));
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Ends the listeners, the sandboxes' processes and the log, in this order. */
    @Override
    public void close() {
        parts.close();
    }
}
