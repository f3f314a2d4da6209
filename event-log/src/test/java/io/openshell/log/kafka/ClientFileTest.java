package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientFileTest {

    @TempDir
    Path folder;

    @Test
    void takesWhatSaysHowToConnectAndShowsItNowhere() throws IOException {
        Path file = Files.writeString(folder.resolve("c"), "security.protocol=SASL_SSL\nsasl.jaas.config=x password=\"hush\";\n");

        KafkaSettings settings = new KafkaSettings("a:1", (short) 3, ClientFile.read(file));

        assertThat(ClientProperties.admin(settings)).containsEntry("security.protocol", "SASL_SSL");
        assertThat(settings.toString()).doesNotContain("hush");
    }

    @Test
    void refusesASettingThatWouldChangeHowTheLogIsWrittenWithoutRepeatingItsValue() throws IOException {
        Path file = Files.writeString(folder.resolve("c"), "acks=secret-value\n");

        assertThatThrownBy(() -> ClientFile.read(file)).isInstanceOf(ClientFile.UnusableFile.class)
                .hasMessageContaining("acks").hasMessageNotContaining("secret-value");
        assertThatThrownBy(() -> ClientFile.read(folder.resolve("none"))).isInstanceOf(ClientFile.UnusableFile.class);
    }
}
