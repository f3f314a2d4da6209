package io.openshell.cli.command.policy;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.OutputFormat;
import io.openshell.model.policy.merge.MergeOperation;
import io.openshell.wire.control.v1.ExplainRequest;
import io.openshell.wire.control.v1.Explanation;
import io.openshell.wire.control.v1.RecordedRequest;
import io.openshell.wire.policy.MergeCodec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code explain}: why a connection or request was allowed or denied, and what would change it. */
@Command(name = "explain", description = "Explains a decision of the proxy and says what would change it.")
public final class ExplainCommand implements Callable<Integer> {
    private static final int COLUMN = 14;

    private final CliContext context;

    @Parameters(paramLabel = "DECISION-ID", description = "As in the body of a denial.")
    String decisionId = "";

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    ExplainCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Explanation answer = context.session().client().call(Rpc.EXPLAIN,
                ExplainRequest.newBuilder().setDecisionId(decisionId).build());
        Map<String, @Nullable Object> document = document(answer);
        if (format == OutputFormat.table) {
            context.printer().data(text(document));
        } else {
            context.printer().document(format, document);
        }
        return ExitCodes.OK;
    }

    private static Map<String, @Nullable Object> document(Explanation answer) {
        RecordedRequest request = answer.getRequest();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("decision", answer.getAllowed() ? "allowed" : "denied");
        document.put("time", Instant.ofEpochSecond(answer.getTime().getSeconds(), answer.getTime().getNanos()).toString());
        document.put("sandbox", answer.getSandbox().isEmpty() ? answer.getSandboxId() : answer.getSandbox());
        document.put("request", request(request));
        document.put("binary", request.getBinary());
        document.put("sha256", request.getBinarySha256());
        document.put("ancestors", List.copyOf(request.getAncestorsList()));
        document.put("addresses", List.copyOf(request.getAddressesList()));
        document.put("policy", answer.getPolicyVersion() == 0 ? "" : "version " + answer.getPolicyVersion()
                + (answer.getPolicyHash().isEmpty() ? "" : " (" + RevisionView.hash(answer.getPolicyHash()) + ")"));
        document.put("rule", answer.getPolicyKey());
        document.put("provider", answer.getProvider());
        document.put("reason", answer.getReason());
        document.put("reason_code", answer.getReasonCode());
        document.put("nearest_rule", answer.getNearestRule());
        document.put("it_lacks", List.copyOf(answer.getNearestLacksList()));
        document.put("to_allow_it", line(answer));
        document.put("note", answer.getNoSuggestion());
        return document;
    }

    private static String request(RecordedRequest request) {
        String place = request.getHost() + ":" + request.getPort();
        if (request.getHost().isEmpty()) {
            return "(unreadable)";
        }
        return request.getMethod().isEmpty() ? "CONNECT " + place : request.getMethod() + " " + place + request.getPath();
    }

    private static String line(Explanation answer) {
        List<MergeOperation> operations = answer.getSuggestionList().stream().map(MergeCodec::decode)
                .flatMap(Optional::stream).toList();
        return operations.isEmpty() ? "" : UpdateLine.of(answer.getSandbox(), operations);
    }

    private static String text(Map<String, @Nullable Object> document) {
        StringBuilder text = new StringBuilder();
        document.forEach((name, value) -> {
            String shown = value instanceof List<?> list ? String.join(", ", list.stream().map(String::valueOf).toList())
                    : String.valueOf(value);
            if (!shown.isEmpty()) {
                String label = name.replace('_', ' ') + ":";
                // A workload chooses paths and program names; they must not steer the terminal.
                text.append(label).append(" ".repeat(Math.max(1, COLUMN - label.length())))
                        .append(shown.replaceAll("\\p{Cntrl}", "?")).append('\n');
            }
        });
        return text.toString();
    }
}
