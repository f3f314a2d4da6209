package io.openshell.projection.fold;

import static io.openshell.projection.fold.TestCommands.NODE;
import static io.openshell.projection.fold.TestCommands.create;
import static io.openshell.projection.fold.TestCommands.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.openshell.log.Decided;
import io.openshell.log.Entry;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandRejected;
import io.openshell.model.Event;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalCommand;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.provider.ProviderCommand;
import io.openshell.model.provider.ProviderContent;
import io.openshell.model.provider.ProviderIdentity;
import io.openshell.model.provider.ProviderProfiles;
import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.settings.SettingValue;
import io.openshell.model.settings.SettingsCommand;
import io.openshell.wire.events.CommandCodec;
import io.openshell.wire.events.EventCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommandDecisionsTest {
    final EventFold fold = new EventFold();
    final CommandDecisions decisions = new CommandDecisions(fold, (partition, offset) -> offset <= 10);
    final StreamId stream = StreamId.sandbox("w", "demo");

    @Test
    void readyAsksWhetherTheFoldHasPassed() {
        assertThat(decisions.ready(0, 10)).isTrue();
        assertThat(decisions.ready(0, 11)).isFalse();
    }

    @Test
    void commandsOfOneBatchSeeEachOther() {
        assertThat(names(decide(user(stream, create(stream))))).hasSize(3);
        assertThat(names(decide(user(stream, create(stream))))).containsExactly("CommandRejected");
        assertThat(names(decide(user(stream, new SandboxCommand.Delete())))).containsExactly("DeleteRequested");
    }

    @Test
    void whatWasCommittedCountsBeforeItIsFolded() {
        Decided first = decide(user(stream, create(stream)));
        decisions.committed();
        assertThat(names(decide(user(stream, create(stream))))).containsExactly("CommandRejected");
        decisions.aborted();
        fold(first);
        assertThat(names(decide(user(stream, create(stream))))).containsExactly("CommandRejected");
    }

    @Test
    void whatWasAbortedLeavesNoTrace() {
        Decided first = decide(user("c-1", stream, create(stream)));
        decisions.aborted();
        Decided again = decide(user("c-1", stream, create(stream)));
        assertThat(names(again)).isEqualTo(names(first));
        assertThat(events(again)).hasSize(3);
    }

    @Test
    void aCommandOfTheSameBatchSentTwiceHasOneEffect() {
        CommandEnvelope command = user(stream, create(stream));
        assertThat(decide(command).events()).hasSize(3);
        assertThat(decide(command).events()).isEmpty();
    }

    @Test
    void anEventOfWhatTheDecisionsWroteIsWhatTheFoldTakes() {
        fold(decide(user(stream, create(stream))));
        decisions.committed();
        fold(decide(user(stream, create(stream))));
        decisions.committed();
        fold(decide(user(stream, new SandboxCommand.Delete())));
        assertThat(fold.poisoned()).isEmpty();
        assertThat(fold.image().find(stream).orElseThrow().version()).isEqualTo(5);
    }

    @Test
    void onlyWhatConcernsANodeGoesIntoItsFeed() {
        assertThat(decide(user(stream, create(stream))).events()).extracting(Entry::node).containsOnly(Optional.of(NODE));
        assertThat(decide(user(stream, create(stream))).events()).extracting(Entry::node).containsOnly(Optional.empty());
        assertThat(decide(user(stream, new SandboxCommand.Delete())).events()).extracting(Entry::node)
                .containsExactly(Optional.of(NODE));
    }

    @Test
    void aGlobalPolicyReachesEveryNodeAndBarsChangesOfASandboxsOwnUntilItIsDeleted() {
        StreamId global = StreamId.globalPolicy();
        SandboxCommand.SetPolicy own = new SandboxCommand.SetPolicy(
                BuiltInPolicies.community().withNetworkPolicies(Map.of()), Map.of(), 0);
        fold(decide(user(stream, create(stream))));
        decisions.committed();
        assertThat(names(decide(user(stream, own)))).containsExactly("PolicyRevisionStored");
        decisions.aborted();

        Decided set = decide(user(global, new GlobalCommand.SetGlobal(BuiltInPolicies.community(), 0)));
        assertThat(set.events()).extracting(Entry::node).containsExactly(Optional.of(Entry.EVERY_NODE));
        assertThat(events(decide(user(stream, own)))).as("not even before it is committed").singleElement()
                .asInstanceOf(type(CommandRejected.class))
                .satisfies(refused -> assertThat(refused.rejection().code()).isEqualTo(RejectionCode.GLOBAL_POLICY_IN_FORCE));
        assertThat(names(decide(user(global, new GlobalCommand.DeleteGlobal())))).containsExactly("GlobalPolicyDeleted");
        assertThat(names(decide(user(stream, own)))).containsExactly("PolicyRevisionStored");
    }

    @Test
    void aSettingOfTheGatewayReachesEveryNodeAndBarsThoseOfSandboxesUntilItIsDeleted() {
        Optional<SettingValue> auto = Optional.of(new SettingValue.Word("auto"));
        SandboxCommand.ChangeSetting own = new SandboxCommand.ChangeSetting("proposal_approval_mode", auto);
        fold(decide(user(stream, create(stream))));
        decisions.committed();
        assertThat(names(decide(user(stream, own)))).containsExactly("SettingChanged");
        decisions.aborted();

        Decided set = decide(user(StreamId.settings(), new SettingsCommand.ChangeGatewaySetting("proposal_approval_mode", auto)));
        assertThat(set.events()).extracting(Entry::node).containsExactly(Optional.of(Entry.EVERY_NODE));
        assertThat(events(decide(user(stream, own)))).singleElement().asInstanceOf(type(CommandRejected.class))
                .satisfies(refused -> assertThat(refused.rejection().code()).isEqualTo(RejectionCode.SETTING_MANAGED_GLOBALLY));
    }

    @Test
    void aProviderBringsItsTypesRuleIntoTheNodesFeedUnlessItWouldBeAmbiguous() {
        StreamId git = StreamId.provider("w", "git");
        decide(user(git, new ProviderCommand.CreateProvider(new ProviderIdentity("p1", "git", "w", "github", Map.of()),
                ProviderContent.lasting(List.of("GITHUB_TOKEN"), Map.of(), "b1"))));
        decide(user(stream, create(stream)));
        Decided attached = decide(user(stream, new SandboxCommand.AttachProvider("git")));
        assertThat(attached.events()).extracting(Entry::node).containsExactly(Optional.of(NODE));
        assertThat(events(attached)).containsExactly(new SandboxEvent.ProviderAttached(
                new Attachment("git", ProviderProfiles.of("github").orElseThrow().rule())));

        PolicyDocument audited = BuiltInPolicies.restrictive().withNetworkPolicies(Map.of("api", new NetworkRule("", List.of(
                NetworkEndpoint.builder("api.github.com", 443).protocol("rest").access("full").build()), List.of())));
        Optional<SettingValue> on = Optional.of(new SettingValue.Flag(true));
        SettingsCommand enable = new SettingsCommand.ChangeGatewaySetting("providers_v2_enabled", on);
        assertThat(names(decide(user(stream, new SandboxCommand.SetPolicy(audited, Map.of(), 0))))).containsExactly("PolicyRevisionStored");
        assertThat(refusal(decide(user(StreamId.settings(), enable)))).isEqualTo(RejectionCode.POLICY_AMBIGUOUS);
        decide(user(stream, new SandboxCommand.SetPolicy(BuiltInPolicies.restrictive(), Map.of(), 0)));
        assertThat(names(decide(user(StreamId.settings(), enable)))).containsExactly("GatewaySettingChanged");
        assertThat(refusal(decide(user(stream, new SandboxCommand.SetPolicy(audited, Map.of(), 0)))))
                .isEqualTo(RejectionCode.POLICY_AMBIGUOUS);
    }

    private static RejectionCode refusal(Decided decided) {
        return ((CommandRejected) events(decided).getFirst()).rejection().code();
    }

    @Test
    void aRefusalThatWouldOutgrowTheLogIsCutShort() {
        decide(user(stream, create(stream)));
        PolicyDocument bad = policyWithRelativePaths(500);
        assertThat(events(decide(user(stream, new SandboxCommand.SetPolicy(bad, Map.of(), 0)))))
                .singleElement()
                .asInstanceOf(type(CommandRejected.class))
                .satisfies(refused -> assertThat(refused.rejection().reason()).endsWith("…").hasSizeLessThan(5_000));
    }

    @Test
    void anEventThatWouldNotFitIsNotDecidedAndStopsNobody() {
        StreamId other = StreamId.sandbox("w", "huge");
        Map<String, String> labels = Map.of("k", "x".repeat(1 << 20));
        assertThat(decide(user(other, create(other, labels, NODE))).events()).isEmpty();
        assertThat(decisions.ignored()).isOne();
        assertThat(names(decide(user(other, create(other))))).hasSize(3);
    }

    private static PolicyDocument policyWithRelativePaths(int count) {
        PolicyDocument plain = BuiltInPolicies.restrictive();
        List<String> paths = IntStream.range(0, count).mapToObj(i -> "not/absolute/" + i).toList();
        return new PolicyDocument(
                plain.version(), Optional.of(new FilesystemPolicy(true, paths, List.of())), plain.landlock(),
                plain.process(), plain.networkPolicies(), plain.middlewares());
    }

    private Decided decide(CommandEnvelope command) {
        return decisions.decide(record(command.stream().toString(), CommandCodec.encode(command)));
    }

    private void fold(Decided decided) {
        fold.onRecords(decided.events().stream().map(e -> record(e.stream(), e.event())).toList());
    }

    private static LogRecord record(String key, byte[] value) {
        return new LogRecord(new Position(0, 0), Instant.EPOCH, key, value);
    }

    private static List<Event> events(Decided decided) {
        return decided.events().stream().map(e -> EventCodec.decode(e.event()).event()).toList();
    }

    private static List<String> names(Decided decided) {
        return events(decided).stream().map(e -> e.getClass().getSimpleName()).toList();
    }
}
