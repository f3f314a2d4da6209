package io.openshell.cli.command.provider;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.v1.GetProviderRequest;
import io.openshell.wire.v1.UpdateProviderRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code provider update}: what is not named stays. */
@Command(name = "update", description = "Changes credentials and settings; running sandboxes use the new ones at once.")
final class ProviderUpdateCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(paramLabel = "NAME", description = "Provider.")
    String name = "";

    @Mixin
    CredentialFlags flags = new CredentialFlags();

    ProviderUpdateCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (flags.nameNone() && flags.config.isEmpty() && flags.expiries.isEmpty()) {
            throw new CliException("say what to change: --credential, --config or --credential-expires-at.", ExitCodes.USAGE);
        }
        Session session = context.session();
        String type = flags.fromExisting
                ? session.client().call(ProviderRpc.GET, GetProviderRequest.newBuilder().setName(name)
                        .setWorkspace(session.workspace()).build()).getProvider().getType()
                : "";
        session.client().call(ProviderRpc.UPDATE, UpdateProviderRequest.newBuilder()
                .setWorkspace(session.workspace())
                .setProvider(Provider.newBuilder()
                        .setMetadata(ObjectMeta.newBuilder().setName(name))
                        .putAllCredentials(flags.secrets(context, session, type, true))
                        .putAllConfig(Parsers.pairs("--config", flags.config)))
                .putAllCredentialExpiresAtMs(flags.expiresAt())
                .build());
        context.printer().line("✓ Updated provider " + name);
        return ExitCodes.OK;
    }
}
