package io.openshell.log.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Reads client settings from a properties file. Only what says how to connect may stand in it; how the log is written and
 * read is the product's own business, and a setting that would change it is refused instead of ignored.
 */
public final class ClientFile {
    private static final List<String> ALLOWED = List.of("security.", "sasl.", "ssl.", "client.dns.", "socket.");

    private ClientFile() {}

    /**
     * The settings of the file, by name.
     *
     * @throws UnusableFile when it cannot be read or holds a setting that is not about connecting; never tells a value
     */
    public static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            // The parser's message may repeat part of the file.
            throw new UnusableFile("the client settings in " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        Map<String, String> settings = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (ALLOWED.stream().noneMatch(key::startsWith)) {
                throw new UnusableFile("the setting '" + key + "' in " + file + " is not about connecting; leave it out");
            }
            settings.put(key, properties.getProperty(key));
        }
        return settings;
    }

    /** The file does not do; the message says why. */
    public static final class UnusableFile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnusableFile(String message) {
            super(message);
        }
    }
}
