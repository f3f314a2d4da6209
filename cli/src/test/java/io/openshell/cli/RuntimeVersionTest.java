package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.RuntimeVersion;
import com.google.protobuf.RuntimeVersion.RuntimeDomain;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class RuntimeVersionTest {
    @Test
    void messagesOfThisRuntimeAreAcceptedAndOthersRefused() throws IOException {
        String[] version = runtime().split("\\.");
        int major = Integer.parseInt(version[0]);
        int minor = Integer.parseInt(version[1]);

        assertThatCode(() -> RuntimeVersion.validateProtobufGencodeVersion(RuntimeDomain.PUBLIC, major, minor, 0, "", "M"))
                .as("the class stands for the library %d.%d", major, minor).doesNotThrowAnyException();
        assertThatThrownBy(() -> RuntimeVersion.validateProtobufGencodeVersion(RuntimeDomain.PUBLIC, major, minor + 1, 0, "", "M"))
                .hasMessageContaining("M was generated for protobuf " + major + "." + (minor + 1) + ".0");
        assertThatThrownBy(() -> RuntimeVersion.validateProtobufGencodeVersion(RuntimeDomain.PUBLIC, major + 1, 0, 0, "", "M"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void itStandsBeforeTheOneOfTheLibrary() throws IOException {
        assertThat(Collections.list(getClass().getClassLoader().getResources("com/google/protobuf/RuntimeVersion.class")))
                .hasSize(2);
        assertThat(RuntimeVersion.class.getProtectionDomain().getCodeSource().getLocation())
                .isEqualTo(CommandLineRunner.class.getProtectionDomain().getCodeSource().getLocation());
    }

    private static String runtime() throws IOException {
        URL library = com.google.protobuf.MessageLite.class.getProtectionDomain().getCodeSource().getLocation();
        Properties manifest = new Properties();
        try (InputStream in = new URL("jar:" + library + "!/META-INF/MANIFEST.MF").openStream()) {
            manifest.load(in);
        }
        return manifest.getProperty("Bundle-Version");
    }
}
