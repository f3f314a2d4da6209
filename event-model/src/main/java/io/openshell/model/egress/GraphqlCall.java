package io.openshell.model.egress;

import java.util.List;
import java.util.Set;

/** One operation a GraphQL request asks for. */
sealed interface GraphqlCall {
    /**
     * It is written out.
     *
     * @param type query, mutation or subscription
     * @param name its name; empty when it has none
     * @param fields real names of the fields at its root
     */
    record Written(String type, String name, Set<String> fields) implements GraphqlCall {
        @Override
        public String toString() {
            return name.isEmpty() ? type : type + " " + name;
        }
    }

    /**
     * Only what it is stored under is sent.
     *
     * @param ids its hash, then its id, as far as they are given
     */
    record Stored(List<String> ids) implements GraphqlCall {}
}
