package io.openshell.cli.command.policy;

import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.merge.MergeOperation;
import io.openshell.model.policy.merge.RuleNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of {@code policy update} that say what changes. */
final class MergeFlags {
    @Option(names = "--add-endpoint", paramLabel = "SPEC",
            description = "host:port[:access[:protocol[:enforcement[:options]]]], for the programs of --binary.")
    List<String> addEndpoints = new ArrayList<>();

    @Option(names = "--remove-endpoint", paramLabel = "HOST:PORT",
            description = "Of every rule, or of the one of --rule-name.")
    List<String> removeEndpoints = new ArrayList<>();

    @Option(names = "--add-allow", paramLabel = "HOST:PORT:METHOD:PATH", description = "Allow such requests.")
    List<String> addAllows = new ArrayList<>();

    @Option(names = "--add-deny", paramLabel = "HOST:PORT:METHOD:PATH",
            description = "Refuse such requests, whatever else allows them.")
    List<String> addDenies = new ArrayList<>();

    @Option(names = "--remove-rule", paramLabel = "NAME", description = "Drop a rule.")
    List<String> removeRules = new ArrayList<>();

    @Option(names = "--remove-binary", paramLabel = "PATH",
            description = "Take a program out of the rule of --rule-name; the rule goes with its last program.")
    List<String> removeBinaries = new ArrayList<>();

    @Option(names = "--binary", paramLabel = "PATH", description = "A program that may use the added endpoints.")
    List<String> binaries = new ArrayList<>();

    @Option(names = "--rule-name", paramLabel = "NAME",
            description = "The rule to add to (default: one per endpoint, named after it).")
    @Nullable String ruleName;

    /** What the flags ask for: what is removed comes first, then endpoints, then requests. */
    List<MergeOperation> operations() {
        requireSense();
        List<MergeOperation> operations = new ArrayList<>();
        removeRules.forEach(key -> operations.add(new MergeOperation.RemoveRule(key)));
        removeEndpoints.stream().map(text -> EndpointText.place("--remove-endpoint", text)).forEach(place ->
                operations.add(new MergeOperation.RemoveEndpoint(Optional.ofNullable(ruleName), place.host(), place.port())));
        String rule = ruleName;
        if (rule != null) {
            removeBinaries.forEach(path -> operations.add(new MergeOperation.RemoveBinary(rule, path)));
        }
        operations.addAll(additions());
        addAllows.stream().map(text -> EndpointText.request("--add-allow", text)).forEach(request -> operations.add(
                new MergeOperation.AddAllow(request.place().host(), request.place().port(), List.of(request.allow()))));
        addDenies.stream().map(text -> EndpointText.request("--add-deny", text)).forEach(request -> operations.add(
                new MergeOperation.AddDeny(request.place().host(), request.place().port(), List.of(request.match()))));
        return operations;
    }

    private List<MergeOperation> additions() {
        List<NetworkBinary> programs = binaries.stream().map(NetworkBinary::new).toList();
        List<NetworkEndpoint> endpoints = addEndpoints.stream().map(EndpointText::endpoint).toList();
        if (ruleName != null && !endpoints.isEmpty()) {
            return List.of(new MergeOperation.AddRule(ruleName, new NetworkRule("", endpoints, programs)));
        }
        return endpoints.stream().<MergeOperation>map(endpoint -> new MergeOperation.AddRule(
                RuleNames.of(endpoint.host(), endpoint.ports().getFirst()),
                new NetworkRule("", List.of(endpoint), programs))).toList();
    }

    private void requireSense() {
        boolean nothing = addEndpoints.isEmpty() && removeEndpoints.isEmpty() && addAllows.isEmpty() && addDenies.isEmpty()
                && removeRules.isEmpty() && removeBinaries.isEmpty();
        if (nothing) {
            throw EndpointText.usage("nothing to change; name at least one --add-… or --remove-… flag.");
        }
        if (!binaries.isEmpty() && addEndpoints.isEmpty()) {
            throw EndpointText.usage("--binary says who may use an added endpoint; name one with --add-endpoint.");
        }
        if (!removeBinaries.isEmpty() && ruleName == null) {
            throw EndpointText.usage("--remove-binary needs --rule-name.");
        }
        if (ruleName != null && addEndpoints.isEmpty() && removeEndpoints.isEmpty() && removeBinaries.isEmpty()) {
            throw EndpointText.usage("--rule-name goes with --add-endpoint, --remove-endpoint or --remove-binary.");
        }
    }
}
