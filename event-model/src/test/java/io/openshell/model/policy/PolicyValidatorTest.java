package io.openshell.model.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyValidatorTest {
    private static final RequestMatch GET_ALL = RequestMatch.http("GET", "/**");

    @Test
    void theSmallestDocumentIsValid() {
        assertThat(PolicyValidator.all(PolicyDocument.empty())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, -1})
    void anyOtherVersionIsRefused(int version) {
        PolicyDocument document = new PolicyDocument(version, Optional.empty(), Optional.empty(), Optional.empty(),
                Collections.emptySortedMap(), Collections.emptySortedMap());
        assertThat(PolicyValidator.structural(document)).extracting(PolicyViolation::path).containsExactly("version");
    }

    @ParameterizedTest
    @CsvSource({"/usr,true", "/,true", "/usr/../etc/shadow,false", "relative/dir,false", "/a..b,true", "'',false"})
    void readablePathsAreAbsoluteWithoutParentSteps(String path, boolean valid) {
        assertThat(structural(new FilesystemPolicy(false, List.of(path), List.of())).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"/tmp,true", "/,false", "///,false", "/.,false"})
    void theRootIsNeverWritable(String path, boolean valid) {
        assertThat(structural(new FilesystemPolicy(false, List.of(), List.of(path))).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"256,true", "257,false"})
    void thereIsALimitOnPaths(int count, boolean valid) {
        List<String> paths = IntStream.range(1, count).mapToObj(i -> "/p" + i).toList();
        assertThat(structural(new FilesystemPolicy(false, paths, List.of("/tmp"))).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"4096,true", "4097,false"})
    void thereIsALimitOnTheLengthOfAPath(int length, boolean valid) {
        List<PolicyViolation> violations = structural(new FilesystemPolicy(false, List.of("/" + "a".repeat(length - 1)), List.of()));
        assertThat(violations.isEmpty()).isEqualTo(valid);
        assertThat(violations).allSatisfy(violation -> assertThat(violation.message().length()).isLessThan(200));
    }

    @ParameterizedTest
    @CsvSource({"sandbox,true", "1000,true", "1,true", "4294967294,true", "'',true", "root,false", "0,false", "nobody,false",
        "4294967295,false", "-1,false", "alice,false", "99999999999,false"})
    void identitiesAreTheSandboxUserOrANumber(String identity, boolean valid) {
        PolicyDocument user = withProcess(new ProcessPolicy(identity, "sandbox"));
        PolicyDocument group = withProcess(new ProcessPolicy("1000", identity));
        assertThat(PolicyValidator.structural(user).isEmpty()).isEqualTo(valid);
        assertThat(PolicyValidator.structural(group).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"best_effort,true", "hard_requirement,true", "'',true", "hard,false"})
    void fileRuleStrictnessIsKnown(String text, boolean valid) {
        PolicyDocument document = new PolicyDocument(1, Optional.empty(), Optional.of(new LandlockPolicy(text)), Optional.empty(),
                Collections.emptySortedMap(), Collections.emptySortedMap());
        assertThat(PolicyValidator.structural(document).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"a.example.com,true", "10.0.0.5,true", "*,false", "**,false", "*.com,false", "**.com,false", "*.example.com,true",
        "**.example.com,true", "*-aiplatform.googleapis.com,true", "foo**.example.com,false", "*.s3.*.amazonaws.com,true",
        "*.s3.us-*.amazonaws.com,false", "a.**.example.com,false", "'*.{com,net,x.y}',false", "'a b.example.com',false", "'',false"})
    void hostsAreNamesOrNarrowPatterns(String host, boolean valid) {
        assertThat(endpoint(host, e -> e).isEmpty()).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,true", "65535,true", "65536,false", "-1,false"})
    void portsAreInRange(int port, boolean valid) {
        assertThat(endpoint("a.example.com", e -> e.ports(List.of(port))).isEmpty()).isEqualTo(valid);
    }

    @Test
    void anEndpointNeedsAPort() {
        assertThat(endpoint("a.example.com", e -> e.ports(List.of()))).hasSize(1);
    }

    static Stream<Arguments> endpointCases() {
        List<AllowRule> get = List.of(AllowRule.of(GET_ALL));
        return Stream.of(
                edit("rest with a preset", true, e -> e.protocol("rest").access("full")),
                edit("REST in capitals", true, e -> e.protocol("REST").access("full")),
                edit("rest with rules", true, e -> e.protocol("rest").rules(get)),
                edit("rest with nothing", false, e -> e.protocol("rest")),
                edit("rest with rules and preset", false, e -> e.protocol("rest").access("full").rules(get)),
                edit("rest with only deny rules", false, e -> e.protocol("rest").denyRules(List.of(GET_ALL))),
                edit("rest with preset and deny rules", true, e -> e.protocol("rest").access("full").denyRules(List.of(GET_ALL))),
                edit("deny rules without protocol", false, e -> e.denyRules(List.of(GET_ALL))),
                edit("rules without protocol", false, e -> e.rules(get)),
                edit("restricting preset without protocol", false, e -> e.access("read-only")),
                edit("unrestricting preset without protocol", true, e -> e.access("full")),
                edit("unknown protocol", false, e -> e.protocol("ftp")),
                edit("empty allow only", false, e -> e.protocol("rest").rules(List.of(AllowRule.of(RequestMatch.http("", ""))))),
                edit("missing allow", false, e -> e.protocol("rest").rules(List.of(new AllowRule(Optional.empty()), get.getFirst()))),
                edit("sql enforced", false, e -> e.protocol("sql").access("full").enforcement("enforce")),
                edit("sql audited", true, e -> e.protocol("sql").access("full").enforcement("audit")),
                edit("tcp", true, e -> e.protocol("tcp")),
                edit("tcp to a literal", false, e -> e.protocol("tcp").host("10.0.0.5")),
                edit("tcp with trailing dot", false, e -> e.protocol("tcp").host("db.example.com.")),
                edit("tcp with empty label", false, e -> e.protocol("tcp").host("db..example.com")),
                edit("tcp with wildcard", true, e -> e.protocol("tcp").host("*.example.com")),
                edit("tcp without host", false, e -> e.protocol("tcp").host("").allowedIps(List.of("10.0.0.0/8"))),
                edit("tcp with enforcement", false, e -> e.protocol("tcp").enforcement("enforce")),
                edit("tcp with preset", false, e -> e.protocol("tcp").access("full")),
                edit("path without slash", false, e -> e.path("v1/*")),
                edit("path", true, e -> e.path("/v1/*")),
                edit("path for all", true, e -> e.path("**")),
                edit("signing without service", false, e -> e.signing(new RequestSigning("sigv4", "", ""))),
                edit("signing", true, e -> e.signing(new RequestSigning("sigv4:body", "s3", ""))),
                edit("unknown signing", false, e -> e.signing(new RequestSigning("v5", "s3", ""))),
                edit("signing and body rewrite", false, e -> e.signing(new RequestSigning("sigv4", "s3", ""))
                        .flags(new HttpFlags(false, false, true, false))),
                edit("unknown persisted queries", false, e -> e.graphql(new GraphqlOptions("maybe", new TreeMap<>(), 0))),
                edit("graphql rule without type", false, e -> e.protocol("graphql").rules(get)),
                edit("graphql rule", true, e -> e.protocol("graphql").rules(List.of(AllowRule.of(graphql("query"))))),
                edit("graphql any type", false, e -> e.protocol("graphql").rules(List.of(AllowRule.of(graphql("*"))))),
                edit("rest with mcp section", false, e -> e.protocol("rest").access("full").mcp(mcp(false))),
                edit("mcp with nothing", false, e -> e.protocol("mcp")),
                edit("mcp allowing all", true, e -> e.protocol("mcp").mcp(mcp(true))),
                edit("json-rpc with preset", false, e -> e.protocol("json-rpc").access("full")),
                edit("hostless with list", true, e -> e.host("").allowedIps(List.of("10.0.0.0/8"))),
                edit("unreadable address", false, e -> e.allowedIps(List.of("not-an-ip"))),
                edit("loopback in list", false, e -> e.allowedIps(List.of("127.0.0.0/8"))),
                edit("misspelt enforcement", false, e -> e.protocol("rest").access("full").enforcement("enforced")),
                edit("capital enforcement", false, e -> e.protocol("rest").access("full").enforcement("Enforce")),
                edit("unknown preset", false, e -> e.protocol("rest").access("readonly")),
                edit("unknown tls", false, e -> e.tls("Skip")),
                edit("old tls word", true, e -> e.tls("terminate")));
    }

    @ParameterizedTest(name = "{0} is valid: {1}")
    @MethodSource("endpointCases")
    void endpointFieldsGoTogether(String name, boolean valid, UnaryOperator<NetworkEndpointBuilder> change) {
        assertThat(endpoint("a.example.com", change).isEmpty()).as(name).isEqualTo(valid);
    }

    @Test
    void fieldsThatTcpCannotHaveAreListed() {
        assertThat(endpoint("a.example.com", e -> e.protocol("tcp").enforcement("enforce").path("/x"))).anySatisfy(violation ->
                assertThat(violation.message()).contains("enforcement", "path"));
    }

    @Test
    void allViolationsAreReportedTogetherWithTheirPlaces() {
        PolicyDocument document = rules(Map.of("k", new NetworkRule("", List.of(
                NetworkEndpoint.plain("*", 0), NetworkEndpoint.builder("a.example.com", 443).tls("no").build()), List.of())));
        assertThat(PolicyValidator.structural(document)).extracting(PolicyViolation::path).containsExactlyInAnyOrder(
                "network_policies.k.endpoints[0].host", "network_policies.k.endpoints[0].ports[0]",
                "network_policies.k.endpoints[1].tls");
    }

    @ParameterizedTest
    @CsvSource({"10,true", "11,false"})
    void thereIsALimitOnMiddlewares(int count, boolean valid) {
        SortedMap<String, MiddlewareConfig> configs = new TreeMap<>();
        IntStream.range(0, count).forEach(i -> configs.put("m" + i, middleware(i, "*.example.com")));
        assertThat(PolicyValidator.structural(PolicyDocument.empty().withMiddlewares(configs)).isEmpty()).isEqualTo(valid);
    }

    @Test
    void aMiddlewareNeedsHostsAnImplementationAndItsOwnOrder() {
        assertThat(middlewares(middleware(1, "*.example.com"))).isEmpty();
        assertThat(middlewares(new MiddlewareConfig("", "redactor", 0, ConfigValue.Fields.none(), "", Optional.empty()))).hasSize(1);
        assertThat(middlewares(new MiddlewareConfig("", "", 0, ConfigValue.Fields.none(), "", selector("*.a.b")))).hasSize(1);
        assertThat(middlewares(new MiddlewareConfig("", "redactor", 0, ConfigValue.Fields.none(), "typo", selector("*.a.b")))).hasSize(1);
        assertThat(middlewares(middleware(1, "{a,b}.example.com"))).hasSize(1);
        assertThat(middlewares(middleware(1, "*.a.b"), middleware(1, "*.a.b"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"a.example.com,false", "*.example.com,false", "b.other.com,true", "*.other.com,true"})
    void aMandatoryMiddlewareExcludesUninspectedTls(String host, boolean valid) {
        PolicyDocument document = rules(Map.of("k", rule(NetworkEndpoint.builder(host, 443).tls("skip").build())))
                .withMiddlewares(Map.of("m", middleware(0, "**.example.com")));
        assertThat(PolicyValidator.structural(document).isEmpty()).isEqualTo(valid);
    }

    @Test
    void keysOfComposedRulesAreReserved() {
        NetworkRule rule = rule(NetworkEndpoint.plain("a.example.com", 443));
        assertThat(PolicyValidator.reservedKeys(rules(Map.of("github", rule)))).isEmpty();
        assertThat(PolicyValidator.reservedKeys(rules(Map.of("_provider_github", rule)))).hasSize(1);
    }

    @ParameterizedTest(name = "{0} is loadable: {1}")
    @MethodSource("loadCases")
    void requestRulesAreOnesTheEnforcingSideUnderstands(String name, boolean valid, UnaryOperator<NetworkEndpointBuilder> change) {
        NetworkEndpoint endpoint = change.apply(NetworkEndpoint.builder("a.example.com", 443)).build();
        assertThat(PolicyValidator.loadable(rules(Map.of("k", rule(endpoint)))).isEmpty()).as(name).isEqualTo(valid);
    }

    static Stream<Arguments> loadCases() {
        return Stream.of(
                edit("json-rpc exact", true, e -> e.protocol("json-rpc").rules(allow(RequestMatch.http("reports.list", "")))),
                edit("json-rpc any", true, e -> e.protocol("json-rpc").rules(allow(RequestMatch.http("*", "")))),
                edit("json-rpc glob", false, e -> e.protocol("json-rpc").rules(allow(RequestMatch.http("reports.*", "")))),
                edit("json-rpc without method", false, e -> e.protocol("json-rpc").denyRules(List.of(RequestMatch.http("", "")))),
                edit("mcp tools glob", true, e -> e.protocol("mcp").rules(allow(RequestMatch.http("tools/*", "")))),
                edit("mcp other glob", false, e -> e.protocol("mcp").rules(allow(RequestMatch.http("res*", "")))),
                edit("mcp tool", true, e -> e.protocol("mcp").rules(allow(tool("tools/call", "search")))),
                edit("mcp tool elsewhere", false, e -> e.protocol("mcp").rules(allow(tool("tools/list", "search")))),
                edit("mcp tool and all tools", false, e -> e.protocol("mcp")
                        .rules(allow(tool("tools/call", "search"), RequestMatch.http("tools/*", "")))),
                edit("rest with tool", false, e -> e.protocol("rest").rules(allow(tool("GET", "search")))),
                edit("empty matcher", false, e -> e.protocol("mcp").rules(allow(tool("tools/call", "")))),
                edit("websocket text beside graphql", false, e -> e.protocol("websocket")
                        .rules(allow(graphql("query"), RequestMatch.http("WEBSOCKET_TEXT", "/**")))),
                edit("websocket", true, e -> e.protocol("websocket").rules(allow(RequestMatch.http("WEBSOCKET_TEXT", "/**")))));
    }

    private static List<AllowRule> allow(RequestMatch... matches) {
        return Stream.of(matches).map(AllowRule::of).toList();
    }

    private static RequestMatch tool(String method, String tool) {
        return new RequestMatch(method, "", "", new TreeMap<>(), "", "", List.of(),
                new TreeMap<>(Map.of(RequestMatch.TOOL_PARAM, QueryMatcher.of(tool))));
    }

    private static RequestMatch graphql(String type) {
        return new RequestMatch("", "", "", new TreeMap<>(), type, "", List.of(), new TreeMap<>());
    }

    private static McpOptions mcp(boolean allowAll) {
        return new McpOptions(Optional.empty(), Optional.of(allowAll));
    }

    private static Arguments edit(String name, boolean valid, UnaryOperator<NetworkEndpointBuilder> change) {
        return arguments(name, valid, change);
    }

    private static MiddlewareConfig middleware(int order, String include) {
        return new MiddlewareConfig("", "redactor", order, ConfigValue.Fields.none(), "", selector(include));
    }

    private static Optional<MiddlewareSelector> selector(String include) {
        return Optional.of(new MiddlewareSelector(List.of(include), List.of()));
    }

    private static List<PolicyViolation> middlewares(MiddlewareConfig... configs) {
        SortedMap<String, MiddlewareConfig> map = new TreeMap<>();
        Stream.of(configs).forEach(config -> map.put("m" + map.size(), config));
        return PolicyValidator.structural(PolicyDocument.empty().withMiddlewares(map));
    }

    private static List<PolicyViolation> endpoint(String host, UnaryOperator<NetworkEndpointBuilder> change) {
        NetworkEndpoint endpoint = change.apply(NetworkEndpoint.builder(host, 443)).build();
        return PolicyValidator.structural(rules(Map.of("k", rule(endpoint))));
    }

    private static List<PolicyViolation> structural(FilesystemPolicy filesystem) {
        return PolicyValidator.structural(PolicyDocument.empty().withFilesystem(filesystem));
    }

    private static PolicyDocument withProcess(ProcessPolicy process) {
        return new PolicyDocument(1, Optional.empty(), Optional.empty(), Optional.of(process), Collections.emptySortedMap(),
                Collections.emptySortedMap());
    }

    static PolicyDocument rules(Map<String, NetworkRule> rules) {
        return PolicyDocument.empty().withNetworkPolicies(rules);
    }

    static NetworkRule rule(NetworkEndpoint... endpoints) {
        return new NetworkRule("", List.of(endpoints), List.of(new NetworkBinary("/bin/x")));
    }
}
