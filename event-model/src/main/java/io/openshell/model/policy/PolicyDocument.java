package io.openshell.model.policy;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One complete sandbox policy. Immutable and safe to share between threads.
 *
 * <p>A document may hold values no validation accepts (an unknown protocol, say): such values must survive a round trip so that
 * {@link PolicyValidator} can name them. Nothing may be enforced from a document that has not been validated.
 *
 * @param version schema version of the document; only 1 is accepted by {@link PolicyValidator}
 * @param filesystem readable and writable paths; absent means the driver's defaults
 * @param landlock how strictly the file rules bind; absent means that missing paths are left out
 * @param process identity inside the sandbox; absent means the driver decides
 * @param networkPolicies rules by key; empty denies all egress
 * @param middlewares request middlewares by key
 */
public record PolicyDocument(
        int version,
        Optional<FilesystemPolicy> filesystem,
        Optional<LandlockPolicy> landlock,
        Optional<ProcessPolicy> process,
        SortedMap<String, NetworkRule> networkPolicies,
        SortedMap<String, MiddlewareConfig> middlewares) {

    /** The only schema version there is. */
    public static final int CURRENT_VERSION = 1;

    public PolicyDocument {
        // A section that says nothing is the same as none, so that both have one text and one hash.
        process = process.filter(section -> !section.isEmpty());
        networkPolicies = Sorted.copyOf(networkPolicies);
        middlewares = Sorted.copyOf(middlewares);
    }

    /** A document with no section at all: everything optional is left to defaults and all egress is denied. */
    public static PolicyDocument empty() {
        return new PolicyDocument(CURRENT_VERSION, Optional.empty(), Optional.empty(), Optional.empty(),
                Collections.emptySortedMap(), Collections.emptySortedMap());
    }

    /** This document with other network rules. */
    public PolicyDocument withNetworkPolicies(Map<String, NetworkRule> rules) {
        return new PolicyDocument(version, filesystem, landlock, process, new TreeMap<>(rules), middlewares);
    }

    /** This document with another file section. */
    public PolicyDocument withFilesystem(FilesystemPolicy next) {
        return new PolicyDocument(version, Optional.of(next), landlock, process, networkPolicies, middlewares);
    }

    /** This document with other middlewares. */
    public PolicyDocument withMiddlewares(Map<String, MiddlewareConfig> next) {
        return new PolicyDocument(version, filesystem, landlock, process, networkPolicies, new TreeMap<>(next));
    }
}
