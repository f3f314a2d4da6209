package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.CredentialBinding;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.RequestSigning;
import io.openshell.proxy.credential.Credential;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.SecretText;
import io.openshell.proxy.credential.SignedRequest;
import io.openshell.proxy.http.Authority;
import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.RequestHead;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SigningTest {
    /** The keys, the time and the first signature are those of the examples in Amazon's documentation of S3. */
    private static final SignedRequest.Keys KEYS = new SignedRequest.Keys(new SecretText("AKIAIOSFODNN7EXAMPLE"),
            new SecretText("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Optional.empty());
    private static final Instant THEN = Instant.parse("2013-05-24T00:00:00Z");
    private static final String EMPTY = SignedRequest.sha256(new byte[0]);

    private LoopbackServer server;
    private Stage stage;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer();
        stage = new Stage(Policies.allowing(signing("auto.test", "sigv4"), signing("bare.test", "sigv4:no_body")));
        stage.server = server.address();
        stage.credentials = keys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");
    }

    private static CredentialSet keys(String... names) {
        return CredentialSet.of(List.of(names).stream().map(name -> new Credential(name, "aws", 1, "ab".repeat(32), List.of(),
                Optional.empty(), Optional.of(new SecretText("planted-" + name)))).toList());
    }

    private static NetworkEndpoint signing(String host, String kind) {
        return NetworkEndpoint.builder(host, 8080).protocol("rest").access("full").enforcement("enforce")
                .signing(new RequestSigning(kind, "s3", "eu-1")).credentialBinding(new CredentialBinding("aws")).build();
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
        server.close();
    }

    private static String authorization(String path, String query) {
        var url = new HttpUrl(new Authority("examplebucket.s3.amazonaws.com", 443), path, query);
        var head = new RequestHead("GET", path, "HTTP/1.1", List.of(), new BodyFraming.None());
        return new SignedRequest(url, "examplebucket.s3.amazonaws.com", new RequestSigning("sigv4", "s3", "us-east-1"), THEN)
                .signed(head, EMPTY, KEYS).all("Authorization").getFirst();
    }

    @Test
    void signaturesAreThoseOfTheDocumentedExamples() {
        assertThat(authorization("/", "?lifecycle")).isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
                + "aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, "
                + "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
        assertThat(authorization("/", "?max-keys=2&prefix=J"))
                .endsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    private Client tunnel(String host) throws IOException {
        var client = stage.client();
        client.send("CONNECT " + host + ":8080 HTTP/1.1\r\nHost: " + host + ":8080\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    private static String put(String host, String body, String fields) {
        return "PUT /b/k HTTP/1.1\r\nHost: " + host + ":8080\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void aRequestIsSignedAnewWithItsBody() throws Exception {
        try (var client = tunnel("auto.test"); var upstream = server.next()) {
            client.send(put("auto.test", "hello", "Authorization: AWS4-HMAC-SHA256 Credential=openshell:resolve:env:AWS_ACCESS_KEY_ID/x\r\n"
                    + "X-Amz-Date: 20200101T000000Z\r\n"));
            assertThat(upstream.head()).contains("Authorization: AWS4-HMAC-SHA256 Credential=planted-AWS_ACCESS_KEY_ID/",
                    "/eu-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=",
                    "x-amz-content-sha256: " + SignedRequest.sha256("hello".getBytes()), "x-amz-security-token: planted-AWS_SESSION_TOKEN")
                    .doesNotContain("openshell", "20200101");
            assertThat(upstream.read(5)).isEqualTo("hello");
        }
        assertThat(stage.verdicts.all().toString()).doesNotContain("planted");
    }

    @Test
    void aBodyThatIsNotPartOfTheSignatureStreams() throws Exception {
        try (var client = tunnel("bare.test"); var upstream = server.next()) {
            client.send(put("bare.test", "hello", "").replace("hello", "he"));
            assertThat(upstream.head()).contains("x-amz-content-sha256: UNSIGNED-PAYLOAD");
            assertThat(upstream.read(2)).as("before the rest has come").isEqualTo("he");
            client.send("llo");
            assertThat(upstream.read(3)).isEqualTo("llo");
        }
    }

    @Test
    void whatCannotBeSignedIsNotSent() throws Exception {
        for (String fields : List.of("x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\r\n")) {
            try (var client = tunnel("auto.test"); var upstream = server.next()) {
                client.send(put("auto.test", "hello", fields));
                assertThat(client.rest()).startsWith("HTTP/1.1 500 ").contains("credential_unavailable");
                assertThat(upstream.rest()).isEmpty();
            }
        }
        stage.credentials = keys("AWS_ACCESS_KEY_ID");
        try (var client = tunnel("auto.test"); var upstream = server.next()) {
            client.send(put("auto.test", "hello", ""));
            assertThat(client.rest()).startsWith("HTTP/1.1 500 ");
            assertThat(upstream.rest()).isEmpty();
        }
    }
}
