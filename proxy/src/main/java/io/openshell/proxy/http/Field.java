package io.openshell.proxy.http;

/**
 * One header field as it was sent.
 *
 * @param name the name in the sender's spelling
 * @param value the value without surrounding blanks
 */
public record Field(String name, String value) {
    /**
     * Compares names the way HTTP does.
     *
     * @param other a field name in any case
     * @return true when this is that field
     */
    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    /** Leaves the value out: it may be a secret. */
    @Override
    public String toString() {
        return name;
    }
}
