package io.openshell.gateway.grpc;

import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.SandboxTemplate;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What requests must look like before they become commands. Pure; every violation is a {@link Refusal}. */
public final class RequestRules {

    /** Workspace when a request names none. */
    public static final String DEFAULT_WORKSPACE = "default";

    /** Longest name of a sandbox or workspace, in characters. */
    public static final int LONGEST_NAME = 19;

    private static final int MOST_ROWS = 1_000;
    private static final int MOST_ENTRIES = 128;
    private static final int MOST_SELECTOR_PAIRS = 64;
    private static final int LONGEST_KEY = 256;
    private static final int LONGEST_VALUE = 8_192;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_PREFIX = 253;
    private static final int LARGEST_TEXT = 262_144;
    private static final int MOST_ARGUMENTS = 256;
    private static final int LONGEST_LOG_LEVEL = 32;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");
    private static final Pattern ENVIRONMENT_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern LABEL_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
    private static final Pattern LABEL_PREFIX = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

    private RequestRules() {}

    /** The workspace a request means. */
    public static String workspace(String given) {
        if (given.isEmpty()) {
            return DEFAULT_WORKSPACE;
        }
        return name("workspace", given);
    }

    /** A name as given, once it is known to be fit. */
    public static String name(String what, String given) {
        require(!given.isEmpty(), what + " name is required");
        boolean fits = given.length() <= LONGEST_NAME && NAME.matcher(given).matches() && !given.contains("--");
        require(fits, what + " name '" + shortened(given)
                + "' must have 1 to 19 lower-case letters, digits or single hyphens, and start and end without a hyphen");
        return given;
    }

    /** Rows to return: 0 means the usual number, more than 1,000 are never returned. */
    public static int limit(int given, int usual) {
        return given == 0 ? usual : Integer.compareUnsigned(given, MOST_ROWS) > 0 ? MOST_ROWS : given;
    }

    /** Rows to leave out. */
    public static int offset(int given) {
        return given < 0 ? Integer.MAX_VALUE : given;
    }

    /** Reads {@code key=value,key=value}. */
    public static Map<String, String> selector(String text) {
        Map<String, String> pairs = new HashMap<>();
        if (text.isBlank()) {
            return pairs;
        }
        for (String part : text.split(",")) {
            int equal = part.indexOf('=');
            require(equal > 0, "a label selector is written key=value[,key=value...], not '" + shortened(text) + "'");
            pairs.put(part.substring(0, equal).trim(), part.substring(equal + 1).trim());
        }
        require(pairs.size() <= MOST_SELECTOR_PAIRS, "a label selector may have at most 64 pairs");
        pairs.forEach(RequestRules::label);
        return pairs;
    }

    /** Checks everything about a create but its policy. */
    public static void create(CreateSandboxRequest request) {
        require(request.hasSpec(), "spec is required");
        require(request.getLabelsCount() <= MOST_ENTRIES, "at most 128 labels are allowed");
        request.getLabelsMap().forEach(RequestRules::label);
        annotations(request.getAnnotationsMap());
        SandboxSpec spec = request.getSpec();
        environment(spec.getEnvironmentMap());
        environment(spec.getTemplate().getEnvironmentMap());
        require(spec.getLogLevel().length() <= LONGEST_LOG_LEVEL, "log_level may have at most 32 characters");
        command(spec.getCommandList());
        policySize(spec.getPolicy().getSerializedSize());
        requireServed(spec);
    }

    /** Checks annotations. */
    public static void annotations(Map<String, String> annotations) {
        require(annotations.size() <= MOST_ENTRIES, "at most 128 annotations are allowed");
        annotations.forEach((key, value) -> {
            require(!key.isEmpty() && key.length() <= LONGEST_KEY, "an annotation key must have 1 to 256 characters");
            require(value.length() <= LONGEST_VALUE, "annotation '" + key + "' may have at most 8192 characters");
        });
    }

    /** Checks the encoded size of a policy, in bytes. */
    public static void policySize(int bytes) {
        require(bytes <= LARGEST_TEXT, "a policy may have at most 262144 bytes");
    }

    /** Checks environment variables; values are never repeated in a message. */
    public static void environment(Map<String, String> environment) {
        require(environment.size() <= MOST_ENTRIES, "at most 128 environment variables are allowed");
        long total = 0;
        for (Map.Entry<String, String> entry : environment.entrySet()) {
            String key = entry.getKey();
            require(key.length() <= LONGEST_KEY && ENVIRONMENT_KEY.matcher(key).matches(),
                    "environment key '" + shortened(key) + "' must be a word of letters, digits and underscores");
            require(!key.startsWith("OPENSHELL_"), "environment keys beginning with OPENSHELL_ are reserved");
            require(bytes(entry.getValue()) <= LONGEST_VALUE, "environment variable " + key + " may have at most 8192 bytes");
            require(entry.getValue().indexOf('\0') < 0, "environment variable " + key + " contains a NUL");
            total += bytes(key) + bytes(entry.getValue());
        }
        require(total <= LARGEST_TEXT, "the environment may have at most 262144 bytes");
    }

    private static void command(List<String> command) {
        require(command.size() <= MOST_ARGUMENTS, "the main command may have at most 256 arguments");
        long total = command.stream().mapToLong(RequestRules::bytes).sum();
        require(total <= LARGEST_TEXT, "the main command may have at most 262144 bytes");
        require(command.stream().noneMatch(argument -> argument.indexOf('\0') >= 0),
                "an argument of the main command contains a NUL");
        require(command.isEmpty() || !command.get(0).isEmpty(), "the main command is empty");
    }

    private static void label(String key, String value) {
        int slash = key.indexOf('/');
        String name = key.substring(slash + 1);
        boolean prefixFits = slash < 0
                || slash <= LONGEST_PREFIX && LABEL_PREFIX.matcher(key.substring(0, slash)).matches();
        boolean nameFits = name.length() <= LONGEST_LABEL && LABEL_NAME.matcher(name).matches();
        require(prefixFits && nameFits, "label key '" + shortened(key) + "' is not an optional DNS prefix and a name of at most 63");
        boolean valueFits = value.isEmpty()
                || value.length() <= LONGEST_LABEL && LABEL_NAME.matcher(value).matches();
        require(valueFits, "the value of label '" + key + "' must have at most 63 letters, digits, dots, hyphens or underscores");
    }

    // What the gateway cannot honour is refused, never dropped.
    private static void requireServed(SandboxSpec spec) {
        served(!spec.getResourceRequirements().hasGpu(), "no node offers a GPU");
        SandboxTemplate template = spec.getTemplate();
        TemplateRules.basis(template);
        served(template.getDriverConfig().getFieldsCount() == 0, "no driver takes a configuration; leave driver_config out");
        served(template.getRuntimeClassName().isEmpty(), "no node knows runtime classes; leave runtime_class_name out");
        served(!template.getUserNamespaces(), "user namespaces cannot be asked for; leave user_namespaces out");
        served(template.getAgentSocket().isEmpty(), "an agent socket cannot be asked for; leave agent_socket out");
    }

    private static void served(boolean condition, String sentence) {
        if (!condition) {
            throw Refusal.precondition(sentence);
        }
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw Refusal.invalid(sentence);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "...";
    }
}
