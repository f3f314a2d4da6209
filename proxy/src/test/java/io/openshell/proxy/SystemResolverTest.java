package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemResolverTest {
    @Test
    void namesOfTheMachineHaveAddresses() throws Exception {
        try (var resolver = new SystemResolver()) {
            var found = resolver.resolve("localhost").toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(found).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
        }
    }

    @Test
    void aClosedResolverFailsAtOnce() {
        var resolver = new SystemResolver(1, 1, Duration.ofSeconds(5));
        resolver.close();
        assertThatThrownBy(() -> resolver.resolve("localhost").toCompletableFuture().get(1, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RejectedExecutionException.class);
    }
}
