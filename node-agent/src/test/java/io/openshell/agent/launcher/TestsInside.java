package io.openshell.agent.launcher;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.TestAbortedException;

/** Runs test classes in this process and writes a line per test: {@code test}, how it ended, class, name, reason. */
final class TestsInside {
    static final String LINE = "test\t";
    private static final int LONGEST = 2_000;

    private TestsInside() {}

    /** @param arguments names of test classes */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(arguments).map(DiscoverySelectors::selectClass).toList()).build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionSkipped(TestIdentifier test, String reason) {
                tell(out, "ABORTED", test, reason);
            }

            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest() || result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    tell(out, result.getStatus().name(), test, result.getThrowable().map(TestsInside::reason).orElse(""));
                }
            }
        });
        out.flush();
        System.exit(0);
    }

    private static String reason(Throwable failure) {
        StackTraceElement[] at = failure.getStackTrace();
        String own = Arrays.stream(at).filter(e -> e.getClassName().startsWith("io.openshell")).findFirst().map(e -> " at " + e).orElse("");
        return (failure instanceof TestAbortedException ? failure.getMessage() : failure.toString()) + own;
    }

    private static void tell(PrintStream out, String status, TestIdentifier test, String reason) {
        Optional<String> type = test.getSource().map(source -> source instanceof MethodSource method ? method.getClassName()
                : source instanceof ClassSource whole ? whole.getClassName() : "");
        Optional<String> method = test.getSource().filter(MethodSource.class::isInstance).map(source -> ((MethodSource) source).getMethodName());
        String name = method.map(m -> m + (test.getDisplayName().startsWith(m) ? "" : " " + test.getDisplayName())).orElse(test.getDisplayName());
        String told = reason.replaceAll("\\s+", " ");
        out.println(LINE + status + "\t" + type.orElse("").replaceAll(".*\\.", "") + "\t" + name.replaceAll("\\s+", " ") + "\t"
                + told.substring(0, Math.min(LONGEST, told.length())));
        out.flush();
    }
}
