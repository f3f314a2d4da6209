package io.openshell.model.egress;

import java.util.List;
import java.util.Optional;

/** Finds the allow rule a refused request comes closest to. */
final class Nearest {
    private Nearest() {}

    /** Of all rules the one where most of the request fits; the first of equals. */
    static Optional<NearestRule> of(List<InspectedEndpoint> selected, String method, String path, QueryValues query) {
        Optional<NearestRule> best = Optional.empty();
        int bestRank = -1;
        for (InspectedEndpoint endpoint : selected) {
            for (CompiledRule rule : endpoint.allow()) {
                NearestRule.Miss miss = rule.missAsAllow(method, path, query);
                int rank = rank(rule, miss, path);
                if (rank > bestRank) {
                    best = Optional.of(new NearestRule(endpoint.ruleKey(), rule.text(), miss));
                    bestRank = rank;
                }
            }
        }
        return best;
    }

    private static int rank(CompiledRule rule, NearestRule.Miss miss, String path) {
        return switch (miss) {
            case NONE -> 4;
            case QUERY -> 3;
            case METHOD -> rule.coversPath(path) ? 2 : 0;
            case PATH -> 1;
            case RULE_GRANTS_NOTHING -> 0;
        };
    }
}
