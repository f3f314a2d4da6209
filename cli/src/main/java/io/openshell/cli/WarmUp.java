package io.openshell.cli;

import com.google.protobuf.MessageLite;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.config.ClientPaths;
import io.openshell.cli.config.Environment;
import io.openshell.cli.config.GatewayEntry;
import io.openshell.cli.config.GatewayRegistry;
import io.openshell.cli.config.Installation;
import io.openshell.cli.local.GatewayStart;
import io.openshell.cli.output.Printer;
import io.openshell.cli.terminal.Terminal;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.control.v1.AttestedLayer;
import io.openshell.wire.control.v1.Attestation;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxExit;
import io.openshell.wire.v1.ListSandboxesResponse;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxCondition;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.SandboxStatus;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs the common commands once against answers made up in this process, so that the JVM can archive the classes they
 * load. Touches no gateway and no file of the user.
 */
public final class WarmUp {
    private WarmUp() {}

    /** Runs the commands and ends; the launcher script calls it in the background. */
    public static void main(String[] args) throws IOException, ClassNotFoundException {
        Class.forName(Main.class.getName());
        Environment.ofProcess();
        Path folder = Files.createTempDirectory("openshell-warm-up");
        Path state = Files.createDirectories(folder.resolve("openshell"));
        register(state);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(state.resolve("gateway.sock")));
            Thread.ofPlatform().daemon().name("answers").start(() -> serve(server));
            for (String line : new String[] {"sandbox list", "sandbox list -o json", "sandbox get x", "sandbox get x -o json",
                "sandbox exec -n x --no-tty -- true", "logs x", "policy list x", "history x", "status", "--nope"}) {
                run(folder, line.split(" "));
            }
        } finally {
            delete(folder);
        }
        System.exit(ExitCodes.OK);
    }

    /** The local gateway registers itself, so that every command of a usual user reads these files. */
    private static void register(Path config) throws IOException {
        GatewayEntry local = new GatewayEntry(GatewayEntry.LOCAL_NAME, "https://127.0.0.1:" + GatewayStart.DEFAULT_PORT,
                false, null, null, "mtls", GatewayEntry.Source.USER);
        new GatewayRegistry(new ClientPaths(config, config, config.resolve("system"))).add(local);
    }

    private static void run(Path folder, String[] args) {
        Printer nowhere = new Printer(new PrintStream(OutputStream.nullOutputStream()),
                new PrintStream(OutputStream.nullOutputStream()));
        Environment environment = new Environment(Map.of("XDG_STATE_HOME", folder.toString(),
                "XDG_CONFIG_HOME", folder.toString(), "HOME", folder.toString()));
        new CommandLineRunner(new CliContext(environment, Installation.ofProcess(),
                new ByteArrayInputStream(new byte[0]), nowhere, new Terminal())).run(args);
    }

    private static void serve(ServerSocketChannel server) {
        while (true) {
            try (SocketChannel one = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(64 * 1024);
                if (one.read(request) > 0) {
                    String head = new String(request.array(), 0, request.position(), StandardCharsets.ISO_8859_1);
                    one.write(ByteBuffer.wrap(response(answer(head.substring(0, head.indexOf('\r'))))));
                }
            } catch (IOException e) {
                // The socket is closed when every command has run.
                return;
            }
        }
    }

    private static MessageLite answer(String requestLine) {
        // One missing class has the JVM open and search the jars: what a gateway sends by default is all here.
        SandboxPolicy policy = PolicyCodec.encode(BuiltInPolicies.community());
        Sandbox sandbox = Sandbox.newBuilder().setMetadata(ObjectMeta.newBuilder().setId("1").setName("x")
                        .setWorkspace("default").setCreatedAtMs(1).putLabels("a", "b"))
                .setSpec(SandboxSpec.newBuilder().setPolicy(policy).putEnvironment("a", "b"))
                .setStatus(SandboxStatus.newBuilder().setPhase(SandboxPhase.SANDBOX_PHASE_READY)
                        .addConditions(SandboxCondition.getDefaultInstance()).setCurrentPolicyVersion(1)).build();
        String method = requestLine.replaceAll(".*/([A-Za-z]+) HTTP.*", "$1");
        return switch (method) {
            case "ListSandboxes" -> ListSandboxesResponse.newBuilder().addSandboxes(sandbox).build();
            case "ExecSandbox" -> ExecSandboxEvent.newBuilder().setExit(ExecSandboxExit.getDefaultInstance()).build();
            case "GetSandboxConfig" -> GetSandboxConfigResponse.newBuilder().setPolicy(policy).build();
            case "GetAttestation" -> Attestation.newBuilder().addLayers(AttestedLayer.newBuilder().setKind("X").setState("enforced")).build();
            default -> SandboxResponse.newBuilder().setSandbox(sandbox).build();
        };
    }

    private static byte[] response(MessageLite message) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream frames = new DataOutputStream(body);
        frames.writeByte(0);
        frames.writeInt(message.getSerializedSize());
        message.writeTo(frames);
        byte[] trailers = "grpc-status: 0\r\n".getBytes(StandardCharsets.US_ASCII);
        frames.writeByte(0x80);
        frames.writeInt(trailers.length);
        frames.write(trailers);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + Integer.toHexString(body.size()) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        body.writeTo(out);
        out.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static void delete(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (Path one : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
