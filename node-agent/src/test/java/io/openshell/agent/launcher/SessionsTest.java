package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.launcher.SandboxFixture.Result;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionsTest extends CatalogueCase {

    @ParameterizedTest
    @EnumSource(value = Door.class, names = {"EXEC", "TERMINAL"})
    void processesOfAnotherSessionAreSeenButNotReadOrSignalled(Door door) throws Exception {
        String other = """
                import subprocess
                pids=[int(p) for p in os.listdir('/proc') if p.isdigit()]
                main=[p for p in pids if p!=1 and read('/proc/%d/comm'%p).strip()=='sleep'][0]
                own=subprocess.Popen(['sleep','5'])
                for p in (own.pid, main):
                  print(tried(lambda: os.kill(p,0)), tried(lambda: read('/proc/%d/environ'%p)), tried(lambda: read('/proc/%d/status'%p)))
                own.kill()
                """;
        Result r = python(door, other);
        assertThat(r.out().trim().lines().map(String::trim)).as("%s", r).containsExactly("0 0 0", EPERM + " " + EACCES + " 0");
    }
}
