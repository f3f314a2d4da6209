package io.openshell.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrdinaryUserTest {
    private static final String NONE = "0000000000000000";

    @Test
    void rootNeedsNoNamespaceAndNeitherDoesWhoIsInOne() {
        assertThat(OrdinaryUser.of(Map.of("Uid", "0\t0\t0\t0", "CapEff", "000001ffffffffff"), "root")).isEmpty();
        assertThat(OrdinaryUser.of(Map.of("Uid", "1000\t1000\t1000\t1000", "CapEff", "000001ffffffffff"), "ann")).isEmpty();
        assertThat(OrdinaryUser.of(Map.of("Uid", "1000\t1000\t1000\t1000", "CapEff", NONE), "ann"))
                .contains(new OrdinaryUser(1000, "ann"));
    }

    @Test
    void subIdsAreFoundByNameAndByNumber() {
        List<String> lines = List.of("# comment", "bob:100000:65536", "ann:165536:65536", "1001:231072:65536", "eve:1:x");
        assertThat(SubIds.in(lines, "ann", 1000)).contains(new SubIds(165_536, 65_536));
        assertThat(SubIds.in(lines, "dan", 1001)).contains(new SubIds(231_072, 65_536));
        assertThat(SubIds.in(lines, "eve", 1002)).isEmpty();
        assertThat(SubIds.in(List.of("ann:165536:1"), "ann", 1000)).isEmpty();
    }

    @Test
    void bothKindsOfSubIdsAreMappedToTheSameNumbers() {
        List<String> command = new OrdinaryUser(1000, "ann").inNamespace(List.of("prog", "arg"),
                Optional.of(new SubIds(165_536, 65_536)), Optional.of(new SubIds(300_000, 1_000)));
        assertThat(command).endsWith("openshell-unshare", "1000", "165536,2000000,1000", "300000,2000000,1000", "prog", "arg");
    }

    @Test
    void aUserWhoseOwnIdLiesWhereSubIdsWouldHasThemElsewhere() {
        SubIds ids = new SubIds(165_536, 65_536);
        assertThat(new OrdinaryUser(2_000_123, "ann").inNamespace(List.of("prog"), Optional.of(ids), Optional.of(ids)))
                .endsWith("165536,4000000,65536", "165536,4000000,65536", "prog");
    }

    @Test
    void withoutSubIdsTheCommandRunsAllTheSame() throws Exception {
        List<String> command = new OrdinaryUser(1000, "ann").inNamespace(List.of("/bin/echo", "it's", "run"), Optional.empty(), Optional.empty());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("it's run");
        }
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void whatIsToldAShellIsTakenWordForWord() throws Exception {
        String word = "a 'b' \"c\" $d `e` \\ f\ng";
        Process process = new ProcessBuilder("/bin/sh", "-c", "printf %s " + NamespaceKeeper.quoted(word)).start();
        assertThat(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)).isEqualTo(word);
    }
}
