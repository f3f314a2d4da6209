package io.openshell.cli.command;

import io.openshell.cli.CliException;
import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.config.LastSandbox;
import io.openshell.cli.local.GatewayStart;
import io.openshell.cli.local.LocalGateway;
import io.openshell.cli.output.Printer;
import io.openshell.cli.output.Steps;
import io.openshell.wire.v1.Sandbox;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that can be called, and the workspace.
 *
 * @param client calls to it
 * @param workspace what the calls are about
 * @param last the sandbox used last there
 * @param printer where hints go
 */
public record Session(GatewayClient client, String workspace, LastSandbox last, Printer printer) {
    static Session open(CliContext context, boolean mayStart) {
        GatewayChoice choice = context.choice();
        if (choice.bySocket()) {
            bringUp(context, choice, mayStart);
        }
        return new Session(choice.client(context), context.workspace(), new LastSandbox(choice.files()), context.printer());
    }

    private static void bringUp(CliContext context, GatewayChoice choice, boolean mayStart) {
        LocalGateway local = context.localGateway();
        if (local.accepts()) {
            return;
        }
        if (!mayStart && !local.startedBefore()) {
            throw new CliException(choice.configured()
                    ? "The gateway '" + choice.entry().name() + "' does not run. `openshell gateway start` starts it."
                    : "No active gateway. `openshell gateway start` starts one on this machine,"
                            + " `openshell gateway add URL` registers another.");
        }
        try (Steps steps = context.steps()) {
            local.start(new GatewayStart(port(context, null), null), steps);
        }
    }

    /** The same, with every read about this point of the log instead of now. */
    Session asOf(String point) {
        return new Session(client.with("openshell-as-of", point), workspace, last, printer);
    }

    /** The port asked for, else the one of the environment, else the default. */
    public static int port(CliContext context, @Nullable Integer asked) {
        int port = asked != null ? asked
                : context.environment().seconds("OPENSHELL_GATEWAY_PORT", GatewayStart.DEFAULT_PORT);
        if (port < 1 || port > 65_535) {
            throw new CliException(port + " is not a TCP port; choose one from 1 to 65535.", io.openshell.cli.ExitCodes.USAGE);
        }
        return port;
    }

    /** The name given, or the sandbox used last. */
    public String nameOr(@Nullable String given) {
        if (given != null) {
            return given;
        }
        String name = last.in(workspace).orElseThrow(() -> new CliException(
                "no sandbox was used yet on this gateway; name one (`openshell sandbox list` shows them)."));
        printer.note("→ Using sandbox '" + name + "' (last used)");
        return name;
    }

    /** The sandbox with the name given, or the one used last. */
    public Sandbox sandbox(@Nullable String given) {
        return client.sandbox(workspace, nameOr(given));
    }

    /** Records the use of a sandbox. */
    public void used(String sandbox) {
        last.remember(workspace, sandbox);
    }
}
