package io.openshell.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Rows as aligned text. */
public final class Table {
    private static final List<String> HEAD =
            List.of("figure", "unit", "target", "n", "median", "p99", "per second", "yardstick (median)", "ratio", "verdict");

    private Table() {}

    /** The rows under a head line; the reasons of skipped ones stand in their line. */
    public static String of(List<Row> rows) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEAD);
        rows.forEach(row -> cells.add(cells(row)));
        int[] widths = widths(cells);
        StringBuilder out = new StringBuilder();
        for (List<String> line : cells) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                text.append(line.get(i)).append(" ".repeat(Math.max(0, widths[i] - line.get(i).length()) + 2));
            }
            out.append(text.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /** A number with as many digits as can be told apart. */
    public static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }

    private static int[] widths(List<List<String>> cells) {
        int[] widths = new int[HEAD.size()];
        for (List<String> line : cells) {
            // The reason of a skipped row may run over the columns after it.
            for (int i = 0; i < line.size() && line.size() == HEAD.size(); i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
            widths[0] = Math.max(widths[0], line.get(0).length());
        }
        return widths;
    }

    private static List<String> cells(Row row) {
        return switch (row) {
            case Row.Skipped skipped -> List.of(skipped.figure(), "skipped: " + skipped.reason());
            case Row.Measured measured -> cells(measured);
        };
    }

    private static List<String> cells(Row.Measured row) {
        Row.Values values = row.values();
        Samples subject = values.subject();
        return List.of(
                row.figure(),
                row.unit(),
                row.limits().isEmpty() ? "-" : row.limits().stream().map(Limit::text).collect(Collectors.joining(" ")),
                String.valueOf(subject.count()),
                number(subject.median()),
                subject.count() > 1 ? number(subject.p99()) : "-",
                values.perSecond().isPresent() ? String.format(Locale.ROOT, "%.0f", values.perSecond().getAsDouble()) : "-",
                values.yardstick().map(Table::yardstick).orElse("-"),
                values.ratio().isPresent() ? number(values.ratio().getAsDouble()) + "×" : "-",
                verdict(row));
    }

    private static String yardstick(Row.Yardstick yardstick) {
        String note = yardstick.note().isEmpty() ? "" : ", " + yardstick.note();
        return yardstick.name() + " " + number(yardstick.samples().median()) + note;
    }

    private static String verdict(Row.Measured row) {
        if (row.limits().isEmpty()) {
            return "-";
        }
        List<String> parts = new ArrayList<>();
        if (!row.missed().isEmpty()) {
            parts.add("short: " + String.join(", ", row.missed()));
        }
        if (!row.unjudged().isEmpty()) {
            parts.add("not judged: " + String.join(", ", row.unjudged()));
        }
        return parts.isEmpty() ? "ok" : String.join("; ", parts);
    }
}
