package io.openshell.wire.events;

import io.openshell.model.global.GlobalCommand;
import io.openshell.model.global.GlobalEvent;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.wire.events.v1.DeleteGlobalPolicy;
import io.openshell.wire.events.v1.GlobalPolicyDeleted;
import io.openshell.wire.events.v1.GlobalPolicySet;
import io.openshell.wire.events.v1.GlobalPolicyState;
import io.openshell.wire.events.v1.SetGlobalPolicy;
import io.openshell.wire.events.v1.StoredGlobal;
import io.openshell.wire.policy.PolicyCodec;

/** Commands, events and state of the global policy on the wire. */
final class GlobalCodec {

    private GlobalCodec() {}

    static io.openshell.wire.events.v1.GlobalCommand encode(GlobalCommand command) {
        var out = io.openshell.wire.events.v1.GlobalCommand.newBuilder();
        return switch (command) {
            case GlobalCommand.SetGlobal c -> out.setSet(SetGlobalPolicy.newBuilder()
                            .setPolicy(PolicyCodec.encode(c.policy()))
                            .setExpectedVersion(c.expectedVersion()))
                    .build();
            case GlobalCommand.DeleteGlobal c -> out.setDelete(DeleteGlobalPolicy.getDefaultInstance()).build();
        };
    }

    static GlobalCommand decode(io.openshell.wire.events.v1.GlobalCommand in) {
        return switch (in.getBodyCase()) {
            case SET -> new GlobalCommand.SetGlobal(
                    PolicyCodec.decode(in.getSet().getPolicy()), in.getSet().getExpectedVersion());
            case DELETE -> new GlobalCommand.DeleteGlobal();
            case BODY_NOT_SET -> throw new UndecodableRecord("global policy command of a newer release");
        };
    }

    static io.openshell.wire.events.v1.GlobalEvent encode(GlobalEvent event) {
        var out = io.openshell.wire.events.v1.GlobalEvent.newBuilder();
        return switch (event) {
            case GlobalEvent.GlobalPolicySet e -> out.setSet(set(e)).build();
            case GlobalEvent.GlobalPolicyDeleted e -> out.setDeleted(
                    GlobalPolicyDeleted.newBuilder().setVersion(e.version())).build();
        };
    }

    static GlobalEvent decode(io.openshell.wire.events.v1.GlobalEvent in) {
        return switch (in.getBodyCase()) {
            case SET -> set(in.getSet());
            case DELETED -> new GlobalEvent.GlobalPolicyDeleted(in.getDeleted().getVersion());
            case BODY_NOT_SET -> throw new UndecodableRecord("a global policy event without a body");
        };
    }

    static GlobalPolicyState state(GlobalPolicy state) {
        GlobalPolicyState.Builder out = GlobalPolicyState.newBuilder().setPresent(state.present());
        state.revisions().forEach(each -> out.addRevisions(StoredGlobal.newBuilder()
                .setSet(set(new GlobalEvent.GlobalPolicySet(each.version(), each.hash(), each.policy())))
                .setStoredAt(Times.encode(each.storedAt()))));
        return out.build();
    }

    static GlobalPolicy state(GlobalPolicyState in) {
        return new GlobalPolicy(in.getRevisionsList().stream().map(GlobalCodec::revision).toList(), in.getPresent());
    }

    private static GlobalRevision revision(StoredGlobal in) {
        return new GlobalRevision(in.getSet().getVersion(), in.getSet().getHash(),
                PolicyCodec.decode(in.getSet().getPolicy()), Times.decode(in.getStoredAt()));
    }

    private static GlobalPolicySet set(GlobalEvent.GlobalPolicySet e) {
        return GlobalPolicySet.newBuilder()
                .setVersion(e.version())
                .setHash(e.hash())
                .setPolicy(PolicyCodec.encode(e.policy()))
                .build();
    }

    private static GlobalEvent.GlobalPolicySet set(GlobalPolicySet in) {
        return new GlobalEvent.GlobalPolicySet(in.getVersion(), in.getHash(), PolicyCodec.decode(in.getPolicy()));
    }
}
