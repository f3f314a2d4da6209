package io.openshell.model.sandbox;

import static io.openshell.model.sandbox.Histories.NODE;
import static io.openshell.model.sandbox.Histories.POLICY;
import static io.openshell.model.sandbox.Histories.WIDER;
import static io.openshell.model.sandbox.Histories.enforcement;
import static io.openshell.model.sandbox.Histories.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Context;
import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.settings.SettingValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every command does in every phase, as one table; reports come from the right node with the right epoch. */
class TransitionTableTest {
    private static final String TABLE = """
            Create              | UNUSED DELETED                                             | SandboxRequested+PolicyRevisionStored+SandboxAssigned
            Create              | PROVISIONING READY ERROR DELETING STOPPING STOPPED STARTING | SANDBOX_NAME_TAKEN
            Stop                | READY STARTING ERROR                                       | StopRequested
            Stop                | STOPPING STOPPED                                           | unchanged
            Stop                | PROVISIONING                                               | SANDBOX_NOT_STOPPABLE
            Stop                | DELETING                                                   | SANDBOX_BEING_DELETED
            Stop                | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            Start               | STOPPED ERROR                                              | StartRequested
            Start               | PROVISIONING READY STARTING                                | unchanged
            Start               | STOPPING                                                   | SANDBOX_NOT_STARTABLE
            Start               | DELETING                                                   | SANDBOX_BEING_DELETED
            Start               | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            Delete              | PROVISIONING READY ERROR STOPPING STOPPED STARTING         | DeleteRequested
            Delete              | DELETING                                                   | unchanged
            Delete              | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            SetPolicy           | PROVISIONING READY ERROR STOPPING STOPPED STARTING         | PolicyRevisionStored
            SetPolicy           | DELETING                                                   | SANDBOX_BEING_DELETED
            SetPolicy           | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            DecideDraft         | PROVISIONING READY ERROR STOPPING STOPPED STARTING         | PolicyRevisionStored+DraftDecided
            DecideDraft         | DELETING                                                   | SANDBOX_BEING_DELETED
            DecideDraft         | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            EditDraft           | PROVISIONING READY ERROR STOPPING STOPPED STARTING         | DraftEdited
            EditDraft           | DELETING                                                   | SANDBOX_BEING_DELETED
            EditDraft           | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            SubmitProposal      | PROVISIONING READY ERROR STOPPING STOPPED STARTING         | PROPOSALS_DISABLED
            SubmitProposal      | DELETING                                                   | SANDBOX_BEING_DELETED
            SubmitProposal      | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ChangeSetting       | PROVISIONING READY ERROR STOPPING STOPPED STARTING         | SettingChanged
            ChangeSetting       | DELETING                                                   | SANDBOX_BEING_DELETED
            ChangeSetting       | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            AttachProvider      | PROVISIONING READY ERROR STOPPING STOPPED STARTING         | ProviderAttached
            AttachProvider      | DELETING                                                   | SANDBOX_BEING_DELETED
            AttachProvider      | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            DetachProvider      | PROVISIONING READY ERROR DELETING STOPPING STOPPED STARTING | unchanged
            DetachProvider      | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            OpenSession         | READY                                                      | SessionOpened
            OpenSession         | PROVISIONING ERROR STOPPING STOPPED STARTING               | SANDBOX_NOT_READY
            OpenSession         | DELETING                                                   | SANDBOX_BEING_DELETED
            OpenSession         | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportEnforced      | PROVISIONING                                               | LayersEnforced+PolicyRevisionLoaded+SandboxReady
            ReportEnforced      | READY STARTING                                             | LayersEnforced+SandboxReady
            ReportEnforced      | ERROR DELETING STOPPING STOPPED                            | REPORT_OUTDATED
            ReportEnforced      | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportRefused       | PROVISIONING STARTING                                      | SandboxRefused
            ReportRefused       | READY ERROR DELETING STOPPING STOPPED                      | REPORT_OUTDATED
            ReportRefused       | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportInterrupted   | PROVISIONING READY STARTING                                | SandboxInterrupted
            ReportInterrupted   | ERROR DELETING STOPPING STOPPED                            | unchanged
            ReportInterrupted   | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportAdopted       | READY                                                      | SandboxAdopted
            ReportAdopted       | PROVISIONING ERROR DELETING STOPPING STOPPED STARTING      | REPORT_OUTDATED
            ReportAdopted       | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportLimitReached  | READY ERROR DELETING STOPPING STOPPED STARTING             | LimitReached
            ReportLimitReached  | PROVISIONING                                               | unchanged
            ReportLimitReached  | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportPause         | READY                                                      | SandboxPaused
            ReportPause         | PROVISIONING ERROR DELETING STOPPING STOPPED STARTING      | unchanged
            ReportPause         | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportMainExited    | READY                                                      | MainProcessExited
            ReportMainExited    | PROVISIONING ERROR DELETING STOPPING STOPPED STARTING      | unchanged
            ReportMainExited    | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportStopped       | STOPPING                                                   | SandboxStopped
            ReportStopped       | PROVISIONING READY ERROR DELETING STOPPED STARTING         | unchanged
            ReportStopped       | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportRemoved       | DELETING                                                   | SandboxDeleted
            ReportRemoved       | UNUSED DELETED PROVISIONING READY ERROR STOPPING STOPPED STARTING | unchanged
            ReportPolicyLoaded  | PROVISIONING                                               | PolicyRevisionLoaded
            ReportPolicyLoaded  | READY ERROR DELETING STOPPING STOPPED STARTING             | unchanged
            ReportPolicyLoaded  | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportPolicyFailed  | PROVISIONING                                               | PolicyRevisionFailed
            ReportPolicyFailed  | READY ERROR DELETING STOPPING STOPPED STARTING             | unchanged
            ReportPolicyFailed  | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportGlobalPolicy  | PROVISIONING READY ERROR DELETING STOPPING STOPPED STARTING | GlobalPolicyLoaded
            ReportGlobalPolicy  | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportProviderRules | PROVISIONING READY ERROR DELETING STOPPING STOPPED STARTING | ProviderRulesLoaded
            ReportProviderRules | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            ReportSessionClosed | PROVISIONING READY ERROR DELETING STOPPING STOPPED STARTING | SessionClosed
            ReportSessionClosed | UNUSED DELETED                                             | SANDBOX_UNKNOWN
            """;

