package io.openshell.model.policy.merge;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.RequestMatch;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One small change of the network rules of a policy. */
public sealed interface MergeOperation {

    /**
     * Lets the rule's programs reach the rule's endpoints, in a new entry or merged into one that exists.
     *
     * @param key wanted key of the entry
     */
    record AddRule(String key, NetworkRule rule) implements MergeOperation {
        /** Refuses missing parts. */
        public AddRule {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(rule, "rule");
        }
    }

    /** Drops an entry. Nothing happens when there is none. */
    record RemoveRule(String key) implements MergeOperation {
        /** Refuses a missing key. */
        public RemoveRule {
            Objects.requireNonNull(key, "key");
        }
    }

    /** Takes one port away from every endpoint of this host, in one entry or in all. Nothing happens when there is none. */
    record RemoveEndpoint(Optional<String> key, String host, int port) implements MergeOperation {
        /** Refuses missing parts. */
        public RemoveEndpoint {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(host, "host");
        }
    }

    /** Allows more requests at the one endpoint of this host and port. */
    record AddAllow(String host, int port, List<AllowRule> rules) implements MergeOperation {
        /** Refuses missing parts. */
        public AddAllow {
            Objects.requireNonNull(host, "host");
            rules = List.copyOf(rules);
        }
    }

    /** Refuses requests at the one endpoint of this host and port, whatever else allows them. */
    record AddDeny(String host, int port, List<RequestMatch> rules) implements MergeOperation {
        /** Refuses missing parts. */
        public AddDeny {
            Objects.requireNonNull(host, "host");
            rules = List.copyOf(rules);
        }
    }

    /** Takes a program out of an entry; the entry goes with its last program. Nothing happens when it is not named there. */
    record RemoveBinary(String key, String path) implements MergeOperation {
        /** Refuses missing parts. */
        public RemoveBinary {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(path, "path");
        }
    }
}
