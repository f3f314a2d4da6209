package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.launcher.SandboxFixture.Result;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.PolicyDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cases of the catalogue that are about this machine's own files and programs, which only its own runtime shows. */
class HostCatalogueTest extends CatalogueCase {

    @Test
    void t08AReadOnlyFileInsideAWritableDirectoryOfTheHostStays() throws Exception {
        Path keep = Path.of(rw2, "keep.txt");
        Files.writeString(keep, "keep");
        keep.toFile().setWritable(true, false);
        PolicyDocument policy = PolicyDocument.empty().withFilesystem(new FilesystemPolicy(true, List.of(keep.toString()), List.of(rw2)));
        RunningSandbox usual = box;
        RunningSandbox own = launched(policy, "keep", "sleep", "100");
        box = own;
        try {
            for (Door door : new Door[] {Door.EXEC, Door.TERMINAL}) {
                FilesCatalogueTest.staysInside(this, door, rw2);
            }
        } finally {
            box = usual;
            own.stop();
        }
        assertThat(keep).hasContent("keep");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t38ASocketFileInADirectoryThatIsNotListedIsHidden(Door door) throws Exception {
        ReachCatalogueTest.socketIsHidden(this, door, Path.of(secret));
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t43JavaStarts(Door door) throws Exception {
        Assumptions.assumeTrue(setting.has("/usr/bin/java"), "needs java in /usr/bin");
        Result r = sh(door, "java -Xmx64m -version 2>&1");
        assertThat(r.out()).as("%s", r).contains("version");
        assertThat(r.code()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t43NodeSeesItsInterfaces(Door door) throws Exception {
        Assumptions.assumeTrue(setting.has("/usr/bin/node"), "needs node in /usr/bin");
        Result r = run(door, "node", "-e", "console.log(Object.keys(require('os').networkInterfaces()))");
        assertThat(r.out()).as("%s", r).contains("lo");
    }
}
