package io.openshell.proxy;

import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.RequestHead;
import io.openshell.proxy.http.RequestTarget;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is asked of {@code http://policy.local}. Pure. */
sealed interface LocalRequest {
    /** The name, which no policy can open and no resolver is asked for. */
    String HOST = "policy.local";

    /** Longest body of a proposal, in bytes. */
    int LONGEST_BODY = 64 * 1024;

    /** Whether a request is about this host, by whatever scheme and port. */
    static boolean concerns(RequestHead head) {
        var target = head.target().toLowerCase(Locale.ROOT);
        for (var scheme : List.of("http://", "https://")) {
            if (target.startsWith(scheme + HOST)) {
                var after = target.substring(scheme.length() + HOST.length());
                return after.isEmpty() || "/:?#".indexOf(after.charAt(0)) >= 0 || after.startsWith(".")
                        && (after.length() == 1 || "/:?#".indexOf(after.charAt(1)) >= 0);
            }
        }
        return false;
    }

    /** The policy in force. */
    record Policy() implements LocalRequest {}

    /** The newest refusals. */
    record Denials(int most) implements LocalRequest {}

    /** A proposal follows, of so many bytes. */
    record Propose(int bytes) implements LocalRequest {}

    /** Where a proposal stands. */
    record Find(String id) implements LocalRequest {}

    /** Where it stands once it is decided. */
    record Await(String id, Duration longest) implements LocalRequest {}

    /** Not worth an answer. */
    record Drop() implements LocalRequest {}

    /** It is not answered, for this reason. */
    record Refused(int status, String error, String detail) implements LocalRequest {}

    /**
     * Reads a request that concerns this host.
     *
     * @param enabled whether anything is answered
     */
    static LocalRequest of(RequestHead head, boolean enabled) {
        return switch (RequestTarget.of(head)) {
            case RequestTarget.Forward forward when forward.url().authority().port() == 80 ->
                enabled ? Routes.route(head, forward.url()) : new Refused(404, "feature_disabled",
                        "proposals by programs are not enabled; the setting is agent_policy_proposals_enabled");
            case RequestTarget.Forward elsewhere -> badScheme();
            case RequestTarget.NeedsTunnel https -> badScheme();
            case RequestTarget.Unsupported unsupported -> new Refused(400, unsupported.error(), unsupported.detail());
            case RequestTarget.Unreadable unreadable -> new Refused(400, "invalid_request_target", unreadable.reason());
            case RequestTarget.Tunnel tunnel -> badScheme();
            case RequestTarget.Hopeless hopeless -> badScheme();
        };
    }

    private static Refused badScheme() {
        return new Refused(400, "invalid_policy_local_scheme", "policy.local speaks http on port 80 only");
    }

    /** Path by path. */
    final class Routes {
        private static final Pattern PROPOSAL = Pattern.compile("/v1/proposals/([A-Za-z0-9-]{1,64})(/wait)?");
        private static final int USUAL_DENIALS = 10;
        private static final int MOST_DENIALS = 100;
        private static final int USUAL_WAIT = 60;
        private static final int LONGEST_WAIT = 300;

        private Routes() {}

        private static LocalRequest route(RequestHead head, HttpUrl url) {
            var proposal = PROPOSAL.matcher(url.path());
            if (url.path().equals("/v1/proposals")) {
                return head.method().equals("POST") ? propose(head) : method("POST");
            }
            boolean known = url.path().equals("/v1/policy/current") || url.path().equals("/v1/denials") || proposal.matches();
            if (!known) {
                return new Refused(404, "not_found", "there is nothing at " + url.path());
            }
            if (!head.method().equals("GET")) {
                return method("GET");
            }
            return switch (url.path()) {
                case "/v1/policy/current" -> new Policy();
                case "/v1/denials" -> denials(number(url, "last", USUAL_DENIALS, MOST_DENIALS));
                default -> proposal(proposal, url);
            };
        }

        private static LocalRequest denials(OptionalInt most) {
            return most.isPresent() ? new Denials(most.getAsInt()) : badNumber("last", MOST_DENIALS);
        }

        private static LocalRequest proposal(Matcher proposal, HttpUrl url) {
            if (proposal.group(2) == null) {
                return new Find(proposal.group(1));
            }
            var seconds = number(url, "timeout", USUAL_WAIT, LONGEST_WAIT);
            return seconds.isPresent()
                    ? new Await(proposal.group(1), Duration.ofSeconds(seconds.getAsInt())) : badNumber("timeout", LONGEST_WAIT);
        }

        private static LocalRequest propose(RequestHead head) {
            return switch (head.framing()) {
                case BodyFraming.None none -> new Propose(0);
                case BodyFraming.Length length -> length.bytes() <= LONGEST_BODY ? new Propose((int) length.bytes()) : new Drop();
                case BodyFraming.Chunked chunked -> new Drop();
                case BodyFraming.UntilClose untilClose -> new Drop();
            };
        }

        /** A number of the query brought between 1 and the most; empty when it is no number. */
        private static OptionalInt number(HttpUrl url, String name, int usual, int most) {
            var found = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(url.query());
            if (!found.find()) {
                return OptionalInt.of(usual);
            }
            return found.group(1).matches("[0-9]{1,6}")
                    ? OptionalInt.of(Math.clamp(Integer.parseInt(found.group(1)), 1, most)) : OptionalInt.empty();
        }

        private static Refused badNumber(String name, int most) {
            return new Refused(400, "invalid_query", name + " is a number from 1 to " + most);
        }

        private static Refused method(String only) {
            return new Refused(405, "method_not_allowed", "only " + only + " is answered here");
        }
    }
}
