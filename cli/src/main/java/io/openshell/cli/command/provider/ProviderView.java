package io.openshell.cli.command.provider;

import io.openshell.cli.command.Parsers;
import io.openshell.cli.output.TableView;
import io.openshell.wire.datamodel.v1.Provider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A provider as users see it: names, never values. */
public final class ProviderView {
    private ProviderView() {}

    /** The keys of JSON and YAML. */
    public static Map<String, @Nullable Object> document(Provider provider) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", provider.getMetadata().getId());
        view.put("name", provider.getMetadata().getName());
        view.put("workspace", provider.getMetadata().getWorkspace());
        view.put("type", provider.getType());
        view.put("credential_keys", keys(provider.getCredentialsMap()));
        view.put("config_keys", keys(provider.getConfigMap()));
        view.put("labels", new TreeMap<>(provider.getMetadata().getLabelsMap()));
        view.put("resource_version", provider.getMetadata().getResourceVersion());
        view.put("created_at", Parsers.time(provider.getMetadata().getCreatedAtMs()));
        view.put("credential_expires_at_ms", new TreeMap<>(provider.getCredentialExpiresAtMsMap()));
        return view;
    }

    /** A table of providers. */
    public static String table(List<Provider> providers) {
        TableView table = new TableView("NAME", "TYPE", "CREDENTIAL_KEYS", "CONFIG_KEYS");
        providers.forEach(each -> table.add(each.getMetadata().getName(), each.getType(),
                String.valueOf(each.getCredentialsCount()), String.valueOf(each.getConfigCount())));
        return table.text();
    }

    static String section(Provider provider) {
        StringBuilder out = new StringBuilder("Provider:\n");
        line(out, "Id", provider.getMetadata().getId());
        line(out, "Name", provider.getMetadata().getName());
        line(out, "Type", provider.getType());
        line(out, "Credential keys", shown(provider.getCredentialsMap()));
        new TreeMap<>(provider.getCredentialExpiresAtMsMap()).forEach(
                (key, at) -> line(out, "Expires", key + " at " + Parsers.time(at) + " UTC"));
        line(out, "Config keys", shown(provider.getConfigMap()));
        line(out, "Resource version", String.valueOf(provider.getMetadata().getResourceVersion()));
        return out.toString();
    }

    private static List<String> keys(Map<String, String> map) {
        return List.copyOf(new TreeSet<>(map.keySet()));
    }

    private static String shown(Map<String, String> map) {
        return map.isEmpty() ? "-" : String.join(", ", keys(map));
    }

    private static void line(StringBuilder out, String label, String value) {
        out.append(String.format("  %-18s%s%n", label + ":", value));
    }
}
