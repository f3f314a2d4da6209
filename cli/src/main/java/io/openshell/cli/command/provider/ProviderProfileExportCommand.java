package io.openshell.cli.command.provider;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.command.policy.PolicyFile;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.sandbox.v1.NetworkPolicyRule;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.GetProviderProfileRequest;
import io.openshell.wire.v1.ProviderProfile;
import io.openshell.wire.v1.ProviderProfileCategory;
import io.openshell.wire.v1.ProviderProfileCredential;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code provider profile export}: a type with its credentials and the rule it contributes. */
@Command(name = "export", description = "Prints a type of provider: its credentials, and the rule it contributes to policies.")
final class ProviderProfileExportCommand implements Callable<Integer> {
    private static final String CATEGORY = "PROVIDER_PROFILE_CATEGORY_";

    private final CliContext context;

    @Parameters(paramLabel = "ID", description = "The type, as list-profiles shows it.")
    String id = "";

    @Option(names = "-o", paramLabel = "FORMAT", description = "yaml, json or table (default: ${DEFAULT-VALUE}).")
    OutputFormat format = OutputFormat.yaml;

    ProviderProfileExportCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        ProviderProfile profile = session.client().call(ProviderRpc.PROFILE, GetProviderProfileRequest.newBuilder()
                .setId(id).setWorkspace(session.workspace()).build()).getProfile();
        if (format == OutputFormat.table) {
            context.printer().data(ProviderListProfilesCommand.table(List.of(profile)));
        } else {
            context.printer().document(format, document(profile));
        }
        return ExitCodes.OK;
    }

    private static Map<String, @Nullable Object> document(ProviderProfile profile) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", profile.getId());
        view.put("display_name", profile.getDisplayName());
        view.put("category", category(profile.getCategory()));
        view.put("inference_capable", profile.getInferenceCapable());
        view.put("credentials", profile.getCredentialsList().stream().map(ProviderProfileExportCommand::credential).toList());
        view.put("discovery", Map.of("credentials", List.copyOf(profile.getDiscovery().getCredentialsList())));
        view.putAll(rule(profile));
        return view;
    }

    private static String category(ProviderProfileCategory category) {
        return category.name().substring(CATEGORY.length()).toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> credential(ProviderProfileCredential credential) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", credential.getName());
        view.put("env_vars", List.copyOf(credential.getEnvVarsList()));
        view.put("required", credential.getRequired());
        return view;
    }

    /** Endpoints and binaries with the keys they have in a policy. */
    private static Map<String, @Nullable Object> rule(ProviderProfile profile) {
        SandboxPolicy alone = SandboxPolicy.newBuilder().setVersion(1).putNetworkPolicies("rule", NetworkPolicyRule.newBuilder()
                .addAllEndpoints(profile.getEndpointsList()).addAllBinaries(profile.getBinariesList()).build()).build();
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        if (PolicyFile.tree(alone) instanceof Map<?, ?> policy && policy.get("network_policies") instanceof Map<?, ?> rules
                && rules.get("rule") instanceof Map<?, ?> rule) {
            rule.forEach((key, value) -> parts.put(String.valueOf(key), value));
        }
        return parts;
    }
}
