package io.openshell.proxy.credential;

import io.openshell.model.provider.Placeholders;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Fills placeholders of one request in, text by text, and remembers what could not be. One thread. */
final class Filling {
    private final CredentialSet credentials;
    private final Destination to;
    private final Instant now;
    private int filled;
    private boolean misdirected;
    private Optional<String> unavailable = Optional.empty();

    Filling(CredentialSet credentials, Destination to, Instant now) {
        this.credentials = credentials;
        this.to = to;
        this.now = now;
    }

    /** The text with every placeholder replaced by its value in this encoding. Those that cannot be are left in. */
    String fill(String text, UnaryOperator<String> encoding) {
        var out = new StringBuilder(text.length());
        int from = 0;
        for (var next = Placeholders.next(text, 0); next.isPresent(); next = Placeholders.next(text, from)) {
            var found = next.get();
            out.append(text, from, found.start());
            switch (credentials.resolve(found.name(), to, now)) {
                case CredentialSet.Resolution.Value value -> {
                    out.append(encoding.apply(value.secret().text()));
                    filled++;
                }
                case CredentialSet.Resolution.Misdirected no -> misdirected = true;
                case CredentialSet.Resolution.Unavailable no -> refuse(no.why());
            }
            from = found.end();
        }
        return out.append(text, from, text.length()).toString();
    }

    /** Says that a placeholder cannot be filled in where it stands. */
    void refuse(String why) {
        unavailable = unavailable.or(() -> Optional.of(why));
    }

    int filled() {
        return filled;
    }

    boolean isMisdirected() {
        return misdirected;
    }

    Optional<String> unavailable() {
        return unavailable;
    }
}
