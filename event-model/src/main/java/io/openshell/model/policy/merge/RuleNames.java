package io.openshell.model.policy.merge;

import java.util.Locale;

/** Keys for entries nobody named. */
public final class RuleNames {
    private RuleNames() {}

    /** The key of an entry for one host and port, for example {@code allow_api_example_com_443}. */
    public static String of(String host, int port) {
        return "allow_" + host.toLowerCase(Locale.ROOT).replace('.', '_').replace('-', '_') + "_" + port;
    }
}
