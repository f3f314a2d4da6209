package io.openshell.bench.proxy;

import java.time.Duration;

/**
 * How much of the proxy is measured.
 *
 * @param slices turns each way to the server gets
 * @param slice length of such a turn
 * @param warmUps requests before counting
 * @param bulks transfers
 * @param bulkMebibytes size of one
 * @param owners look-ups of a connection's owner
 * @param idle how long idle tunnels are watched
 */
record ProxyPlan(int slices, Duration slice, int warmUps, int bulks, int bulkMebibytes, int owners, Duration idle) {
    /** About a minute and a half. */
    static ProxyPlan quick() {
        return new ProxyPlan(3, Duration.ofMillis(1000), 10_000, 4, 512, 400, Duration.ofSeconds(2));
    }

    /** About four minutes. */
    static ProxyPlan full() {
        return new ProxyPlan(8, Duration.ofMillis(1500), 30_000, 10, 1024, 1500, Duration.ofSeconds(5));
    }
}
