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
        var resolver = new SystemResolver(1, 1, Duration.ofSeconds(5), Duration.ofMinutes(1));
        resolver.close();
        refuses(resolver);
    }

    private static void refuses(SystemResolver resolver) {
        assertThatThrownBy(() -> resolver.resolve("localhost").toCompletableFuture().get(1, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void anAnswerIsGivenAgainWithoutLookingForAsLongAsItIsKept() throws Exception {
        try (var keeping = new SystemResolver(1, 1, Duration.ofSeconds(10), Duration.ofMinutes(1));
                var forgetting = new SystemResolver(1, 1, Duration.ofSeconds(10), Duration.ofNanos(1))) {
            var found = keeping.resolve("localhost").toCompletableFuture().get(10, TimeUnit.SECONDS);
            forgetting.resolve("localhost").toCompletableFuture().get(10, TimeUnit.SECONDS);
            // A closed one can look for nothing any more.
            keeping.close();
            forgetting.close();

            assertThat(keeping.resolve("localhost").toCompletableFuture().get(1, TimeUnit.SECONDS)).isEqualTo(found);
            refuses(forgetting);
        }
    }
}
