package io.openshell.cli.command.settings;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** Settings, for every sandbox or for one. */
@Command(name = "settings", description = "Shows and changes settings, for every sandbox or for one.")
@Group({SettingsGetCommand.class, SettingsSetCommand.class, SettingsDeleteCommand.class})
public final class SettingsCommand extends GroupCommand {}
