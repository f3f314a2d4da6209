package io.openshell.model.policy;

import java.util.List;

/**
 * A GraphQL operation registered under its persisted-query id.
 *
 * @param operationType query, mutation or subscription
 * @param operationName name of the operation, may be empty
 * @param fields root fields
 */
public record GraphqlOperation(String operationType, String operationName, List<String> fields) {
    public GraphqlOperation {
        fields = List.copyOf(fields);
    }
}
