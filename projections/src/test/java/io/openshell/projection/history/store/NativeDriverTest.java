package io.openshell.projection.history.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeDriverTest {
    private static final String PROPERTY = "org.sqlite.tmpdir";
    private final String before = System.getProperty(PROPERTY);

    @TempDir
    Path state;

    @BeforeEach
    void nobodySaidWhere() {
        System.clearProperty(PROPERTY);
    }

    @AfterEach
    void asItWas() {
        System.clearProperty(PROPERTY);
        if (before != null) {
            System.setProperty(PROPERTY, before);
        }
    }

    @Test
    void whatAKilledProcessLeftIsDeletedByTheNext() throws IOException {
        Path folder = Files.createDirectory(state.resolve("history.db-driver"));
        Path left = Files.writeString(folder.resolve("sqlite-1-libsqlitejdbc.so"), "x");
        NativeDriver.unpackInto(folder);
        assertThat(left).doesNotExist();
        assertThat(System.getProperty(PROPERTY)).isEqualTo(folder.toString());
    }

    @Test
    void whereItWasToldToBeItStays() throws IOException {
        System.setProperty(PROPERTY, "/elsewhere");
        NativeDriver.unpackInto(state.resolve("history.db-driver"));
        assertThat(System.getProperty(PROPERTY)).isEqualTo("/elsewhere");
        assertThat(state).isEmptyDirectory();
    }
}
