package io.openshell.cli.command.sandbox;

import io.openshell.cli.command.Parsers;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A sandbox as users see it. */
public final class SandboxView {
    private SandboxView() {}

    /** The keys that lists show. */
    public static Map<String, @Nullable Object> summary(Sandbox sandbox) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", sandbox.getMetadata().getId());
        view.put("name", sandbox.getMetadata().getName());
        view.put("phase", phase(sandbox));
        view.put("workspace", sandbox.getMetadata().getWorkspace());
        view.put("labels", new TreeMap<>(sandbox.getMetadata().getLabelsMap()));
        view.put("annotations", new TreeMap<>(sandbox.getMetadata().getAnnotationsMap()));
        view.put("providers", List.copyOf(sandbox.getSpec().getProvidersList()));
        view.put("resource_version", sandbox.getMetadata().getResourceVersion());
        view.put("created_at", Parsers.time(sandbox.getMetadata().getCreatedAtMs()));
        view.put("current_policy_version", sandbox.getStatus().getCurrentPolicyVersion());
        return view;
    }

    /** The phase as one word. */
    public static String phase(Sandbox sandbox) {
        return word(sandbox.getStatus().getPhase());
    }

    /** Why it is in its phase, as its node or the gateway said; empty when nobody did. */
    static String reason(Sandbox sandbox) {
        return sandbox.getStatus().getConditionsList().stream().filter(each -> each.getType().equals("Ready")).findFirst()
                .map(ready -> ready.getMessage().isEmpty() ? ready.getReason() : ready.getMessage()).orElse("");
    }

    static String word(SandboxPhase phase) {
        return switch (phase) {
            case SANDBOX_PHASE_UNSPECIFIED -> "Unspecified";
            case SANDBOX_PHASE_PROVISIONING -> "Provisioning";
            case SANDBOX_PHASE_READY -> "Ready";
            case SANDBOX_PHASE_ERROR -> "Error";
            case SANDBOX_PHASE_DELETING -> "Deleting";
            case SANDBOX_PHASE_STOPPING -> "Stopping";
            case SANDBOX_PHASE_STOPPED -> "Stopped";
            case SANDBOX_PHASE_STARTING -> "Starting";
            case SANDBOX_PHASE_UNKNOWN, UNRECOGNIZED -> "Unknown";
        };
    }
}
