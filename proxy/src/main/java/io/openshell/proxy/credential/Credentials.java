package io.openshell.proxy.credential;

/** Where a proxy learns which credentials its sandbox may use now. Asked for every request: never blocks. Any thread. */
@FunctionalInterface
public interface Credentials {
    /** A sandbox without any. */
    Credentials NONE = () -> CredentialSet.NONE;

    /**
     * Says what there is at this moment.
     *
     * @return the set
     */
    CredentialSet now();
}
