package io.openshell.proxy.credential;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every credential one sandbox may use at one moment. Immutable, any thread. */
public final class CredentialSet {
    /** There is none. */
    public static final CredentialSet NONE = new CredentialSet(new TreeMap<>());

    /** Revisions of a provider whose placeholders are still understood, the newest included. */
    public static final int REVISIONS = 8;

    private static final Pattern REVISIONED = Pattern.compile("v([0-9]{1,18})_(.+)");
    private static final Pattern HANDLED = Pattern.compile("s([0-9a-f]{64})_(.+)");

    private final SortedMap<String, Credential> byKey;

    private CredentialSet(SortedMap<String, Credential> byKey) {
        this.byKey = byKey;
    }

    /**
     * A set of these; of two with one key the first counts.
     *
     * @param credentials the credentials
     * @return the set
     */
    public static CredentialSet of(Collection<Credential> credentials) {
        SortedMap<String, Credential> byKey = new TreeMap<>();
        credentials.forEach(each -> byKey.putIfAbsent(each.key(), each));
        return byKey.isEmpty() ? NONE : new CredentialSet(byKey);
    }

    /** What a name stands for in a request. */
    public sealed interface Resolution {
        /**
         * This.
         *
         * @param secret the value
         */
        record Value(SecretText secret) implements Resolution {}

        /** Something that may not go there. */
        record Misdirected() implements Resolution {}

        /**
         * Nothing that can be used.
         *
         * @param why in words, without the secret
         */
        record Unavailable(String why) implements Resolution {}
    }

    /**
     * Says what a placeholder's name stands for.
     *
     * @param name the name, in any of its forms
     * @param to where the request goes
     * @param now the time
     * @return what it stands for
     */
    public Resolution resolve(String name, Destination to, Instant now) {
        Optional<Credential> found = named(name);
        if (found.isEmpty()) {
            return new Resolution.Unavailable("no attached provider offers it");
        }
        Credential credential = found.get();
        boolean bound = to.boundProvider().filter(credential.provider()::equals).isPresent()
                || credential.endpoints().stream().anyMatch(each -> each.covers(to.host(), to.port(), to.path()));
        if (!bound) {
            return new Resolution.Misdirected();
        }
        if (credential.expiresAt().filter(at -> !now.isBefore(at)).isPresent()) {
            return new Resolution.Unavailable("it has expired");
        }
        return credential.value().<Resolution>map(Resolution.Value::new)
                .orElseGet(() -> new Resolution.Unavailable("its value is not there"));
    }

    /**
     * Gives a credential for the proxy's own use, whatever it is bound to.
     *
     * @param key its key
     * @param now the time
     * @return its value; empty when it is not there or has expired
     */
    public Optional<SecretText> secret(String key, Instant now) {
        return Optional.ofNullable(byKey.get(key))
                .filter(each -> each.expiresAt().map(now::isBefore).orElse(true))
                .flatMap(Credential::value);
    }

    private Optional<Credential> named(String name) {
        Credential plain = byKey.get(name);
        if (plain != null) {
            return Optional.of(plain);
        }
        Matcher revisioned = REVISIONED.matcher(name);
        if (revisioned.matches()) {
            long revision = Long.parseLong(revisioned.group(1));
            return Optional.ofNullable(byKey.get(revisioned.group(2)))
                    .filter(each -> revision <= each.revision() && revision > each.revision() - REVISIONS);
        }
        Matcher handled = HANDLED.matcher(name);
        return handled.matches()
                ? Optional.ofNullable(byKey.get(handled.group(2))).filter(each -> each.handle().equals(handled.group(1)))
                : Optional.empty();
    }

    /**
     * Says whether there is none.
     *
     * @return true when there is none
     */
    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    /**
     * Lists the names.
     *
     * @return the keys of all of them, in order
     */
    public Collection<String> keys() {
        return Collections.unmodifiableSet(byKey.keySet());
    }

    /**
     * Says whether some credential may be sent over connections to a host and port because of what it is.
     *
     * @param host the host
     * @param port the port
     * @return true when one may
     */
    public boolean reaches(String host, int port) {
        return byKey.values().stream().flatMap(each -> each.endpoints().stream()).anyMatch(each -> each.reaches(host, port));
    }

    /**
     * Says whether a provider is among those the credentials are of.
     *
     * @param provider its name
     * @return true when it is
     */
    public boolean isOf(String provider) {
        return byKey.values().stream().anyMatch(each -> each.provider().equals(provider));
    }

    /** Two sets are the same when each would fill in the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CredentialSet set && byKey.equals(set.byKey);
    }

    @Override
    public int hashCode() {
        return byKey.hashCode();
    }

    @Override
    public String toString() {
        return "CredentialSet" + byKey.keySet();
    }
}
