package io.openshell.bench.proxy;

import io.openshell.bench.Processes;
import io.openshell.bench.Recorder;
import io.openshell.bench.Samples;
import java.util.Locale;

/** One way to the server, measured in slices: what a caller waited, what all together did, and what that cost the proxy. */
final class Lane {
    private final Talk client;
    private final String command;
    private final long proxy;
    private final Recorder waits = new Recorder();
    private final Recorder each = new Recorder();
    private final Recorder cost = new Recorder();
    private long count;
    private double seconds;

    /**
     * A lane.
     *
     * @param client who sends
     * @param command what it is told for each slice
     * @param proxy process whose processor time is counted; 0 for none
     */
    Lane(Talk client, String command, long proxy) {
        this.client = client;
        this.command = command;
        this.proxy = proxy;
    }

    /** One slice. */
    void slice() throws Exception {
        double before = proxy == 0 ? 0 : Processes.cpuMillis(proxy);
        var answer = client.ask(command);
        if (answer.count() == 0) {
            throw new IllegalStateException("nothing was answered: " + command);
        }
        if (proxy != 0) {
            cost.add((Processes.cpuMillis(proxy) - before) * 1_000 / answer.count());
        }
        answer.micros().forEach(waits::add);
        each.add(answer.seconds() * 1e6 / answer.count());
        count += answer.count();
        seconds += answer.seconds();
    }

    /** Does so many requests, for half a minute at most, and forgets them: what is not compiled yet says little. */
    void warm(long requests) throws Exception {
        long end = System.nanoTime() + 30_000_000_000L;
        while (count < requests && System.nanoTime() < end) {
            slice();
        }
        clear();
    }

    /** Forgets what was measured so far. */
    void clear() {
        waits.clear();
        each.clear();
        cost.clear();
        count = 0;
        seconds = 0;
    }

    /** What single requests took, microseconds. */
    Samples waits() {
        return waits.samples();
    }

    /** Time per request of all callers together, microseconds, one value per slice. */
    Samples each() {
        return each.samples();
    }

    /** Processor time of the proxy per request, microseconds, one value per slice. */
    Samples cost() {
        return cost.samples();
    }

    double perSecond() {
        return count / seconds;
    }

    String rate() {
        return String.format(Locale.ROOT, "%.0f/s", perSecond());
    }
}
