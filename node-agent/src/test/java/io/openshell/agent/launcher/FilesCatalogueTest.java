package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.launcher.SandboxFixture.Result;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Shares;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Catalogue T01 to T12: which files a sandbox reads and changes. */
class FilesCatalogueTest extends CatalogueCase {

    @ParameterizedTest
    @EnumSource(Door.class)
    void t01AFileOutsideThePolicyCannotBeRead(Door door) throws Exception {
        refused(door, "read('" + ro + "/f')", "read('" + secret + "/f')", EACCES, ENOENT);
        refused(door, "read('/etc/passwd')", "read('/etc/shadow')", EACCES, ENOENT);
        refused(door, "os.listdir('/usr')", "os.listdir('/root')", EACCES, ENOENT);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t02AReadOnlyFileCannotBeWritten(Door door) throws Exception {
        refused(door, "write('" + rw + "/f','x')", "write('" + ro + "/f','x')", EACCES, EROFS);
        assertThat(setting.seen(box, ro + "/f")).hasContent("ro");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t03AReadOnlyFileCannotBeTruncatedByName(Door door) throws Exception {
        refused(door, "(write('/tmp/t','x'), os.truncate('/tmp/t',0))", "os.truncate('" + ro + "/f',0)", EACCES, EROFS);
        assertThat(Files.size(setting.seen(box, ro + "/f"))).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t04ModeAndTimesOfAReadOnlyFileStay(Door door) throws Exception {
        var before = Files.readAttributes(setting.seen(box, ro + "/f"), "posix:permissions,lastModifiedTime");
        refused(door, "(write('/tmp/t','x'), os.chmod('/tmp/t',0o700))", "os.chmod('" + ro + "/f',0o777)", EACCES, EROFS, EPERM);
        refused(door, "(write('/tmp/t','x'), os.utime('/tmp/t'))", "os.utime('" + ro + "/f')",
                EACCES, EROFS, EPERM);
        assertThat(Files.readAttributes(setting.seen(box, ro + "/f"), "posix:permissions,lastModifiedTime")).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t05ALinkToAForeignFileLeadsNowhere(Door door) throws Exception {
        refused(door, "(write('" + rw + "/f',''), os.path.lexists('/tmp/k') or os.symlink('" + rw + "/f','/tmp/k'), read('/tmp/k'))",
                "(os.path.lexists('/tmp/s') or os.symlink('" + secret + "/f','/tmp/s'), read('/tmp/s'))", EACCES, ENOENT);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t06AHardLinkDoesNotMakeAReadOnlyFileWritable(Door door) throws Exception {
        refused(door, "(os.path.exists('" + rw + "/g') and os.unlink('" + rw + "/g'), write('" + rw + "/f',''),"
                + " os.link('" + rw + "/f','" + rw + "/g'))", "os.link('" + ro + "/f','" + rw + "/h')", EXDEV, EPERM, EACCES);
        assertThat(setting.seen(box, rw + "/h")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t07TheRootOfAProcessIsNoWayAround(Door door) throws Exception {
        refused(door, "read('/proc/self/root" + ro + "/f')", "read('/proc/self/root" + secret + "/f')", EACCES, ENOENT);
        refused(door, "read('/proc/self/status')", "read('/proc/1/root" + secret + "/f')", EACCES, ENOENT);
    }

    @Test
    void t08AReadOnlyFileInsideAWritableDirectoryStays() throws Exception {
        RunningSandbox before = launched(setting.policy(), "keep", "sleep", "100");
        assertThat(SandboxFixture.exec(before, false, "sh", "-c", "echo keep > keep.txt").code()).isZero();
        before.stop();
        PolicyDocument policy = PolicyDocument.empty().withFilesystem(new FilesystemPolicy(true, List.of("/sandbox/keep.txt"), List.of()));
        RunningSandbox usual = box;
        RunningSandbox own = launched(policy, "keep", "sleep", "100");
        box = own;
        try {
            for (Door door : new Door[] {Door.EXEC, Door.TERMINAL}) {
                staysInside(this, door, "/sandbox");
            }
            assertThat(SandboxFixture.exec(own, false, "cat", "/sandbox/keep.txt").out()).isEqualTo("keep\n");
        } finally {
            box = usual;
            own.stop();
        }
    }

    /** The file {@code keep.txt} of this directory cannot be changed, beside others that can. */
    static void staysInside(CatalogueCase at, Door door, String directory) throws Exception {
        String keep = directory + "/keep.txt";
        at.refused(door, "write('" + directory + "/other','x')", "write('" + keep + "','x')", EROFS, EACCES);
        at.refused(door, "read('" + keep + "')", "os.rename('" + keep + "','" + directory + "/moved')", EROFS, EACCES, EBUSY);
        at.refused(door, "read('" + keep + "')", "os.unlink('" + keep + "')", EROFS, EACCES, EBUSY);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t09MovingBetweenWritableDirectoriesWorks(Door door) throws Exception {
        String name = "/a-" + door;
        assertThat(tried(door, "write('" + rw + name + "','x')", "os.rename('" + rw + name + "','" + rw + name + "2')",
                "os.rename('" + rw + name + "2','" + rw2 + name + "')")).isIn(List.of(0, 0, 0), List.of(0, 0, EXDEV));
        Result moved = sh(door, "echo x > " + rw + "/b && mv " + rw + "/b " + rw2 + "/b && rm " + rw2 + "/b");
        assertThat(moved.code()).as("%s", moved).isZero();
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t10AProgramInAWritableDirectoryRuns(Door door) throws Exception {
        Result ran = sh(door, "cp /bin/true " + rw + "/t && " + rw + "/t && rm " + rw + "/t && cp /bin/true /sandbox/t && /sandbox/t");
        assertThat(ran.code()).as("%s", ran).isZero();
    }

    @Test
    void t11APolicyThatListsNothingStillConfines() throws Exception {
        PolicyDocument nothing = PolicyDocument.empty().withFilesystem(new FilesystemPolicy(false, List.of(), List.of()));
        Result inside = asMain(nothing, "sh", "-c", "cat /etc/passwd > /dev/null && echo read; cat " + ro + "/f || echo hidden; echo x > /sandbox/x"
                + " || echo closed; ls / > /dev/null || echo unlisted");
        assertThat(inside.out()).as("%s", inside).isEqualTo("read\nhidden\nclosed\nunlisted\n");
    }

    @Test
    void t12AListedPathThatIsMissingRefusesAStrictStartAndIsNamed() {
        PolicyDocument listed = PolicyDocument.empty().withFilesystem(new FilesystemPolicy(true, List.of(ro + "/nowhere"), List.of()));
        RunningSandbox lenient = launched(listed, "lenient", "true");
        lenient.stop();
        assertThat(lenient.evidence()).containsEntry("landlock.absent", ro + "/nowhere");
        PolicyDocument strict = new PolicyDocument(listed.version(), listed.filesystem(), Optional.of(new LandlockPolicy("hard_requirement")),
                listed.process(), listed.networkPolicies(), listed.middlewares());
        LaunchOutcome outcome = setting.launch(
                new LaunchRequest("strict", "i", "box", strict, List.of("true"), Map.of(), false), Shares.USUAL);
        assertThat(outcome).isInstanceOfSatisfying(LaunchOutcome.Refused.class,
                refused -> assertThat(refused.reason()).contains(ro + "/nowhere"));
    }
}
