package io.openshell.proxy.websocket;

import io.netty.buffer.ByteBuf;

/** Follows frames that pass unread, only to know whether a frame of our own may stand where they are. One per direction. */
public final class FrameBoundary {
    private boolean first = true;
    private boolean second;
    private int lengthLeft;
    private int maskLeft;
    private long payload;

    /**
     * Follows bytes that are passed on.
     *
     * @param bytes the bytes; nothing is taken out of them
     */
    public void follow(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (!first && !second && lengthLeft == 0 && maskLeft == 0) {
                int step = (int) Math.min(payload, bytes.writerIndex() - at);
                payload -= step;
                at += step;
                first = payload == 0;
            } else {
                head(bytes.getUnsignedByte(at));
                at++;
            }
        }
    }

    private void head(int next) {
        if (first) {
            first = false;
            second = true;
        } else if (second) {
            second = false;
            int size = next & 0x7f;
            lengthLeft = size < 126 ? 0 : size == 126 ? 2 : 8;
            maskLeft = (next & 0x80) != 0 ? 4 : 0;
            payload = lengthLeft == 0 ? size : 0;
        } else if (lengthLeft > 0) {
            payload = payload << 8 | next;
            lengthLeft--;
        } else {
            maskLeft--;
        }
        first = first || !second && lengthLeft == 0 && maskLeft == 0 && payload <= 0;
    }

    /**
     * Says whether a frame of another sender could stand here.
     *
     * @return false in the middle of a frame
     */
    public boolean isBetweenFrames() {
        return first;
    }
}
