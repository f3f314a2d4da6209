package io.openshell.cli.command.provider;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.ProviderRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.GetProviderProfileRequest;
import io.openshell.wire.v1.ProviderProfile;
import io.openshell.wire.v1.ProviderProfileCredential;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where secrets come from: variables of the environment or standard input. Never the command line, which every user of the
 * machine can read while the command runs.
 */
final class CredentialFlags {
    private static final int LONGEST = 64 * 1024;

    @Option(names = "--from-existing", description = "Take the credentials this type usually has from the environment.")
    boolean fromExisting;

    @Option(names = "--credential", paramLabel = "KEY", description = "Credential; its value is that of the environment variable KEY; repeatable.")
    List<String> credentials = new ArrayList<>();

    @Option(names = "--credential-stdin", paramLabel = "KEY", description = "Credential whose value is read from standard input.")
    @Nullable String fromInput;

    @Option(names = "--config", paramLabel = "KEY=VALUE", description = "Setting that is no secret; repeatable.")
    List<String> config = new ArrayList<>();

    @Option(names = "--credential-expires-at", paramLabel = "KEY=TIME",
            description = "When a credential ends: milliseconds since 1970 or RFC 3339; 0 for never; repeatable.")
    List<String> expiries = new ArrayList<>();

    boolean nameNone() {
        return !fromExisting && credentials.isEmpty() && fromInput == null;
    }

    /** The secrets by key; {@code removes} where {@code KEY=} takes one away. */
    Map<String, String> secrets(CliContext context, Session session, String type, boolean removes) {
        if (fromExisting && (!credentials.isEmpty() || fromInput != null)) {
            throw new CliException("--from-existing and --credential exclude each other.", ExitCodes.USAGE);
        }
        Map<String, String> secrets = new LinkedHashMap<>();
        if (fromExisting) {
            existing(context, session, type, secrets);
        }
        for (String each : credentials) {
            int equals = each.indexOf('=');
            if (equals < 0) {
                secrets.put(each, context.environment().get(each).orElseThrow(() -> new CliException(
                        "the environment variable " + each + " is not set or empty.")));
            } else if (removes && equals == each.length() - 1) {
                secrets.put(each.substring(0, equals), "");
            } else {
                throw new CliException("a secret on a command line can be read by every user of this machine; put it into the"
                        + " environment variable " + each.substring(0, equals) + " and write --credential "
                        + each.substring(0, equals) + ", or use --credential-stdin.", ExitCodes.USAGE);
            }
        }
        if (fromInput != null) {
            secrets.put(fromInput, input(context));
        }
        return secrets;
    }

    private static void existing(CliContext context, Session session, String type, Map<String, String> secrets) {
        ProviderProfile profile = session.client().call(ProviderRpc.PROFILE, GetProviderProfileRequest.newBuilder()
                .setId(type).setWorkspace(session.workspace()).build()).getProfile();
        for (ProviderProfileCredential credential : profile.getCredentialsList()) {
            credential.getEnvVarsList().forEach(
                    key -> context.environment().get(key).ifPresent(value -> secrets.put(key, value)));
        }
        if (secrets.isEmpty()) {
            List<String> names = profile.getCredentialsList().stream().flatMap(each -> each.getEnvVarsList().stream()).toList();
            throw new CliException("no credential found: " + (names.isEmpty()
                    ? "nothing is known about where type " + type + " keeps one."
                    : "none of " + String.join(", ", names) + " is set."));
        }
    }

    /** A line end that an editor or echo added is no part of it. */
    private static String input(CliContext context) {
        try {
            byte[] bytes = context.in().readNBytes(LONGEST);
            String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\r?\\n$", "");
            if (text.isEmpty()) {
                throw new CliException("standard input is empty.");
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read standard input", e);
        }
    }

    Map<String, Long> expiresAt() {
        Map<String, Long> times = new LinkedHashMap<>();
        Parsers.pairs("--credential-expires-at", expiries).forEach((key, text) -> times.put(key, millis(text)));
        return times;
    }

    private static long millis(String text) {
        if (text.matches("[0-9]{1,18}")) {
            return Long.parseLong(text);
        }
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw new CliException("'" + text + "' is no time; write milliseconds since 1970 or 2026-01-31T12:00:00Z.", ExitCodes.USAGE);
        }
    }
}
