package io.openshell.model.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Aggregates;
import io.openshell.model.Command;
import io.openshell.model.Contexts;
import io.openshell.model.DeciderFixture;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.egress.Caller;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.policy.PolicyValidator;
import io.openshell.model.review.PolicyReview;
import io.openshell.model.review.RecordedRequest;
import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxDecider;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxState.Live;
import io.openshell.model.settings.SettingValue;
import io.openshell.model.settings.Settings;
import io.openshell.model.settings.SettingsCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules that attached providers contribute: what they are, where they decide, and what they are refused with. */
class ContributionRulesTest {
    private static final PolicyDocument POLICY = BuiltInPolicies.restrictive();
    private static final Optional<SettingValue> ON = Optional.of(new SettingValue.Flag(true));
    private static final Settings ENABLED = Settings.NONE.with("providers_v2_enabled", ON);
    private static final NetworkRule GITHUB = ProviderProfiles.of("github").orElseThrow().rule().orElseThrow();

    private static Live sandbox(PolicyDocument policy, Attachment... attached) {
        var request = new SandboxRequest("id", "box", "default", Map.of(), Map.of(),
                new SandboxRequest.Launch(List.of("sh"), false, Map.of(), ""));
        List<SandboxEvent> events = new ArrayList<>(List.of(new SandboxEvent.SandboxRequested(request)));
        Stream.of(attached).map(SandboxEvent.ProviderAttached::new).forEach(events::add);
        events.add(new SandboxEvent.PolicyRevisionStored(1, PolicyHash.of(policy), policy, Map.of()));
        var decider = new SandboxDecider();
        return (Live) DeciderFixture.fold(decider, decider.initial(), Contexts.user(), events);
    }

    private static Attachment attached(String name) {
        return new Attachment(name, Optional.of(GITHUB));
    }

    /** The provider {@code work} of type github, and this sandbox. */
    private static ProviderRules.Surroundings others(Live... sandboxes) {
        return new ProviderRules.Surroundings() {
            @Override
            public Optional<ProviderState.Present> provider(String workspace, String name) {
                return name.equals("work") ? Optional.of(new ProviderState.Present(
                        new ProviderIdentity("p", name, workspace, "github", Map.of()),
                        ProviderContent.lasting(List.of("GITHUB_TOKEN"), Map.of(), "b"), 1, Contexts.NOON, Contexts.NOON))
                        : Optional.empty();
            }

            @Override
            public Stream<Live> sandboxes() {
                return Stream.of(sandboxes);
            }
        };
    }

    private static Optional<RejectionCode> refusal(Command command, Live state, Settings gateway) {
        return ContributionRules.refusal("default", command, state, gateway, others(state)).map(Rejection::code);
    }

    private static PolicyDocument reaching(String enforcement) {
        return POLICY.withNetworkPolicies(Map.of("api", new NetworkRule("", List.of(NetworkEndpoint.builder("api.github.com", 443)
                .protocol("rest").access("full").enforcement(enforcement).build()), List.of(new NetworkBinary("/usr/bin/curl")))));
    }

    private static boolean allows(PolicyDocument policy, String method, String host, String path, String program) {
        return PolicyReview.judge(CompiledPolicy.compile(policy),
                new RecordedRequest(host, 443, method, path, "", new Caller(program, List.of(), List.of()), List.of())).allows();
    }

    @Test
    void attachingWritesDownWhatTheTypeContributes() {
        Live bare = sandbox(POLICY);
        Command attach = new SandboxCommand.AttachProvider("work");
        Surroundings around = new Surroundings(GlobalPolicy.NONE, Settings.NONE, Set.of(),
                ContributionRules.contributed("default", attach, others(bare)));
        assertThat(Aggregates.decide(StreamId.sandbox("default", "box"), attach, bare, around, Contexts.user()))
                .containsExactly(new SandboxEvent.ProviderAttached(attached("work")));
        assertThat(ContributionRules.contributed("default", new SandboxCommand.AttachProvider("other"), others(bare))).isEmpty();
    }

    @Test
    void theRulesDecideOnlyWhereTheSettingAsksForThem() {
        Live live = sandbox(POLICY, attached("work"));
        assertThat(ProvidedRules.of(live, Settings.NONE)).isEmpty();
        assertThat(ProvidedRules.of(live, ENABLED)).containsExactly(Map.entry("_provider_work", GITHUB));
        PolicyDocument with = new Surroundings(GlobalPolicy.NONE, ENABLED).deciding(POLICY, live);
        assertThat(allows(with, "GET", "api.github.com", "/zen", "/usr/bin/gh")).isTrue();
        assertThat(allows(with, "POST", "github.com", "/a/b/git-upload-pack", "/usr/bin/git")).isTrue();
        assertThat(allows(with, "POST", "github.com", "/a/b/git-receive-pack", "/usr/bin/git")).isFalse();
        assertThat(allows(with, "GET", "api.github.com", "/zen", "/usr/bin/curl")).isFalse();
        assertThat(allows(POLICY, "GET", "api.github.com", "/zen", "/usr/bin/gh")).isFalse();
    }

