package io.openshell.wire.policy;

/** A text that is not a policy document. Nothing of it may be applied. */
public final class PolicyParseException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;
    private final String path;
    private final String problem;

    PolicyParseException(Place place, String problem) {
        super(message(place, problem));
        this.line = place.line();
        this.column = place.column();
        this.path = place.path();
        this.problem = problem;
    }

    /** Line of the problem, from 1; 0 when it has no single place. */
    public int line() {
        return line;
    }

    /** Column of the problem, from 1; 0 when it has no single place. */
    public int column() {
        return column;
    }

    /** Place in the document as key names, empty for the whole document. */
    public String path() {
        return path;
    }

    /** What is wrong, without the place. */
    public String problem() {
        return problem;
    }

    private static String message(Place place, String problem) {
        String where = place.path().isEmpty() ? "" : place.path() + ": ";
        String position = place.line() == 0 ? "" : " (line " + place.line() + ", column " + place.column() + ")";
        return where + problem + position;
    }

    /** Where in a text something stands. */
    record Place(int line, int column, String path) {}
}
