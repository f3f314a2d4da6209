package io.openshell.gateway;

import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.gateway.config.GatewayConfig;
import io.openshell.gateway.process.GatewayProcess;
import io.openshell.log.kafka.BrokerStartFailed;
import io.openshell.proxy.EgressProxy;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.v1.CreateProviderRequest;
import io.openshell.wire.v1.DeleteProviderRequest;
import io.openshell.wire.v1.GetProviderRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;

/**
 * Starts a gateway in a folder of its own, asks it something, has it decide some thousand commands and ends it, so that the JVM
 * can archive the classes a start loads and what it learned of their methods. It has no node: nothing of the host is touched
 * but the folder and two ports of the loopback.
 */
public final class WarmUp {
    /** As many as make the JVM compile fully what every command runs through. */
    private static final int ROUNDS = 1_000;

    private WarmUp() {}

    /** Runs once and ends; the launcher script calls it in the background. */
    public static void main(String[] arguments) throws IOException, BrokerStartFailed, ReflectiveOperationException, URISyntaxException {
        Class.forName(Main.class.getName());
        Path folder = Files.createTempDirectory("openshell-warm-up");
        GatewayConfig config = GatewayConfig.from(List.of("--no-node", "--port", String.valueOf(freePort())),
                Map.of("XDG_STATE_HOME", folder.toString(), "XDG_CONFIG_HOME", folder.toString(), "XDG_DATA_HOME", folder.toString()),
                System.getProperty("user.name"));
        try (GatewayProcess gateway = GatewayProcess.start(config)) {
            for (String method : List.of("Health", "ListSandboxes", "GetGatewayInfo")) {
                ask(config.folders().socket(), method, new byte[0]);
            }
            rehearse(config.folders().socket());
            // What only a node loads: the first sandbox waits for it.
            load(LinuxSettings.class);
            load(EgressProxy.class);
        } finally {
            delete(folder);
        }
        System.exit(0);
    }

    private static int freePort() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return one.getLocalPort();
        }
    }

    /** Commands all the way through the log: the archive keeps what the JVM learns of methods that are called often. */
    private static void rehearse(Path socket) throws IOException {
        CreateProviderRequest create = CreateProviderRequest.newBuilder().setProvider(Provider.newBuilder()
                .setMetadata(ObjectMeta.newBuilder().setName("rehearsal")).setType("generic")).build();
        GetProviderRequest get = GetProviderRequest.newBuilder().setName("rehearsal").build();
        DeleteProviderRequest delete = DeleteProviderRequest.newBuilder().setName("rehearsal").build();
        for (int i = 0; i < ROUNDS; i++) {
            ask(socket, "CreateProvider", create.toByteArray());
            ask(socket, "GetProvider", get.toByteArray());
            ask(socket, "DeleteProvider", delete.toByteArray());
        }
    }

    /** One request, with gRPC-Web as the command line speaks it, up to the end of the answer. */
    private static void ask(Path socket, String method, byte[] message) throws IOException {
        String head = "POST /openshell.v1.OpenShell/" + method + " HTTP/1.1\r\nhost: localhost\r\nx-grpc-web: 1\r\n"
                + "content-type: application/grpc-web+proto\r\nconnection: close\r\ncontent-length: " + (5 + message.length) + "\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(new ByteBuffer[] {ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)),
                ByteBuffer.allocate(5).putInt(1, message.length), ByteBuffer.wrap(message)});
            ByteBuffer answer = ByteBuffer.allocate(8 * 1024);
            while (channel.read(answer) >= 0) {
                answer.clear();
            }
        }
    }

    /** Loads, without running anything of them, the classes of the file that this one comes from. */
    private static void load(Class<?> one) throws IOException, ReflectiveOperationException, URISyntaxException {
        Path file = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (JarFile jar = new JarFile(file.toFile())) {
            for (String name : jar.stream().map(entry -> entry.getName()).filter(each -> each.endsWith(".class")).toList()) {
                if (!name.endsWith("-info.class")) {
                    Class.forName(name.substring(0, name.length() - ".class".length()).replace('/', '.'), false, one.getClassLoader());
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (Path one : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
