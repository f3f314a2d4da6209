package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.model.egress.Caller;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.policy.IpLiteral;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyValidator;
import io.openshell.model.review.Judgement;
import io.openshell.model.review.NearestEntry;
import io.openshell.model.review.PolicyReview;
import io.openshell.model.review.RecordedRequest;
import io.openshell.wire.policy.PolicyCodec;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy check}: what a policy file says about a request, without any sandbox or gateway. */
@Command(name = "check", description = "Says what a policy file decides about a request; needs no gateway.",
        footer = {"", "Exit status: 0 allowed, 3 denied, 1 the file is no valid policy, 2 wrong usage."})
public final class PolicyCheckCommand implements Callable<Integer> {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final CliContext context;

    @Parameters(paramLabel = "FILE", description = "The policy, a YAML file.")
    Path file = Path.of("");

    @Option(names = "--request", required = true, paramLabel = "'METHOD URL'",
            description = "For example 'GET https://api.example.com/repos/a'; 'CONNECT host:port' for the connection alone.")
    String request = "";

    @Option(names = "--binary", required = true, paramLabel = "PATH", description = "The program that asks.")
    String binary = "";

    @Option(names = "--ancestor", paramLabel = "PATH", description = "A parent of it, nearest first; repeatable.")
    List<String> ancestors = new ArrayList<>();

    @Option(names = "--address", paramLabel = "IP",
            description = "What the host resolves to; without one the addresses of a name are not judged.")
    List<String> addresses = new ArrayList<>();

    PolicyCheckCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        RecordedRequest asked = asked();
        PolicyDocument policy = PolicyCodec.decode(PolicyFile.read(file));
        List<String> violations = PolicyValidator.all(policy).stream().map(Object::toString).toList();
        if (!violations.isEmpty()) {
            throw new CliException(file + ": " + String.join("; ", violations));
        }
        return switch (PolicyReview.judge(CompiledPolicy.compile(policy), asked)) {
            case Judgement.Allowed allowed -> {
                context.printer().line("allowed by rule '" + allowed.policyKey() + "'");
                yield ExitCodes.OK;
            }
            case Judgement.Denied denied -> {
                context.printer().line("denied: " + denied.reason() + " (" + denied.code() + ")");
                NearestEntry.of(policy, asked).filter(entry -> !entry.lacks().isEmpty()).ifPresent(entry -> context.printer()
                        .line("nearest rule: '" + entry.key() + "', but " + String.join("; ", entry.lacks())));
                denied.nearest().ifPresent(rule -> context.printer()
                        .line("nearest rule: '" + rule.policyKey() + "', " + rule.rule()));
                yield ExitCodes.DENIED;
            }
        };
    }

    private RecordedRequest asked() {
        int blank = request.strip().indexOf(' ');
        if (blank < 1) {
            throw wrong();
        }
        String method = request.strip().substring(0, blank).toUpperCase(Locale.ROOT);
        String target = request.strip().substring(blank + 1).strip();
        Caller caller = new Caller(binary, ancestors, List.of());
        if (method.equals("CONNECT")) {
            EndpointText.Place place = EndpointText.place("--request CONNECT", target);
            return new RecordedRequest(place.host(), place.port(), "", "", caller, resolved());
        }
        URI url = url(target);
        String host = url.getHost().startsWith("[") ? url.getHost().substring(1, url.getHost().length() - 1) : url.getHost();
        boolean https = url.getScheme().equalsIgnoreCase("https");
        int port = url.getPort() > 0 ? url.getPort() : https ? HTTPS : HTTP;
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : url.getRawQuery();
        return new RecordedRequest(host, port, method, path, query, caller, resolved());
    }

    private URI url(String text) {
        try {
            URI url = new URI(text);
            boolean http = url.getHost() != null && url.getScheme() != null && url.getScheme().toLowerCase(Locale.ROOT).matches("https?");
            if (!http) {
                throw wrong();
            }
            return url;
        } catch (URISyntaxException e) {
            throw wrong();
        }
    }

    private List<InetAddress> resolved() {
        return addresses.stream().map(text -> IpLiteral.parse(text).orElseThrow(() ->
                EndpointText.usage("'" + text + "' is no IP address."))).toList();
    }

    private static CliException wrong() {
        return EndpointText.usage("--request needs 'METHOD URL' with an http or https URL, or 'CONNECT host:port'.");
    }
}
