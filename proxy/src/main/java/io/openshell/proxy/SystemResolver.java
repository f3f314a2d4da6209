package io.openshell.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks names up the way the machine does, on a small pool of its own with a bounded queue.
 *
 * <p>A look-up that takes too long fails its stage; its thread is busy until the system gives up, which is why the queue is
 * bounded and a full one fails at once.
 */
public final class SystemResolver implements Resolver, AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final Duration deadline;
    private final ThreadPoolExecutor pool;

    /** Makes a resolver with eight threads, 256 waiting look-ups and a five second deadline. */
    public SystemResolver() {
        this(8, 256, DEADLINE);
    }

    /**
     * Makes a resolver.
     *
     * @param threads how many look-ups run at once
     * @param waiting how many may wait for a thread
     * @param deadline how long one may take, waiting included
     */
    public SystemResolver(int threads, int waiting, Duration deadline) {
        this.deadline = deadline;
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
        var answer = new CompletableFuture<List<InetAddress>>();
        try {
            pool.execute(() -> lookUp(host, answer));
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedStage(full);
        }
        return answer.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void lookUp(String host, CompletableFuture<List<InetAddress>> answer) {
        if (answer.isDone()) {
            return;
        }
        try {
            answer.complete(List.of(InetAddress.getAllByName(host)));
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
