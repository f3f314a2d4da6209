package io.openshell.model.egress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads executable GraphQL documents strictly. Its methods say whether the text went on as it must; the first that does not ends
 * the reading.
 */
final class GraphqlParser {
    private static final int DEEPEST = 200;
    private static final Set<String> TYPES = Set.of("query", "mutation", "subscription");

    private final GraphqlLexer lexer;
    private final List<GraphqlDocument.Operation> operations = new ArrayList<>();
    private final Map<String, GraphqlDocument.Selection> fragments = new HashMap<>();
    private int depth;

    GraphqlParser(String text) {
        this.lexer = new GraphqlLexer(text);
    }

    Optional<GraphqlDocument> document() {
        lexer.next();
        while (lexer.kind() != GraphqlLexer.Kind.END) {
            if (!definition()) {
                return Optional.empty();
            }
        }
        return operations.isEmpty()
                ? Optional.empty() : Optional.of(new GraphqlDocument(List.copyOf(operations), Map.copyOf(fragments)));
    }

    private boolean definition() {
        if (is("{")) {
            return operation("query", "");
        }
        String word = lexer.word();
        if (lexer.kind() != GraphqlLexer.Kind.NAME) {
            return false;
        }
        lexer.next();
        if (word.equals("fragment")) {
            return fragment();
        }
        if (!TYPES.contains(word)) {
            return false;
        }
        String name = lexer.kind() == GraphqlLexer.Kind.NAME ? lexer.word() : "";
        return (name.isEmpty() || taken(name)) && variables() && directives() && operation(word, name);
    }

    private boolean operation(String type, String name) {
        var root = new GraphqlDocument.Selection(new HashSet<>(), new HashSet<>());
        boolean good = selections(root);
        operations.add(new GraphqlDocument.Operation(type, name, root));
        return good;
    }

    private boolean fragment() {
        String name = lexer.word();
        boolean headed = lexer.kind() == GraphqlLexer.Kind.NAME && !name.equals("on") && taken(name) && taken("on") && name();
        var root = new GraphqlDocument.Selection(new HashSet<>(), new HashSet<>());
        return headed && directives() && selections(root) && fragments.put(name, root) == null;
    }

    private boolean selections(GraphqlDocument.Selection into) {
        if (!taken("{") || is("}") || ++depth > DEEPEST) {
            return false;
        }
        while (!is("}")) {
            if (!selection(into)) {
                return false;
            }
        }
        depth--;
        return taken("}");
    }

    private boolean selection(GraphqlDocument.Selection into) {
        if (taken("...")) {
            return spread(into);
        }
        String field = lexer.word();
        if (!name()) {
            return false;
        }
        if (taken(":")) {
            field = lexer.word();
            if (!name()) {
                return false;
            }
        }
        into.fields().add(field);
        boolean headed = arguments() && directives();
        return headed && (!is("{") || selections(new GraphqlDocument.Selection(new HashSet<>(), new HashSet<>())));
    }

    private boolean spread(GraphqlDocument.Selection into) {
        boolean named = lexer.kind() == GraphqlLexer.Kind.NAME;
        if (named && !is("on")) {
            into.spreads().add(lexer.word());
            return name() && directives();
        }
        return (!named || taken("on") && name()) && directives() && selections(into);
    }

    private boolean variables() {
        if (!taken("(")) {
            return true;
        }
        do {
            boolean good = taken("$") && name() && taken(":") && type() && (!taken("=") || value()) && directives();
            if (!good) {
                return false;
            }
        } while (!is(")"));
        return taken(")");
    }

    private boolean type() {
        boolean good;
        if (taken("[")) {
            good = ++depth <= DEEPEST && type() && taken("]");
            depth--;
        } else {
            good = name();
        }
        return good && (!is("!") || taken("!"));
    }

    private boolean directives() {
        while (taken("@")) {
            if (!name() || !arguments()) {
                return false;
            }
        }
        return true;
    }

    private boolean arguments() {
        return !taken("(") || !is(")") && members(")");
    }

    private boolean members(String end) {
        while (!is(end)) {
            if (!name() || !taken(":") || !value()) {
                return false;
            }
        }
        return taken(end);
    }

    private boolean value() {
        return switch (lexer.kind()) {
            case NAME, NUMBER, STRING -> {
                lexer.next();
                yield true;
            }
            case MARK -> nested();
            case END, BROKEN -> false;
        };
    }

    private boolean nested() {
        if (taken("$")) {
            return name();
        }
        if (++depth > DEEPEST) {
            return false;
        }
        boolean good = taken("[") ? elements() : taken("{") && members("}");
        depth--;
        return good;
    }

    private boolean elements() {
        while (!is("]")) {
            if (!value()) {
                return false;
            }
        }
        return taken("]");
    }

    private boolean name() {
        boolean good = lexer.kind() == GraphqlLexer.Kind.NAME;
        if (good) {
            lexer.next();
        }
        return good;
    }

    private boolean is(String word) {
        return lexer.word().equals(word);
    }

    private boolean taken(String word) {
        boolean here = is(word);
        if (here) {
            lexer.next();
        }
        return here;
    }
}
