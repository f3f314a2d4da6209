package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.launcher.SandboxFixture.Result;
import io.openshell.agent.linux.SyscallTable;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Shares;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * The harness of the test catalogue: one sandbox, the doors into it, and Python expressions tried inside, each answered by its error
 * number. Every refusal is preceded by something of the same kind that must work.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CatalogueCase {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EXDEV = 18;
    static final int EROFS = 30;
    static final int EINVAL = 22;
    static final int ENOSYS = 38;
    static final int EPROTONOSUPPORT = 93;
    static final int EAFNOSUPPORT = 97;
    static final int ENETUNREACH = 101;
    static final int ECONNREFUSED = 111;
    private static final String PYTHON = "/usr/bin/python3";
    private static final String PRELUDE = """
            import os,ctypes,socket,sys
            c=ctypes.CDLL(None,use_errno=True)
            def call(*a):
              r=c.syscall(*[ctypes.c_long(x) if isinstance(x,int) else x for x in a])
              if r==-1: raise OSError(ctypes.get_errno(),'')
              return r
            def write(p,t):
              with open(p,'a') as f: f.write(t)
            def read(p):
              with open(p) as f: return f.read()
            def tried(f):
              try: f()
              except OSError as e: return e.errno or 110
              return 0
            """;
    private final AtomicInteger counter = new AtomicInteger();
    CatalogueSetting setting;
    RunningSandbox box;
    String ro;
    String rw;
    String rw2;
    String secret;

    /** How a command gets into a sandbox. */
    enum Door { MAIN, EXEC, TERMINAL }

    /** Where the cases run; skips them where they cannot. */
    CatalogueSetting setting() throws Exception {
        return CatalogueSetting.onTheHost();
    }

    @BeforeAll
    void open() throws Exception {
        setting = setting();
        Assumptions.assumeTrue(setting.has(PYTHON), "needs python3 in /usr/bin");
        ro = setting.readOnly();
        rw = setting.writable();
        rw2 = setting.alsoWritable();
        secret = setting.unlisted();
        box = launched(setting.policy(), "catalogue", "sleep", "600");
    }

    @AfterAll
    void shut() throws Exception {
        if (box != null) {
            box.stop();
        }
        if (setting != null) {
            setting.close();
        }
    }

    /** Runs a command through a door. */
    Result run(Door door, String... command) throws Exception {
        return switch (door) {
            case MAIN -> asMain(setting.policy(), command);
            case EXEC -> SandboxFixture.exec(box, false, command);
            case TERMINAL -> SandboxFixture.exec(box, true, command);
        };
    }

    /** Runs a command as the main process of a sandbox of its own. */
    Result asMain(PolicyDocument policy, String... command) throws Exception {
        String id = "main-" + counter.incrementAndGet();
        RunningSandbox own = launched(policy, id, command);
        try {
            return SandboxFixture.collect(own.main());
        } finally {
            own.stop();
            setting.runtime().purge(id);
        }
    }

    RunningSandbox launched(PolicyDocument policy, String id, String... command) {
        return launched(policy, id, Shares.USUAL, command);
    }

    RunningSandbox launched(PolicyDocument policy, String id, Shares shares, String... command) {
        LaunchOutcome outcome = setting.launch(
                new LaunchRequest(id, "i1", "box", policy, List.of(command), Map.of("USER_VAR", "1"), false), shares);
        if (outcome instanceof LaunchOutcome.Running running) {
            return running.sandbox();
        }
        throw new AssertionError("not running: " + outcome);
    }

    Result sh(Door door, String script) throws Exception {
        return run(door, "sh", "-c", script);
    }

    Result python(Door door, String script) throws Exception {
        return run(door, PYTHON, "-c", PRELUDE + script);
    }

    /** The error numbers of the expressions, in order; 0 for what worked. */
    List<Integer> tried(Door door, String... expressions) throws Exception {
        StringBuilder script = new StringBuilder();
        for (String expression : expressions) {
            script.append("print('tried',tried(lambda: ").append(expression).append("))\n");
        }
        Result result = python(door, script.toString());
        List<Integer> errors = new ArrayList<>();
        result.out().lines().filter(line -> line.startsWith("tried ")).forEach(line -> errors.add(Integer.parseInt(line.substring(6).trim())));
        assertThat(errors).as("%s %s", door, result).hasSize(expressions.length);
        return errors;
    }

    /** The control works, and after it the attempt fails with one of the numbers. */
    void refused(Door door, String control, String attempt, Integer... allowed) throws Exception {
        refused(door, control, List.of(attempt), allowed);
    }

    /** The control works, and after it each of the attempts fails with one of the numbers. */
    void refused(Door door, String control, List<String> attempts, Integer... allowed) throws Exception {
        List<String> all = new ArrayList<>(List.of(control));
        all.addAll(attempts);
        List<Integer> errors = tried(door, all.toArray(String[]::new));
        assertThat(errors.getFirst()).as("%s, the control: %s", door, control).isZero();
        for (int i = 0; i < attempts.size(); i++) {
            assertThat(errors.get(i + 1)).as("%s: %s", door, attempts.get(i)).isIn((Object[]) allowed);
        }
    }

    /** The number of a system call here. */
    static int nr(String call) {
        return SyscallTable.ofThisMachine().number(call);
    }
}
