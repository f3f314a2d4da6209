package io.openshell.cli.command.policy;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.merge.MergeOperation;
import java.util.ArrayList;
import java.util.List;

/** Operations as a {@code policy update} line that can be pasted. */
final class UpdateLine {
    private UpdateLine() {}

    /** The line for these operations. */
    static String of(String sandbox, List<MergeOperation> operations) {
        List<String> words = new ArrayList<>(List.of("openshell", "policy", "update", sandbox));
        operations.forEach(operation -> add(operation, words));
        words.add("--wait");
        return String.join(" ", words);
    }

    private static void add(MergeOperation operation, List<String> words) {
        switch (operation) {
            case MergeOperation.AddRule rule -> {
                rule.rule().endpoints().forEach(endpoint -> endpoint(endpoint, words));
                rule.rule().binaries().forEach(binary -> flag("--binary", binary.path(), words));
            }
            case MergeOperation.AddAllow allow -> allow.rules().forEach(rule ->
                    allow("--add-allow", place(allow.host(), allow.port()), rule, words));
            case MergeOperation.AddDeny deny -> deny.rules().forEach(rule ->
                    allow("--add-deny", place(deny.host(), deny.port()), AllowRule.of(rule), words));
            case MergeOperation.RemoveRule remove -> flag("--remove-rule", remove.key(), words);
            case MergeOperation.RemoveEndpoint remove ->
                flag("--remove-endpoint", place(remove.host(), remove.port()), words);
            case MergeOperation.RemoveBinary remove -> {
                flag("--rule-name", remove.key(), words);
                flag("--remove-binary", remove.path(), words);
            }
        }
    }

    private static void endpoint(NetworkEndpoint endpoint, List<String> words) {
        for (int port : endpoint.ports()) {
            String spec = place(endpoint.host(), port) + ":" + endpoint.access() + ":" + endpoint.protocol() + ":"
                    + endpoint.enforcement();
            flag("--add-endpoint", spec.replaceAll(":+$", ""), words);
            endpoint.rules().forEach(rule -> allow("--add-allow", place(endpoint.host(), port), rule, words));
        }
    }

    private static void allow(String flag, String place, AllowRule rule, List<String> words) {
        rule.allow().ifPresent(match -> flag(flag, place + ":" + match.method() + ":" + match.path(), words));
    }

    private static String place(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static void flag(String flag, String value, List<String> words) {
        words.add(flag);
        // A workload may choose paths with blanks and quotes; the line must not become another command.
        words.add(value.matches("[A-Za-z0-9._:/@%+,=-]+") ? value : "'" + value.replace("'", "'\\''") + "'");
    }
}
