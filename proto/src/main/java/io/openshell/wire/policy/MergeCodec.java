package io.openshell.wire.policy;

import io.openshell.model.policy.merge.MergeOperation;
import io.openshell.wire.v1.AddAllowRules;
import io.openshell.wire.v1.AddDenyRules;
import io.openshell.wire.v1.AddNetworkRule;
import io.openshell.wire.v1.PolicyMergeOperation;
import io.openshell.wire.v1.RemoveNetworkBinary;
import io.openshell.wire.v1.RemoveNetworkEndpoint;
import io.openshell.wire.v1.RemoveNetworkRule;
import java.util.List;
import java.util.Optional;

/** Merge operations on the wire. Translates and does not judge. */
public final class MergeCodec {
    private MergeCodec() {}

    /** From the wire; empty when the message holds no operation this release knows. */
    public static Optional<MergeOperation> decode(PolicyMergeOperation message) {
        return switch (message.getOperationCase()) {
            case ADD_RULE -> Optional.of(new MergeOperation.AddRule(
                    message.getAddRule().getRuleName(), PolicyCodec.rule(message.getAddRule().getRule())));
            case REMOVE_RULE -> Optional.of(new MergeOperation.RemoveRule(message.getRemoveRule().getRuleName()));
            case REMOVE_ENDPOINT -> Optional.of(decode(message.getRemoveEndpoint()));
            case ADD_DENY_RULES -> Optional.of(new MergeOperation.AddDeny(
                    message.getAddDenyRules().getHost(), message.getAddDenyRules().getPort(),
                    message.getAddDenyRules().getDenyRulesList().stream().map(MatchCodec::decode).toList()));
            case ADD_ALLOW_RULES -> Optional.of(new MergeOperation.AddAllow(
                    message.getAddAllowRules().getHost(), message.getAddAllowRules().getPort(),
                    message.getAddAllowRules().getRulesList().stream().map(EndpointCodec::rule).toList()));
            case REMOVE_BINARY -> Optional.of(new MergeOperation.RemoveBinary(
                    message.getRemoveBinary().getRuleName(), message.getRemoveBinary().getBinaryPath()));
            case OPERATION_NOT_SET -> Optional.empty();
        };
    }

    private static MergeOperation decode(RemoveNetworkEndpoint message) {
        return new MergeOperation.RemoveEndpoint(
                Optional.of(message.getRuleName()).filter(name -> !name.isEmpty()), message.getHost(), message.getPort());
    }

    /** To the wire. */
    public static PolicyMergeOperation encode(MergeOperation operation) {
        PolicyMergeOperation.Builder message = PolicyMergeOperation.newBuilder();
        return switch (operation) {
            case MergeOperation.AddRule add -> message.setAddRule(AddNetworkRule.newBuilder()
                    .setRuleName(add.key()).setRule(PolicyCodec.rule(add.rule()))).build();
            case MergeOperation.RemoveRule remove ->
                message.setRemoveRule(RemoveNetworkRule.newBuilder().setRuleName(remove.key())).build();
            case MergeOperation.RemoveEndpoint remove -> message.setRemoveEndpoint(RemoveNetworkEndpoint.newBuilder()
                    .setRuleName(remove.key().orElse("")).setHost(remove.host()).setPort(remove.port())).build();
            case MergeOperation.AddDeny add -> message.setAddDenyRules(AddDenyRules.newBuilder()
                    .setHost(add.host()).setPort(add.port())
                    .addAllDenyRules(add.rules().stream().map(MatchCodec::encodeDeny).toList())).build();
            case MergeOperation.AddAllow add -> message.setAddAllowRules(AddAllowRules.newBuilder()
                    .setHost(add.host()).setPort(add.port())
                    .addAllRules(add.rules().stream().map(EndpointCodec::rule).toList())).build();
            case MergeOperation.RemoveBinary remove -> message.setRemoveBinary(RemoveNetworkBinary.newBuilder()
                    .setRuleName(remove.key()).setBinaryPath(remove.path())).build();
        };
    }

    /** From the wire, in order; empty when one of them holds no operation this release knows. */
    public static Optional<List<MergeOperation>> decode(List<PolicyMergeOperation> messages) {
        List<MergeOperation> operations = messages.stream().map(MergeCodec::decode).flatMap(Optional::stream).toList();
        return operations.size() == messages.size() ? Optional.of(operations) : Optional.empty();
    }
}
