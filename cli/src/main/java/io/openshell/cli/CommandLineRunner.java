package io.openshell.cli;

import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.CommandTree;
import io.openshell.cli.config.Environment;
import io.openshell.cli.config.Installation;
import io.openshell.cli.output.Printer;
import io.openshell.cli.terminal.Terminal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;

/** Reads a command line, runs the command, and turns failures into one line and an exit status. */
public final class CommandLineRunner {
    private static final int BUFFER_BYTES = 16 * 1024;

    static {
        // Read by picocli when it is loaded. No option has a type of these packages, whose classes it would all initialise,
        // and it would look for Groovy in every file of the class path.
        System.setProperty("picocli.disable.closures", "true");
        System.setProperty("picocli.converters.excludes", "java\\.(sql|time)\\..*");
    }

    private final CliContext context;

    /** A runner with these surroundings. */
    public CommandLineRunner(CliContext context) {
        this.context = context;
    }

    /** The runner of this process. */
    public static CommandLineRunner ofProcess() {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        return new CommandLineRunner(new CliContext(Environment.ofProcess(), Installation.ofProcess(),
                new FileInputStream(FileDescriptor.in), new Printer(out, err), new Terminal()));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new java.io.BufferedOutputStream(new FileOutputStream(descriptor), BUFFER_BYTES), false,
                StandardCharsets.UTF_8);
    }

    /** Runs one command; never throws for what a user or a gateway can cause. */
    public int run(String... args) {
        Printer printer = context.printer();
        CommandLine line = new CommandTree(this::create, args).of(RootCommand.class)
                .setOut(new PrintWriter(printer.out(), true))
                .setErr(new PrintWriter(printer.err(), true))
                .setColorScheme(new ColorScheme.Builder(Ansi.OFF).build())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(new UsageErrors(printer))
                .setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
        try {
            return line.execute(args);
        } finally {
            printer.out().flush();
            printer.err().flush();
        }
    }

    private <K> K create(Class<K> type) throws Exception {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == CliContext.class) {
                constructor.setAccessible(true);
                return type.cast(constructor.newInstance(context));
            }
        }
        return CommandLine.defaultFactory().create(type);
    }

    private int report(Exception failure) throws Exception {
        return switch (failure) {
            case CliException known -> failed(known.getMessage(), known.exitCode());
            case RpcException refused -> failed(refused.getMessage() + hint(refused.code()), ExitCodes.FAILURE);
            case UncheckedIOException io -> failed(io.getMessage() + (io.getCause() == null ? ""
                    : " (" + io.getCause().getMessage() + ")"), ExitCodes.FAILURE);
            default -> throw failure;
        };
    }

    private int failed(@Nullable String message, int exitCode) {
        context.printer().note("error: " + message);
        return exitCode;
    }

    private static String hint(RpcCode code) {
        return switch (code) {
            case UNAVAILABLE -> ". `openshell status` shows the gateway's state.";
            case UNAUTHENTICATED -> ". The registration may need new credentials: `openshell gateway list`.";
            case UNIMPLEMENTED -> ". This gateway does not offer that call.";
            default -> "";
        };
    }
}
