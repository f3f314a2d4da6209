package io.openshell.wire.events;

import io.openshell.model.provider.ProviderCommand;
import io.openshell.model.provider.ProviderContent;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.provider.ProviderIdentity;
import io.openshell.model.provider.ProviderState;
import io.openshell.wire.events.v1.CreateProvider;
import io.openshell.wire.events.v1.DeleteProvider;
import io.openshell.wire.events.v1.ProviderCreated;
import io.openshell.wire.events.v1.ProviderCredential;
import io.openshell.wire.events.v1.ProviderDeleted;
import io.openshell.wire.events.v1.ProviderPresent;
import io.openshell.wire.events.v1.ProviderUpdated;
import io.openshell.wire.events.v1.UpdateProvider;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Commands, events and state of a provider on the wire. */
final class ProviderCodec {

    private ProviderCodec() {}

    static io.openshell.wire.events.v1.ProviderCommand encode(ProviderCommand command) {
        var out = io.openshell.wire.events.v1.ProviderCommand.newBuilder();
        return switch (command) {
            case ProviderCommand.CreateProvider c -> out.setCreate(CreateProvider.newBuilder()
                    .setProvider(identity(c.provider())).setContent(content(c.content()))).build();
            case ProviderCommand.UpdateProvider c -> out.setUpdate(UpdateProvider.newBuilder()
                    .setType(c.type()).setContent(content(c.content())).setBasis(c.basis())).build();
            case ProviderCommand.DeleteProvider c -> out.setDelete(DeleteProvider.getDefaultInstance()).build();
        };
    }

    static ProviderCommand decode(io.openshell.wire.events.v1.ProviderCommand in) {
        return switch (in.getBodyCase()) {
            case CREATE -> new ProviderCommand.CreateProvider(
                    identity(in.getCreate().getProvider()), content(in.getCreate().getContent()));
            case UPDATE -> new ProviderCommand.UpdateProvider(
                    in.getUpdate().getType(), content(in.getUpdate().getContent()), in.getUpdate().getBasis());
            case DELETE -> new ProviderCommand.DeleteProvider();
            case BODY_NOT_SET -> throw new UndecodableRecord("provider command of a newer release");
        };
    }

    static io.openshell.wire.events.v1.ProviderEvent encode(ProviderEvent event) {
        var out = io.openshell.wire.events.v1.ProviderEvent.newBuilder();
        return switch (event) {
            case ProviderEvent.ProviderCreated e -> out.setCreated(ProviderCreated.newBuilder()
                    .setProvider(identity(e.provider())).setContent(content(e.content()))).build();
            case ProviderEvent.ProviderUpdated e -> out.setUpdated(ProviderUpdated.newBuilder()
                    .setRevision(e.revision()).setContent(content(e.content()))).build();
            case ProviderEvent.ProviderDeleted e -> out.setDeleted(
                    ProviderDeleted.newBuilder().setProviderId(e.providerId())).build();
        };
    }

    static ProviderEvent decode(io.openshell.wire.events.v1.ProviderEvent in) {
        return switch (in.getBodyCase()) {
            case CREATED -> new ProviderEvent.ProviderCreated(
                    identity(in.getCreated().getProvider()), content(in.getCreated().getContent()));
            case UPDATED -> new ProviderEvent.ProviderUpdated(
                    in.getUpdated().getRevision(), content(in.getUpdated().getContent()));
            case DELETED -> new ProviderEvent.ProviderDeleted(in.getDeleted().getProviderId());
            case BODY_NOT_SET -> throw new UndecodableRecord("a provider event without a body");
        };
    }

    static ProviderPresent state(ProviderState.Present state) {
        return ProviderPresent.newBuilder()
                .setProvider(identity(state.provider()))
                .setContent(content(state.content()))
                .setRevision(state.revision())
                .setCreatedAt(Times.encode(state.createdAt()))
                .setUpdatedAt(Times.encode(state.updatedAt()))
                .build();
    }

    static ProviderState state(ProviderPresent in) {
        return new ProviderState.Present(identity(in.getProvider()), content(in.getContent()), in.getRevision(),
                Times.decode(in.getCreatedAt()), Times.decode(in.getUpdatedAt()));
    }

    private static io.openshell.wire.events.v1.ProviderIdentity identity(ProviderIdentity identity) {
        return io.openshell.wire.events.v1.ProviderIdentity.newBuilder()
                .setId(identity.id())
                .setName(identity.name())
                .setWorkspace(identity.workspace())
                .setType(identity.type())
                .putAllLabels(identity.labels())
                .build();
    }

    private static ProviderIdentity identity(io.openshell.wire.events.v1.ProviderIdentity in) {
        return new ProviderIdentity(in.getId(), in.getName(), in.getWorkspace(), in.getType(), in.getLabelsMap());
    }

    private static io.openshell.wire.events.v1.ProviderContent content(ProviderContent content) {
        var out = io.openshell.wire.events.v1.ProviderContent.newBuilder()
                .putAllConfig(content.config())
                .setBundle(content.bundle());
        content.credentials().forEach((key, expires) -> {
            ProviderCredential.Builder credential = ProviderCredential.newBuilder().setKey(key);
            expires.ifPresent(at -> credential.setExpiresAt(Times.encode(at)));
            out.addCredentials(credential);
        });
        return out.build();
    }

    private static ProviderContent content(io.openshell.wire.events.v1.ProviderContent in) {
        SortedMap<String, Optional<Instant>> credentials = new TreeMap<>();
        in.getCredentialsList().forEach(each -> credentials.put(each.getKey(),
                each.hasExpiresAt() ? Optional.of(Times.decode(each.getExpiresAt())) : Optional.empty()));
        return new ProviderContent(credentials, new TreeMap<>(in.getConfigMap()), in.getBundle());
    }
}
