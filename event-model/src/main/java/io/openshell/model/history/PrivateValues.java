package io.openshell.model.history;

import io.openshell.model.CommandRejected;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Event;
import io.openshell.model.EventSkipped;
import io.openshell.model.global.GlobalEvent;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.MiddlewareConfig;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.settings.SettingsEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Takes out of events what must not leave the log: values of environment variables, settings of
 * providers and of middlewares. Pure. */
public final class PrivateValues {

    /** Stands where a value stood. */
    public static final String MASK = "***";

    private PrivateValues() {}

    /**
     * An event without private values.
     *
     * @param what was masked; empty when the event is the same
     */
    public record Masked(Event event, List<String> what) {
        public Masked {
            what = List.copyOf(what);
        }
    }

    /** The event without its private values. */
    public static Masked mask(Event event) {
        return switch (event) {
            case SandboxEvent.SandboxRequested e -> requested(e);
            case SandboxEvent.PolicyRevisionStored e -> stored(e);
            case SandboxEvent e -> new Masked(e, List.of());
            case GlobalEvent.GlobalPolicySet e -> stored(e);
            case GlobalEvent.GlobalPolicyDeleted e -> new Masked(e, List.of());
            case SettingsEvent e -> new Masked(e, List.of());
            case ProviderEvent e -> new Masked(ProviderFacts.masked(e), ProviderFacts.hidden(e));
            case NodeEvent e -> new Masked(e, List.of());
            case CommandRejected e -> new Masked(e, List.of());
            case CommandUnchanged e -> new Masked(e, List.of());
            case EventSkipped e -> new Masked(e, List.of());
        };
    }

    private static Masked requested(SandboxEvent.SandboxRequested event) {
        SandboxRequest request = event.request();
        SandboxRequest.Launch launch = request.launch();
        if (launch.environment().isEmpty()) {
            return new Masked(event, List.of());
        }
        Map<String, String> masked = new HashMap<>();
        launch.environment().keySet().forEach(key -> masked.put(key, MASK));
        return new Masked(
                new SandboxEvent.SandboxRequested(new SandboxRequest(
                        request.sandboxId(), request.name(), request.workspace(), request.labels(), request.annotations(),
                        new SandboxRequest.Launch(launch.command(), launch.tty(), masked, launch.logLevel(), launch.basis()))),
                List.of("environment"));
    }

    private static Masked stored(SandboxEvent.PolicyRevisionStored event) {
        List<String> what = new ArrayList<>();
        PolicyDocument masked = mask(event.policy(), what);
        return new Masked(new SandboxEvent.PolicyRevisionStored(
                event.version(), event.hash(), masked, event.provenance()), what);
    }

    private static Masked stored(GlobalEvent.GlobalPolicySet event) {
        List<String> what = new ArrayList<>();
        PolicyDocument masked = mask(event.policy(), what);
        return new Masked(new GlobalEvent.GlobalPolicySet(event.version(), event.hash(), masked), what);
    }

    /** The policy without the settings of its middlewares; adds those that had any. The same when none had. */
    private static PolicyDocument mask(PolicyDocument policy, List<String> what) {
        Map<String, MiddlewareConfig> masked = new TreeMap<>();
        policy.middlewares().forEach((key, each) -> {
            if (!each.config().values().isEmpty()) {
                what.add("middleware " + key);
            }
            masked.put(key, new MiddlewareConfig(
                    each.name(), each.middleware(), each.order(), mask(each.config()), each.onError(), each.endpoints()));
        });
        return what.isEmpty() ? policy : policy.withMiddlewares(masked);
    }

    private static ConfigValue.Fields mask(ConfigValue.Fields fields) {
        SortedMap<String, ConfigValue> masked = new TreeMap<>();
        fields.values().keySet().forEach(key -> masked.put(key, new ConfigValue.Text(MASK)));
        return new ConfigValue.Fields(masked);
    }
}
