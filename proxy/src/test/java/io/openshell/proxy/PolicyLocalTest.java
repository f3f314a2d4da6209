package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.learn.ProposalBody;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code http://policy.local} answers, on real sockets. */
final class PolicyLocalTest {
    private static final String RULE = """
            {"intent_summary":"read","operations":[{"addRule":{"ruleName":"docs","rule":{"endpoints":[{"host":"docs.test","port":443}]}}}]}""";

    private final Advisor advisor = new Advisor();
    private Stage stage;

    /** An advisor whose answers the test gives. */
    private static final class Advisor implements PolicyAdvisor {
        volatile boolean enabled = true;
        volatile Submission next = new Submission.Accepted("chunk-1");
        final Map<String, State> states = new ConcurrentHashMap<>();
        final List<ProposalBody.Named> asked = new CopyOnWriteArrayList<>();
        final List<String> lines = new ArrayList<>();
        final CompletableFuture<Optional<State>> waiting = new CompletableFuture<>();
        volatile Duration longest = Duration.ZERO;

        @Override
        public boolean enabled() {
            return enabled;
        }

        @Override
        public Optional<String> policy() {
            return Optional.of("version: 1\n");
        }

        @Override
        public List<String> denials(int most) {
            return lines.subList(0, Math.min(most, lines.size()));
        }

        @Override
        public CompletionStage<Submission> submit(ProposalBody.Named rule, String intent) {
            asked.add(rule);
            return CompletableFuture.completedStage(next);
        }

        @Override
        public Optional<State> find(String id) {
            return Optional.ofNullable(states.get(id));
        }

        @Override
        public CompletableFuture<Optional<State>> await(String id, Duration time) {
            longest = time;
            return waiting;
        }
    }

