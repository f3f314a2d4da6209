package io.openshell.proxy.http;

import java.util.Locale;

/**
 * A host and a port, as decisions are made about them.
 *
 * @param host lower-case host name or address literal, without brackets
 * @param port 1 to 65535
 */
public record Authority(String host, int port) {
    private static final int HOST_LENGTH = 253;

    /**
     * Reads {@code host:port} or {@code [v6]:port}.
     *
     * @param text the authority
     * @param defaultPort the port when none is given, or -1 when one must be
     * @return the parts
     * @throws MalformedHttpException when it is anything else, user information included
     */
    public static Authority parse(String text, int defaultPort) throws MalformedHttpException {
        int colon = text.startsWith("[") ? text.indexOf(':', text.indexOf(']') + 1) : text.indexOf(':');
        var host = colon < 0 ? text : text.substring(0, colon);
        int port = colon < 0 ? defaultPort : port(text.substring(colon + 1));
        if (port < 1) {
            throw new MalformedHttpException("the authority has no port");
        }
        return new Authority(host(host), port);
    }

    private static int port(String digits) throws MalformedHttpException {
        if (!Syntax.isDigits(digits) || digits.length() > 5) {
            throw new MalformedHttpException("the port is not a number");
        }
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw new MalformedHttpException("the port is out of range");
        }
        return port;
    }

    private static String host(String text) throws MalformedHttpException {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        var host = bracketed ? text.substring(1, text.length() - 1) : text;
        boolean wellFormed = bracketed
                ? host.indexOf(':') >= 0 && host.chars().allMatch(Authority::isAddressCharacter)
                : host.chars().allMatch(Authority::isNameCharacter);
        if (host.isEmpty() || host.length() > HOST_LENGTH || !wellFormed) {
            throw new MalformedHttpException("the host is malformed");
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private static boolean isAddressCharacter(int c) {
        return c == ':' || c == '.' || Character.digit(c, 16) >= 0 && c < 0x7f;
    }

    private static boolean isNameCharacter(int c) {
        return Syntax.isAlphanumeric(c) || c == '-' || c == '.' || c == '_';
    }

    /**
     * Writes it the way messages and log lines show it.
     *
     * @return {@code host:port}, IPv6 in brackets
     */
    public String display() {
        return bracketed() + ":" + port;
    }

    String bracketed() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
