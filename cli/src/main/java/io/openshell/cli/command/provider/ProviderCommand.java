package io.openshell.cli.command.provider;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code provider}. */
@Command(name = "provider", synopsisSubcommandLabel = "COMMAND",
        description = "Credentials that sandboxes use without seeing them.")
@Group({ProviderCreateCommand.class, ProviderGetCommand.class, ProviderListCommand.class, ProviderListProfilesCommand.class,
    ProviderUpdateCommand.class, ProviderDeleteCommand.class, ProviderProfileCommand.class})
public final class ProviderCommand extends GroupCommand {}
