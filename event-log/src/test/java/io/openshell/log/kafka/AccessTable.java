package io.openshell.log.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The rules of {@code ops/kafka/acls.md} as the table there has them, so that what is tried is what operators read. */
final class AccessTable {
    private static final Pattern ROW = Pattern.compile("\\| (gateway|node agent) \\| ([^|]+) \\| ([^|]+) \\|.*");
    private static final Pattern RESOURCE = Pattern.compile("(topic|group)( prefix)? `([^`]+)`.*");

    private AccessTable() {}

    /** Rules of one gateway principal and of the agents of these nodes. */
    static List<AclBinding> read(Path document, String... nodes) throws IOException {
        List<AclBinding> rules = new ArrayList<>();
        for (String line : Files.readAllLines(document)) {
            if (line.startsWith("## ")) {
                break; // what follows is no rule
            }
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                if (row.group(1).equals("gateway")) {
                    add(rules, "User:openshell-gateway", row.group(2), row.group(3));
                } else {
                    for (String node : nodes) {
                        add(rules, "User:openshell-node-" + node, row.group(2).replace("ID", node), row.group(3));
                    }
                }
            }
        }
        return rules;
    }

    private static void add(List<AclBinding> rules, String principal, String resource, String operations) {
        for (String operation : operations.strip().split(", ")) {
            String name = operation.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
            rules.add(new AclBinding(pattern(resource), new AccessControlEntry(
                    principal, "*", AclOperation.fromString(name), AclPermissionType.ALLOW)));
        }
    }

    private static ResourcePattern pattern(String text) {
        if (text.equals("cluster")) {
            return new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);
        }
        Matcher resource = RESOURCE.matcher(text);
        if (!resource.matches()) {
            throw new AssertionError("a row about " + text);
        }
        ResourceType type = resource.group(1).equals("topic") ? ResourceType.TOPIC : ResourceType.GROUP;
        return new ResourcePattern(type, resource.group(3), resource.group(2) == null ? PatternType.LITERAL : PatternType.PREFIXED);
    }
}
