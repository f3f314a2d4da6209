package io.openshell.agent.runtime;

/**
 * The certificates shown to a sandbox so that its programs believe its proxy. No key is among them.
 *
 * @param authority the sandbox's own authority as PEM; empty when there is none
 * @param bundle the machine's authorities and the sandbox's as PEM
 * @param javaStore the same for Java programs, as a JKS file
 */
public record TrustFiles(String authority, String bundle, byte[] javaStore) {
    /** No authority: programs are told nothing about certificates. */
    public static final TrustFiles NONE = new TrustFiles("", "", new byte[0]);

    /** Where they are seen inside: below a directory of the sandbox's own root, so that the host needs no such place. */
    public static final String DIRECTORY = "/run/openshell-tls";

    /** File with {@link #authority()}. */
    public static final String AUTHORITY_FILE = "openshell-ca.pem";

    /** File with {@link #bundle()}. */
    public static final String BUNDLE_FILE = "ca-bundle.pem";

    /** File with {@link #javaStore()}. */
    public static final String JAVA_FILE = "java-truststore.jks";

    /** Keeps its own copy. */
    public TrustFiles {
        javaStore = javaStore.clone();
    }

    @Override
    public byte[] javaStore() {
        return javaStore.clone();
    }

    /** Whether there is anything to show. */
    public boolean isEmpty() {
        return authority.isEmpty();
    }

    @Override
    public String toString() {
        return "TrustFiles[" + (isEmpty() ? "none" : bundle.length() + " characters") + "]";
    }
}
