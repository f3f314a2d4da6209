package io.openshell.cli.command.system;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.GatewayChoice;
import io.openshell.cli.local.LocalGateway;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.control.v1.GetLogStatusRequest;
import io.openshell.wire.control.v1.GetLogStatusResponse;
import io.openshell.wire.control.v1.PoisonedStream;
import io.openshell.wire.v1.GetGatewayInfoRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}: tells how the gateway is, and never starts one. */
@Command(name = "status", description = "Shows whether the gateway answers.")
public final class StatusCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final CliContext context;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    StatusCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (asOf.given()) {
            new PastStatus(context, asOf).show(format);
            return ExitCodes.OK;
        }
        GatewayChoice choice = context.choice();
        LocalGateway local = context.localGateway();
        boolean nothing = choice.bySocket() && !choice.configured() && !local.startedBefore() && !local.accepts();
        if (nothing) {
            notConfigured();
        } else {
            show(probe(choice));
        }
        return ExitCodes.OK;
    }

    private void notConfigured() {
        if (format == OutputFormat.table) {
            context.printer().line("Gateway Status\n\n  No gateway configured.\n\n"
                    + "`openshell gateway start` starts one on this machine, `openshell gateway add URL` registers another.");
        } else {
            context.printer().document(format, Map.of("status", "not_configured"));
        }
    }

    private Map<String, @Nullable Object> probe(GatewayChoice choice) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("gateway", choice.entry().name());
        state.put("server", choice.entry().endpoint());
        GatewayClient client = context.clientOf(choice);
        try {
            String version = client.health(LIMIT).getVersion();
            state.put("status", "connected");
            state.put("authentication", authentication(client, choice));
            state.put("version", version);
            log(client).forEach(state::put);
        } catch (RpcException e) {
            state.put("status", e.code() == RpcCode.UNAVAILABLE ? "disconnected" : "error");
            state.put("authentication", Map.of("status", "unverified"));
            state.put("error", e.getMessage());
        }
        return state;
    }

    /** How the gateway stands to its log; nothing for a gateway that does not tell. */
    private static Map<String, @Nullable Object> log(GatewayClient client) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        try {
            GetLogStatusResponse log = client.call(Rpc.LOG_STATUS, GetLogStatusRequest.getDefaultInstance(), LIMIT);
            answer.put("log", log.getLogAnswers() ? "answers" : "away");
            answer.put("view_age_ms", log.getViewAgeMs());
            answer.put("lag", log.getLag());
            answer.put("writes", log.getWritesRefused().isEmpty() ? "taken" : log.getWritesRefused());
            answer.put("poisoned_streams", streams(log, false));
            answer.put("newer_streams", streams(log, true));
        } catch (RpcException e) {
            if (e.code() != RpcCode.UNIMPLEMENTED && e.code() != RpcCode.PERMISSION_DENIED) {
                answer.put("log", "unknown: " + e.getMessage());
            }
        }
        return answer;
    }

    private static List<String> streams(GetLogStatusResponse log, boolean newer) {
        return log.getPoisonedList().stream().filter(each -> each.getNewer() == newer).map(PoisonedStream::getStream).toList();
    }

    private static Map<String, @Nullable Object> authentication(GatewayClient client, GatewayChoice choice) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        if (choice.entry().authMode().equals("plaintext")) {
            answer.put("status", "not_required");
            return answer;
        }
        try {
            client.call(Rpc.GATEWAY_INFO, GetGatewayInfoRequest.getDefaultInstance(), LIMIT);
            answer.put("status", "authenticated");
            answer.put("method", choice.entry().authMode());
        } catch (RpcException e) {
            // A caller who may not see the gateway's details has still been recognised.
            answer.put("status", e.code() == RpcCode.PERMISSION_DENIED ? "authenticated" : "failed");
        }
        return answer;
    }

    private void show(Map<String, @Nullable Object> state) {
        if (format != OutputFormat.table) {
            context.printer().document(format, state);
            return;
        }
        context.printer().line("Server Status\n");
        line("Gateway", state.get("gateway"));
        line("Server", state.get("server"));
        line("Status", capital(String.valueOf(state.get("status"))));
        if (state.get("authentication") instanceof Map<?, ?> authentication) {
            line("Authentication", capital(String.valueOf(authentication.get("status"))));
        }
        line("Version", state.get("version"));
        line("Log", state.get("log"));
        if (state.get("view_age_ms") instanceof Long age) {
            line("View age", String.format("%.1f s", age / 1_000.0));
        }
        if (state.get("writes") instanceof String writes && !writes.equals("taken")) {
            line("Commands", "refused: " + writes);
        }
        streams("Poisoned", state.get("poisoned_streams"), "see `openshell ops poison list`");
        streams("Newer", state.get("newer_streams"), "written by a newer release; upgrade this gateway");
        line("Error", state.get("error"));
    }

    private void streams(String label, @Nullable Object value, String advice) {
        if (value instanceof List<?> streams && !streams.isEmpty()) {
            line(label, streams.size() + " (" + streams.stream().limit(3).map(String::valueOf)
                    .collect(Collectors.joining(", ")) + (streams.size() > 3 ? ", ..." : "") + "); " + advice);
        }
    }

    private void line(String label, @Nullable Object value) {
        if (value != null) {
            context.printer().line(String.format("  %-16s%s", label + ":", value));
        }
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1).replace('_', ' ');
    }
}
