package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.netty.handler.ssl.JdkSslContext;
import io.openshell.proxy.tls.SystemAnchors;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs people use, with the certificates a sandbox shows them, through the proxy to an https server. */
@Timeout(120)
class RealClientsTest {
    @TempDir
    private Path files;

    private HttpsServer server;
    private Stage stage;
    private Path bundle;

    @BeforeEach
    void start() throws Exception {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var context = ((JdkSslContext) Certificates.INTERNET.serving("rest.test")).context();
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            var said = (exchange.getRequestMethod() + " " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, said.length);
            exchange.getResponseBody().write(said);
            exchange.close();
        });
        server.start();
        stage = new Stage(Policies.allowing(Policies.rest("rest.test", 443, "enforce")));
        stage.server = server.getAddress();
        var own = SystemAnchors.pem(Certificates.SANDBOX.certificate());
        bundle = Files.writeString(files.resolve("ca-bundle.pem"), SystemAnchors.load().pem() + own);
    }

    @AfterEach
    void stop() {
        stage.close();
        server.stop(0);
    }

    private static void needs(String program) {
        assumeTrue(Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program))), "needs " + program + " on the PATH");
    }

    private String output(List<String> command) throws IOException, InterruptedException {
        var address = "127.0.0.1:" + stage.proxy.address().getPort();
        var builder = new ProcessBuilder(command.stream().map(word -> word.replace("PROXY", address)).toList());
        builder.environment().keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().putAll(Map.of("https_proxy", "http://" + address, "SSL_CERT_FILE", bundle.toString(),
                "CURL_CA_BUNDLE", bundle.toString()));
        var process = builder.redirectErrorStream(true).redirectInput(new File("/dev/null"))
                .redirectOutput(files.resolve("out").toFile()).start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return Files.readString(files.resolve("out"), StandardCharsets.ISO_8859_1);
    }

    @Test
    void curlReadsAndIsRefusedToWrite() throws Exception {
        needs("curl");
        assertThat(output(List.of("curl", "-sS", "https://rest.test/zen", "https://rest.test/again"))).isEqualTo("GET /zenGET /again");
        assertThat(output(List.of("curl", "-sS", "-X", "POST", "-d", "x", "https://rest.test/items")))
                .contains("policy_denied", "POST /items not permitted by policy");
        assertThat(output(List.of("curl", "-sS", "--path-as-is", "https://rest.test/a/../../etc")))
                .contains("invalid_request_target");
        assertThat(stage.verdicts.all()).extracting(VerdictLine::format)
                .anyMatch(line -> line.contains("GET https://rest.test:443/again"));
    }

    @Test
    void case151OpensslVerifiesTheChain() throws Exception {
        needs("openssl");
        assertThat(output(List.of("openssl", "s_client", "-proxy", "PROXY", "-connect", "rest.test:443", "-servername", "rest.test",
                        "-CAfile", bundle.toString(), "-verify_hostname", "rest.test", "-alpn", "h2,http/1.1")))
                .contains("Verify return code: 0 (ok)", "CN = OpenShell Sandbox CA", "ALPN protocol: http/1.1");
    }

    @Test
    void pythonReadsWithTheBundle() throws Exception {
        needs("python3");
        assertThat(output(List.of("python3", "-c",
                "import urllib.request; print(urllib.request.urlopen('https://rest.test/py').read().decode())")))
                .contains("GET /py");
    }

    @Test
    void javaReadsWithItsTrustStore() throws Exception {
        var store = Files.write(files.resolve("java-truststore.jks"),
                SystemAnchors.load().javaStore(Certificates.SANDBOX.certificate()));
        var program = Files.writeString(files.resolve("Fetch.java"), """
                public class Fetch {
                    public static void main(String[] words) throws Exception {
                        System.out.println(new String(java.net.URI.create(words[0]).toURL().openStream().readAllBytes()));
                    }
                }
                """);
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertThat(output(List.of(java, "-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStoreType=JKS",
                        "-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=" + stage.proxy.address().getPort(),
                        program.toString(), "https://rest.test/java")))
                .contains("GET /java");
    }
}
