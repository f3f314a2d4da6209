package io.openshell.log.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * What the broker inside a process asks of every client: loopback is open to all users of the machine, the log is not. Made
 * once, kept in a file only its owner can read.
 */
record BrokerSecret(String value) {
    private static final String FILE = "broker.secret";
    private static final String USER = "openshell";
    private static final int BYTES = 32;

    static BrokerSecret of(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            BrokerSecret kept = kept(directory);
            if (kept.value.matches("[0-9a-f]{64}")) {
                return kept;
            }
            Files.delete(file); // cut short by a full disk or a kill; nobody else knows it
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String made = HexFormat.of().formatHex(random);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
            channel.write(java.nio.ByteBuffer.wrap(made.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        }
        return new BrokerSecret(made);
    }

    /** The secret of a broker that was started before. */
    static BrokerSecret kept(Path directory) throws IOException {
        return new BrokerSecret(Files.readString(directory.resolve(FILE)).strip());
    }

    /** For the broker's side of a connection, and for the broker as a client of itself. */
    String serverLogin() {
        return login() + " user_" + USER + "=\"" + value + "\";";
    }

    Map<String, String> clientSettings() {
        return Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", login() + ";");
    }

    private String login() {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + USER + "\" password=\""
                + value + "\"";
    }

    @Override
    public String toString() {
        return "BrokerSecret[hidden]";
    }
}
