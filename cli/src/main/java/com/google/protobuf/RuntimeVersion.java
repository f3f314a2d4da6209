package com.google.protobuf;

/**
 * Stands in the command line before the class of this name in the runtime library, which sets up logging and number formats
 * before it compares: a tenth of a short command's time. Compares the same, and refuses where the library's class would.
 */
public final class RuntimeVersion {
    private static final int MAJOR = 4;
    private static final int MINOR = 36;

    private RuntimeVersion() {}

    /** Who publishes a runtime. */
    public enum RuntimeDomain {
        GOOGLE_INTERNAL,
        PUBLIC
    }

    /**
     * Called by generated classes when they are initialised.
     *
     * @throws IllegalStateException when the class was generated for another runtime than the one this command line is built with
     */
    public static void validateProtobufGencodeVersion(
            RuntimeDomain domain, int major, int minor, int patch, String suffix, String location) {
        if (domain != RuntimeDomain.PUBLIC || major != MAJOR || minor > MINOR) {
            throw new IllegalStateException(location + " was generated for protobuf " + major + "." + minor + "." + patch + suffix
                    + ", and this command line has " + MAJOR + "." + MINOR);
        }
    }
}
