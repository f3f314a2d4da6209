package io.openshell.model.learn;

import io.openshell.model.egress.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * All denials of one program at one destination.
 *
 * @param count how many
 * @param stage {@code l4}, {@code l7} or {@code ssrf}: what the first was refused by
 * @param reason why the first was refused
 * @param samples distinct requests among them, at most {@link #MOST_SAMPLES}
 */
public record DenialGroup(
        String host,
        int port,
        String binary,
        long count,
        Instant first,
        Instant last,
        String stage,
        String reason,
        List<Sample> samples) {
    /** Distinct requests kept per group. */
    public static final int MOST_SAMPLES = 20;

    private static final int ID_CHARACTERS = 16;

    /** Keeps a copy. */
    public DenialGroup {
        samples = List.copyOf(samples);
    }

    /** A refused request. */
    public record Sample(String method, String path) {}

    private record Key(String host, int port, String binary) {}

    /** Groups denials, in the order of the first of each group. */
    public static List<DenialGroup> of(List<Denial> denials) {
        return apart(denials).stream().map(DenialGroup::ofOne).toList();
    }

    /** The denials of each group, in order; no list is empty. */
    public static List<List<Denial>> apart(List<Denial> denials) {
        Map<Key, List<Denial>> groups = new LinkedHashMap<>();
        for (Denial denial : denials) {
            groups.computeIfAbsent(key(denial), key -> new ArrayList<>()).add(denial);
        }
        return List.copyOf(groups.values());
    }

    private static Key key(Denial denial) {
        return new Key(denial.request().host().toLowerCase(Locale.ROOT), denial.request().port(),
                denial.request().caller().executable());
    }

    /** The group of denials of one program at one destination, at least one. */
    public static DenialGroup ofOne(List<Denial> denials) {
        Denial first = denials.getFirst();
        Key key = key(first);
        Set<Sample> samples = new LinkedHashSet<>();
        for (Denial denial : denials) {
            if (denial.request().isHttp() && samples.size() < MOST_SAMPLES) {
                samples.add(new Sample(denial.request().method().toUpperCase(Locale.ROOT), denial.request().path()));
            }
        }
        return new DenialGroup(key.host(), key.port(), key.binary(), denials.size(), first.time(),
                denials.getLast().time(), stage(first.code()), first.reason(), List.copyOf(samples));
    }

    private static String stage(ReasonCode code) {
        return switch (code) {
            case REQUEST_NOT_ALLOWED -> "l7";
            case SSRF_INTERNAL_ADDRESS -> "ssrf";
            default -> "l4";
        };
    }

    /**
     * The name of the group: the same for the same program and destination, whenever it is asked.
     *
     * @param within what tells groups of different sandboxes, or of different times, apart
     */
    public String id(String within) {
        try {
            byte[] text = (within + "\n" + host + "\n" + port + "\n" + binary).getBytes(StandardCharsets.UTF_8);
            String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
            return hash.substring(0, ID_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
