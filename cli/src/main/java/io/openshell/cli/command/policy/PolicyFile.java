package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.policy.PolicyParseException;
import io.openshell.wire.policy.PolicyYaml;
import io.openshell.wire.sandbox.v1.PolicySource;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Policies as users write and read them. */
public final class PolicyFile {
    private PolicyFile() {}

    /**
     * Reads a policy file.
     *
     * @throws CliException when the file is missing or is not a policy; the message names file, place and problem
     */
    public static SandboxPolicy read(Path file) {
        try {
            return PolicyCodec.encode(PolicyYaml.parse(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (PolicyParseException e) {
            throw new CliException(file + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw new CliException("there is no policy file " + file + ".");
        } catch (IOException e) {
            throw new CliException("policy file " + file + " cannot be read: " + e.getMessage());
        }
    }

    /** The policy as YAML. */
    public static String text(SandboxPolicy policy) {
        return PolicyYaml.write(PolicyCodec.decode(policy));
    }

    /** The policy as maps and lists with the keys of its YAML. */
    public static @Nullable Object tree(SandboxPolicy policy) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(text(policy));
    }

    /** Where the policy in force comes from, as one word. */
    public static String source(PolicySource source) {
        return switch (source) {
            case POLICY_SOURCE_GLOBAL -> "global";
            case POLICY_SOURCE_SANDBOX -> "sandbox";
            case POLICY_SOURCE_UNSPECIFIED, UNRECOGNIZED -> "none";
        };
    }
}
