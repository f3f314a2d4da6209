package io.openshell.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.GraphqlOperation;
import io.openshell.model.policy.GraphqlOptions;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.RequestMatch;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphqlJudgeTest {
    private static final Caller CURL = new Caller("/usr/bin/curl", List.of(), List.of());
    private static final NetworkEndpoint VIEWER = endpoint().rules(List.of(allow("query", "", "viewer"))).build();
    private static final String HASH = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";

    private static NetworkEndpointBuilder endpoint() {
        return NetworkEndpoint.builder("api.test", 443).protocol("graphql").enforcement("enforce");
    }

    private static RequestMatch operation(String type, String name, String... fields) {
        return new RequestMatch("", "", "", new TreeMap<>(), type, name, List.of(fields), new TreeMap<>());
    }

    private static AllowRule allow(String type, String name, String... fields) {
        return AllowRule.of(operation(type, name, fields));
    }

    private static RequestVerdict judge(NetworkEndpoint endpoint, HttpRequest request, Optional<String> body) {
        var rule = new NetworkRule("", List.of(endpoint), List.of(new NetworkBinary(CURL.executable())));
        var policy = CompiledPolicy.compile(PolicyDocument.empty().withNetworkPolicies(Map.of("api", rule)));
        return RequestScope.of(policy, new EgressRequest("api.test", 443, CURL))
                .judge(request, body.map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    private static RequestVerdict post(NetworkEndpoint endpoint, String body) {
        return judge(endpoint, new HttpRequest("POST", "/graphql", "", HttpRequest.Kind.PLAIN), Optional.of(body));
    }

    private static RequestVerdict get(NetworkEndpoint endpoint, String query) {
        return judge(endpoint, new HttpRequest("GET", "/graphql", query, HttpRequest.Kind.PLAIN), Optional.empty());
    }

    private static String document(String text) {
        return "{\"query\":\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\",\"variables\":null}";
    }

    private static void assertAllowed(RequestVerdict verdict) {
        assertThat(verdict).isInstanceOf(RequestVerdict.Allowed.class);
    }

    private static void assertDenied(RequestVerdict verdict, String why) {
        assertThat(verdict).isInstanceOfSatisfying(RequestVerdict.Denied.class, denied -> assertThat(denied.reason()).contains(why));
    }

    @Test
    void case118OnlyTheNamedFieldsMayBeAskedFor() {
        assertAllowed(post(VIEWER, document("{viewer{login}}")));
        assertDenied(post(VIEWER, document("{repository{name}}")), "GraphQL operation query not permitted by policy");
        assertDenied(post(VIEWER, document("{viewer{login} repository{name}}")), "not permitted");
    }

    @Test
    void case119AnAliasDoesNotHideAField() {
        assertAllowed(post(VIEWER, document("{x: viewer{login}}")));
        assertDenied(post(VIEWER, document("{viewer: repository{name}}")), "not permitted");
    }

    @Test
    void case120ADenyRuleWinsOverAWiderAllowRule() {
        NetworkEndpoint endpoint = endpoint().rules(List.of(allow("mutation", "", "*")))
                .denyRules(List.of(operation("mutation", "", "deleteRepository"))).build();
        assertAllowed(post(endpoint, document("mutation M($a: [Int!]! = [1]) @x(y: {z: $a}) {addStar(id: $a)}")));
        assertDenied(post(endpoint, document("mutation {addStar deleteRepository}")), "blocked by deny rule");
        assertDenied(post(endpoint, document("{viewer}")), "not permitted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}", "query Q", "{a(b:)}", "{a b:}", "type T {a: Int}", "{...F}", "{a} {b}", "{a(x: \"y)}", "{a ! }",
            "fragment F on T {a}", "{...F} fragment F on T {a} fragment F on T {b}", "{a(}"})
    void case121WhatCannotBeReadIsRefusedEvenInAudit(String text) {
        NetworkEndpoint audit = VIEWER.toBuilder().enforcement("audit").build();
        assertThat(post(audit, document("{repository}"))).isInstanceOf(RequestVerdict.Audited.class);
        assertDenied(post(audit, document(text)), "GraphQL request rejected");
    }

    @Test
    void case122AHashAloneIsRefusedUnlessItIsRegistered() {
        String body = "{\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"" + HASH + "\"}}}";
        var registry = new TreeMap<>(Map.of(HASH, new GraphqlOperation("query", "", List.of("viewer"))));
        assertAllowed(post(VIEWER.toBuilder().graphql(new GraphqlOptions("allow_registered", registry, 0)).build(), body));
        assertDenied(post(VIEWER.toBuilder().graphql(new GraphqlOptions("", registry, 0)).build(), body), "not registered");
        assertDenied(post(VIEWER, body), "persisted query is not registered");
        assertDenied(get(VIEWER.toBuilder().enforcement("audit").build(), "?id=x"), "persisted query is not registered");
    }

    @Test
    void case123ReadOnlyAllowsQueriesOnly() {
        assertAllowed(post(endpoint().access("read-only").build(), document("query {a}")));
        assertDenied(post(endpoint().access("read-only").build(), document("mutation {a}")), "not permitted");
        assertAllowed(post(endpoint().access("read-write").build(), document("mutation {a}")));
        assertDenied(post(endpoint().access("read-write").build(), document("subscription {a}")), "not permitted");
        assertAllowed(post(endpoint().access("full").build(), document("subscription {a}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{... on Query {repository}}", "{...F} fragment F on Query {repository}", "{... @include(if: true) {viewer repository}}",
        "{...A} fragment A on Query {...B} fragment B on Query {...A repository}",
        "# {viewer}\n{viewer(x: \"\\\" }\") repository}", "{viewer(x: \"\"\"}\\\"\"\"{\"\"\"), repository}"})
    void fieldsAreFoundWhereverTheyStand(String text) {
        assertAllowed(post(VIEWER, document(text.replace("repository", "viewer"))));
        assertDenied(post(VIEWER, document(text)), "not permitted");
    }

    @Test
    void theNamedOperationIsTheOneThatCounts() {
        String both = "query A {viewer} query B {repository}";
        assertAllowed(post(VIEWER, "{\"operationName\":\"A\",\"query\":\"" + both + "\"}"));
        assertDenied(post(VIEWER, "{\"operationName\":\"B\",\"query\":\"" + both + "\"}"), "query B not permitted");
        assertDenied(post(VIEWER, "{\"operationName\":\"C\",\"query\":\"" + both + "\"}"), "rejected");
        assertDenied(post(VIEWER, "{\"operationName\":null,\"query\":\"" + both + "\"}"), "rejected");
    }

    @Test
    void namesOfOperationsAreMatched() {
        NetworkEndpoint named = endpoint().rules(List.of(allow("query", "Get*"))).build();
        assertAllowed(post(named, document("query GetIt {anything}")));
        assertDenied(post(named, document("query SetIt {anything}")), "query SetIt not permitted");
        assertDenied(post(named, document("{anything}")), "not permitted");
    }

    @Test
    void everyOperationOfABatchMustBeAllowed() {
        assertAllowed(post(VIEWER, "[" + document("{viewer}") + "," + document("{viewer}") + "]"));
        assertDenied(post(VIEWER, "[" + document("{viewer}") + "," + document("{repository}") + "]"), "not permitted");
        assertDenied(post(VIEWER, "[]"), "rejected");
    }

    @Test
    void aGetCarriesItsDocumentInTheQuery() {
        assertAllowed(get(VIEWER, "?query=" + encoded("{viewer}") + "&variables=%7B%7D"));
        assertDenied(get(VIEWER, "?query=" + encoded("{repository}")), "not permitted");
        assertDenied(get(VIEWER, "?query=" + encoded("{viewer}") + "&query=" + encoded("{repository}")), "rejected");
        assertDenied(get(VIEWER, "?id=1&documentId=2"), "rejected");
        assertDenied(get(VIEWER, ""), "rejected");
    }

    @Test
    void whatTwoReadersCouldTakeForDifferentOperationsIsRefused() {
        assertAllowed(post(VIEWER, document("{viewer}")));
        assertDenied(judge(VIEWER, new HttpRequest("POST", "/graphql", "?query=" + encoded("{repository}"), HttpRequest.Kind.PLAIN),
                Optional.of(document("{viewer}"))), "in the target and in the body");
        assertDenied(post(VIEWER, "{\"id\":\"1\",\"query\":\"{viewer}\"}"), "rejected");
        assertDenied(post(VIEWER, "{\"query\":\"{viewer}\",\"query\":\"{repository}\"}"), "rejected");
        assertDenied(post(VIEWER, "{\"query\":\"{viewer}\",\"extensions\":{\"persistedQuery\":{\"sha256Hash\":\"" + HASH + "\"}}}"),
                "rejected");
        assertDenied(judge(VIEWER, new HttpRequest("GET", "/graphql", "?query=" + encoded("{viewer}"), HttpRequest.Kind.PLAIN),
                Optional.of(document("{repository}"))), "rejected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "HEAD", "OPTIONS"})
    void otherMethodsAreRefusedEvenInAudit(String method) {
        assertDenied(judge(VIEWER.toBuilder().enforcement("audit").build(),
                new HttpRequest(method, "/graphql", "", HttpRequest.Kind.PLAIN), Optional.of(document("{viewer}"))), "rejected");
    }

    @Test
    void deepNestingEndsInARefusal() {
        assertAllowed(post(VIEWER, document("{viewer" + "{a".repeat(150) + "}".repeat(150) + "}")));
        assertDenied(post(VIEWER, document("{viewer" + "{a".repeat(9_000) + "}".repeat(9_000) + "}")), "rejected");
        assertDenied(post(VIEWER, document("{viewer(x: " + "[".repeat(20_000))), "rejected");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
