package io.openshell.model.learn;

import io.openshell.model.egress.AddressClass;
import io.openshell.model.policy.IpLiteral;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What somebody should think about before approving a rule. */
public final class SecurityNotes {
    private static final Set<Integer> DATABASES = Set.of(5432, 3306, 6379, 27017, 9200, 11211, 5672);
    private static final int LAST_REGISTERED = 49_152;

    private SecurityNotes() {}

    /** The notes, one sentence each; empty when there is nothing to say. */
    public static List<String> of(NetworkRule rule) {
        List<String> notes = new ArrayList<>();
        rule.endpoints().forEach(endpoint -> add(endpoint, notes));
        return List.copyOf(notes);
    }

    private static void add(NetworkEndpoint endpoint, List<String> notes) {
        String host = endpoint.host();
        boolean internal = IpLiteral.parse(host).map(AddressClass::of).filter(AddressClass.INTERNAL::equals).isPresent();
        addIf(notes, internal, host + " is an internal address");
        addIf(notes, host.indexOf('*') >= 0, host + " stands for many hosts");
        addIf(notes, host.isEmpty(), "the rule is about addresses, whatever the host is called");
        addIf(notes, !endpoint.allowedIps().isEmpty(), "the rule opens addresses: " + String.join(", ", endpoint.allowedIps()));
        addIf(notes, endpoint.flags().allowUninspectedCredentials(), "credentials may go out uninspected");
        for (int port : endpoint.ports()) {
            addIf(notes, DATABASES.contains(port), "port " + port + " usually belongs to a database or queue");
            addIf(notes, port > LAST_REGISTERED, "port " + port + " is an ephemeral one");
        }
    }

    private static void addIf(List<String> notes, boolean applies, String note) {
        if (applies) {
            notes.add(note);
        }
    }
}
