package io.openshell.wire.policy;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.CredentialBinding;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.GraphqlOperation;
import io.openshell.model.policy.GraphqlOptions;
import io.openshell.model.policy.HttpFlags;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.McpOptions;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.MiddlewareSelector;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkEndpointBuilder;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.ProcessPolicy;
import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import io.openshell.model.policy.RequestSigning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Makes documents with odd texts in every field, the same ones for the same seed. */
final class RandomPolicies {
    private static final List<String> TEXTS = List.of("", "plain", "true", "No", "null", "~", "1e3", "0x1f", "1_000", "-", "- a", "a: b",
            "#c", " lead", "trail ", "new\nline\n", "tab\t", "quote\"'", "\\", "*", "&x", "!t", "{a}", "[a]", "ünï", "\u0085", "\u2028",
            "😀", "\u0001", "%", "@", "`", "|", ">", "?", ":", ",", "=", "<<", "2001-01-01", ".inf", "/usr/bin/*", "**.example.com");

    private final Random random;

    RandomPolicies(long seed) {
        random = new Random(seed);
    }

    PolicyDocument document() {
        return new PolicyDocument(random.nextInt(3), optional(() -> new FilesystemPolicy(flag(), texts(), texts())),
                optional(() -> new LandlockPolicy(text())), optional(() -> new ProcessPolicy(text(), text())),
                map(this::rule), map(this::middleware));
    }

    private NetworkRule rule() {
        return new NetworkRule(text(), list(this::endpoint), list(() -> new NetworkBinary(text())));
    }

    private MiddlewareConfig middleware() {
        return new MiddlewareConfig(text(), text(), random.nextInt(), new ConfigValue.Fields(map(() -> value(0))), text(),
                optional(() -> new MiddlewareSelector(texts(), texts())));
    }

    private NetworkEndpoint endpoint() {
        NetworkEndpointBuilder endpoint = NetworkEndpoint.builder(text()).ports(list(() -> 1 + random.nextInt(65_535)))
                .path(text()).protocol(flag() ? "mcp" : text()).tls(text()).enforcement(text()).access(text())
                .rules(list(() -> AllowRule.of(match()))).denyRules(list(this::match)).allowedIps(texts())
                .flags(new HttpFlags(flag(), flag(), flag(), flag()))
                .graphql(new GraphqlOptions(text(), map(() -> new GraphqlOperation(text(), text(), texts())), limit()))
                .jsonRpcMaxBodyBytes(limit()).signing(new RequestSigning(text(), text(), text()));
        if (flag()) {
            endpoint.mcp(new McpOptions(optional(this::flag), optional(this::flag)));
        }
        if (flag()) {
            endpoint.credentialBinding(new CredentialBinding(text()));
        }
        return endpoint.build();
    }

    private RequestMatch match() {
        return new RequestMatch(text(), text(), text(), map(this::matcher), text(), text(), texts(), map(this::matcher));
    }

    private QueryMatcher matcher() {
        return flag() ? QueryMatcher.of(text()) : new QueryMatcher("", List.of(text(), text()));
    }

    private ConfigValue value(int depth) {
        return switch (random.nextInt(depth > 2 ? 4 : 6)) {
            case 0 -> new ConfigValue.Nothing();
            case 1 -> new ConfigValue.Flag(flag());
            case 2 -> new ConfigValue.Number(List.of(0.0, -0.0, 1.5, -3.0, 1e300, 0x1p53, 1e-9, 123456789.0).get(random.nextInt(8)));
            case 3 -> new ConfigValue.Text(text());
            case 4 -> new ConfigValue.Items(list(() -> value(depth + 1)));
            default -> new ConfigValue.Fields(map(() -> value(depth + 1)));
        };
    }

    private long limit() {
        return flag() ? 0 : Integer.toUnsignedLong(random.nextInt());
    }

    private boolean flag() {
        return random.nextBoolean();
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private List<String> texts() {
        return list(this::text);
    }

    private <T> List<T> list(Supplier<T> item) {
        List<T> items = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            items.add(item.get());
        }
        return items;
    }

    private <T> SortedMap<String, T> map(Supplier<T> item) {
        SortedMap<String, T> items = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            items.put(text(), item.get());
        }
        return items;
    }

    private <T> Optional<T> optional(Supplier<T> item) {
        return flag() ? Optional.of(item.get()) : Optional.empty();
    }
}
