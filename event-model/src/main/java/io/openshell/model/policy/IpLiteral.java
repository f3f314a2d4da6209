package io.openshell.model.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Strict reading of IP literals. Unlike the JDK's own parsing it never falls back to a name lookup and knows no short, octal or
 * hexadecimal IPv4 forms: those count as names, so that the check of the resolved address judges them.
 */
public final class IpLiteral {
    private static final int GROUPS = 8;

    private IpLiteral() {}

    /** The address a text spells, or empty when it is not an IP literal. */
    public static Optional<InetAddress> parse(String text) {
        return bytes(text).map(IpLiteral::address);
    }

    /** The 4 or 16 bytes a text spells, or empty when it is not an IP literal. */
    static Optional<byte[]> bytes(String text) {
        if (text.indexOf(':') < 0) {
            return ipv4(text);
        }
        return text.length() > 45 ? Optional.empty() : ipv6(text);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes was built", e);
        }
    }

    private static Optional<byte[]> ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        byte[] result = new byte[4];
        for (int i = 0; i < 4; i++) {
            int value = number(parts[i], 10, 3);
            boolean padded = parts[i].length() > 1 && parts[i].charAt(0) == '0';
            if (value < 0 || value > 255 || padded) {
                return Optional.empty();
            }
            result[i] = (byte) value;
        }
        return Optional.of(result);
    }

    private static Optional<byte[]> ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text).filter(found -> found.size() == GROUPS).map(found -> join(found, List.of()));
        }
        String head = text.substring(0, gap);
        String tail = text.substring(gap + 2);
        Optional<List<Integer>> left = head.contains(".") ? Optional.empty() : groups(head);
        Optional<List<Integer>> right = groups(tail);
        if (left.isEmpty() || right.isEmpty() || left.get().size() + right.get().size() >= GROUPS) {
            return Optional.empty();
        }
        return Optional.of(join(left.get(), right.get()));
    }

    private static Optional<List<Integer>> groups(String text) {
        List<Integer> found = new ArrayList<>();
        if (text.isEmpty()) {
            return Optional.of(found);
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            Optional<byte[]> dotted = i == parts.length - 1 && parts[i].contains(".") ? ipv4(parts[i]) : Optional.empty();
            if (dotted.isPresent()) {
                byte[] four = dotted.get();
                found.add((four[0] & 0xff) << Byte.SIZE | four[1] & 0xff);
                found.add((four[2] & 0xff) << Byte.SIZE | four[3] & 0xff);
                continue;
            }
            int value = number(parts[i], 16, 4);
            if (value < 0) {
                return Optional.empty();
            }
            found.add(value);
        }
        return Optional.of(found);
    }

    private static byte[] join(List<Integer> left, List<Integer> right) {
        byte[] result = new byte[2 * GROUPS];
        for (int i = 0; i < left.size(); i++) {
            put(result, i, left.get(i));
        }
        for (int i = 0; i < right.size(); i++) {
            put(result, GROUPS - right.size() + i, right.get(i));
        }
        return result;
    }

    private static void put(byte[] target, int group, int value) {
        target[2 * group] = (byte) (value >> Byte.SIZE);
        target[2 * group + 1] = (byte) value;
    }

    private static int number(String text, int radix, int maxDigits) {
        boolean plain = !text.isEmpty() && text.length() <= maxDigits
                && text.chars().allMatch(c -> c < 128 && Character.digit(c, radix) >= 0);
        return plain ? Integer.parseInt(text, radix) : -1;
    }
}
