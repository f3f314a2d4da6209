package io.openshell.model;

/** Why commands are refused. Names are stable for ever: they stand in the log and in clients' scripts. */
public enum RejectionCode {
    SANDBOX_NAME_TAKEN(Category.ALREADY_EXISTS),
    SANDBOX_UNKNOWN(Category.NOT_FOUND),
    SANDBOX_NOT_STOPPABLE(Category.FAILED_PRECONDITION),
    SANDBOX_NOT_STARTABLE(Category.FAILED_PRECONDITION),
    SANDBOX_NOT_READY(Category.FAILED_PRECONDITION),
    SANDBOX_BEING_DELETED(Category.FAILED_PRECONDITION),
    NO_PROCESS_STARTED(Category.FAILED_PRECONDITION),
    NO_NODE_AVAILABLE(Category.FAILED_PRECONDITION),
    REPORT_OUTDATED(Category.ABORTED),
    REPORTER_NOT_ASSIGNED(Category.PERMISSION_DENIED),
    POLICY_INVALID(Category.INVALID_ARGUMENT),
    POLICY_AMBIGUOUS(Category.FAILED_PRECONDITION),
    POLICY_STATIC_PART_CHANGED(Category.INVALID_ARGUMENT),
    POLICY_VERSION_UNKNOWN(Category.NOT_FOUND),
    GLOBAL_POLICY_IN_FORCE(Category.FAILED_PRECONDITION),
    DRAFT_STATUS(Category.FAILED_PRECONDITION),
    PROVIDER_NAME_TAKEN(Category.ALREADY_EXISTS),
    PROVIDER_UNKNOWN(Category.NOT_FOUND),
    PROVIDER_INVALID(Category.INVALID_ARGUMENT),
    PROVIDER_NOT_AVAILABLE(Category.FAILED_PRECONDITION),
    PROVIDER_IN_USE(Category.FAILED_PRECONDITION),
    CREDENTIAL_BINDING(Category.FAILED_PRECONDITION),
    CREDENTIALS_UNINSPECTED(Category.FAILED_PRECONDITION),
    VERSION_CONFLICT(Category.ABORTED),
    NODE_UNKNOWN(Category.NOT_FOUND),
    STREAM_POISONED(Category.FAILED_PRECONDITION),
    STREAM_OF_NEWER_RELEASE(Category.FAILED_PRECONDITION),
    STREAM_NOT_POISONED(Category.FAILED_PRECONDITION),
    COMMAND_ID_REUSED(Category.FAILED_PRECONDITION);

    /** The kinds of refusal a caller can tell apart; each transport maps them to its own codes once. */
    public enum Category {
        INVALID_ARGUMENT,
        NOT_FOUND,
        ALREADY_EXISTS,
        FAILED_PRECONDITION,
        PERMISSION_DENIED,
        ABORTED
    }

    private final Category category;

    RejectionCode(Category category) {
        this.category = category;
    }

    /** What kind of refusal this is. */
    public Category category() {
        return category;
    }
}
