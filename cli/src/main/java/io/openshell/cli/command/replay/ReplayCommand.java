package io.openshell.cli.command.replay;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** {@code replay}: incident files. */
@Command(name = "replay", description = "Incident files: everything about some sandboxes, to be looked at anywhere.")
@Group({ReplayExportCommand.class, ReplayShowCommand.class, ReplayVerifyCommand.class})
public final class ReplayCommand extends GroupCommand {}
