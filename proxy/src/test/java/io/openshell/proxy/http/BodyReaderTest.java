package io.openshell.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
    private static String taken(BodyReader reader, String bytes) throws MalformedHttpException {
        var part = reader.take(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        try {
            return part.toString(StandardCharsets.ISO_8859_1);
        } finally {
            part.release();
        }
    }

    @Test
    void knownLengthEndsExactly() throws Exception {
        var reader = new BodyReader(new BodyFraming.Length(3));
        assertThat(taken(reader, "ab")).isEqualTo("ab");
        assertThat(reader.mayEndNow()).isFalse();
        assertThat(taken(reader, "cd")).isEqualTo("c");
        assertThat(reader.isDone()).isTrue();
    }

    @Test
    void chunksCutAnywhereEndAfterTheTrailer() throws Exception {
        var body = "3;ext=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n";
        for (int cut = 0; cut <= body.length(); cut++) {
            var reader = new BodyReader(new BodyFraming.Chunked());
            var whole = taken(reader, body.substring(0, cut)) + taken(reader, body.substring(cut) + "NEXT");
            assertThat(whole).isEqualTo(body);
            assertThat(reader.isDone()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\r\n", "x\r\n", "-1\r\n", "0x1\r\n", "1\nA\r\n", "1\r\nAB\r\n", "1\r\nA\n", "ffffffffffffffff\r\n", "0\r\nbad\r\n\r\n",
        "0\r\n: v\r\n\r\n", "1\u0000\r\n"
    })
    void malformedChunksAreRefused(String body) {
        var reader = new BodyReader(new BodyFraming.Chunked());
        assertThatThrownBy(() -> taken(reader, body)).isInstanceOf(MalformedHttpException.class);
    }
}
