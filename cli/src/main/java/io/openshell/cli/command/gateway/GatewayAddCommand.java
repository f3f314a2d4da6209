package io.openshell.cli.command.gateway;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.config.EndpointUrl;
import io.openshell.cli.config.GatewayEntry;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gateway add}: registers a gateway and makes it active. */
@Command(name = "add", description = "Registers a gateway and makes it the active one.")
public final class GatewayAddCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(paramLabel = "ENDPOINT", description = "http://HOST:PORT, https://HOST:PORT or ssh://USER@HOST:PORT.")
    String endpoint = "";

    @Option(names = "--name", paramLabel = "NAME", description = "Name (default: the host, or openshell for this machine).")
    @Nullable String name;

    @Option(names = "--remote", paramLabel = "USER@HOST", description = "SSH destination of the gateway's machine.")
    @Nullable String remote;

    @Option(names = "--local", description = "The gateway runs on this machine with TLS.")
    boolean local;

    GatewayAddCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (local && remote != null) {
            throw new CliException("--local and --remote exclude each other.", ExitCodes.USAGE);
        }
        EndpointUrl url = EndpointUrl.parse(endpoint);
        boolean ssh = url.scheme().equals("ssh");
        if (ssh && (local || remote != null)) {
            throw new CliException("an ssh:// address already says where the gateway is; leave --local and --remote out.");
        }
        if (local && !url.scheme().equals("https")) {
            throw new CliException("--local is for https:// addresses; plain http needs no flag.");
        }
        GatewayEntry entry = entry(url, ssh);
        context.registry().add(entry);
        context.printer().note("✓ Gateway " + entry.name() + " added and active");
        if (entry.authMode().equals("mtls")) {
            context.printer().note("Put ca.crt, tls.crt and tls.key into "
                    + context.registry().folder(entry.name()).resolve("mtls") + " if the gateway asks for certificates.");
        }
        return ExitCodes.OK;
    }

    private GatewayEntry entry(EndpointUrl url, boolean ssh) {
        String chosen = name != null ? name : url.loopback() ? GatewayEntry.LOCAL_NAME : url.host();
        String address = ssh ? "https://" + url.host() + ":" + url.port() : url.text();
        String destination = ssh ? (url.user() == null ? "" : url.user() + "@") + url.host() : remote;
        boolean away = destination != null || !url.loopback();
        String resolved = destination == null ? null : destination.substring(destination.indexOf('@') + 1);
        return new GatewayEntry(chosen, address, away, destination, resolved,
                url.scheme().equals("http") ? "plaintext" : "mtls", GatewayEntry.Source.USER);
    }
}
