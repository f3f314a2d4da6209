package io.openshell.proxy.http;

import io.openshell.model.http.BadPathException;
import io.openshell.model.http.CanonicalPath;

/**
 * The target of a forwarded request.
 *
 * @param authority host and port, the port defaulted
 * @param path canonical absolute path
 * @param query the query with its question mark, byte for byte, or empty
 */
public record HttpUrl(Authority authority, String path, String query) {
    private static final int HTTP_PORT = 80;

    static HttpUrl parse(String afterScheme) throws MalformedHttpException, BadPathException {
        if (afterScheme.indexOf('#') >= 0) {
            throw new MalformedHttpException("the target has a fragment");
        }
        int end = firstOf(afterScheme, '/', '?');
        int question = afterScheme.indexOf('?');
        var authority = Authority.parse(afterScheme.substring(0, end), HTTP_PORT);
        var path = afterScheme.substring(end, question < 0 ? afterScheme.length() : question);
        var query = question < 0 ? "" : afterScheme.substring(question);
        return new HttpUrl(authority, CanonicalPath.of(path), query);
    }

    private static int firstOf(String text, char one, char other) {
        int index = 0;
        while (index < text.length() && text.charAt(index) != one && text.charAt(index) != other) {
            index++;
        }
        return index;
    }

    /** Leaves path and query out: a secret may stand in them. */
    @Override
    public String toString() {
        return "HttpUrl[" + authority + "]";
    }

    String originForm() {
        return path + query;
    }

    /**
     * Writes the Host field.
     *
     * @param defaultPort the port the field leaves out
     * @return its value
     */
    public String hostField(int defaultPort) {
        return authority.port() == defaultPort ? authority.bracketed() : authority.display();
    }
}
