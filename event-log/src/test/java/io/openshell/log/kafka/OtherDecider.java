package io.openshell.log.kafka;

import java.io.IOException;
import java.util.Map;

/**
 * A deciding process of its own, to be killed or frozen. Prints its owned partitions as they change; a command that
 * starts with {@code hold} prints {@code deciding} and waits for a line on standard input, {@code die} ends it at once.
 */
final class OtherDecider {
    private OtherDecider() {}

    public static void main(String[] args) throws IOException {
        // Settings with a secret in them come by standard input, never by the command line.
        var lines = new java.io.BufferedReader(new java.io.InputStreamReader(System.in));
        KafkaSettings settings = new KafkaSettings(args[0], (short) 1, security(lines));
        Collector collector = new Collector();
        KafkaFollower fold = KafkaFollower.follow(settings, Topics.EVENTS, Map.of(), collector, collector);
        var ports = new KafkaDeciderLoop.Ports(
                new EchoPort(fold, OtherDecider::act), collector, s -> System.out.println("owns " + s.deciding().size()));
        KafkaDeciderLoop.start(settings, "other", ports);
        while (true) {
            Await.until("killed", java.time.Duration.ofMinutes(2), () -> false);
        }
    }

    private static Map<String, String> security(java.io.BufferedReader lines) throws IOException {
        Map<String, String> security = new java.util.HashMap<>();
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            int equals = line.indexOf('=');
            security.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return security;
    }

    private static void act(String text) {
        try {
            if (text.startsWith("hold")) {
                System.out.println("deciding");
                int ignored = System.in.read();
            } else if (text.startsWith("die")) {
                System.out.println("dying");
                Runtime.getRuntime().halt(9);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
