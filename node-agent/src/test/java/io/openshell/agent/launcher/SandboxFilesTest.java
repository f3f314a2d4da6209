package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.agent.isolation.users.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxFilesTest {
    private static final int FIRST = 2_100_000;
    @TempDir
    Path state;

    private SandboxFiles files(String id) {
        return new SandboxFiles(new LinuxSettings(state, FIRST, List.of()), id);
    }

    @Test
    void everySandboxHasAUserIdOfItsOwnAndKeepsIt() throws IOException {
        Assumptions.assumeTrue(Standing.here().ownUid() == 0 && !Standing.here().inUserNamespace(), "gives user ids away, which only root can");
        Set<Integer> given = new HashSet<>();
        // "Aa" and "BB" have one hash, so that their search for an id begins at one place.
        for (String id : new String[] {"Aa", "BB", "AaAa", "AaBB", "BBAa", "BBBB"}) {
            int uid = files(id).prepare("box");
            assertThat(uid).isGreaterThanOrEqualTo(FIRST);
            assertThat(given.add(uid)).as("%s of %s", uid, id).isTrue();
            assertThat(files(id).prepare("box")).isEqualTo(uid);
        }
        files("Aa").delete();
        assertThat(state.resolve("uids").toFile().list()).hasSize(5);
    }

    @Test
    void anIdThatIsAPathIsNone() {
        assertThatThrownBy(() -> files("../x")).isInstanceOf(IllegalArgumentException.class);
    }
}
