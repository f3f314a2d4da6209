package io.openshell.model.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveUpdateTest {
    private static final PolicyDocument CREATION = document(List.of("/usr"), List.of("/tmp"), "best_effort", "sandbox");

    @Test
    void networkRulesMayChangeFreely() {
        PolicyDocument next = CREATION.withNetworkPolicies(
                Map.of("k", PolicyValidatorTest.rule(NetworkEndpoint.plain("a.example.com", 443))));
        assertThat(LiveUpdate.check(CREATION, next)).isEmpty();
        assertThat(LiveUpdate.check(next, CREATION)).isEmpty();
    }

    @Test
    void pathsMayBeAddedButNotRemoved() {
        PolicyDocument more = document(List.of("/opt", "/usr"), List.of("/tmp", "/work"), "best_effort", "sandbox");
        assertThat(LiveUpdate.check(CREATION, more)).isEmpty();
        assertThat(LiveUpdate.check(more, CREATION)).hasSize(2);
    }

    @Test
    void workdirLandlockAndProcessAreFixed() {
        assertThat(LiveUpdate.check(CREATION, CREATION.withFilesystem(new FilesystemPolicy(true, List.of("/usr"), List.of("/tmp")))))
                .extracting(PolicyViolation::path).containsExactly("filesystem_policy.include_workdir");
        assertThat(LiveUpdate.check(CREATION, document(List.of("/usr"), List.of("/tmp"), "hard_requirement", "sandbox")))
                .extracting(PolicyViolation::path).containsExactly("landlock");
        assertThat(LiveUpdate.check(CREATION, document(List.of("/usr"), List.of("/tmp"), "best_effort", "1000")))
                .extracting(PolicyViolation::path).containsExactly("process");
    }

    @Test
    void writingADefaultIsNoChange() {
        assertThat(LiveUpdate.check(CREATION, document(List.of("/usr"), List.of("/tmp"), "", "sandbox"))).isEmpty();
        assertThat(LiveUpdate.check(PolicyDocument.empty(),
                PolicyDocument.empty().withFilesystem(new FilesystemPolicy(true, List.of(), List.of())))).isEmpty();
    }

    private static PolicyDocument document(List<String> readOnly, List<String> readWrite, String landlock, String user) {
        return new PolicyDocument(1, Optional.of(new FilesystemPolicy(false, readOnly, readWrite)),
                Optional.of(new LandlockPolicy(landlock)), Optional.of(new ProcessPolicy(user, "")), Collections.emptySortedMap(),
                Collections.emptySortedMap());
    }
}
