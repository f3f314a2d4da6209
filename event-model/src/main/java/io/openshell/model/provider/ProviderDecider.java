package io.openshell.model.provider;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Decider;
import io.openshell.model.Decision;
import io.openshell.model.MisfitEvent;
import io.openshell.model.RejectionCode;
import io.openshell.model.provider.ProviderState.Absent;
import io.openshell.model.provider.ProviderState.Present;

/** The rules of a provider's stream. What it means for sandboxes is in {@link ProviderRules}. */
public final class ProviderDecider implements Decider<ProviderCommand, ProviderState, ProviderEvent> {

    @Override
    public ProviderState initial() {
        return new Absent();
    }

    @Override
    public Decision<ProviderEvent> decide(ProviderCommand command, ProviderState state, Context context) {
        if (context.actor().kind() == Actor.Kind.NODE) {
            return Decision.reject(RejectionCode.REPORTER_NOT_ASSIGNED, "a node has no say in providers");
        }
        return switch (command) {
            case ProviderCommand.CreateProvider c -> create(c, state);
            case ProviderCommand.UpdateProvider c -> update(c, state);
            case ProviderCommand.DeleteProvider c -> switch (state) {
                case Absent absent -> Decision.unchanged();
                case Present present -> Decision.accept(new ProviderEvent.ProviderDeleted(present.provider().id()));
            };
        };
    }

    private static Decision<ProviderEvent> create(ProviderCommand.CreateProvider c, ProviderState state) {
        if (state instanceof Present present) {
            return Decision.reject(
                    RejectionCode.PROVIDER_NAME_TAKEN, "provider '" + present.provider().name() + "' exists already");
        }
        return ProviderRules.unfit(c.provider().type(), c.content())
                .<Decision<ProviderEvent>>map(Decision.Rejected::new)
                .orElseGet(() -> Decision.accept(new ProviderEvent.ProviderCreated(c.provider(), c.content())));
    }

    private static Decision<ProviderEvent> update(ProviderCommand.UpdateProvider c, ProviderState state) {
        if (!(state instanceof Present present)) {
            return Decision.reject(RejectionCode.PROVIDER_UNKNOWN, "there is no such provider");
        }
        if (!c.type().isEmpty() && !c.type().equals(present.provider().type())) {
            return Decision.reject(RejectionCode.PROVIDER_INVALID,
                    "the type of provider '" + present.provider().name() + "' is " + present.provider().type() + " and cannot change");
        }
        if (c.basis() != present.revision()) {
            return Decision.reject(RejectionCode.VERSION_CONFLICT, "provider '" + present.provider().name()
                    + "' is at revision " + present.revision() + ", not " + c.basis());
        }
        if (c.content().equals(present.content())) {
            return Decision.unchanged();
        }
        return ProviderRules.unfit(present.provider().type(), c.content())
                .<Decision<ProviderEvent>>map(Decision.Rejected::new)
                .orElseGet(() -> Decision.accept(new ProviderEvent.ProviderUpdated(present.revision() + 1, c.content())));
    }

    @Override
    public ProviderState evolve(ProviderState state, ProviderEvent event, Context context) {
        return switch (event) {
            case ProviderEvent.ProviderCreated e when state instanceof Absent ->
                new Present(e.provider(), e.content(), 1, context.time(), context.time());
            case ProviderEvent.ProviderUpdated e when state instanceof Present p && e.revision() == p.revision() + 1 ->
                p.with(e.content(), context.time());
            case ProviderEvent.ProviderDeleted e when state instanceof Present p && p.provider().id().equals(e.providerId()) ->
                new Absent();
            case ProviderEvent.ProviderCreated e -> throw misfit(e, state);
            case ProviderEvent.ProviderUpdated e -> throw misfit(e, state);
            case ProviderEvent.ProviderDeleted e -> throw misfit(e, state);
        };
    }

    private static MisfitEvent misfit(ProviderEvent event, ProviderState state) {
        return new MisfitEvent(event.getClass().getSimpleName(), switch (state) {
            case Absent absent -> "no provider";
            case Present present -> "revision " + present.revision() + " of a provider";
        });
    }
}
