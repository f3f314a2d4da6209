package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.CredentialBinding;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.provider.CredentialEndpoint;
import io.openshell.proxy.credential.Credential;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.SecretText;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to placeholders on their way out, on sockets. */
@Timeout(60)
class CredentialTest {
    private static final String SECRET = "planted-7f3a+9\"x";
    private static final String HOLDER = "openshell:resolve:env:API_KEY";
    private static final String ALIAS = "sk-OPENSHELL-RESOLVE-ENV-API_KEY";

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.allowing(
                rest("api.a.example").build(),
                rest("b.example").build(),
                rest("body.example").flags(new HttpFlags(false, false, true, false)).build(),
                rest("bound.example").credentialBinding(new CredentialBinding("model")).build(),
                NetworkEndpoint.builder("api.a.example", 9000).build(),
                NetworkEndpoint.builder("open.example", 8080).build()));
        stage.server = server.address();
        stage.credentials = offering(SECRET, 1);
    }

    private static io.openshell.model.policy.NetworkEndpointBuilder rest(String host) {
        return NetworkEndpoint.builder(host, 8080).protocol("rest").access("full").enforcement("enforce");
    }

    private static CredentialSet offering(String secret, long revision) {
        return CredentialSet.of(List.of(
                credential("API_KEY", "model", revision, Optional.of(secret), Optional.empty(),
                        new CredentialEndpoint("api.a.example", 8080, ""), new CredentialEndpoint("body.example", 8080, ""),
                        new CredentialEndpoint("api.a.example", 9000, "")),
                credential("OLD", "model", revision, Optional.of("x"), Optional.of(Instant.EPOCH),
                        new CredentialEndpoint("api.a.example", 8080, "")),
                credential("LOST", "model", revision, Optional.empty(), Optional.empty(),
                        new CredentialEndpoint("api.a.example", 8080, "")),
                credential("SLASHED", "model", revision, Optional.of("a/../b"), Optional.empty(),
                        new CredentialEndpoint("api.a.example", 8080, ""))));
    }

    private static Credential credential(String key, String provider, long revision, Optional<String> secret,
            Optional<Instant> expires, CredentialEndpoint... endpoints) {
        return new Credential(key, provider, revision, "ab".repeat(32), List.of(endpoints), expires, secret.map(SecretText::new));
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private Client tunnel(String host) throws IOException {
        var client = stage.client();
        client.send("CONNECT " + host + ":8080 HTTP/1.1\r\nHost: " + host + ":8080\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    private String request(String host, String target, String fields) {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + ":8080\r\n" + fields + "\r\n";
    }

    /** The head the upstream gets for a request that passes. */
    private String passed(String host, String target, String fields) throws Exception {
        try (var client = tunnel(host); var upstream = server.next()) {
            client.send(request(host, target, fields));
            return upstream.head();
        }
    }

    /** The answer to a request of which the upstream sees nothing. */
    private String refused(String host, String target, String fields) throws Exception {
        try (var client = tunnel(host); var upstream = server.next()) {
            client.send(request(host, target, fields));
            var answer = client.rest();
            assertThat(upstream.rest()).as("what the upstream saw").isEmpty();
            return answer;
        }
    }

    private void logsTellNothing() {
        assertThat(stage.verdicts.all()).allSatisfy(verdict -> assertThat(VerdictLine.format(verdict) + verdict)
                .doesNotContain(SECRET, "API_KEY", "planted"));
    }

    @Test
    void case133TheUpstreamGetsTheSecretAndTheLogDoesNot() throws Exception {
        assertThat(passed("api.a.example", "/v1", "Authorization: Bearer " + HOLDER + "\r\n"))
                .contains("Authorization: Bearer " + SECRET + "\r\n");
        logsTellNothing();
    }

    @Test
    void aRequestThatDoesNotSayWhichHostItMeansGetsNoSecret() throws Exception {
        var keyed = "GET /v1 HTTP/1.0\r\nAuthorization: Bearer " + HOLDER + "\r\n";
        try (var client = tunnel("api.a.example"); var upstream = server.next()) {
            client.send(keyed + "Host: api.a.example:8080\r\n\r\n");
            assertThat(upstream.head()).contains(SECRET);
        }
        try (var client = tunnel("api.a.example"); var upstream = server.next()) {
            client.send("GET /v1 HTTP/1.0\r\n\r\n");
            assertThat(upstream.head()).startsWith("GET /v1 HTTP/1.0\r\n");
        }
        try (var client = tunnel("api.a.example"); var upstream = server.next()) {
            client.send(keyed + "\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 500 ").contains("credential_unavailable");
            assertThat(upstream.rest()).isEmpty();
        }
        logsTellNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {HOLDER, ALIAS, "openshell:resolve:env:v1_API_KEY",
        "openshell:resolve:env:sabababababababababababababababababababababababababababababababab_API_KEY"})
    void everyFormIsFilledInAsAWholeValueAndBehindAScheme(String form) throws Exception {
        assertThat(passed("api.a.example", "/", "X-Api-Key: " + form + "\r\nAuthorization: token " + form + "\r\n"))
                .contains("X-Api-Key: " + SECRET + "\r\n", "Authorization: token " + SECRET + "\r\n");
    }

    @Test
    void basicAuthorisationIsFilledInWithinItsEncoding() throws Exception {
        var basic = Base64.getEncoder().encodeToString(("ada:" + HOLDER).getBytes());
        var expected = Base64.getEncoder().encodeToString(("ada:" + SECRET).getBytes());
        assertThat(passed("api.a.example", "/", "Authorization: Basic " + basic + "\r\n"))
                .contains("Authorization: Basic " + expected + "\r\n");
    }

    @Test
    void pathsAndQueriesAreFilledInAndShownWithout() throws Exception {
        var head = passed("api.a.example", "/bot" + HOLDER + "/send?a=1&key=openshell%3Aresolve%3Aenv%3AAPI_KEY&b=%20", "");
        assertThat(head).startsWith("GET /botplanted-7f3a%2B9%22x/send?a=1&key=planted-7f3a%2B9%22x&b=%20 HTTP/1.1\r\n");
        assertThat(stage.verdicts.all().getLast().target()).endsWith("/bot[CREDENTIAL]/send");
        logsTellNothing();
    }

    @Test
    void case134TheSamePlaceholderElsewhereIsRefused() throws Exception {
        assertThat(passed("api.a.example", "/", "X-Key: " + HOLDER + "\r\n")).contains(SECRET);
        assertThat(refused("b.example", "/", "X-Key: " + HOLDER + "\r\n"))
                .startsWith("HTTP/1.1 403 ").contains("\"error\":\"credential_endpoint_mismatch\"");
        assertThat(stage.verdicts.all().getLast()).satisfies(verdict -> {
            assertThat(verdict.engine()).isEqualTo("credential-binding");
            assertThat(verdict.code()).contains(ReasonCode.CREDENTIAL_MISDIRECTED);
        });
        logsTellNothing();
    }

    @Test
    void aBindingOfThePolicySendsACredentialToItsEndpoint() throws Exception {
        assertThat(passed("bound.example", "/", "X-Key: " + HOLDER + "\r\n")).contains("X-Key: " + SECRET);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/ | X-Key: openshell:resolve:env:NOBODY", "/ | X-Key: openshell:resolve:env:v2_API_KEY",
        "/ | X-Key: openshell:resolve:env:OLD", "/ | X-Key: openshell:resolve:env:LOST",
        "/ | X-Key: a openshell:resolve:env:API_KEY b", "/ | X-Key: openshell%3Aresolve%3aenv:API_KEY",
        "/ | X-Key: openshell%253Aresolve%253aenv%253AAPI_KEY", "/ | openshell-resolve-env-x: 1",
        "/openshell:resolve:env:SLASHED | X: 1", "/?openshell:resolve:env:API_KEY=1 | X: 1"
    })
    void whatCannotBeFilledInNeverLeaves(String target, String field) throws Exception {
        var answer = refused("api.a.example", target, field + "\r\n");
        assertThat(answer).startsWith("HTTP/1.1 500 ").contains("credential_unavailable").doesNotContain("API_KEY", "planted");
        assertThat(stage.verdicts.all().getLast().code()).contains(ReasonCode.CREDENTIAL_UNAVAILABLE);
    }

    @Test
    void aPlaceholderNeverLeavesASandboxWithoutCredentialsEither() throws Exception {
        stage.credentials = CredentialSet.NONE;
        assertThat(passed("api.a.example", "/", "X: 1\r\n")).contains("X: 1");
        assertThat(refused("api.a.example", "/", "X-Key: " + HOLDER + "\r\n")).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void aNewValueCountsFromTheNextRequestOfAnOpenConnection() throws Exception {
        try (var client = tunnel("api.a.example"); var upstream = server.next()) {
            client.send(request("api.a.example", "/", "X-Key: " + HOLDER + "\r\n"));
            assertThat(upstream.head()).contains(SECRET);
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            client.head();
            stage.credentials = offering("rotated", 9);
            client.send(request("api.a.example", "/", "X-Key: openshell:resolve:env:v2_API_KEY\r\n"));
            assertThat(upstream.head()).contains("X-Key: rotated");
            upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            client.head();
            client.send(request("api.a.example", "/", "X-Key: openshell:resolve:env:v1_API_KEY\r\n"));
            assertThat(client.head()).as("eight revisions are understood").startsWith("HTTP/1.1 500 ");
        }
    }

    private String post(String host, String type, String framing) {
        return "POST /x HTTP/1.1\r\nHost: " + host + ":8080\r\nContent-Type: " + type + "\r\n" + framing + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"openshell:resolve:env:API_KEY", "OpenShell%3Aresolve:env:API_KEY", "sk-OPENSHELL-RESOLVE-ENV-API_KEY"})
    void case135WithoutOptInABodyStopsBeforeItsMarkIsWhole(String mark) throws Exception {
        for (int cut : new int[] {3, 11, 20}) {
            try (var client = tunnel("api.a.example"); var upstream = server.next()) {
                client.send(post("api.a.example", "text/plain", "Transfer-Encoding: chunked\r\n"));
                client.send("4\r\nfine\r\n" + Integer.toHexString(cut) + "\r\n" + mark.substring(0, cut) + "\r\n");
                upstream.head();
                upstream.read("4\r\nfine\r\n".length());
                client.send(Integer.toHexString(mark.length() - cut) + "\r\n" + mark.substring(cut) + "\r\n0\r\n\r\n");
                assertThat(upstream.rest()).doesNotContain(mark.substring(cut));
                assertThat(client.rest()).doesNotContain("200");
            }
            assertThat(stage.verdicts.all().getLast().code()).contains(ReasonCode.CREDENTIAL_UNAVAILABLE);
        }
    }

    @Test
    void aMarkInATrailerStopsTheRequestToo() throws Exception {
        try (var client = tunnel("api.a.example"); var upstream = server.next()) {
            client.send(post("api.a.example", "text/plain", "Transfer-Encoding: chunked\r\n") + "2\r\nok\r\n");
            upstream.head();
            assertThat(upstream.read("2\r\nok\r\n".length())).isEqualTo("2\r\nok\r\n");
            client.send("0\r\nX-Sum: " + HOLDER + "\r\n\r\n");
            assertThat(upstream.rest()).doesNotContain("resolve");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "application/json; charset=utf-8 | {\"k\":\"openshell:resolve:env:API_KEY\"} | {\"k\":\"planted-7f3a+9\\\"x\"}",
        "application/x-www-form-urlencoded | a=1&k=openshell%3Aresolve%3Aenv%3AAPI_KEY&b=2 | a=1&k=planted-7f3a%2B9%22x&b=2",
        "text/plain | say openshell:resolve:env:API_KEY. | say planted-7f3a+9\"x."
    })
    void withOptInABodyIsFilledInAsItIsWritten(String type, String sent, String expected) throws Exception {
        for (var framing : List.of("Content-Length: " + sent.length() + "\r\n\r\n" + sent,
                "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(sent.length()) + "\r\n" + sent + "\r\n0\r\n\r\n")) {
            try (var client = tunnel("body.example"); var upstream = server.next()) {
                client.send("POST /x HTTP/1.1\r\nHost: body.example:8080\r\nContent-Type: " + type + "\r\n" + framing);
                assertThat(upstream.head()).contains("Content-Length: " + expected.length() + "\r\n").doesNotContain("chunked");
                assertThat(upstream.read(expected.length())).isEqualTo(expected);
            }
        }
    }

    @Test
    void withOptInWhatIsNoTextStillStopsAtAMark() throws Exception {
        try (var client = tunnel("body.example"); var upstream = server.next()) {
            client.send(post("body.example", "application/octet-stream", "Content-Length: " + (HOLDER.length() + 1) + "\r\n"));
            upstream.head();
            client.send("x" + HOLDER);
            assertThat(upstream.rest()).doesNotContain("resolve");
        }
        try (var client = tunnel("body.example"); var upstream = server.next()) {
            var large = "x".repeat(300 * 1024);
            client.send(post("body.example", "text/plain", "Content-Length: " + large.length() + "\r\n") + large);
            upstream.head();
            assertThat(upstream.read(large.length())).as("a large body without a mark passes").isEqualTo(large);
        }
    }

    @Test
    void aForwardedRequestIsFilledInLikeOneInATunnel() throws Exception {
        try (var client = stage.client()) {
            client.send("GET http://api.a.example:8080/x HTTP/1.1\r\nHost: api.a.example:8080\r\nX-Key: " + HOLDER + "\r\n\r\n");
            try (var upstream = server.next()) {
                assertThat(upstream.head()).startsWith("GET /x HTTP/1.1\r\n").contains("X-Key: " + SECRET);
            }
        }
        try (var client = stage.client()) {
            client.send("GET http://b.example:8080/x HTTP/1.1\r\nHost: b.example:8080\r\nX-Key: " + HOLDER + "\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("credential_endpoint_mismatch");
        }
        logsTellNothing();
    }

    @Test
    void whereCredentialsGoNothingPassesUnread() throws Exception {
        try (var client = stage.client()) {
            client.send("CONNECT api.a.example:9000 HTTP/1.1\r\nHost: api.a.example:9000\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 403 ").contains("uninspected_credentials");
        }
        stage.credentials = CredentialSet.NONE;
        try (var client = stage.client()) {
            client.send("CONNECT api.a.example:9000 HTTP/1.1\r\nHost: api.a.example:9000\r\n\r\n");
            assertThat(client.head()).as("without credentials").startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void alsoWhereThePolicyJudgesNoRequestAPlaceholderIsStopped() throws Exception {
        assertThat(refused("open.example", "/", "X-Key: " + HOLDER + "\r\n")).startsWith("HTTP/1.1 403 ");
    }
}
