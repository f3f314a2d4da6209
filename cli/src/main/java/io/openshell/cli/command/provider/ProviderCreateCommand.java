package io.openshell.cli.command.provider;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.v1.CreateProviderRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code provider create}. */
@Command(name = "create", description = "Stores credentials for sandboxes to use.")
final class ProviderCreateCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "Name of the provider.")
    String name = "";

    @Option(names = "--type", required = true, paramLabel = "TYPE", description = "What it is a provider of; see `provider list-profiles`.")
    String type = "";

    @Mixin
    CredentialFlags flags = new CredentialFlags();

    ProviderCreateCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (flags.nameNone()) {
            throw new CliException("say where its credentials come from: --from-existing, --credential or --credential-stdin.",
                    ExitCodes.USAGE);
        }
        Session session = context.startedSession();
        Provider provider = session.client().call(ProviderRpc.CREATE, CreateProviderRequest.newBuilder()
                .setWorkspace(session.workspace())
                .setProvider(Provider.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName(name))
                        .setType(type)
                        .putAllCredentials(flags.secrets(context, session, type, false))
                        .putAllConfig(Parsers.pairs("--config", flags.config))
                        .putAllCredentialExpiresAtMs(flags.expiresAt()))
                .build()).getProvider();
        context.printer().line("✓ Created provider " + provider.getMetadata().getName());
        return ExitCodes.OK;
    }
}
