package io.openshell.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns that are as wide as their widest cell, two blanks apart. */
public final class TableView {
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these headings. */
    public TableView(String... headings) {
        rows.add(List.of(headings));
    }

    /** Adds a row with one cell per heading. */
    public void add(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException("a row needs " + rows.get(0).size() + " cells");
        }
        rows.add(List.of(cells));
    }

    /** The table, one line per row, each ending in a newline. */
    public String text() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
