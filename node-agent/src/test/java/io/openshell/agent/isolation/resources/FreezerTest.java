package io.openshell.agent.isolation.resources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both versions by what is read and written, on a directory in the place of the group: no machine has the freezer in both. */
class FreezerTest {
    @TempDir
    Path group;

    @Test
    void inVersionOneItIsHeldFromTheMomentItIsAboutToBe() throws IOException {
        Freezer freezer = new Freezer(group, 1);
        Path state = group.resolve("freezer.state");
        Files.writeString(state, "THAWED\n");
        assertThat(freezer.frozen()).isFalse();
        Files.writeString(state, "FREEZING\n");
        assertThat(freezer.frozen()).isTrue();
        Files.writeString(state, "FROZEN\n");
        assertThat(freezer.frozen()).isTrue();
        freezer.thaw();
        assertThat(state).hasContent("THAWED");
        assertThat(freezer.wayOut()).isEqualTo("`echo THAWED > " + state + "`");
    }

    @Test
    void inVersionTwoTheEventsTellAndAnotherFileIsWritten() throws IOException {
        Freezer freezer = new Freezer(group, 2);
        Files.writeString(group.resolve("cgroup.events"), "populated 1\nfrozen 0\n");
        Files.writeString(group.resolve("cgroup.freeze"), "untouched");
        assertThat(freezer.frozen()).isFalse();
        freezer.thaw();
        assertThat(group.resolve("cgroup.freeze")).hasContent("untouched");
        Files.writeString(group.resolve("cgroup.events"), "populated 1\nfrozen 1\n");
        assertThat(freezer.frozen()).isTrue();
        freezer.thaw();
        assertThat(group.resolve("cgroup.freeze")).hasContent("0");
    }

    @Test
    void aThreadOfTheAgentJoinsTheGroupsThatLimitAndNeverTheOneThatHoldsStill() throws IOException {
        Path limits = Files.createDirectory(group.resolve("limits"));
        Path holds = Files.createDirectory(group.resolve("holds"));
        Hierarchy tree = new Hierarchy(1, "/", group);
        ShareGroup both = new ShareGroup(new CgroupLayout(Map.of("memory", tree, "freezer", tree)), Map.of("memory", limits, "freezer", holds));
        assertThat(both.threadFiles()).containsExactly(limits.resolve("tasks").toString());
        assertThat(both.processFiles()).containsExactly(holds.resolve("cgroup.procs").toString());
    }

    @Test
    void aGroupThatIsGoneAndTheTopOfATreeAreNotHeld() throws IOException {
        assertThat(new Freezer(group, 1).frozen()).isFalse();
        assertThat(new Freezer(group, 2).frozen()).isFalse();
        assertThat(new Freezer(group.resolve("gone"), 1).frozen()).isFalse();
        assertThat(new Freezer(group.resolve("gone"), 2).frozen()).isFalse();
    }

    @Test
    void theTreeOfVersionOneThatHoldsStillGoesBeforeAnyOfVersionTwo() {
        Hierarchy second = new Hierarchy(2, "/", group);
        Hierarchy first = new Hierarchy(1, "/", group);
        Path box = group.resolve("box");
        assertThat(Freezer.of(Map.of("freezer", box, "memory", box), Map.of("freezer", first, "memory", second)))
                .contains(new Freezer(box, 1));
        assertThat(Freezer.of(Map.of("memory", box), Map.of("memory", second))).contains(new Freezer(box, 2));
        assertThat(Freezer.of(Map.of("memory", box), Map.of("memory", first))).isEmpty();
    }
}
