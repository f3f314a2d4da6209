package io.openshell.cli.command;

import io.openshell.cli.config.ClientPaths;
import io.openshell.cli.config.Environment;
import io.openshell.cli.config.GatewayRegistry;
import io.openshell.cli.config.Installation;
import io.openshell.cli.local.HostDoctor;
import io.openshell.cli.local.LocalGateway;
import io.openshell.cli.output.Printer;
import io.openshell.cli.output.Steps;
import io.openshell.cli.terminal.Terminal;
import java.io.InputStream;
import java.util.Optional;

/** What a command finds around it: environment, streams, global flags, the gateways. One per run. */
public final class CliContext {
    private final Environment environment;
    private final Installation installation;
    private final InputStream in;
    private final Printer printer;
    private final Terminal terminal;
    private final GlobalOptions options = new GlobalOptions();

    /** Surroundings of one run. */
    public CliContext(Environment environment, Installation installation, InputStream in, Printer printer,
            Terminal terminal) {
        this.environment = environment;
        this.installation = installation;
        this.in = in;
        this.printer = printer;
        this.terminal = terminal;
    }

    /** Global flags; filled in when the command line was read. */
    public GlobalOptions options() {
        return options;
    }

    /** Environment variables. */
    public Environment environment() {
        return environment;
    }

    /** Folders of the client. */
    public ClientPaths paths() {
        return environment.paths();
    }

    /** Standard input. */
    public InputStream in() {
        return in;
    }

    /** Standard output and standard error. */
    public Printer printer() {
        return printer;
    }

    /** The terminal, if there is one. */
    public Terminal terminal() {
        return terminal;
    }

    /** Progress on stderr. */
    public Steps steps() {
        boolean moving = terminal.stderr() && environment.get("NO_COLOR").isEmpty();
        return new Steps(printer.err(), moving);
    }

    /** Known gateways. */
    public GatewayRegistry registry() {
        return new GatewayRegistry(paths());
    }

    /** The gateway of this machine. */
    public LocalGateway localGateway() {
        return new LocalGateway(paths(), installation);
    }

    /** The check-up of this machine. */
    public HostDoctor doctor() {
        return new HostDoctor(installation);
    }

    /** The workspace that calls are about. */
    public String workspace() {
        return Optional.ofNullable(options.workspace).or(() -> environment.get("OPENSHELL_WORKSPACE")).orElse("default");
    }

    /** Chooses the gateway without talking to it. */
    public GatewayChoice choice() {
        return GatewayChoice.of(this);
    }

    /** Calls to a chosen gateway, which is not started. */
    public io.openshell.cli.client.GatewayClient clientOf(GatewayChoice choice) {
        return choice.client(this);
    }

    /** The chosen gateway, brought back when it is the local one and had been started before. */
    public Session session() {
        return Session.open(this, false);
    }

    /** The chosen gateway, started when it is the local one. */
    public Session startedSession() {
        return Session.open(this, true);
    }
}
