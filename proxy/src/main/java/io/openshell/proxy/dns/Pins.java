package io.openshell.proxy.dns;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.DestinationCheck;
import io.openshell.model.egress.DestinationPlan;
import io.openshell.model.egress.DestinationPlanner;
import io.openshell.model.egress.DestinationVerdict;
import io.openshell.model.policy.NetworkEndpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which of a name's addresses may be connected to, by port, whoever asks. Pure. */
public final class Pins {
    private static final int MOST_ADDRESSES = 16;

    private Pins() {}

    /** The usable addresses of each port some endpoint names; ports without any are left out. */
    public static Map<Integer, List<InetAddress>> of(CompiledPolicy policy, String name, List<InetAddress> resolved) {
        List<InetAddress> few = resolved.subList(0, Math.min(resolved.size(), MOST_ADDRESSES));
        Map<Integer, List<InetAddress>> pinned = new HashMap<>();
        for (NetworkEndpoint endpoint : policy.captured(name)) {
            DestinationPlan plan = DestinationPlanner.plan(endpoint, name);
            for (int port : endpoint.ports()) {
                List<InetAddress> usable = few.stream().filter(each -> usable(plan, each, port)).toList();
                if (!usable.isEmpty()) {
                    pinned.merge(port, usable, Pins::both);
                }
            }
        }
        return Map.copyOf(pinned);
    }

    private static boolean usable(DestinationPlan plan, InetAddress address, int port) {
        return switch (DestinationCheck.check(plan, List.of(address), port)) {
            case DestinationVerdict.Accepted accepted -> true;
            case DestinationVerdict.Blocked blocked -> false;
        };
    }

    private static List<InetAddress> both(List<InetAddress> one, List<InetAddress> other) {
        List<InetAddress> all = new ArrayList<>(one);
        other.stream().filter(each -> !all.contains(each)).forEach(all::add);
        return List.copyOf(all);
    }
}
