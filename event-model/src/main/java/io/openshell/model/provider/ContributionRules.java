package io.openshell.model.provider;

import io.openshell.model.AggregateState;
import io.openshell.model.Command;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.policy.Admission;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyValidator;
import io.openshell.model.policy.PolicyViolation;
import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState.Live;
import io.openshell.model.settings.EffectiveSettings;
import io.openshell.model.settings.SettingKey;
import io.openshell.model.settings.SettingValue;
import io.openshell.model.settings.Settings;
import io.openshell.model.settings.SettingsCommand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What rules that attached providers contribute mean for a command: their own, and whether they go with a policy. Pure. */
public final class ContributionRules {

    private ContributionRules() {}

    /** The rules of the providers that a command attaches, by their names. */
    public static Map<String, NetworkRule> contributed(String workspace, Command command, ProviderRules.Surroundings around) {
        return rules(workspace, switch (command) {
            case SandboxCommand.Create c -> c.providers();
            case SandboxCommand.AttachProvider c -> List.of(c.provider());
            case Command other -> List.<String>of();
        }, around);
    }

    private static Map<String, NetworkRule> rules(String workspace, List<String> names, ProviderRules.Surroundings around) {
        Map<String, NetworkRule> rules = new HashMap<>();
        names.forEach(name -> around.provider(workspace, name)
                .flatMap(each -> ProviderProfiles.of(each.provider().type())).flatMap(ProviderProfile::rule)
                .ifPresent(rule -> rules.put(name, rule)));
        return rules;
    }

    /**
     * Why a command is refused because of what its sandbox's policy would be together with its providers' rules: pairs of
     * endpoints that ask for different treatment of the same traffic.
     */
    public static Optional<Rejection> refusal(
            String workspace, Command command, AggregateState state, Settings gateway, ProviderRules.Surroundings around) {
        return switch (command) {
            case SandboxCommand.Create c when !(state instanceof Live) -> composes(gateway, Settings.NONE)
                    ? refusal(c.policy(), attachments(workspace, c.providers(), around)) : Optional.empty();
            case SandboxCommand.SetPolicy c when state instanceof Live live && composes(gateway, live.settings()) ->
                refusal(c.policy(), live.attachments());
            case SandboxCommand.DecideDraft c when state instanceof Live live && composes(gateway, live.settings()) ->
                c.change().flatMap(change -> refusal(change.policy(), live.attachments()));
            case SandboxCommand.AttachProvider c when state instanceof Live live && composes(gateway, live.settings())
                    && !live.providers().contains(c.provider()) ->
                refusal(newest(live), Stream.concat(live.attachments().stream(),
                        attachments(workspace, List.of(c.provider()), around).stream()).toList());
            case SandboxCommand.ChangeSetting c when state instanceof Live live ->
                composes(gateway, live.settings().with(c.key(), c.value())) && !composes(gateway, live.settings())
                        ? refusal(newest(live), live.attachments()) : Optional.empty();
            case SettingsCommand.ChangeGatewaySetting c -> switchedOn(c, around);
            case Command other -> Optional.empty();
        };
    }

    private static boolean composes(Settings gateway, Settings sandbox) {
        return new EffectiveSettings(gateway, sandbox).composesProviderRules();
    }

    private static Optional<Rejection> switchedOn(SettingsCommand.ChangeGatewaySetting c, ProviderRules.Surroundings around) {
        boolean on = c.key().equals(SettingKey.PROVIDERS_V2_ENABLED.key())
                && c.value().equals(Optional.of(new SettingValue.Flag(true)));
        List<String> conflicts = on ? around.sandboxes()
                .flatMap(live -> refusal(newest(live), live.attachments()).stream()
                        .map(why -> "sandbox '" + live.request().name() + "': " + why.reason()))
                .sorted().toList() : List.of();
        return conflicts.isEmpty() ? Optional.empty()
                : Optional.of(new Rejection(RejectionCode.POLICY_AMBIGUOUS, String.join("; ", conflicts)));
    }

    private static Optional<Rejection> refusal(PolicyDocument own, List<Attachment> attachments) {
        var provided = ProvidedRules.of(attachments);
        List<PolicyViolation> found =
                provided.isEmpty() ? List.of() : PolicyValidator.ambiguity(ProvidedRules.over(own, provided));
        return found.isEmpty() ? Optional.empty() : Optional.of(new Rejection(RejectionCode.POLICY_AMBIGUOUS,
                "with the rules of attached providers: " + Admission.sentences(found)));
    }

    private static List<Attachment> attachments(String workspace, List<String> names, ProviderRules.Surroundings around) {
        Map<String, NetworkRule> rules = rules(workspace, names, around);
        return names.stream().distinct().map(name -> new Attachment(name, Optional.ofNullable(rules.get(name)))).toList();
    }

    private static PolicyDocument newest(Live live) {
        return live.policies().newest().orElseThrow().policy();
    }
}
