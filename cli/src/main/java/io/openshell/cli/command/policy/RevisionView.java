package io.openshell.cli.command.policy;

import io.openshell.wire.v1.PolicyStatus;

/** Words for policy revisions. */
final class RevisionView {
    private static final int HASH_CHARACTERS = 12;

    private RevisionView() {}

    static String hash(String whole) {
        return whole.length() > HASH_CHARACTERS ? whole.substring(0, HASH_CHARACTERS) : whole;
    }

    static String status(PolicyStatus status) {
        return switch (status) {
            case POLICY_STATUS_PENDING -> "Pending";
            case POLICY_STATUS_LOADED -> "Loaded";
            case POLICY_STATUS_FAILED -> "Failed";
            case POLICY_STATUS_SUPERSEDED -> "Superseded";
            case POLICY_STATUS_UNSPECIFIED, UNRECOGNIZED -> "Unknown";
        };
    }
}
