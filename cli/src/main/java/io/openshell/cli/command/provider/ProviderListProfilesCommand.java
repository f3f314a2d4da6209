package io.openshell.cli.command.provider;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.cli.output.TableView;
import io.openshell.wire.v1.ListProviderProfilesRequest;
import io.openshell.wire.v1.ProviderProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code provider list-profiles}. */
@Command(name = "list-profiles", description = "Lists the types of provider, and where the credentials of each may go.")
final class ProviderListProfilesCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    ProviderListProfilesCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        List<ProviderProfile> profiles = session.client().call(ProviderRpc.PROFILES,
                ListProviderProfilesRequest.newBuilder().setWorkspace(session.workspace()).build()).getProfilesList();
        if (format != OutputFormat.table) {
            context.printer().document(format, profiles.stream().map(ProviderListProfilesCommand::document).toList());
            return ExitCodes.OK;
        }
        context.printer().data(table(profiles));
        return ExitCodes.OK;
    }

    static String table(List<ProviderProfile> profiles) {
        TableView table = new TableView("TYPE", "NAME", "CREDENTIALS", "ENDPOINTS");
        profiles.forEach(each -> table.add(each.getId(), each.getDisplayName(), shown(keys(each)), shown(endpoints(each))));
        return table.text();
    }

    private static Map<String, @Nullable Object> document(ProviderProfile profile) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", profile.getId());
        view.put("display_name", profile.getDisplayName());
        view.put("credentials", keys(profile).toList());
        view.put("endpoints", endpoints(profile).toList());
        view.put("inference_capable", profile.getInferenceCapable());
        view.put("source", profile.getSource());
        return view;
    }

    private static Stream<String> keys(ProviderProfile profile) {
        return profile.getCredentialsList().stream().flatMap(each -> each.getEnvVarsList().stream());
    }

    private static Stream<String> endpoints(ProviderProfile profile) {
        return profile.getEndpointsList().stream().map(each -> each.getHost() + ":" + each.getPorts(0)).distinct();
    }

    private static String shown(Stream<String> texts) {
        List<String> all = texts.toList();
        return all.isEmpty() ? "-" : String.join(", ", all);
    }
}
