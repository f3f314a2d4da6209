package io.openshell.gateway.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A fresh authority with one certificate for the gateway and one for its user, all as PEM. */
record Issued(String authority, Pair server, Pair client) {

    private static final Duration VALIDITY = Duration.ofDays(3_650);
    private static final X500Name AUTHORITY = new X500Name("CN=openshell-ca");
    private static final List<String> SERVER_NAMES = List.of(
            "localhost", "openshell.localhost", "*.openshell.localhost", "host.docker.internal",
            "host.containers.internal");
    private static final List<String> SERVER_ADDRESSES = List.of("127.0.0.1", "::1");

    /** Certificate and key. The key never shows in text. */
    record Pair(String certificate, String key) {
        @Override
        public String toString() {
            return "Pair[certificate=" + certificate + ", key=hidden]";
        }
    }

    static Issued at(Instant now) {
        try {
            KeyPair authority = keys();
            String authorityPem = pem(certificate(AUTHORITY, authority, authority, now, Use.AUTHORITY));
            return new Issued(
                    authorityPem,
                    pair(new X500Name("CN=openshell-gateway"), authority, now, Use.SERVER),
                    pair(new X500Name("OU=openshell-user,CN=openshell-client"), authority, now, Use.CLIENT));
        } catch (GeneralSecurityException | OperatorCreationException | IOException failed) {
            throw new LocalCertificates.CertificatesUnusable("certificates cannot be made", failed);
        }
    }

    private enum Use {
        AUTHORITY,
        SERVER,
        CLIENT
    }

    private static Pair pair(X500Name subject, KeyPair authority, Instant now, Use use)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair keys = keys();
        String certificate = pem(certificate(subject, keys, authority, now, use));
        return new Pair(certificate, pem(new JcaPKCS8Generator(keys.getPrivate(), null)));
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static Object certificate(X500Name subject, KeyPair keys, KeyPair authority, Instant now, Use use)
            throws OperatorCreationException, IOException {
        var builder = new JcaX509v3CertificateBuilder(
                AUTHORITY,
                new BigInteger(127, new SecureRandom()).add(BigInteger.ONE),
                // A little in the past, so that a clock slightly behind does not refuse it.
                Date.from(now.minus(Duration.ofMinutes(5))),
                Date.from(now.plus(VALIDITY)),
                subject,
                keys.getPublic());
        switch (use) {
            case AUTHORITY -> {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            }
            case SERVER -> {
                leaf(builder, KeyPurposeId.id_kp_serverAuth);
                builder.addExtension(Extension.subjectAlternativeName, false, serverNames());
            }
            case CLIENT -> leaf(builder, KeyPurposeId.id_kp_clientAuth);
        }
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate()));
    }

    private static void leaf(JcaX509v3CertificateBuilder builder, KeyPurposeId purpose) throws IOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    }

    private static GeneralNames serverNames() {
        List<GeneralName> names = new java.util.ArrayList<>();
        SERVER_NAMES.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        SERVER_ADDRESSES.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
