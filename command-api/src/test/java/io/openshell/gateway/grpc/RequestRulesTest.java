package io.openshell.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.openshell.wire.sandbox.v1.FilesystemPolicy;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.GpuResourceRequirements;
import io.openshell.wire.v1.ResourceRequirements;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.SandboxTemplate;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "demo-1", "nineteen-characters"})
    void takesFitNames(String name) {
        assertThat(RequestRules.name("sandbox", name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "a--b", "Upper", "under_score", "twenty-characters-xx", "a/b", "a\n"})
    void refusesUnfitNames(String name) {
        assertThat(refusal(() -> RequestRules.name("sandbox", name)).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    @Test
    void refusesWhatCannotBeHonouredButTakesThePlainRequest() {
        assertThatCode(() -> create(SandboxSpec.newBuilder().addCommand("true"))).doesNotThrowAnyException();
        refusedAsUnserved(SandboxSpec.newBuilder().setTemplate(SandboxTemplate.newBuilder().setRuntimeClassName("x")));
        refusedAsUnserved(SandboxSpec.newBuilder().setResourceRequirements(
                ResourceRequirements.newBuilder().setGpu(GpuResourceRequirements.getDefaultInstance())));
    }

    @Test
    void keepsEnvironmentsWithinBoundsAndNeverRepeatsValues() {
        assertThatCode(() -> RequestRules.environment(Map.of("GOOD_1", "v"))).doesNotThrowAnyException();
        assertThat(refusal(() -> RequestRules.environment(Map.of("OPENSHELL_X", "v"))).status())
                .isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(refusal(() -> RequestRules.environment(Map.of("1X", "v"))).sentence()).contains("1X");
        assertThat(refusal(() -> RequestRules.environment(Map.of("BIG", "s".repeat(8_193)))).sentence())
                .doesNotContain("sss");
    }

    @Test
    void case52APolicyMayHave262144BytesAndNoMore() {
        assertThatCode(() -> RequestRules.policySize(262_144)).doesNotThrowAnyException();
        assertThat(refusal(() -> RequestRules.policySize(262_145)).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThatCode(() -> create(SandboxSpec.newBuilder().setPolicy(sized(262_144)))).doesNotThrowAnyException();
        assertThat(refusal(() -> create(SandboxSpec.newBuilder().setPolicy(sized(262_145)))).status())
                .isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    private static SandboxPolicy sized(int bytes) {
        var policy = SandboxPolicy.newBuilder().setVersion(1).setFilesystem(FilesystemPolicy.newBuilder().addReadOnly("/"));
        int missing = bytes - policy.build().getSerializedSize();
        while (missing != 0) {
            var path = new StringBuilder(policy.getFilesystem().getReadOnly(0));
            path.setLength(Math.max(1, path.length() + missing));
            policy.getFilesystemBuilder().setReadOnly(0, path.toString().replace('\0', 'x'));
            missing = bytes - policy.build().getSerializedSize();
        }
        return policy.build();
    }

    @Test
    void readsSelectorsAndLimits() {
        assertThat(RequestRules.selector("a=b, team/x=y")).isEqualTo(Map.of("a", "b", "team/x", "y"));
        assertThat(refusal(() -> RequestRules.selector("=b")).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(RequestRules.limit(0, 100)).isEqualTo(100);
        assertThat(RequestRules.limit(5_000, 100)).isEqualTo(1_000);
    }

    @Test
    void generatesOnlyFitAndFreeNames() {
        NameGenerator names = new NameGenerator(new Random(1));
        for (int i = 0; i < 500; i++) {
            assertThatCode(() -> RequestRules.name("sandbox", names.next(taken -> false))).doesNotThrowAnyException();
        }
        assertThat(refusal(() -> names.next(taken -> true)).status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
    }

    private static void create(SandboxSpec.Builder spec) {
        RequestRules.create(CreateSandboxRequest.newBuilder().setSpec(spec).build());
    }

    private static void refusedAsUnserved(SandboxSpec.Builder spec) {
        assertThat(refusal(() -> create(spec)).status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
    }

    private static Refusal refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        Refusal refusal = catchThrowableOfType(Refusal.class, call);
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
