package io.openshell.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks names up the way the machine does, on a small pool of its own with a bounded queue. What was found is known for some
 * seconds more, so that a program's next connection need not wait for two other threads; failures are not.
 *
 * <p>A look-up that takes too long fails its stage; its thread is busy until the system gives up, which is why the queue is
 * bounded and a full one fails at once.
 */
public final class SystemResolver implements Resolver, AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    /** The machine's own answers are up to half a minute old already. */
    private static final Duration KEPT = Duration.ofSeconds(5);
    private static final int MOST_KEPT = 512;

    private record Found(List<InetAddress> addresses, long until) {}

    private final Map<String, Found> known = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
            return size() > MOST_KEPT;
        }
    });
    private final Duration deadline;
    private final Duration kept;
    private final ThreadPoolExecutor pool;

    /** Makes a resolver with eight threads, 256 waiting look-ups and a five second deadline; answers are known for five seconds. */
    public SystemResolver() {
        this(8, 256, DEADLINE, KEPT);
    }

    /**
     * Makes a resolver.
     *
     * @param threads how many look-ups run at once
     * @param waiting how many may wait for a thread
     * @param deadline how long one may take, waiting included
     * @param kept how long an answer is given again, of the 512 newest
     */
    public SystemResolver(int threads, int waiting, Duration deadline, Duration kept) {
        this.deadline = deadline;
        this.kept = kept;
        this.pool = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting), task -> {
                    var thread = new Thread(task, "egress-resolve");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<List<InetAddress>> resolve(String host) {
        var found = known.get(host);
        if (found != null && found.until() - System.nanoTime() > 0) {
            return CompletableFuture.completedStage(found.addresses());
        }
        var answer = new CompletableFuture<List<InetAddress>>();
        try {
            pool.execute(() -> lookUp(host, answer));
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedStage(full);
        }
        return answer.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookUp(String host, CompletableFuture<List<InetAddress>> answer) {
        if (answer.isDone()) {
            return;
        }
        try {
            var addresses = List.of(InetAddress.getAllByName(host));
            known.remove(host);
            known.put(host, new Found(addresses, System.nanoTime() + kept.toNanos()));
            answer.complete(addresses);
        } catch (UnknownHostException | RuntimeException failure) {
            answer.completeExceptionally(failure);
        }
    }

    /** Stops taking look-ups. Does not wait for running ones. */
    @Override
    public void close() {
        pool.shutdownNow();
    }
}
