package io.openshell.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.http.BadPathException;
import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RequestEvaluatorTest {
    private static final String HOST = "api.example.com";
    private static final Caller CURL = new Caller("/usr/bin/curl", List.of(), List.of());
    private static final NetworkEndpoint REPOS = rest().rules(allow("GET /repos/**", "POST /repos/*/issues")).build();
    private static final NetworkEndpoint FULL = rest().access("full").build();
    private static final NetworkEndpoint TAG = rest().rules(allowQuery("GET", "/d", "tag", QueryMatcher.of("foo-*"))).build();

    /** One row of the conformance table: a request and whether it passes. */
    record Row(String number, NetworkEndpoint endpoint, String method, String target, boolean allowed) {
        @Override
        public String toString() {
            return number + " " + method + " " + target;
        }
    }

    static Stream<Row> conformance() {
        NetworkEndpoint readOnly = rest().access("read-only").build();
        NetworkEndpoint readWrite = rest().access("read-write").build();
        NetworkEndpoint admin = denying("POST /admin/**");
        NetworkEndpoint anyTag = rest().rules(allowQuery("GET", "/d", "tag", new QueryMatcher("", List.of("foo-*", "bar-*")))).build();
        NetworkEndpoint raw = rest().access("full").denyRules(List.of(query("GET", "/d", "mode", QueryMatcher.of("raw")))).build();
        NetworkEndpoint git = rest().rules(allow("GET /**/info/refs*", "POST /**/git-upload-pack")).build();
        NetworkEndpoint open = rest().rules(allow("GET /public/**")).build();
        return Stream.of(
                new Row("81", REPOS, "GET", "/repos/org/x", true),
                new Row("82", REPOS, "get", "/repos/org/x", true),
                new Row("83", REPOS, "DELETE", "/repos/org/x", false),
                new Row("84", REPOS, "POST", "/repos/x/issues", true),
                new Row("84", REPOS, "POST", "/repos/a/b/issues", false),
                new Row("85", REPOS, "GET", "/repos", false),
                new Row("86", REPOS, "HEAD", "/repos/a", true),
                new Row("87", REPOS, "OPTIONS", "/repos/a", false),
                new Row("90", readOnly, "GET", "/x", true), new Row("90", readOnly, "HEAD", "/x", true),
                new Row("90", readOnly, "OPTIONS", "/x", true),
                new Row("90", readOnly, "POST", "/x", false), new Row("90", readOnly, "DELETE", "/x", false),
                new Row("91", readWrite, "POST", "/x", true), new Row("91", readWrite, "PUT", "/x", true),
                new Row("91", readWrite, "PATCH", "/x", true), new Row("91", readWrite, "DELETE", "/x", false),
                new Row("92", FULL, "DELETE", "/x", true),
                new Row("93", admin, "POST", "/admin/x", false), new Row("93", admin, "GET", "/admin/x", true),
                new Row("94", FULL, "HEAD", "/secret", true),
                new Row("94", denying("GET /secret"), "HEAD", "/secret", false),
                new Row("95", TAG, "GET", "/d?tag=foo-1", true), new Row("95", TAG, "GET", "/d?tag=bar", false),
                new Row("95", TAG, "GET", "/d", false),
                new Row("96", TAG, "GET", "/d?tag=foo-1&other=x", true),
                new Row("97", TAG, "GET", "/d?tag=foo-a&tag=evil", false),
                new Row("98", anyTag, "GET", "/d?tag=bar-2", true), new Row("98", anyTag, "GET", "/d?tag=baz", false),
                new Row("100", raw, "GET", "/d?mode=raw", false), new Row("100", raw, "GET", "/d?mode=x", true),
                new Row("100", raw, "GET", "/d", true),
                new Row("101", FULL, "PUT", "/repos/a/rulesets", true),
                new Row("101", denying("* /repos/*/rulesets"), "PUT", "/repos/a/rulesets", false),
                new Row("102", git, "GET", "/o/r.git/info/refs?service=git-upload-pack", true),
                new Row("102", git, "POST", "/o/r.git/git-upload-pack", true),
                new Row("102", git, "POST", "/o/r.git/git-receive-pack", false),
                new Row("103", open, "GET", "/public/x", true), new Row("103", open, "GET", "/public/../secret", false),
                new Row("104", open, "GET", "/public/%2e%2e/secret", false),
                new Row("106", FULL, "GET", "/a%2Fb", false));
    }

    @ParameterizedTest(name = "case {0}")
    @MethodSource("conformance")
    void casesOfTheRestRules(Row row) throws BadPathException {
        RequestVerdict verdict = evaluate(row.endpoint(), row.method(), row.target());
        assertThat(verdict).isInstanceOf(row.allowed() ? RequestVerdict.Allowed.class : RequestVerdict.Denied.class);
    }

    @Test
    void case89AuditPassesTheRequestAndSaysWhatItWouldHaveRefused() throws BadPathException {
        assertThat(evaluate(REPOS, "DELETE", "/repos/a")).isInstanceOf(RequestVerdict.Denied.class);
        for (String text : List.of("", "audit")) {
            assertThat(evaluate(REPOS.toBuilder().enforcement(text).build(), "DELETE", "/repos/a"))
                    .isInstanceOfSatisfying(RequestVerdict.Audited.class,
                            audited -> assertThat(audited.code()).isEqualTo(ReasonCode.REQUEST_NOT_ALLOWED));
        }
    }

    @Test
    void anEnforcementTextThatMeansNothingBlocks() throws BadPathException {
        NetworkEndpoint typo = REPOS.toBuilder().enforcement("Enforce").build();
        assertThat(evaluate(typo, "DELETE", "/repos/a")).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void aDenyRuleBeatsEveryAllowRuleAndIsNamed() throws BadPathException {
        NetworkEndpoint endpoint = denying("POST /admin/**");
        assertThat(evaluate(endpoint, "GET", "/admin/x")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(evaluate(endpoint, "POST", "/admin/x")).isEqualTo(new RequestVerdict.Denied("k",
                ReasonCode.REQUEST_DENIED_BY_RULE, "POST /admin/x blocked by deny rule",
                Optional.of(new NearestRule("k", "deny POST /admin/**", NearestRule.Miss.NONE))));
    }

    @Test
    void aDenyRuleOfOneEntryTakesAwayWhatAnotherEntryAllows() throws BadPathException {
        PolicyDocument one = policy(Map.of("a", rule(FULL)));
        assertThat(evaluate(one, "GET", "/secret")).isInstanceOf(RequestVerdict.Allowed.class);
        PolicyDocument both = policy(Map.of("a", rule(FULL), "b", rule(denying("GET /secret"))));
        assertThat(evaluate(both, "GET", "/secret")).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void aDenyRuleWithoutPathIsAboutEveryPath() throws BadPathException {
        RequestMatch bare = RequestMatch.http("DELETE", "");
        NetworkEndpoint endpoint = rest().access("full").denyRules(List.of(bare)).build();
        assertThat(evaluate(endpoint, "GET", "/x")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(evaluate(endpoint, "DELETE", "/x")).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void anAllowRuleThatLeavesOutMethodOrPathAllowsNothing() throws BadPathException {
        NetworkEndpoint endpoint = rest().rules(List.of(
                AllowRule.of(RequestMatch.http("GET", "")), AllowRule.of(RequestMatch.http("", "/x")))).build();
        assertThat(evaluate(endpoint, "GET", "/x")).isInstanceOfSatisfying(RequestVerdict.Denied.class, denied ->
                assertThat(denied.nearest()).get().extracting(NearestRule::miss).isEqualTo(NearestRule.Miss.RULE_GRANTS_NOTHING));
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/repos/x/issues,GET /repos/**,METHOD", "GET,/other,GET /repos/**,PATH",
        "DELETE,/other,GET /repos/**,METHOD"
    })
    void theNearestRuleIsTheOneThatFitsBest(String method, String target, String rule, NearestRule.Miss miss) throws Exception {
        assertThat(evaluate(REPOS, method, target)).isInstanceOfSatisfying(RequestVerdict.Denied.class, denied ->
                assertThat(denied.nearest()).contains(new NearestRule("k", "allow " + rule, miss)));
    }

    @Test
    void aWrongQueryIsNearerThanAWrongPath() throws BadPathException {
        assertThat(evaluate(TAG, "GET", "/d?tag=no")).isInstanceOfSatisfying(RequestVerdict.Denied.class, denied ->
                assertThat(denied.nearest()).get().extracting(NearestRule::miss).isEqualTo(NearestRule.Miss.QUERY));
    }

    @ParameterizedTest
    @CsvSource({"tag=a+b,true", "tag=a%20b,true", "t%61g=a%20b,true", "tag=a%2Fb,false", "Tag=a%20b,false", "tag,false"})
    void queryNamesAndValuesAreDecodedOnce(String query, boolean allowed) throws BadPathException {
        NetworkEndpoint endpoint = rest().rules(allowQuery("GET", "/d", "tag", QueryMatcher.of("a b"))).build();
        assertThat(evaluate(endpoint, "GET", "/d?" + query) instanceof RequestVerdict.Allowed).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"1.*,1.2,true", "1.*,1.2.3,false", "*,a.b,false", "**,a.b,true", "NVIDIA/*,NVIDIA/OpenShell,true", "a*,ABC,false"})
    void queryPatternsAreSeparatedByDots(String pattern, String value, boolean allowed) throws BadPathException {
        NetworkEndpoint endpoint = rest().rules(allowQuery("GET", "/d", "v", QueryMatcher.of(pattern))).build();
        assertThat(evaluate(endpoint, "GET", "/d?v=" + value) instanceof RequestVerdict.Allowed).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"x=%", "x=%zz", "x=%ff", "%c3=1"})
    void aQueryThatCannotBeDecodedIsRefusedEvenInAudit(String query) throws BadPathException {
        NetworkEndpoint audit = rest().access("full").enforcement("audit").build();
        assertThat(evaluate(audit, "GET", "/d?x=1")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(evaluate(audit, "GET", "/d?" + query)).isInstanceOfSatisfying(RequestVerdict.Denied.class,
                denied -> assertThat(denied.code()).isEqualTo(ReasonCode.REQUEST_MALFORMED));
    }

    @Test
    void anEncodedSlashNeedsTheConsentOfTheEndpointThatLeads() throws BadPathException {
        NetworkEndpoint consenting = FULL.toBuilder().flags(new HttpFlags(true, false, false, false)).build();
        assertThat(evaluate(consenting, "GET", "/a%2fb")).isInstanceOf(RequestVerdict.Allowed.class);
        NetworkEndpoint narrower = FULL.toBuilder().path("/a/**").build();
        PolicyDocument both = policy(Map.of("a", rule(consenting), "b", rule(narrower)));
        assertThat(evaluate(both, "GET", "/b%2fb")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(evaluate(both, "GET", "/a/b%2fb")).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void theMostSpecificScopeDecidesHowARequestIsReadAndEnforced() throws BadPathException {
        NetworkEndpoint wide = rest().access("read-only").build();
        NetworkEndpoint narrow = rest().access("read-only").enforcement("audit").path("/v1/**").build();
        PolicyDocument both = policy(Map.of("a", rule(wide), "b", rule(narrow)));
        assertThat(evaluate(both, "POST", "/v2/x")).isInstanceOf(RequestVerdict.Denied.class);
        assertThat(evaluate(both, "POST", "/v1/x")).isInstanceOf(RequestVerdict.Audited.class);
    }

    @Test
    void aPathOutsideEveryScopeIsRefused() throws BadPathException {
        NetworkEndpoint scoped = FULL.toBuilder().path("/v1/**").enforcement("audit").build();
        assertThat(evaluate(scoped, "GET", "/v1/x")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(evaluate(scoped, "GET", "/v2/x")).isInstanceOfSatisfying(RequestVerdict.Denied.class,
                denied -> assertThat(denied.code()).isEqualTo(ReasonCode.REQUEST_OUT_OF_SCOPE));
    }

    @Test
    void case117WhatTheNarrowerEndpointReadsABroaderOneCannotAllow() throws BadPathException {
        NetworkEndpoint graphql = NetworkEndpoint.builder(HOST, 8080).protocol("graphql").access("full").path("/graphql").build();
        PolicyDocument both = policy(Map.of("a", rule(graphql), "b", rule(FULL)));
        assertThat(evaluate(both, "GET", "/x")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(evaluate(both, "POST", "/graphql")).isInstanceOfSatisfying(RequestVerdict.Denied.class,
                denied -> assertThat(denied.reason()).startsWith("GraphQL request rejected"));
    }

    @Test
    void aPlainEndpointBesideAnInspectedOneAllowsNoRequest() throws BadPathException {
        PolicyDocument both = policy(Map.of("a", rule(NetworkEndpoint.plain(HOST, 8080)), "b", rule(REPOS)));
        assertThat(evaluate(both, "GET", "/repos/a")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(evaluate(both, "GET", "/x")).isInstanceOf(RequestVerdict.Denied.class);
        PolicyDocument plain = policy(Map.of("a", rule(NetworkEndpoint.plain(HOST, 8080))));
        assertThat(evaluate(plain, "GET", "/x")).isEqualTo(new RequestVerdict.Allowed("a", ""));
    }

    @Test
    void aRefusedConnectionRefusesItsRequests() throws BadPathException {
        EgressRequest elsewhere = new EgressRequest(HOST, 9, CURL);
        assertThat(RequestEvaluator.evaluate(CompiledPolicy.compile(policy(Map.of("k", rule(FULL)))), elsewhere,
                        HttpRequest.of("GET", "/", "")))
                .isInstanceOfSatisfying(RequestVerdict.Denied.class,
                        denied -> assertThat(denied.code()).isEqualTo(ReasonCode.ENDPOINT_NOT_ALLOWED));
    }

    @Test
    void anUnknownPresetAllowsNothing() throws BadPathException {
        assertThat(evaluate(rest().access("readonly").build(), "GET", "/")).isInstanceOf(RequestVerdict.Denied.class);
    }

    @ParameterizedTest
    @CsvSource({"read-only,true,false", "read-write,true,true", "full,true,true"})
    void presetsOfAWebSocketEndpointSayWhetherTextsMayBeSent(String access, boolean upgrade, boolean text) {
        NetworkEndpoint endpoint = websocket().access(access).build();
        assertThat(upgrading(endpoint, "/ws") instanceof RequestVerdict.Allowed).isEqualTo(upgrade);
        assertThat(saying(endpoint, "/ws") instanceof RequestVerdict.Allowed).isEqualTo(text);
    }

    @Test
    void case132APlainRequestToAWebSocketEndpointIsRefusedEvenInAudit() throws BadPathException {
        NetworkEndpoint audit = websocket().access("full").enforcement("audit").build();
        assertThat(upgrading(audit, "/ws")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(evaluate(audit, "GET", "/ws")).isInstanceOfSatisfying(RequestVerdict.Denied.class,
                denied -> assertThat(denied.code()).isEqualTo(ReasonCode.UPGRADE_REQUIRED));
    }

    @Test
    void textRulesOfAWebSocketAreScopedByThePathOfItsUpgrade() {
        NetworkEndpoint endpoint = websocket().rules(allow("GET /**", "WEBSOCKET_TEXT /chat/*")).build();
        assertThat(saying(endpoint, "/chat/1")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(saying(endpoint, "/other")).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void aRestEndpointDoesNotAllowTextsOfAWebSocketEndpoint() {
        NetworkEndpoint silent = websocket().access("read-only").path("/ws").build();
        PolicyDocument both = policy(Map.of("a", rule(FULL), "b", rule(silent)));
        assertThat(judge(both, upgrade("/ws"))).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(judge(both, upgrade("/ws").message())).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void textsThatWouldHaveToBeReadAsGraphqlAreRefused() {
        RequestMatch query = new RequestMatch("", "", "", new TreeMap<>(), "query", "", List.of(), new TreeMap<>());
        NetworkEndpoint endpoint = websocket().rules(List.of(
                AllowRule.of(RequestMatch.http("GET", "/**")), AllowRule.of(query))).enforcement("audit").build();
        assertThat(upgrading(endpoint, "/ws")).isInstanceOf(RequestVerdict.Allowed.class);
        assertThat(saying(endpoint, "/ws")).isInstanceOf(RequestVerdict.Denied.class);
    }

    @Test
    void anAllowRuleAboutOtherProtocolsGrantsNoHttpRequest() throws BadPathException {
        RequestMatch sql = new RequestMatch("*", "**", "select", new TreeMap<>(), "", "", List.of(), new TreeMap<>());
        assertThat(evaluate(rest().rules(List.of(AllowRule.of(sql))).build(), "GET", "/")).isInstanceOf(RequestVerdict.Denied.class);
    }

    private static NetworkEndpointBuilder rest() {
        return NetworkEndpoint.builder(HOST, 8080).protocol("rest").enforcement("enforce");
    }

    private static NetworkEndpointBuilder websocket() {
        return NetworkEndpoint.builder(HOST, 8080).protocol("websocket").enforcement("enforce");
    }

    private static NetworkEndpoint denying(String rule) {
        String[] parts = rule.split(" ");
        return rest().access("full").denyRules(List.of(RequestMatch.http(parts[0], parts[1]))).build();
    }

    private static List<AllowRule> allow(String... rules) {
        return Arrays.stream(rules).map(rule -> rule.split(" "))
                .map(parts -> AllowRule.of(RequestMatch.http(parts[0], parts[1]))).toList();
    }

    private static List<AllowRule> allowQuery(String method, String path, String name, QueryMatcher matcher) {
        return List.of(AllowRule.of(query(method, path, name, matcher)));
    }

    private static RequestMatch query(String method, String path, String name, QueryMatcher matcher) {
        return new RequestMatch(method, path, "", new TreeMap<>(Map.of(name, matcher)), "", "", List.of(), new TreeMap<>());
    }

    private static NetworkRule rule(NetworkEndpoint endpoint) {
        return new NetworkRule("", List.of(endpoint), List.of(new NetworkBinary(CURL.executable())));
    }

    private static PolicyDocument policy(Map<String, NetworkRule> rules) {
        return PolicyDocument.empty().withNetworkPolicies(rules);
    }

    private static RequestVerdict evaluate(NetworkEndpoint endpoint, String method, String target) throws BadPathException {
        return evaluate(policy(Map.of("k", rule(endpoint))), method, target);
    }

    private static RequestVerdict evaluate(PolicyDocument policy, String method, String target) throws BadPathException {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        return judge(policy, HttpRequest.of(method, path, question < 0 ? "" : target.substring(question)));
    }

    private static HttpRequest upgrade(String path) {
        return new HttpRequest("GET", path, "", HttpRequest.Kind.UPGRADE);
    }

    private static RequestVerdict upgrading(NetworkEndpoint endpoint, String path) {
        return judge(policy(Map.of("k", rule(endpoint))), upgrade(path));
    }

    private static RequestVerdict saying(NetworkEndpoint endpoint, String path) {
        return judge(policy(Map.of("k", rule(endpoint))), upgrade(path).message());
    }

    private static RequestVerdict judge(PolicyDocument policy, HttpRequest request) {
        return RequestEvaluator.evaluate(CompiledPolicy.compile(policy), new EgressRequest(HOST, 8080, CURL), request);
    }
}
