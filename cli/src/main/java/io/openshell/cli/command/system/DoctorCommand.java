package io.openshell.cli.command.system;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.local.HostDoctor;
import io.openshell.cli.output.OutputFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}: whether this host can run sandboxes. Needs no gateway. */
@Command(name = "doctor", description = "Checks whether this host can run sandboxes, and what it lacks.")
public final class DoctorCommand implements Callable<Integer> {
    private static final int COLUMN = 17;
    private final CliContext context;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    DoctorCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        HostDoctor.Report report = context.doctor().examine();
        if (format == OutputFormat.table) {
            context.printer().data(screen(report));
        } else {
            context.printer().document(format, document(report));
        }
        return report.fit() ? ExitCodes.OK : ExitCodes.FAILURE;
    }

    private static String screen(HostDoctor.Report report) {
        StringBuilder out = new StringBuilder();
        for (HostDoctor.Row row : report.rows()) {
            out.append(String.format("%-9s%-" + COLUMN + "s%s%n", row.state().toLowerCase(Locale.ROOT), row.layer(), row.seen()));
            detail(out, "costs", row.cost());
            detail(out, "do", row.remedy());
        }
        return out.append(report.fit() ? "\nSandboxes can run on this host.\n" : "\nSandboxes cannot run on this host.\n").toString();
    }

    private static void detail(StringBuilder out, String label, String text) {
        if (!text.isEmpty()) {
            out.append(" ".repeat(9 + COLUMN)).append(label).append(": ").append(text).append('\n');
        }
    }

    private static Map<String, @Nullable Object> document(HostDoctor.Report report) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("can_run", report.fit());
        document.put("layers", report.rows().stream().map(DoctorCommand::row).toList());
        return document;
    }

    private static Map<String, @Nullable Object> row(HostDoctor.Row row) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("layer", row.layer());
        document.put("state", row.state().toLowerCase(Locale.ROOT));
        document.put("seen", row.seen());
        document.put("cost", row.cost());
        document.put("remedy", row.remedy());
        return document;
    }
}
