package io.openshell.cli.local;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.config.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs the check-up of this host: a program of the gateway's files, because what it asks is not part of the command line. */
public final class HostDoctor {
    private static final String MAIN_CLASS = "io.openshell.agent.doctor.DoctorMain";
    private static final long LIMIT_SECONDS = 30;
    private static final int FIELDS = 5;
    private final Installation installation;

    /** A doctor from this installation. */
    public HostDoctor(Installation installation) {
        this.installation = installation;
    }

    /**
     * What was found.
     *
     * @param fit whether sandboxes can run here
     */
    public record Report(boolean fit, List<Row> rows) {}

    /**
     * One layer.
     *
     * @param state {@code OK}, {@code WEAK} or {@code MISSING}
     * @param cost what one has to do without; empty for nothing
     * @param remedy what to do; empty for nothing
     */
    public record Row(String state, String layer, String seen, String cost, String remedy) {}

    /** Examines; takes about a second. */
    public Report examine() {
        List<String> command = new ArrayList<>(installation.gatewayJava("96m"));
        command.add(MAIN_CLASS);
        try {
            Process process = new ProcessBuilder(OrdinaryUser.ofProcess().map(user -> user.inNamespace(command)).orElse(command)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            process.getOutputStream().close();
            CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
            List<Row> rows = new ArrayList<>();
            try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().map(line -> line.split("\t", -1)).filter(fields -> fields.length == FIELDS)
                        .forEach(f -> rows.add(new Row(f[0], f[1], f[2], f[3], f[4])));
            }
            int code = process.waitFor();
            if (rows.isEmpty() || code > ExitCodes.FAILURE) {
                throw new CliException("the check-up did not come to its end (" + code + ").");
            }
            return new Report(code == 0, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted.");
        }
    }
}
