package io.openshell.wire.events;

import java.util.regex.Pattern;

/** Names of enum constants as they stand in records. */
final class Names {

    private static final Pattern WELL_FORMED = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    private Names() {}

    /**
     * The constant of this name.
     *
     * @throws UndecodableRecord when this release has none; a name that could be one is taken for a newer release's
     */
    static <E extends Enum<E>> E of(Class<E> type, String name) {
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            if (WELL_FORMED.matcher(name).matches()) {
                throw UndecodableRecord.ofNewerRelease(type.getSimpleName() + " " + name);
            }
            throw new UndecodableRecord("a " + type.getSimpleName() + " that is no name", e);
        }
    }
}
