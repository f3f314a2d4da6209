package io.openshell.model.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Policies that come with the product. */
public final class BuiltInPolicies {
    private static final int HTTPS = 443;
    /** What programs need to run. Directories that belong to an image or to the host's own business are for users to add. */
    private static final List<String> SYSTEM_PATHS = List.of("/usr", "/lib", "/etc", "/proc", "/dev/urandom");
    private static final Optional<LandlockPolicy> BEST_EFFORT = Optional.of(new LandlockPolicy("best_effort"));

    private BuiltInPolicies() {}

    /** No egress at all; used when a policy was expected and none that can be trusted was found. */
    public static PolicyDocument restrictive() {
        return new PolicyDocument(PolicyDocument.CURRENT_VERSION,
                Optional.of(new FilesystemPolicy(true, SYSTEM_PATHS, List.of("/tmp", "/dev/null"))),
                BEST_EFFORT, Optional.empty(), new TreeMap<>(), new TreeMap<>());
    }

    /** Reasonable access for well-known coding agents; used when the user gives no policy. Package registries are left out. */
    public static PolicyDocument community() {
        SortedMap<String, NetworkRule> rules = new TreeMap<>();
        rules.put("claude_code", agent("claude-code", List.of(inspected("api.anthropic.com"), plain("statsig.anthropic.com"),
                plain("sentry.io"), plain("raw.githubusercontent.com"), plain("platform.claude.com")),
                "/usr/local/bin/claude", "/usr/bin/node"));
        rules.put("github_ssh_over_https", agent("github-ssh-over-https", List.of(gitFetch()), "/usr/bin/git"));
        rules.put("nvidia_inference", agent("nvidia-inference", List.of(plain("integrate.api.nvidia.com")),
                "/usr/bin/curl", "/bin/bash", "/usr/local/bin/opencode"));
        rules.put("github_rest_api", agent("github-rest-api", List.of(rest("api.github.com", "read-only")),
                "/usr/local/bin/claude", "/usr/local/bin/kode", "/usr/bin/gh"));
        rules.put("pypi", agent("pypi", plain("github.com", "objects.githubusercontent.com", "api.github.com", "downloads.python.org"),
                "/sandbox/.venv/bin/python", "/sandbox/.venv/bin/python3", "/sandbox/.venv/bin/pip",
                "/app/.venv/bin/python", "/app/.venv/bin/python3", "/app/.venv/bin/pip",
                "/usr/local/bin/uv", "/sandbox/.uv/python/**"));
        rules.put("vscode", agent("vscode", plain("update.code.visualstudio.com", "az764295.vo.msecnd.net",
                "vscode.download.prss.microsoft.com", "marketplace.visualstudio.com", "gallerycdn.vsassets.io"),
                "/usr/bin/curl", "/usr/bin/wget", "/sandbox/.vscode-server/**", "/sandbox/.vscode-remote-containers/**"));
        rules.put("cursor", agent("cursor", plain("cursor.blob.core.windows.net", "api2.cursor.sh", "repo.cursor.sh",
                "download.cursor.sh", "cursor.download.prss.microsoft.com"),
                "/usr/bin/curl", "/usr/bin/wget", "/sandbox/.cursor-server/**"));
        rules.put("opencode", agent("opencode", plain("opencode.ai", "integrate.api.nvidia.com"),
                "/usr/lib/node_modules/opencode-ai/bin/.opencode", "/usr/bin/node", "/usr/local/bin/opencode"));
        rules.put("kode_agent", agent("kode-agent", List.of(inspected("api.anthropic.com"), plain("api.openai.com")),
                "/usr/local/bin/kode", "/usr/bin/node"));
        return new PolicyDocument(PolicyDocument.CURRENT_VERSION,
                Optional.of(new FilesystemPolicy(true, SYSTEM_PATHS, List.of("/sandbox", "/tmp", "/dev/null"))),
                BEST_EFFORT, Optional.empty(), rules, new TreeMap<>(Map.of()));
    }

    private static NetworkRule agent(String name, List<NetworkEndpoint> endpoints, String... binaries) {
        return new NetworkRule(name, endpoints, Stream.of(binaries).map(NetworkBinary::new).toList());
    }

    private static List<NetworkEndpoint> plain(String... hosts) {
        return Stream.of(hosts).map(BuiltInPolicies::plain).toList();
    }

    private static NetworkEndpoint plain(String host) {
        return NetworkEndpoint.plain(host, HTTPS);
    }

    private static NetworkEndpoint inspected(String host) {
        return rest(host, "full");
    }

    private static NetworkEndpoint rest(String host, String access) {
        return NetworkEndpoint.builder(host, HTTPS).protocol("rest").enforcement("enforce").access(access).build();
    }

    private static NetworkEndpoint gitFetch() {
        return NetworkEndpoint.builder("github.com", HTTPS).protocol("rest").enforcement("enforce").rules(List.of(
                AllowRule.of(RequestMatch.http("GET", "/**/info/refs*")),
                AllowRule.of(RequestMatch.http("POST", "/**/git-upload-pack")))).build();
    }
}
