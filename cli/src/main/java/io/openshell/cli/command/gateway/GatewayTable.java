package io.openshell.cli.command.gateway;

import io.openshell.cli.command.CliContext;
import io.openshell.cli.config.GatewayEntry;
import io.openshell.cli.config.GatewayRegistry;
import io.openshell.cli.output.TableView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Known gateways as a table or as documents. */
final class GatewayTable {
    private GatewayTable() {}

    static SortedMap<String, GatewayEntry> known(CliContext context) {
        GatewayRegistry registry = context.registry();
        SortedMap<String, GatewayEntry> known = registry.registered();
        if (context.localGateway().startedBefore()) {
            known.putIfAbsent(GatewayEntry.LOCAL_NAME, registry.builtIn());
        }
        return known;
    }

    static String active(CliContext context) {
        return context.registry().activeName().orElse(GatewayEntry.LOCAL_NAME);
    }

    static String text(CliContext context) {
        SortedMap<String, GatewayEntry> known = known(context);
        if (known.isEmpty()) {
            return "No gateways registered.\n";
        }
        TableView table = new TableView("", "NAME", "ENDPOINT", "TYPE", "SOURCE", "AUTH");
        for (GatewayEntry one : known.values()) {
            table.add(one.name().equals(active(context)) ? "*" : "", one.name(), one.endpoint(), one.type(),
                    one.source().word(), one.authMode());
        }
        return table.text();
    }

    static List<Map<String, @Nullable Object>> documents(CliContext context) {
        return known(context).values().stream().map(one -> document(one, active(context))).toList();
    }

    static Map<String, @Nullable Object> document(GatewayEntry one, String active) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", one.name());
        document.put("endpoint", one.endpoint());
        document.put("type", one.type());
        document.put("source", one.source().word());
        document.put("auth", one.authMode());
        document.put("active", one.name().equals(active));
        document.put("is_remote", one.remote());
        document.put("remote_host", one.remoteHost());
        document.put("resolved_host", one.resolvedHost());
        return document;
    }
}
