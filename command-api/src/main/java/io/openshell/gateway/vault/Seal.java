package io.openshell.gateway.vault;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets with AES-256-GCM under a data key of their own, which stands beside them, sealed with the master key. Both seals
 * hold for one name only, so bytes that are moved to another name do not open. Safe for any thread.
 */
final class Seal {
    private static final int FORMAT = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int WRAPPED = MasterKey.BYTES + TAG_BITS / 8;

    private final byte[] master;
    private final SecureRandom random = new SecureRandom();

    Seal(byte[] master) {
        this.master = master.clone();
    }

    /** The bytes were not sealed with this master key, for this name. Says nothing about what is in them. */
    static final class NotOpened extends Exception {
        private static final long serialVersionUID = 1L;

        NotOpened(String message) {
            super(message);
        }
    }

    byte[] seal(String name, Map<String, String> secrets) {
        byte[] key = bytes(MasterKey.BYTES);
        byte[] keyNonce = bytes(NONCE);
        byte[] nonce = bytes(NONCE);
        try {
            byte[] wrapped = cipher(Cipher.ENCRYPT_MODE, master, keyNonce, "key " + name).doFinal(key);
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, "secrets " + name).doFinal(written(secrets));
            return ByteBuffer.allocate(1 + NONCE + WRAPPED + NONCE + sealed.length)
                    .put((byte) FORMAT).put(keyNonce).put(wrapped).put(nonce).put(sealed).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    SortedMap<String, String> open(String name, byte[] sealed) throws NotOpened {
        if (sealed.length <= 1 + NONCE + WRAPPED + NONCE || sealed[0] != FORMAT) {
            throw new NotOpened("the record is none of this release");
        }
        ByteBuffer in = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
        byte[] keyNonce = take(in, NONCE);
        byte[] wrapped = take(in, WRAPPED);
        byte[] nonce = take(in, NONCE);
        try {
            byte[] key = cipher(Cipher.DECRYPT_MODE, master, keyNonce, "key " + name).doFinal(wrapped);
            return read(cipher(Cipher.DECRYPT_MODE, key, nonce, "secrets " + name).doFinal(take(in, in.remaining())));
        } catch (GeneralSecurityException | IOException e) {
            // The cause may quote what it met.
            throw new NotOpened("it was sealed with another key, or changed");
        }
    }

    /** Tells two secrets apart without telling them: equal for equal ones, and of no use without the master key. */
    String mark(String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(master, "HmacSHA256"));
            mac.update("mark ".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String about) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(about.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static byte[] written(Map<String, String> secrets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(secrets.size());
            for (Map.Entry<String, String> each : new TreeMap<>(secrets).entrySet()) {
                for (String text : new String[] {each.getKey(), each.getValue()}) {
                    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
                    out.writeInt(encoded.length);
                    out.write(encoded);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory takes every byte", e);
        }
        return bytes.toByteArray();
    }

    private static SortedMap<String, String> read(byte[] bytes) throws IOException {
        SortedMap<String, String> secrets = new TreeMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String key = text(in);
                secrets.put(key, text(in));
            }
        }
        return secrets;
    }

    private static String text(DataInputStream in) throws IOException {
        byte[] bytes = new byte[Math.min(in.readInt(), in.available())];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
