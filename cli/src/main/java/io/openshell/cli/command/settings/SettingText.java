package io.openshell.cli.command.settings;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.model.settings.SettingKey;
import io.openshell.wire.sandbox.v1.SettingScope;
import io.openshell.wire.sandbox.v1.SettingValue;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings as people write and read them. Pure. */
final class SettingText {
    private static final Set<String> YES = Set.of("true", "yes", "y", "on", "1");
    private static final Set<String> NO = Set.of("false", "no", "n", "off", "0");

    private SettingText() {}

    /** The value of a key; what a key unknown here can be, the gateway knows. */
    static SettingValue parse(String key, String text) {
        boolean flag = SettingKey.of(key).map(known -> known.words().isEmpty()).orElse(false);
        if (!flag) {
            return SettingValue.newBuilder().setStringValue(text).build();
        }
        String word = text.toLowerCase(Locale.ROOT);
        if (!YES.contains(word) && !NO.contains(word)) {
            throw new CliException("'" + key + "' is true or false (also yes, no, on, off, 1, 0), not '" + text + "'.", ExitCodes.USAGE);
        }
        return SettingValue.newBuilder().setBoolValue(YES.contains(word)).build();
    }

    /** A value in words; null for none. */
    static @Nullable String text(SettingValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BYTES_VALUE -> "<bytes>";
            case VALUE_NOT_SET -> null;
        };
    }

    static String line(String key, SettingValue value, String scope) {
        return "  " + key + " = " + Optional.ofNullable(text(value)).orElse("<unset>") + " (" + scope + ")\n";
    }

    static String scope(SettingScope scope) {
        return switch (scope) {
            case SETTING_SCOPE_SANDBOX -> "sandbox";
            case SETTING_SCOPE_GLOBAL -> "global";
            case SETTING_SCOPE_UNSPECIFIED, UNRECOGNIZED -> "unset";
        };
    }
}