    @Test
    void theyAreInNoRevisionAndHaveAMarkOfTheirOwn() {
        Live live = sandbox(POLICY, attached("work"));
        var rules = ProvidedRules.of(live, ENABLED);
        assertThat(live.policies().newest().orElseThrow().policy()).isEqualTo(POLICY);
        assertThat(PolicyHash.of(ProvidedRules.over(POLICY, rules))).isNotEqualTo(PolicyHash.of(POLICY));
        assertThat(ProvidedRules.mark(rules)).hasSize(64).isEqualTo(ProvidedRules.mark(ProvidedRules.of(live, ENABLED)));
        assertThat(ProvidedRules.mark(ProvidedRules.of(live, Settings.NONE))).isEmpty();
    }

    @Test
    void aGlobalPolicyDecidesWithoutThem() {
        Live live = sandbox(POLICY, attached("work"));
        GlobalPolicy global = new GlobalPolicy(List.of(new GlobalRevision(1, "h", reaching("enforce"), Contexts.NOON)), true);
        PolicyDocument deciding = new Surroundings(global, ENABLED).deciding(POLICY, live);
        assertThat(deciding.networkPolicies()).containsOnlyKeys("api");
    }

    @Test
    void namesThatLookAlikeAsKeysGetASuffixInTheOrderOfAttaching() {
        Live live = sandbox(POLICY, attached("my.git"), attached("my_git"), attached("my git"));
        assertThat(ProvidedRules.of(live, ENABLED)).containsOnlyKeys("_provider_my_git", "_provider_my_git_2", "_provider_my_git_3");
        assertThat(ProvidedRules.provider("_provider_my_git_2", live)).contains("my_git");
        assertThat(ProvidedRules.provider("_provider_other", live)).isEmpty();
    }

    @Test
    void whatWouldBeAmbiguousTogetherIsRefusedAtEveryDoor() {
        Live with = sandbox(POLICY, attached("work"));
        Live plain = sandbox(reaching("audit"));
        Command set = new SandboxCommand.SetPolicy(reaching("audit"), Map.of(), 0);
        assertThat(refusal(new SandboxCommand.SetPolicy(reaching("enforce"), Map.of(), 0), with, ENABLED)).isEmpty();
        assertThat(refusal(set, with, ENABLED)).contains(RejectionCode.POLICY_AMBIGUOUS);
        assertThat(refusal(set, with, Settings.NONE)).isEmpty();
        assertThat(refusal(new SandboxCommand.AttachProvider("work"), plain, ENABLED)).contains(RejectionCode.POLICY_AMBIGUOUS);
        assertThat(refusal(new SandboxCommand.AttachProvider("work"), plain, Settings.NONE)).isEmpty();
        Live both = sandbox(reaching("audit"), attached("work"));
        assertThat(refusal(new SandboxCommand.ChangeSetting("providers_v2_enabled", ON), both, Settings.NONE))
                .contains(RejectionCode.POLICY_AMBIGUOUS);
        assertThat(refusal(new SettingsCommand.ChangeGatewaySetting("providers_v2_enabled", ON), both, Settings.NONE))
                .contains(RejectionCode.POLICY_AMBIGUOUS);
        assertThat(refusal(new SettingsCommand.ChangeGatewaySetting("providers_v2_enabled", ON), with, Settings.NONE)).isEmpty();
        assertThat(refusal(new SettingsCommand.ChangeGatewaySetting("providers_v2_enabled", Optional.empty()), both, ENABLED)).isEmpty();
    }

    @Test
    void everyTypesRuleCanBeLoadedAndGoesOnlyWhereItsCredentialsMay() {
        for (ProviderProfile profile : ProviderProfiles.all()) {
            profile.rule().ifPresent(rule -> {
                PolicyDocument alone = POLICY.withNetworkPolicies(Map.of("x", rule));
                assertThat(PolicyValidator.all(alone)).as(profile.id()).isEmpty();
                assertThat(PolicyValidator.ambiguity(ProvidedRules.over(BuiltInPolicies.community(), new TreeMap<>(Map.of("_provider_x", rule)))))
                        .as("%s beside the policy of who gives none", profile.id()).isEmpty();
                assertThat(rule.binaries()).isNotEmpty();
                assertThat(rule.endpoints()).allSatisfy(endpoint -> {
                    assertThat(endpoint.inspected()).isTrue();
                    assertThat(profile.endpoints()).anySatisfy(each -> assertThat(each.host()).isEqualTo(endpoint.host()));
                });
            });
        }
    }
}
