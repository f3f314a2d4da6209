package io.openshell.model.prover;

/**
 * One way that a candidate policy opens and the current one does not.
 *
 * @param binary the program, or a pattern of programs
 * @param host the destination, or what the rule says about it
 * @param what more about it, may be empty
 */
public record Evidence(Category category, String binary, String host, int port, String what) {

    /** What kind of way it is. There are no grades: each is for a person to judge. */
    public enum Category {
        /** A program reaches link-local addresses, where clouds keep the credentials of machines. */
        LINK_LOCAL_REACH,
        /** A program reaches a host with credentials, and its requests there are not judged. */
        L7_BYPASS_CREDENTIALED,
        /** A program reaches a host with credentials. */
        CREDENTIAL_REACH_EXPANSION,
        /** A program that reaches a host with credentials can ask more of it. */
        CAPABILITY_EXPANSION;

        /** The category as reports name it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The evidence as one line. */
    public String text() {
        return category.word() + ": " + binary + " -> " + host + ":" + port + (what.isEmpty() ? "" : " " + what);
    }
}
