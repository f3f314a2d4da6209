package io.openshell.gateway.query;

import io.openshell.model.provider.ProviderContent;
import io.openshell.model.provider.ProviderEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A provider's event as JSON: names of credentials and settings, no value of either. Pure. */
final class ProviderJson {

    private ProviderJson() {}

    static JsonObject of(ProviderEvent event) {
        return switch (event) {
            case ProviderEvent.ProviderCreated e -> content(e.content())
                    .put("provider_id", e.provider().id())
                    .put("name", e.provider().name())
                    .put("workspace", e.provider().workspace())
                    .put("type", e.provider().type());
            case ProviderEvent.ProviderUpdated e -> content(e.content()).put("revision", e.revision());
            case ProviderEvent.ProviderDeleted e -> new JsonObject().put("provider_id", e.providerId());
        };
    }

    private static JsonObject content(ProviderContent content) {
        JsonObject expiries = new JsonObject();
        content.credentials().forEach((key, expires) -> expires.ifPresent(at -> expiries.put(key, at.toString())));
        return new JsonObject()
                .put("credential_keys", new JsonArray(List.copyOf(content.credentials().keySet())))
                .put("credential_expiries", expiries)
                .put("config_keys", new JsonArray(List.copyOf(content.config().keySet())));
    }
}