    @BeforeEach
    void start() {
        stage = new Stage(Policies.allowing(NetworkEndpoint.plain("site.test", 443), Policies.rest("rest.test", 80, "enforce")));
        stage.advisor = advisor;
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    private String asked(String request) throws Exception {
        try (var client = stage.client()) {
            client.send(request);
            return client.rest();
        }
    }

    private String get(String url) throws Exception {
        return asked("GET " + url + " HTTP/1.1\r\nHost: " + url.replaceAll("https?://|/.*", "") + "\r\n\r\n");
    }

    private String post(String body) throws Exception {
        return asked("POST http://policy.local/v1/proposals HTTP/1.1\r\nHost: policy.local\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
    }

    @ParameterizedTest(name = "case 198: {0}")
    @ValueSource(strings = {"/v1/policy/current", "/v1/denials", "/v1/proposals/chunk-1", "/nothing"})
    void whileItIsOffEveryRouteIsDisabled(String path) throws Exception {
        advisor.states.put("chunk-1", new PolicyAdvisor.State("chunk-1", "pending", "docs", "", false));
        assertThat(get("http://policy.local" + path)).doesNotContain("feature_disabled");
        advisor.enabled = false;

        assertThat(get("http://policy.local" + path)).startsWith("HTTP/1.1 404 ").contains("\"error\":\"feature_disabled\"");
        assertThat(post(RULE)).startsWith("HTTP/1.1 404 ").contains("feature_disabled");
        assertThat(advisor.asked).isEmpty();
    }

    @Test
    void case199ThePolicyInForceIsToldAsYaml() throws Exception {
        assertThat(get("http://policy.local/v1/policy/current")).startsWith("HTTP/1.1 200 ")
                .contains("Content-Type: application/json").endsWith("{\"format\":\"yaml\",\"policy_yaml\":\"version: 1\\u000a\"}");
        assertThat(get("http://POLICY.local./v1/policy/current")).startsWith("HTTP/1.1 200 ");
        assertThat(stage.lookedUp).isEmpty();
        assertThat(stage.dialled).isEmpty();
    }

    @Test
    void case200AProposalWithoutOperationsIsInvalid() throws Exception {
        assertThat(post(RULE)).startsWith("HTTP/1.1 202 ");
        assertThat(post("{\"operations\":[]}")).startsWith("HTTP/1.1 400 ").contains("\"error\":\"invalid_proposal\"");
        assertThat(post("")).startsWith("HTTP/1.1 400 ").contains("invalid_proposal");
        assertThat(post("no json")).startsWith("HTTP/1.1 400 ").contains("invalid_proposal");
        assertThat(advisor.asked).hasSize(1);
    }

    @Test
    void case201AProposalIsTakenForTheProgramThatAsksAndItsIdTold() throws Exception {
        assertThat(post(RULE)).startsWith("HTTP/1.1 202 ").endsWith("{\"status\":\"submitted\",\"accepted_chunks\":1,"
                + "\"rejected_chunks\":0,\"rejection_reasons\":[],\"accepted_chunk_ids\":[\"chunk-1\"]}");
        assertThat(advisor.asked.getFirst().rule().binaries()).containsExactly(new NetworkBinary(Policies.CURL));
        advisor.next = new PolicyAdvisor.Submission.Rejected("64 proposals are pending");
        assertThat(post(RULE)).startsWith("HTTP/1.1 202 ").contains("\"rejected_chunks\":1", "64 proposals are pending");
        advisor.next = new PolicyAdvisor.Submission.Unreachable();
        assertThat(post(RULE)).startsWith("HTTP/1.1 503 ").contains("gateway_unavailable");
        advisor.next = new PolicyAdvisor.Submission.Failed("no answer");
        assertThat(post(RULE)).startsWith("HTTP/1.1 502 ").contains("gateway_error");
    }

    @ParameterizedTest(name = "case 202: {0}")
    @ValueSource(strings = {"http://policy.local:8080/v1/policy/current", "https://policy.local/v1/policy/current", "https://policy.local:80/"})
    void onlyHttpOnPort80IsSpoken(String url) throws Exception {
        assertThat(get("http://policy.local/v1/policy/current")).startsWith("HTTP/1.1 200 ");
        assertThat(get(url)).startsWith("HTTP/1.1 400 ").contains("\"error\":\"invalid_policy_local_scheme\"");
    }

    @Test
    void aBodyOfUnknownOrTooGreatLengthEndsTheConnectionWithoutAWord() throws Exception {
        assertThat(asked("POST http://policy.local/v1/proposals HTTP/1.1\r\nHost: policy.local\r\nContent-Length: 65537\r\n\r\n")).isEmpty();
        assertThat(asked("POST http://policy.local/v1/proposals HTTP/1.1\r\nHost: policy.local\r\nTransfer-Encoding: chunked\r\n\r\n"))
                .isEmpty();
        assertThat(post(RULE + " ".repeat(65_536 - RULE.length()))).startsWith("HTTP/1.1 202 ");
    }

    @Test
    void denialsAreNewestFirstTenUnlessMoreAreAskedFor() throws Exception {
        for (int i = 0; i < 30; i++) {
            advisor.lines.add("line " + i + " \"quoted\"");
        }
        assertThat(get("http://policy.local/v1/denials")).contains("{\"denials\":[\"line 0 \\\"quoted\\\"\"", "line 9").doesNotContain("line 10");
        assertThat(get("http://policy.local/v1/denials?last=25")).contains("line 24").doesNotContain("line 25");
        assertThat(get("http://policy.local/v1/denials?last=0")).contains("line 0").doesNotContain("line 1 ");
        assertThat(get("http://policy.local/v1/denials?last=x")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aWaitAnswersWithTheDecisionAndWhetherItIsInForce() throws Exception {
        advisor.states.put("c", new PolicyAdvisor.State("c", "pending", "docs", "", false));
        assertThat(get("http://policy.local/v1/proposals/c")).contains("\"status\":\"pending\"").doesNotContain("timed_out");
        assertThat(get("http://policy.local/v1/proposals/other")).startsWith("HTTP/1.1 404 ");
        assertThat(get("http://policy.local/v1/proposals/other/wait")).startsWith("HTTP/1.1 404 ");
        try (var client = stage.client()) {
            client.send("GET http://policy.local/v1/proposals/c/wait?timeout=1000 HTTP/1.1\r\nHost: policy.local\r\n\r\n");
            Eventually.until("it waits", () -> advisor.longest.equals(Duration.ofSeconds(300)));
            advisor.waiting.complete(Optional.of(new PolicyAdvisor.State("c", "approved", "docs", "", true)));
            assertThat(client.rest()).startsWith("HTTP/1.1 200 ").contains("\"status\":\"approved\"", "\"policy_reloaded\":true");
        }
    }

    @Test
    void aWaitWhoseProgramLeavesIsLetGo() throws Exception {
        advisor.states.put("c", new PolicyAdvisor.State("c", "pending", "docs", "", false));
        var client = stage.client();
        client.send("GET http://policy.local/v1/proposals/c/wait HTTP/1.1\r\nHost: policy.local\r\n\r\n");
        Eventually.until("it waits", () -> advisor.longest.equals(Duration.ofSeconds(60)));
        client.close();
        Eventually.until("the wait is let go", advisor.waiting::isCancelled);
    }

    @Test
    void aWaitThatRunsOutIsAnAnswer() throws Exception {
        advisor.states.put("c", new PolicyAdvisor.State("c", "pending", "docs", "", false));
        advisor.waiting.complete(Optional.of(advisor.states.get("c")));
        assertThat(get("http://policy.local/v1/proposals/c/wait")).contains("\"status\":\"pending\"", "\"timed_out\":true");
    }

    @Test
    void aTunnelToItIsRefusedAndNeverOpened() throws Exception {
        assertThat(asked("CONNECT policy.local:80 HTTP/1.1\r\nHost: policy.local:80\r\n\r\n")).startsWith("HTTP/1.1 403 ");
        assertThat(stage.dialled).isEmpty();
    }

    @Test
    void aRefusedProgramIsToldWhatItCanDoWhileItIsOn() throws Exception {
        String denied = "GET http://nowhere.test/ HTTP/1.1\r\nHost: nowhere.test\r\n\r\n";
        String byRules = "DELETE http://rest.test/x HTTP/1.1\r\nHost: rest.test\r\n\r\n";
        assertThat(asked(denied)).contains("\"agent_guidance\"", "http://policy.local/v1/proposals");
        assertThat(asked(byRules)).contains("\"agent_guidance\"", "\"action\":\"propose_rule\"");
        advisor.enabled = false;
        assertThat(asked(denied)).contains("policy_denied").doesNotContain("agent_guidance");
        assertThat(asked(byRules)).contains("\"next_steps\":[]").doesNotContain("agent_guidance");
    }
}