    record Row(String command, String situation, String outcome) {}

    static Stream<Row> rows() {
        return TABLE.lines().map(line -> line.split("\\|")).flatMap(cells -> Stream.of(cells[1].trim().split(" +"))
                .map(situation -> new Row(cells[0].trim(), situation, cells[2].trim())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void everyCommandDoesInEveryPhaseWhatTheTableSays(Row row) {
        List<SandboxEvent> history = history(row.situation());
        long epoch = row.situation().equals("STARTING") ? 2 : 1;
        SandboxCommand command = commands(epoch).get(row.command());
        Context by = row.command().matches("Report.*|SubmitProposal") ? Contexts.node(NODE) : Contexts.user();
        assertThat(DeciderFixture.given(new SandboxDecider(), by, history).when(command).inOneWord()).isEqualTo(row.outcome());
    }

    @Test
    void theTableNamesEveryCommandAndEverySituationOnce() {
        List<String> expected = new ArrayList<>();
        for (Class<?> command : SandboxCommand.class.getPermittedSubclasses()) {
            expected.add(command.getSimpleName() + " UNUSED");
            expected.add(command.getSimpleName() + " DELETED");
            Stream.of(Phase.values()).forEach(phase -> expected.add(command.getSimpleName() + " " + phase));
        }
        assertThat(rows().map(row -> row.command() + " " + row.situation())).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<SandboxEvent> history(String situation) {
        return switch (situation) {
            case "UNUSED" -> Histories.unused();
            case "DELETED" -> Histories.deleted();
            default -> Histories.in(Phase.valueOf(situation));
        };
    }

    private static Map<String, SandboxCommand> commands(long epoch) {
        Map<String, SandboxCommand> named = new TreeMap<>();
        for (SandboxCommand each : List.of(
                new SandboxCommand.Create(request("s2"), POLICY, Optional.of(NODE)),
                new SandboxCommand.Stop(),
                new SandboxCommand.Start(Optional.of(NODE)),
                new SandboxCommand.Delete(),
                new SandboxCommand.SetPolicy(WIDER, Map.of(), 0),
                new SandboxCommand.DecideDraft("d1", Drafts.Verdict.APPROVED, "",
                        Optional.of(new SandboxCommand.SetPolicy(WIDER, Map.of(), 0))),
                new SandboxCommand.EditDraft("d1", Histories.rule("a.example.com")),
                new SandboxCommand.SubmitProposal("p1", "web", Histories.rule("a.example.com"), ""),
                new SandboxCommand.ChangeSetting("proposal_approval_mode", Optional.of(new SettingValue.Word("auto"))),
                new SandboxCommand.AttachProvider("work"),
                new SandboxCommand.DetachProvider("work"),
                new SandboxCommand.OpenSession(new Session("x1", Session.Kind.EXEC, List.of("ls"), false, "relay")),
                new SandboxCommand.ReportEnforced(enforcement(epoch, "i2"), 1),
                new SandboxCommand.ReportRefused(epoch, List.of(), "LANDLOCK_ABSENT", "no landlock"),
                new SandboxCommand.ReportInterrupted(epoch, "agent restarted"),
                new SandboxCommand.ReportAdopted(epoch, "i1", Map.of("main.pid", "7")),
                new SandboxCommand.ReportLimitReached(epoch, "i1", "memory", 1, "out of memory"),
                new SandboxCommand.ReportPause(epoch, "i1", Optional.of("its container is paused")),
                new SandboxCommand.ReportMainExited(epoch, "i1", 3),
                new SandboxCommand.ReportStopped(epoch),
                new SandboxCommand.ReportRemoved("s1"),
                new SandboxCommand.ReportPolicyLoaded(1, 1),
                new SandboxCommand.ReportPolicyFailed(1, "cannot resolve"),
                new SandboxCommand.ReportGlobalPolicy(epoch, 3),
                new SandboxCommand.ReportProviderRules(epoch, "m1"),
                new SandboxCommand.ReportSessionClosed("x1", 0))) {
            named.put(each.getClass().getSimpleName(), each);
        }
        return named;
    }
}
