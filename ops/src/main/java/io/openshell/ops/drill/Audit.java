package io.openshell.ops.drill;

import io.openshell.cli.client.Rpc;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.KafkaTopicScan;
import io.openshell.log.kafka.Topics;
import io.openshell.model.EventEnvelope;
import io.openshell.model.sandbox.Phase;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.v1.ListSandboxesRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Holds what was acknowledged against what the log and every gateway say. */
final class Audit {

    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final Duration READ = Duration.ofSeconds(60);
    private static final Set<Phase> AT_REST = EnumSet.of(Phase.READY, Phase.STOPPED, Phase.ERROR);

    private Audit() {}

    /**
     * What was found.
     *
     * @param missing acknowledged as done, but not in the log
     * @param doubled in the log more than once
     * @param stuck sandboxes that came to no rest
     * @param differing gateways whose views are not those of the log
     */
    record Findings(List<String> missing, List<String> doubled, List<String> stuck, List<String> differing) {
        boolean clean() {
            return missing.isEmpty() && doubled.isEmpty() && stuck.isEmpty() && differing.isEmpty();
        }
    }

    static Findings of(Fleet fleet, Observer log, Ledger ledger) {
        List<String> stuck = settle(log);
        Map<String, Integer> effects = effects(fleet.log(), ledger);
        List<String> missing = new ArrayList<>();
        List<String> doubled = new ArrayList<>();
        ledger.all().forEach((id, what) -> {
            int count = effects.getOrDefault(id, 0);
            if (count == 0 && what.accepted()) {
                missing.add(what.what() + " " + what.stream() + " " + id);
            }
            if (count > 1) {
                doubled.add(what.what() + " " + what.stream() + " " + id + " x" + count);
            }
        });
        return new Findings(missing, doubled, stuck, differing(fleet, log));
    }

    private static List<String> settle(Observer log) {
        try {
            Waiting.until("every sandbox is at rest", SETTLE, () -> moving(log).isEmpty());
            return List.of();
        } catch (Waiting.DrillFailed late) {
            return moving(log);
        }
    }

    private static List<String> moving(Observer log) {
        return log.views().stream()
                .filter(view -> !AT_REST.contains(view.state().phase()))
                .map(view -> view.name() + " " + view.state().phase())
                .toList();
    }

    /** How often each command ended in the log: the last event of a command says that none follows. */
    private static Map<String, Integer> effects(KafkaSettings log, Ledger ledger) {
        Map<String, Integer> effects = new HashMap<>();
        Map<String, Ledger.Acknowledged> acknowledged = ledger.all();
        new KafkaTopicScan(log).read(Topics.EVENTS, Map.of(), record -> {
            EventEnvelope event = EventCodec.decode(record.value());
            String id = event.context().commandId().value();
            if (event.remaining() == 0 && acknowledged.containsKey(id)) {
                effects.merge(id, 1, Integer::sum);
            }
            return true;
        }, READ);
        return effects;
    }

    private static List<String> differing(Fleet fleet, Observer log) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < fleet.size(); i++) {
            int gateway = i;
            try {
                Waiting.until("views are equal", SETTLE, () -> seen(fleet, gateway).equals(told(log)));
            } catch (Waiting.DrillFailed late) {
                Set<String> more = seen(fleet, gateway);
                more.removeAll(told(log));
                found.add("gateway " + gateway + ": " + more);
            }
        }
        return found;
    }

    private static Set<String> seen(Fleet fleet, int gateway) {
        Set<String> seen = new TreeSet<>();
        fleet.client(gateway, Map.of()).call(Rpc.LIST, ListSandboxesRequest.newBuilder().setLimit(1_000).build())
                .getSandboxesList().forEach(each -> seen.add(each.getMetadata().getName() + " " + each.getMetadata().getId()
                        + " " + each.getStatus().getPhase().name().replace("SANDBOX_PHASE_", "")
                        + " " + each.getMetadata().getResourceVersion()));
        return seen;
    }

    private static Set<String> told(Observer log) {
        return log.views().stream().map(Audit::line).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String line(SandboxView view) {
        return view.name() + " " + view.id() + " " + view.state().phase() + " " + view.version();
    }
}
