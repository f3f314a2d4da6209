package io.openshell.cli.output;

import io.openshell.cli.json.JsonWriter;
import io.openshell.cli.json.YamlWriter;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Writes answers to stdout and everything else to stderr. */
public final class Printer {
    private final PrintStream out;
    private final PrintStream err;

    /** A printer on these two streams. */
    public Printer(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Data, as it is. */
    public void data(String text) {
        out.print(text);
        out.flush();
    }

    /** One line of data. */
    public void line(String text) {
        data(text + "\n");
    }

    /** One document in a structured format. */
    public void document(OutputFormat format, @Nullable Object value) {
        switch (format) {
            case json, table -> line(JsonWriter.write(value));
            case yaml -> data(YamlWriter.write(value));
        }
    }

    /** A hint or a result line for a person. */
    public void note(String text) {
        err.println(text);
        err.flush();
    }

    /** The program's own stdout, for bytes that are passed through. */
    public PrintStream out() {
        return out;
    }

    /** The program's own stderr, for bytes that are passed through. */
    public PrintStream err() {
        return err;
    }
}
