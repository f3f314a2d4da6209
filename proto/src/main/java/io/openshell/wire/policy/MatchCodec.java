package io.openshell.wire.policy;

import io.openshell.model.policy.QueryMatcher;
import io.openshell.model.policy.RequestMatch;
import io.openshell.wire.sandbox.v1.L7Allow;
import io.openshell.wire.sandbox.v1.L7DenyRule;
import io.openshell.wire.sandbox.v1.L7QueryMatcher;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Request matches; allow and deny rules have the same fields but different messages. */
final class MatchCodec {
    private MatchCodec() {}

    static RequestMatch decode(L7Allow allow) {
        return new RequestMatch(allow.getMethod(), allow.getPath(), allow.getCommand(), matchers(allow.getQueryMap()),
                allow.getOperationType(), allow.getOperationName(), allow.getFieldsList(), matchers(allow.getParamsMap()));
    }

    static RequestMatch decode(L7DenyRule deny) {
        return new RequestMatch(deny.getMethod(), deny.getPath(), deny.getCommand(), matchers(deny.getQueryMap()),
                deny.getOperationType(), deny.getOperationName(), deny.getFieldsList(), matchers(deny.getParamsMap()));
    }

    static L7Allow encodeAllow(RequestMatch match) {
        L7Allow.Builder message = L7Allow.newBuilder().setMethod(match.method()).setPath(match.path()).setCommand(match.command())
                .setOperationType(match.operationType()).setOperationName(match.operationName()).addAllFields(match.fields());
        match.query().forEach((name, matcher) -> message.putQuery(name, matcher(matcher)));
        match.params().forEach((name, matcher) -> message.putParams(name, matcher(matcher)));
        return message.build();
    }

    static L7DenyRule encodeDeny(RequestMatch match) {
        L7DenyRule.Builder message = L7DenyRule.newBuilder().setMethod(match.method()).setPath(match.path())
                .setCommand(match.command()).setOperationType(match.operationType()).setOperationName(match.operationName())
                .addAllFields(match.fields());
        match.query().forEach((name, matcher) -> message.putQuery(name, matcher(matcher)));
        match.params().forEach((name, matcher) -> message.putParams(name, matcher(matcher)));
        return message.build();
    }

    private static SortedMap<String, QueryMatcher> matchers(Map<String, L7QueryMatcher> messages) {
        SortedMap<String, QueryMatcher> matchers = new TreeMap<>();
        messages.forEach((name, message) -> matchers.put(name, new QueryMatcher(message.getGlob(), message.getAnyList())));
        return matchers;
    }

    private static L7QueryMatcher matcher(QueryMatcher matcher) {
        return L7QueryMatcher.newBuilder().setGlob(matcher.glob()).addAllAny(matcher.any()).build();
    }
}
