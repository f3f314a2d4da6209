package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.launcher.SandboxFixture.Result;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.LandlockPolicy;
import io.openshell.model.policy.PolicyDocument;
import java.nio.file.Files;
import java.nio.file.Path;
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
        refused(door, "read('" + fx + "/ro/f')", "read('" + fx + "/secret/f')", EACCES, ENOENT);
        refused(door, "read('/etc/passwd')", "read('/etc/shadow')", EACCES, ENOENT);
        refused(door, "os.listdir('/usr')", "os.listdir('/root')", EACCES, ENOENT);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t02AReadOnlyFileCannotBeWritten(Door door) throws Exception {
        refused(door, "write('" + fx + "/rw/f','x')", "write('" + fx + "/ro/f','x')", EACCES, EROFS);
        assertThat(Path.of(fx, "ro/f")).hasContent("ro");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t03AReadOnlyFileCannotBeTruncatedByName(Door door) throws Exception {
        refused(door, "(write('/tmp/t','x'), os.truncate('/tmp/t',0))", "os.truncate('" + fx + "/ro/f',0)", EACCES, EROFS);
        assertThat(Files.size(Path.of(fx, "ro/f"))).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t04ModeAndTimesOfAReadOnlyFileStay(Door door) throws Exception {
        var before = Files.readAttributes(Path.of(fx, "ro/f"), "posix:permissions,lastModifiedTime");
        refused(door, "(write('/tmp/t','x'), os.chmod('/tmp/t',0o700))", "os.chmod('" + fx + "/ro/f',0o777)", EACCES, EROFS, EPERM);
        refused(door, "(write('/tmp/t','x'), os.utime('/tmp/t'))", "os.utime('" + fx + "/ro/f')",
                EACCES, EROFS, EPERM);
        assertThat(Files.readAttributes(Path.of(fx, "ro/f"), "posix:permissions,lastModifiedTime")).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t05ALinkToAForeignFileLeadsNowhere(Door door) throws Exception {
        refused(door, "(os.path.lexists('/tmp/k') or os.symlink('" + fx + "/rw/f','/tmp/k'), read('/tmp/k'))",
                "(os.path.lexists('/tmp/s') or os.symlink('" + fx + "/secret/f','/tmp/s'), read('/tmp/s'))", EACCES, ENOENT);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t06AHardLinkDoesNotMakeAReadOnlyFileWritable(Door door) throws Exception {
        refused(door, "(os.path.exists('" + fx + "/rw/g') and os.unlink('" + fx + "/rw/g'), write('" + fx + "/rw/f',''),"
                + " os.link('" + fx + "/rw/f','" + fx + "/rw/g'))", "os.link('" + fx + "/ro/f','" + fx + "/rw/h')", EXDEV, EPERM, EACCES);
        assertThat(Path.of(fx, "rw/h")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t07TheRootOfAProcessIsNoWayAround(Door door) throws Exception {
        refused(door, "read('/proc/self/root" + fx + "/ro/f')", "read('/proc/self/root" + fx + "/secret/f')", EACCES, ENOENT);
        refused(door, "read('/proc/self/status')", "read('/proc/1/root" + fx + "/secret/f')", EACCES, ENOENT);
    }

    @Test
    void t08AReadOnlyFileInsideAWritableDirectoryStays() throws Exception {
        Path keep = fixture.fx.resolve("rw2/keep.txt");
        Files.writeString(keep, "keep");
        keep.toFile().setWritable(true, false);
        PolicyDocument policy = PolicyDocument.empty().withFilesystem(new FilesystemPolicy(true, List.of(keep.toString()), List.of(fx + "/rw2")));
        RunningSandbox usual = box;
        RunningSandbox own = launched(policy, "keep", "sleep", "100");
        box = own;
        try {
            for (Door door : new Door[] {Door.EXEC, Door.TERMINAL}) {
                refused(door, "write('" + fx + "/rw2/other','x')", "write('" + keep + "','x')", EROFS, EACCES);
                refused(door, "read('" + keep + "')", "os.rename('" + keep + "','" + fx + "/rw2/moved')", EROFS, EACCES, EBUSY);
                refused(door, "read('" + keep + "')", "os.unlink('" + keep + "')", EROFS, EACCES, EBUSY);
            }
        } finally {
            box = usual;
            own.stop();
        }
        assertThat(keep).hasContent("keep");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t09MovingBetweenWritableDirectoriesWorks(Door door) throws Exception {
        String name = "/a-" + door;
        assertThat(tried(door, "write('" + fx + "/rw" + name + "','x')", "os.rename('" + fx + "/rw" + name + "','" + fx + "/rw" + name + "2')",
                "os.rename('" + fx + "/rw" + name + "2','" + fx + "/rw2" + name + "')")).isIn(List.of(0, 0, 0), List.of(0, 0, EXDEV));
        Result moved = sh(door, "echo x > " + fx + "/rw/b && mv " + fx + "/rw/b " + fx + "/rw2/b && rm " + fx + "/rw2/b");
        assertThat(moved.code()).as("%s", moved).isZero();
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t10AProgramInAWritableDirectoryRuns(Door door) throws Exception {
        Result ran = sh(door, "cp /bin/true " + fx + "/rw/t && " + fx + "/rw/t && rm " + fx + "/rw/t && cp /bin/true /sandbox/t && /sandbox/t");
        assertThat(ran.code()).as("%s", ran).isZero();
    }

    @Test
    void t11APolicyThatListsNothingStillConfines() throws Exception {
        PolicyDocument nothing = PolicyDocument.empty().withFilesystem(new FilesystemPolicy(false, List.of(), List.of()));
        Result inside = asMain(nothing, "sh", "-c", "cat /etc/passwd > /dev/null && echo read; cat " + fx + "/ro/f || echo hidden; echo x > /sandbox/x"
                + " || echo closed; ls / > /dev/null || echo unlisted");
        assertThat(inside.out()).as("%s", inside).isEqualTo("read\nhidden\nclosed\nunlisted\n");
    }

    @Test
    void t12AListedPathThatIsMissingRefusesAStrictStartAndIsNamed() {
        PolicyDocument listed = PolicyDocument.empty().withFilesystem(new FilesystemPolicy(true, List.of(fx + "/nowhere"), List.of()));
        RunningSandbox lenient = launched(listed, "lenient", "true");
        lenient.stop();
        assertThat(lenient.evidence()).containsEntry("landlock.absent", fx + "/nowhere");
        PolicyDocument strict = new PolicyDocument(listed.version(), listed.filesystem(), Optional.of(new LandlockPolicy("hard_requirement")),
                listed.process(), listed.networkPolicies(), listed.middlewares());
        LaunchOutcome outcome = fixture.runtime.launch(new LaunchRequest("strict", "i", "box", strict, List.of("true"), Map.of(), false));
        assertThat(outcome).isInstanceOfSatisfying(LaunchOutcome.Refused.class,
                refused -> assertThat(refused.reason()).contains(fx + "/nowhere"));
    }
}
