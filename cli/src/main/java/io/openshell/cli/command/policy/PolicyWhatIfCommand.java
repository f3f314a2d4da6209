package io.openshell.cli.command.policy;

import com.google.protobuf.Timestamp;
import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.control.v1.VerdictFlip;
import io.openshell.wire.control.v1.WhatIfRequest;
import io.openshell.wire.control.v1.WhatIfResponse;
import io.openshell.wire.v1.ListSandboxesRequest;
import io.openshell.wire.v1.Sandbox;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy what-if}: what a policy would have decided about the requests a sandbox has made. */
@Command(name = "what-if", description = "Judges the recorded requests of a sandbox under another policy.",
        footer = {"", "Exit status: 0 nothing allowed now would be refused, 3 something would."})
public final class PolicyWhatIfCommand implements Callable<Integer> {
    private static final int PAGE = 100;

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--all-sandboxes", description = "Of every sandbox of the workspace, one after the other.")
    boolean all;

    @Option(names = "--policy", required = true, paramLabel = "FILE", description = "The policy to try, a YAML file.")
    Path policy = Path.of("");

    @Option(names = "--since", paramLabel = "DURATION",
            description = "Only requests of this last time, such as 30m, 12h or 30d (default: all the log holds).")
    @Nullable String since;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    PolicyWhatIfCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        WhatIfRequest.Builder request = WhatIfRequest.newBuilder().setPolicy(PolicyFile.read(policy));
        if (since != null) {
            Instant from = Instant.now().minus(Parsers.duration(since));
            request.setSince(Timestamp.newBuilder().setSeconds(from.getEpochSecond()));
        }
        if (all && name != null) {
            throw new CliException("--all-sandboxes and a sandbox exclude each other.", ExitCodes.USAGE);
        }
        Session session = context.session();
        List<Map<String, @Nullable Object>> documents = new ArrayList<>();
        boolean denied = false;
        for (String sandbox : all ? everyOne(session) : List.of(session.nameOr(name))) {
            WhatIfResponse answer = session.client().call(Rpc.WHAT_IF,
                    request.setWorkspace(session.workspace()).setName(sandbox).build());
            denied |= answer.getFlipsList().stream().anyMatch(flip -> !flip.getNewlyAllowed());
            if (format == OutputFormat.table) {
                answer.getFlipsList().forEach(flip -> context.printer().line((all ? sandbox + "  " : "") + line(flip)));
                context.printer().note((all ? sandbox + ": " : "") + summary(answer));
            } else {
                answer.getFlipsList().forEach(flip -> documents.add(document(sandbox, flip)));
            }
        }
        if (format != OutputFormat.table) {
            context.printer().document(format, documents);
        }
        return denied ? ExitCodes.DENIED : ExitCodes.OK;
    }

    private static List<String> everyOne(Session session) {
        List<String> names = new ArrayList<>();
        List<Sandbox> some;
        do {
            some = session.client().call(Rpc.LIST, ListSandboxesRequest.newBuilder().setWorkspace(session.workspace())
                    .setLimit(PAGE).setOffset(names.size()).build()).getSandboxesList();
            some.forEach(each -> names.add(each.getMetadata().getName()));
        } while (some.size() == PAGE);
        return names;
    }

    private static String line(VerdictFlip flip) {
        String request = flip.getMethod().isEmpty() ? "CONNECT " + flip.getHost() + ":" + flip.getPort()
                : flip.getMethod() + " " + flip.getHost() + ":" + flip.getPort() + flip.getPath();
        String line = (flip.getNewlyAllowed() ? "newly allowed  " : "newly denied   ") + flip.getCount() + "x  " + request + "  "
                + flip.getBinary() + (flip.getReason().isEmpty() ? "" : "  (" + flip.getReason() + ")");
        return line.replaceAll("\\p{Cntrl}", "?");
    }

    private static String summary(WhatIfResponse answer) {
        long denied = answer.getFlipsList().stream().filter(flip -> !flip.getNewlyAllowed()).count();
        StringBuilder text = new StringBuilder((denied == 0 ? "✓ " : "! ") + answer.getJudged() + " recorded requests judged: "
                + denied + " kinds newly denied, " + (answer.getFlipsCount() - denied) + " newly allowed");
        if (answer.getChangedAlready() > 0) {
            text.append("; ").append(answer.getChangedAlready()).append(" the policy in force decides like this already");
        }
        if (answer.getSkipped() > 0) {
            text.append("; ").append(answer.getSkipped()).append(" not judged, their record says too little");
        }
        return text.append(answer.getTruncated() ? "; older ones were not read" : "").append('.').toString();
    }

    private static Map<String, @Nullable Object> document(String sandbox, VerdictFlip flip) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("sandbox", sandbox);
        document.put("decision", flip.getNewlyAllowed() ? "newly_allowed" : "newly_denied");
        document.put("count", flip.getCount());
        document.put("host", flip.getHost());
        document.put("port", flip.getPort());
        document.put("method", flip.getMethod());
        document.put("path", flip.getPath());
        document.put("binary", flip.getBinary());
        document.put("last", Instant.ofEpochSecond(flip.getLast().getSeconds()).toString());
        document.put("decision_id", flip.getDecisionId());
        document.put("reason", flip.getReason());
        return document;
    }
}
