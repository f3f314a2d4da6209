package io.openshell.model.sandbox;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Contexts;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.settings.SettingValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Plausible and implausible commands, the same ones for the same seed. Most fit the state, or little would ever happen. */
final class RandomCommands {
    private static final List<PolicyDocument> POLICIES = List.of(Histories.POLICY, Histories.WIDER, Histories.reaching("b.example.com"),
            Histories.writing("/tmp", "/dev/null", "/work"), Histories.writing("/tmp"), Histories.writing("relative"),
            UserCommandsTest.ambiguous());

    private final Random random;
    private int made;

    RandomCommands(long seed) {
        random = new Random(seed);
    }

    /** Who sends the next command, later than all before; mostly the one who may. */
    Context context(SandboxCommand command) {
        boolean report = command.getClass().getSimpleName().matches("Report.*|SubmitProposal");
        boolean expected = random.nextInt(12) != 0;
        Actor.Kind kind = report == expected ? Actor.Kind.NODE : Actor.Kind.USER;
        return Contexts.of(kind, random.nextInt(12) == 0 ? "n2" : Histories.NODE, Contexts.NOON.plusSeconds(++made));
    }

    SandboxCommand next(SandboxState state) {
        if (state instanceof SandboxState.Live live && live.lifecycle().paused() && random.nextInt(3) == 0) {
            return new SandboxCommand.ReportPause(epoch(state), live.lifecycle().instanceId(), Optional.empty());
        }
        return random.nextInt(3) == 0 ? user(state) : report(state);
    }

    private SandboxCommand user(SandboxState state) {
        return switch (random.nextInt(state instanceof SandboxState.Live ? 14 : 2)) {
            case 0 -> new SandboxCommand.Create(Histories.request("s" + random.nextInt(5)), POLICIES.get(random.nextInt(2)), node());
            case 1, 2 -> new SandboxCommand.Start(node());
            case 3, 4 -> new SandboxCommand.Stop();
            case 5 -> new SandboxCommand.Delete();
            case 7 -> new SandboxCommand.DecideDraft("d" + random.nextInt(3),
                    Drafts.Verdict.values()[random.nextInt(Drafts.Verdict.values().length)], "",
                    random.nextBoolean() ? Optional.empty() : Optional.of(new SandboxCommand.SetPolicy(
                            POLICIES.get(random.nextInt(POLICIES.size())), Map.of(), 0)));
            case 13 -> new SandboxCommand.EditDraft("d" + random.nextInt(3), Histories.rule("h" + random.nextInt(3) + ".example.com"));
            case 12 -> random.nextBoolean() ? enabling() : new SandboxCommand.ChangeSetting(random.nextInt(4) == 0 ? "unknown" : "proposal_approval_mode",
                    random.nextBoolean() ? Optional.empty() : Optional.of(new SettingValue.Word(random.nextBoolean() ? "auto" : "autom")));
            case 10 -> new SandboxCommand.AttachProvider("p" + random.nextInt(2));
            case 11 -> new SandboxCommand.DetachProvider("p" + random.nextInt(2));
            case 6 -> new SandboxCommand.OpenSession(new Session("x" + made,
                    random.nextBoolean() ? Session.Kind.EXEC : Session.Kind.ATTACH, List.of("ls"), false, "g1"));
            default -> new SandboxCommand.SetPolicy(POLICIES.get(random.nextInt(POLICIES.size())),
                    random.nextInt(4) == 0 ? Map.of("why", "w" + random.nextInt(2)) : Map.of(),
                    random.nextBoolean() ? 0 : version(state));
        };
    }

    private static SandboxCommand enabling() {
        return new SandboxCommand.ChangeSetting("agent_policy_proposals_enabled", Optional.of(new SettingValue.Flag(true)));
    }

    private SandboxCommand report(SandboxState state) {
        return switch (random.nextInt(17)) {
            case 0, 1, 2 -> new SandboxCommand.ReportEnforced(Histories.enforcement(epoch(state), instance()), version(state));
            case 3 -> new SandboxCommand.ReportRefused(epoch(state),
                    List.of(new LayerReport.Absent(LayerKind.LANDLOCK, "kernel too old")), "LandlockAbsent", "kernel too old");
            case 4 -> new SandboxCommand.ReportInterrupted(epoch(state), "agent restarted");
            case 5 -> new SandboxCommand.ReportMainExited(epoch(state), instance(), random.nextInt(256));
            case 6 -> new SandboxCommand.ReportStopped(epoch(state));
            case 7 -> new SandboxCommand.ReportRemoved(removed(state));
            case 8 -> new SandboxCommand.ReportPolicyLoaded(version(state), random.nextInt(9));
            case 9 -> new SandboxCommand.ReportPolicyFailed(version(state), "cannot resolve");
            case 10 -> new SandboxCommand.ReportAdopted(epoch(state), instance(), Map.of());
            case 11 -> new SandboxCommand.ReportMainExited(epoch(state), instance(), Optional.empty());
            case 12 -> new SandboxCommand.ReportLimitReached(epoch(state), instance(), "memory", 1, "out of memory");
            case 14 -> new SandboxCommand.SubmitProposal("p" + random.nextInt(9), "asked",
                    Histories.rule("h" + random.nextInt(4) + ".example.com"), "");
            case 13 -> random.nextBoolean() ? new SandboxCommand.ReportGlobalPolicy(epoch(state), random.nextInt(3))
                    : new SandboxCommand.ReportProviderRules(epoch(state), random.nextBoolean() ? "" : "m" + random.nextInt(2));
            case 15 -> new SandboxCommand.ReportPause(epoch(state), instance(),
                    random.nextBoolean() ? Optional.of("its container is paused") : Optional.empty());
            default -> new SandboxCommand.ReportSessionClosed("x" + random.nextInt(9), 0);
        };
    }

    private String removed(SandboxState state) {
        return state instanceof SandboxState.Live live && random.nextInt(4) != 0 ? live.request().sandboxId() : "s" + random.nextInt(5);
    }

    private long epoch(SandboxState state) {
        long current = switch (state) {
            case SandboxState.Live live -> live.placement().epoch();
            case SandboxState.Deleted gone -> gone.epoch();
            case SandboxState.Unused unused -> 0;
        };
        return random.nextInt(4) == 0 ? current - 1 + random.nextInt(3) : current;
    }

    private int version(SandboxState state) {
        int stored = state instanceof SandboxState.Live live ? live.policies().revisions().size() : 1;
        return random.nextInt(4) == 0 ? random.nextInt(stored + 3) - 1 : 1 + random.nextInt(Math.max(stored, 1));
    }

    private String instance() {
        return "i" + random.nextInt(3);
    }

    private Optional<String> node() {
        return random.nextInt(8) == 0 ? Optional.empty() : Optional.of(Histories.NODE);
    }
}
