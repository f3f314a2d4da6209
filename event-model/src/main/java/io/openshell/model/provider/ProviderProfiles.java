package io.openshell.model.provider;

import io.openshell.model.policy.NetworkRule;
import io.openshell.model.provider.ProviderProfile.Category;
import io.openshell.model.provider.ProviderProfile.Credential;
import io.openshell.model.provider.ProviderProfile.Inference;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The types of provider that come with the product. */
public final class ProviderProfiles {

    /** Type of a provider whose credentials only a policy sends anywhere. */
    public static final String GENERIC = "generic";

    private static final List<ProviderProfile> ALL = List.of(
            model("anthropic", List.of(), "Anthropic", List.of("ANTHROPIC_API_KEY"), "api.anthropic.com",
                    new Inference("https://api.anthropic.com/v1", "ANTHROPIC_BASE_URL", "x-api-key", "", true)),
            agent("claude-code", List.of("claude", "claude_code"), "Claude Code",
                    List.of("ANTHROPIC_API_KEY", "CLAUDE_API_KEY"), "api.anthropic.com", "claude"),
            agent("codex", List.of(), "Codex", List.of("OPENAI_API_KEY"), "api.openai.com", "codex"),
            model("deepinfra", List.of(), "DeepInfra", List.of("DEEPINFRA_API_KEY"), "api.deepinfra.com",
                    bearer("https://api.deepinfra.com/v1/openai", "DEEPINFRA_BASE_URL")),
            new ProviderProfile(GENERIC, List.of(), "Any service", Category.OTHER, List.of(), List.of(), Optional.empty(), Optional.empty()),
            source("github", List.of("gh"), "GitHub", List.of("GITHUB_TOKEN", "GH_TOKEN"), List.of("api.github.com", "github.com"),
                    ContributedRules.repositories("GitHub", "api.github.com", "/graphql", "github.com", "gh", "git")),
            source("gitlab", List.of("glab"), "GitLab", List.of("GITLAB_TOKEN", "GLAB_TOKEN", "CI_JOB_TOKEN"), List.of("gitlab.com"),
                    ContributedRules.repositories("GitLab", "gitlab.com", "/api/graphql", "gitlab.com", "glab", "git")),
            model("nvidia", List.of(), "NVIDIA", List.of("NVIDIA_API_KEY"), "integrate.api.nvidia.com",
                    bearer("https://integrate.api.nvidia.com/v1", "NVIDIA_BASE_URL")),
            model("openai", List.of(), "OpenAI", List.of("OPENAI_API_KEY"), "api.openai.com",
                    bearer("https://api.openai.com/v1", "OPENAI_BASE_URL")));

    private ProviderProfiles() {}

    /** All of them, by id. */
    public static List<ProviderProfile> all() {
        return ALL;
    }

    /** The profile of this type, also by an alias; empty when nothing is known about it. */
    public static Optional<ProviderProfile> of(String type) {
        String folded = type.toLowerCase(Locale.ROOT);
        return ALL.stream().filter(each -> each.id().equals(folded) || each.aliases().contains(folded)).findFirst();
    }

    /** The canonical name of a type: that of its profile, or the name itself. */
    public static String canonical(String type) {
        return of(type).map(ProviderProfile::id).orElse(type);
    }

    private static Inference bearer(String baseUrl, String setting) {
        return new Inference(baseUrl, setting, "authorization", "Bearer ", false);
    }

    private static ProviderProfile model(
            String id, List<String> aliases, String shown, List<String> variables, String host, Inference inference) {
        return profile(id, aliases, shown, Category.INFERENCE, variables, List.of(host),
                ContributedRules.readWrite(shown, host, "curl"), Optional.of(inference));
    }

    private static ProviderProfile agent(
            String id, List<String> aliases, String shown, List<String> variables, String host, String program) {
        return profile(id, aliases, shown, Category.AGENT, variables, List.of(host),
                ContributedRules.readWrite(shown, host, program), Optional.empty());
    }

    private static ProviderProfile source(String id, List<String> aliases, String shown, List<String> variables,
            List<String> hosts, Optional<NetworkRule> rule) {
        return profile(id, aliases, shown, Category.SOURCE_CONTROL, variables, hosts, rule, Optional.empty());
    }

    private static ProviderProfile profile(String id, List<String> aliases, String shown, Category category,
            List<String> variables, List<String> hosts, Optional<NetworkRule> rule, Optional<Inference> inference) {
        return new ProviderProfile(id, aliases, shown, category, List.of(new Credential("api_key", variables, true)),
                hosts.stream().map(host -> new CredentialEndpoint(host, 443, "")).toList(), rule, inference);
    }
}
