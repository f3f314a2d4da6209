package io.openshell.gateway;

import io.openshell.gateway.config.GatewayConfig;
import io.openshell.gateway.grpc.StartFailed;
import io.openshell.gateway.process.GatewayProcess;
import io.openshell.gateway.process.JsonLines;
import io.openshell.gateway.tls.LocalCertificates.CertificatesUnusable;
import io.openshell.log.LogUnavailable;
import io.openshell.log.kafka.BrokerStartFailed;
import io.openshell.log.kafka.ClientFile;
import java.util.List;

/** Runs a gateway until it is told to end. What keeps it from starting is said in the last line of its output. */
public final class Main {

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Main() {}

    /**
     * Starts and waits.
     *
     * @param arguments as {@link GatewayConfig#from} takes them
     */
    public static void main(String[] arguments) {
        GatewayConfig config;
        try {
            config = GatewayConfig.from(List.of(arguments), System.getenv(), System.getProperty("user.name"));
        } catch (GatewayConfig.InvalidConfig e) {
            System.exit(failed(USAGE, e.getMessage()));
            return;
        }
        if (config.operation().jsonLogs()) {
            JsonLines.install();
        }
        try {
            GatewayProcess process = GatewayProcess.start(config);
            Runtime.getRuntime().addShutdownHook(new Thread(process::close, "gateway-end"));
        } catch (StartFailed | BrokerStartFailed | CertificatesUnusable | LogUnavailable
                | ClientFile.UnusableFile e) {
            // The broker leaves threads behind that would keep the process.
            System.exit(failed(FAILED, withCause(e)));
        } catch (RuntimeException e) {
            e.printStackTrace();
            System.exit(failed(FAILED, "the gateway did not start because of a fault in it: " + e));
        }
    }

    private static String withCause(Exception e) {
        Throwable cause = e.getCause();
        return cause == null || String.valueOf(e.getMessage()).contains(String.valueOf(cause.getMessage()))
                ? e.getMessage()
                : e.getMessage() + ": " + cause.getMessage();
    }

    private static int failed(int status, String message) {
        System.err.println("error: " + message);
        return status;
    }
}
