package io.openshell.ops.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** One drill: processes, load, disturbance, audit. */
public final class Drill {

    /** What happens to the processes meanwhile. */
    public enum Disturbance {
        /** Gateways, the node and the broker are killed at random moments, each kind at least once. */
        KILLS,
        /** Gateways are stopped and started in order, one after the other. */
        ROLLING_RESTART,
        /** One of three brokers at a time is killed and started again. */
        ONE_BROKER_OF_THREE
    }

    /**
     * How big.
     *
     * @param gateways processes
     * @param users callers at a time
     * @param duration of the load
     */
    public record Plan(Disturbance disturbance, int gateways, int users, Duration duration, long seed) {}

    /** What came out. */
    public record Result(
            long acknowledged, long accepted, long retries, long givenUp, long slowestMs,
            int gatewayEnds, int nodeEnds, int brokerEnds, List<String> problems) {

        /** Lines for a person. */
        public String text() {
            StringBuilder text = new StringBuilder()
                    .append("acknowledged ").append(acknowledged).append(" (").append(accepted).append(" accepted, ")
                    .append(acknowledged - accepted).append(" refused), asked again ")
                    .append(retries).append(" times, given up ").append(givenUp).append(", slowest answer ").append(slowestMs)
                    .append(" ms\nended ").append(gatewayEnds).append(" gateways, ")
                    .append(nodeEnds).append(" nodes and ").append(brokerEnds).append(" brokers\n");
            problems.forEach(each -> text.append("PROBLEM ").append(each).append('\n'));
            return text.append(problems.isEmpty() ? "nothing missing, nothing twice, nothing stuck, views equal\n" : "").toString();
        }
    }

    private final Plan plan;
    private final SplittableRandom random;
    private int gatewayEnds;
    private int nodeEnds;
    private int brokerEnds;

    private Drill(Plan plan) {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed());
    }

    /** Carries it out below this folder; blocks for its duration and some minutes at most. */
    public static Result run(Plan plan, Path home) {
        return new Drill(plan).run(home);
    }

    private Result run(Path home) {
        Ledger ledger = new Ledger();
        AtomicBoolean over = new AtomicBoolean();
        try (Fleet fleet = new Fleet(home, plan.gateways(), brokers(home))) {
            fleet.start();
            try (Observer log = new Observer(fleet.log())) {
                List<Thread> users = new ArrayList<>();
                for (int i = 0; i < plan.users(); i++) {
                    users.add(Thread.ofVirtual().start(new Worker(i, fleet, ledger, plan.seed(), over::get)));
                }
                try {
                    disturb(fleet);
                } finally {
                    over.set(true);
                }
                users.forEach(Drill::join);
                return result(ledger, Audit.of(fleet, log, ledger));
            }
        }
    }

    private Brokers brokers(Path home) {
        return switch (plan.disturbance()) {
            case KILLS, ROLLING_RESTART -> new OneBroker(home);
            case ONE_BROKER_OF_THREE -> new ThreeBrokers(home);
        };
    }

    private void disturb(Fleet fleet) {
        long end = System.nanoTime() + plan.duration().toNanos();
        int next = 0;
        while (System.nanoTime() < end || !complete(fleet, next)) {
            pause(500 + random.nextInt(1_500));
            switch (plan.disturbance()) {
                case ROLLING_RESTART -> {
                    fleet.stopGateway(next % fleet.size());
                    fleet.startGateway(next++ % fleet.size());
                    gatewayEnds++;
                }
                case KILLS -> kill(fleet);
                case ONE_BROKER_OF_THREE -> killBroker(fleet, 4_000);
            }
        }
    }

    /** Whatever the load of the machine: a drill in which a kind was not ended shows nothing about it. */
    private boolean complete(Fleet fleet, int restarted) {
        return switch (plan.disturbance()) {
            case ROLLING_RESTART -> restarted >= fleet.size();
            case KILLS -> gatewayEnds > 0 && nodeEnds > 0 && brokerEnds > 0;
            case ONE_BROKER_OF_THREE -> brokerEnds > 0;
        };
    }

    private void kill(Fleet fleet) {
        // The kind that had the fewest; a broker first, since everything else depends on it.
        if (brokerEnds <= Math.min(nodeEnds, gatewayEnds)) {
            killBroker(fleet, random.nextInt(1_000));
        } else if (nodeEnds <= gatewayEnds) {
            fleet.crashNode();
            nodeEnds++;
            pause(random.nextInt(500));
            fleet.startNode();
        } else {
            int gateway = random.nextInt(fleet.size());
            fleet.crashGateway(gateway);
            gatewayEnds++;
            pause(random.nextInt(500));
            fleet.startGateway(gateway);
        }
    }

    private void killBroker(Fleet fleet, long awayMs) {
        fleet.crashBroker();
        brokerEnds++;
        pause(awayMs);
        fleet.restartBroker();
    }

    private Result result(Ledger ledger, Audit.Findings found) {
        List<String> problems = new ArrayList<>();
        found.missing().forEach(each -> problems.add("missing: " + each));
        found.doubled().forEach(each -> problems.add("twice: " + each));
        found.stuck().forEach(each -> problems.add("stuck: " + each));
        found.differing().forEach(each -> problems.add("differs: " + each));
        long accepted = ledger.all().values().stream().filter(Ledger.Acknowledged::accepted).count();
        return new Result(ledger.all().size(), accepted, ledger.retries(), ledger.givenUp(), ledger.slowestMs(),
                gatewayEnds, nodeEnds, brokerEnds, problems);
    }

    private static void pause(long ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
