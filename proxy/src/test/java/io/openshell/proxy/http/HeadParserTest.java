package io.openshell.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {
    private static RequestHead parse(String head) throws MalformedHttpException {
        return HeadParser.request(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static RequestHead with(String fields) throws MalformedHttpException {
        return parse("POST http://h/ HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
    }

    @Test
    void wellFormedHeadKeepsItsFieldsInOrder() throws Exception {
        var head = with("A:  b\t\r\nA: c\r\nEmpty:\r\n");
        assertThat(head.fields()).containsExactly(
                new Field("Host", "h"), new Field("A", "b"), new Field("A", "c"), new Field("Empty", ""));
        assertThat(head.framing()).isEqualTo(new BodyFraming.None());
    }

    @Test
    void framingFollowsTheFields() throws Exception {
        assertThat(with("Content-Length: 7\r\n").framing()).isEqualTo(new BodyFraming.Length(7));
        assertThat(with("Content-Length: 7\r\nContent-Length: 7\r\n").framing()).isEqualTo(new BodyFraming.Length(7));
        assertThat(with("Transfer-Encoding: CHUNKED\r\n").framing()).isEqualTo(new BodyFraming.Chunked());
    }

    @Test
    void http10NeedsNoHost() throws Exception {
        assertThat(parse("GET http://h/ HTTP/1.0\r\n\r\n").version()).isEqualTo("HTTP/1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: 1, 2\r\n",
        "Content-Length: +1\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x1\r\n",
        "Content-Length:\r\n",
        "Content-Length: 9999999999999999999\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: \u000bchunked\r\n",
        "Host: h\r\n",
        "A: b\r\n c\r\n",
        "A : b\r\n",
        ": b\r\n",
        "no colon\r\n",
        "A(: b\r\n",
        "A: b\u0000\r\n",
        "A: b\rc\r\n",
        "A: \u00ff\r\n",
        "Connection: close, Host\r\n",
        "Connection: content-length\r\n",
        "Connection: transfer-encoding\r\n",
        "Connection: a b\r\n",
        "Connection: ,\r\n"
    })
    void case108To112WhatTwoReadersCouldTakeDifferentlyIsRefused(String fields) {
        assertThatThrownBy(() -> with(fields)).isInstanceOf(MalformedHttpException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET http://h/ HTTP/1.1",
        "GET  http://h/ HTTP/1.1\r\nHost: h",
        "GET\thttp://h/ HTTP/1.1\r\nHost: h",
        "GET http://h/ a HTTP/1.1\r\nHost: h",
        "GET http://h/ HTTP/1.2\r\nHost: h",
        "GET http://h/ http/1.1\r\nHost: h",
        "G(T http://h/ HTTP/1.1\r\nHost: h",
        "GET http://h/\u007f HTTP/1.1\r\nHost: h",
        "\r\nGET http://h/ HTTP/1.1\r\nHost: h",
        "POST http://h/ HTTP/1.0\r\nTransfer-Encoding: chunked"
    })
    void malformedRequestLinesAreRefused(String head) {
        assertThatThrownBy(() -> parse(head + "\r\n\r\n")).isInstanceOf(MalformedHttpException.class);
    }

    @Test
    void responsesToldBodilessHaveNoBody() throws Exception {
        var bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(HeadParser.response(bytes, "HEAD").framing()).isEqualTo(new BodyFraming.None());
        assertThat(HeadParser.response(bytes, "GET").framing()).isEqualTo(new BodyFraming.Length(9));
        var unframed = "HTTP/1.1 200\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(HeadParser.response(unframed, "GET").framing()).isEqualTo(new BodyFraming.UntilClose());
    }
}
