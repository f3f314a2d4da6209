package io.openshell.bench.log;

import io.openshell.model.Command;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.sandbox.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What happens to a sandbox, from its creation to its removal, over and over under one name: about 40 events, most of them
 * programs that were run in it. Pure.
 */
final class Life {
    static final String NODE = "host-1";

    private static final List<Moment> MOMENTS = moments();

    /** One command of it. */
    enum Moment { CREATE, UP, EXEC, EXEC_END, POLICY, POLICY_LOADED, NEEDLESS_START, STOP, STOPPED, START, DELETE, REMOVED }

    private Life() {}

    private static List<Moment> moments() {
        List<Moment> all = new ArrayList<>(List.of(Moment.CREATE, Moment.UP));
        execs(6, all);
        all.addAll(List.of(Moment.POLICY, Moment.POLICY_LOADED));
        execs(4, all);
        all.addAll(List.of(Moment.NEEDLESS_START, Moment.STOP, Moment.STOPPED, Moment.START, Moment.UP));
        execs(2, all);
        all.addAll(List.of(Moment.DELETE, Moment.REMOVED));
        return List.copyOf(all);
    }

    private static void execs(int count, List<Moment> all) {
        for (int i = 0; i < count; i++) {
            all.addAll(List.of(Moment.EXEC, Moment.EXEC_END));
        }
    }

    /** The moment after so many commands. */
    static Moment at(long commands) {
        return MOMENTS.get((int) (commands % MOMENTS.size()));
    }

    /** Whether its node says this, and not a user. */
    static boolean isReport(Moment moment) {
        return switch (moment) {
            case UP, EXEC_END, POLICY_LOADED, STOPPED, REMOVED -> true;
            case CREATE, EXEC, POLICY, NEEDLESS_START, STOP, START, DELETE -> false;
        };
    }

    /** The command of this moment for a sandbox of that name, in that state, after so many commands. */
    static Command command(Moment moment, String name, SandboxState state, long commands) {
        return switch (moment) {
            case CREATE -> new SandboxCommand.Create(
                    new SandboxRequest("id-" + name + "-" + commands, name, "default", Map.of("team", "blue"), Map.of(),
                            new SandboxRequest.Launch(List.of("sleep", "600"), false, Map.of("LANG", "C"), "")),
                    BuiltInPolicies.restrictive(), Optional.of(NODE));
            case UP -> new SandboxCommand.ReportEnforced(enforcement(live(state)), newest(state));
            case EXEC -> new SandboxCommand.OpenSession(new Session(
                    "x" + commands, Session.Kind.EXEC, List.of("sh", "-c", "make test"), false, "unix:/run/gateway.sock"));
            case EXEC_END -> new SandboxCommand.ReportSessionClosed("x" + (commands - 1), 0);
            case POLICY -> new SandboxCommand.SetPolicy(BuiltInPolicies.community(), Map.of("by", "ada"), 0);
            case POLICY_LOADED -> new SandboxCommand.ReportPolicyLoaded(newest(state), newest(state));
            case NEEDLESS_START, START -> new SandboxCommand.Start(Optional.of(NODE));
            case STOP -> new SandboxCommand.Stop();
            case STOPPED -> new SandboxCommand.ReportStopped(live(state).placement().epoch());
            case DELETE -> new SandboxCommand.Delete();
            case REMOVED -> new SandboxCommand.ReportRemoved(live(state).request().sandboxId());
        };
    }

    private static Enforcement enforcement(SandboxState.Live live) {
        long epoch = live.placement().epoch();
        return new Enforcement(epoch, "i-" + epoch,
                List.of(new LayerReport.Enforced(LayerKind.SECCOMP, "filter 3f2a9c"), new LayerReport.Enforced(LayerKind.LANDLOCK, "abi 4")),
                Map.of("Seccomp", "2", "NoNewPrivs", "1", "CapEff", "0000000000000000"), 1);
    }

    private static int newest(SandboxState state) {
        return live(state).policies().newest().orElseThrow().version();
    }

    private static SandboxState.Live live(SandboxState state) {
        return switch (state) {
            case SandboxState.Live live -> live;
            case SandboxState.Deleted gone -> throw new IllegalStateException("the sandbox is deleted");
            case SandboxState.Unused unused -> throw new IllegalStateException("there is no sandbox yet");
        };
    }
}
