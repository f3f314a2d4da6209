package io.openshell.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Shares;
import io.openshell.wire.v1.SandboxTemplate;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateRulesTest {

    private static SandboxTemplate limits(String... namesAndValues) {
        Struct.Builder limits = Struct.newBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            limits.putFields(namesAndValues[i], Value.newBuilder().setStringValue(namesAndValues[i + 1]).build());
        }
        return SandboxTemplate.newBuilder().setResources(Struct.newBuilder()
                .putFields("limits", Value.newBuilder().setStructValue(limits).build())).build();
    }

    private static Refusal refusal(SandboxTemplate template) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> TemplateRules.basis(template));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @Test
    void aSilentTemplateStandsOnTheUsualOrOnTheDefaultImage() {
        assertThat(TemplateRules.basis(SandboxTemplate.getDefaultInstance())).isEqualTo(Basis.USUAL);
        assertThat(TemplateRules.basis(SandboxTemplate.getDefaultInstance(), "tools:1").source()).isEqualTo(new SandboxSource.Image("tools:1"));
        assertThat(TemplateRules.basis(SandboxTemplate.newBuilder().setImage("own:2").build(), "tools:1").source())
                .isEqualTo(new SandboxSource.Image("own:2"));
    }

    @ParameterizedTest
    @CsvSource({"500m, 500", "2, 2000", "0.25, 250"})
    void processorsAreCountedInThousandths(String text, long millis) {
        assertThat(TemplateRules.basis(limits("cpu", text)).shares().cpuMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"512Mi, 536870912", "1Gi, 1073741824", "1G, 1000000000", "1.5Gi, 1610612736", "67108864, 67108864"})
    void memoryTakesTheUsualUnits(String text, long bytes) {
        assertThat(TemplateRules.basis(limits("memory", text)).shares().memoryBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1Pi", "one", "1 Gi", "1e9", "99999999999999T", "1Ki"})
    void whatIsNoFitAmountOfMemoryIsRefused(String text) {
        assertThat(refusal(limits("memory", text)).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    @Test
    void whatNoNodeLimitsIsRefusedAndNotDropped() {
        assertThat(refusal(limits("gpu", "1")).status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(refusal(SandboxTemplate.newBuilder().setResources(Struct.newBuilder()
                .putFields("requests", Value.newBuilder().setStructValue(Struct.getDefaultInstance()).build())).build()).status())
                .isEqualTo(GrpcStatus.FAILED_PRECONDITION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rootfs:../etc", "rootfs:/", "rootfs:", "a b", "-x", "$(id)", "a\nb"})
    void aSourceIsAReferenceOrATreesName(String text) {
        assertThat(refusal(SandboxTemplate.newBuilder().setImage(text).build()).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    @Test
    void theTemplateShownSaysWhatWasAskedFor() {
        Basis basis = new Basis(new SandboxSource.Rootfs("tree-1"), new Shares(1500, 1 << 30, 100, 1 << 20));
        SandboxTemplate shown = TemplateRules.template(basis);
        assertThat(TemplateRules.basis(shown)).isEqualTo(basis);
        assertThat(shown.getResources().getFieldsMap()).isEqualTo(limits(
                "cpu", "1500m", "memory", "1Gi", "pids", "100", "disk", "1Mi").getResources().getFieldsMap());
        assertThat(Map.copyOf(shown.getResources().getFieldsMap())).hasSize(1);
    }
}
