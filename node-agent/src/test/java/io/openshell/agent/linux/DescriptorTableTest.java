package io.openshell.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DescriptorTableTest {
    private static final byte[] SAID = "said".getBytes(StandardCharsets.UTF_8);

    /** Beyond what a thread keeps for the JVM. */
    private static final int FAR = 300;

    @Test
    void aThreadWithATableOfItsOwnHasWhatItAskedForAndNotWhatTheAgentHas() throws Exception {
        int low = Fd.nameless(SAID);
        int wanted = Fd.copy(low, FAR);
        int other = Fd.copy(low, FAR);
        AtomicReference<Seen> seen = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            int mine = DescriptorTable.own(wanted)[0];
            seen.set(new Seen(Fd.contents(mine, 16), flags(other), flags(mine), mine, classLoaded()));
        });
        assertThat(flags(other)).as("there before").isEqualTo(1);
        thread.start();
        thread.join(10_000);
        try {
            Seen inside = seen.get();
            assertThat(inside.contents()).isEqualTo(SAID);
            assertThat(inside.ofTheOther()).isEqualTo(-9); // EBADF
            assertThat(inside.ofMine()).as("closes on exec").isEqualTo(1);
            assertThat(inside.mine()).isGreaterThanOrEqualTo(64);
            assertThat(inside.classLoaded()).as("the JVM still reads its own files there").isTrue();
            assertThat(Fd.contents(other, 16)).as("the agent's own is as before").isEqualTo(SAID);
        } finally {
            List.of(low, wanted, other).forEach(Fd::close);
        }
    }

    private record Seen(byte[] contents, long ofTheOther, long ofMine, int mine, boolean classLoaded) {}

    private static long flags(int fd) {
        return Native.call(Sys.FCNTL, fd, 1);
    }

    /** A class of the JDK that nothing else here needs. */
    private static boolean classLoaded() {
        try {
            return Class.forName("java.util.zip.Adler32") != null && Class.forName("javax.crypto.SealedObject") != null;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
