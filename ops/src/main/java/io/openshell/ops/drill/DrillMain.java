package io.openshell.ops.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The drill from a shell: {@code --minutes N}, {@code --rolling}, {@code --three-brokers}, {@code --gateways N}, {@code --users N}, {@code --seed N}. */
public final class DrillMain {

    private DrillMain() {}

    /** Ends with 0 when nothing was wrong. */
    public static void main(String[] arguments) throws IOException {
        List<String> given = Arrays.asList(arguments);
        Drill.Plan plan = new Drill.Plan(
                disturbance(given),
                (int) number(given, "--gateways", 2), (int) number(given, "--users", 8),
                Duration.ofMinutes(number(given, "--minutes", 1)), number(given, "--seed", System.nanoTime() & 0xffff));
        Path home = Files.createTempDirectory("openshell-drill");
        System.out.println(plan + " in " + home);
        Drill.Result result = Drill.run(plan, home);
        System.out.print(result.text());
        // The folder stays: after a problem, it holds what the processes wrote.
        System.exit(result.problems().isEmpty() ? 0 : 1);
    }

    private static Drill.Disturbance disturbance(List<String> given) {
        if (given.contains("--three-brokers")) {
            return Drill.Disturbance.ONE_BROKER_OF_THREE;
        }
        return given.contains("--rolling") ? Drill.Disturbance.ROLLING_RESTART : Drill.Disturbance.KILLS;
    }

    private static long number(List<String> given, String option, long otherwise) {
        int at = given.indexOf(option);
        return at < 0 ? otherwise : Long.parseLong(given.get(at + 1));
    }
}
