package io.openshell.model;

/**
 * Name of one aggregate's stream, for example {@code sandbox/default/demo}. It is the Kafka key, so a stream is totally
 * ordered.
 */
public record StreamId(Kind kind, String path) {

    /** Kinds of aggregate. */
    public enum Kind {
        SANDBOX,
        NODE,
        POLICY,
        PROVIDER,
        SETTINGS;

        String prefix() {
            return switch (this) {
                case SANDBOX -> "sandbox/";
                case NODE -> "node/";
                case POLICY -> "policy/";
                case PROVIDER -> "provider/";
                case SETTINGS -> "settings/";
            };
        }
    }

    /** Stream of the sandbox with this name. */
    public static StreamId sandbox(String workspace, String name) {
        return new StreamId(Kind.SANDBOX, workspace + "/" + name);
    }

    /** Stream of the node with this id. */
    public static StreamId node(String id) {
        return new StreamId(Kind.NODE, id);
    }

    /** Stream of the one policy that can stand instead of every sandbox's own. */
    public static StreamId globalPolicy() {
        return new StreamId(Kind.POLICY, "global");
    }

    /** Stream of the provider with this name. */
    public static StreamId provider(String workspace, String name) {
        return new StreamId(Kind.PROVIDER, workspace + "/" + name);
    }

    /** Stream of the settings that count for every sandbox. */
    public static StreamId settings() {
        return new StreamId(Kind.SETTINGS, "gateway");
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException when no kind of aggregate has such a stream
     */
    public static StreamId parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.prefix()) && text.length() > kind.prefix().length()) {
                return new StreamId(kind, text.substring(kind.prefix().length()));
            }
        }
        throw new IllegalArgumentException("no aggregate has a stream named '" + text + "'");
    }

    /** Whether this is the text form; without writing it. */
    public boolean isNamed(String text) {
        String prefix = kind.prefix();
        return text.length() == prefix.length() + path.length() && text.startsWith(prefix) && text.endsWith(path);
    }

    /** The workspace of what is named within one; empty for all else. */
    public String workspace() {
        int slash = path.indexOf('/');
        return switch (kind) {
            case SANDBOX, PROVIDER -> slash < 0 ? "" : path.substring(0, slash);
            case NODE, POLICY, SETTINGS -> "";
        };
    }

    /** The text form, as it stands in the log. */
    @Override
    public String toString() {
        return kind.prefix() + path;
    }
}
