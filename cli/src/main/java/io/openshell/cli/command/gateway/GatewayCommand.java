package io.openshell.cli.command.gateway;

import io.openshell.cli.command.Group;
import io.openshell.cli.command.GroupCommand;
import picocli.CommandLine.Command;

/** Starts the gateway of this machine and registers others. */
@Command(name = "gateway", aliases = "gw", description = "Starts the gateway of this machine and registers others.")
@Group({GatewayStartCommand.class, GatewayStopCommand.class, GatewayInfoCommand.class, GatewayListCommand.class,
    GatewaySelectCommand.class, GatewayAddCommand.class, GatewayRemoveCommand.class})
public final class GatewayCommand extends GroupCommand {}
