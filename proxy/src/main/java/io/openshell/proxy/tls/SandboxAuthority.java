package io.openshell.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.openshell.model.policy.IpLiteral;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate authority of one run of one sandbox. Its key lives in this object, and in what {@link #secret} returns for
 * whoever keeps it for the next agent: it is never written to a disk and never shown. Certificates it made are kept, at most {@value #MOST}. Safe from any thread; signing takes about a millisecond.
 */
public final class SandboxAuthority {
    /** How many hosts' certificates are kept; the one not used for the longest time goes first. */
    static final int MOST = 256;

    private static final Duration LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(24);
    private static final int LONGEST_NAME = 64;

    private final SecureRandom random = new SecureRandom();
    private final KeyPair key;
    private final KeyPair leafKey;
    private final X509Certificate certificate;
    private final Map<Served, SslContext> serving = new LinkedHashMap<>(16, 0.75f, true);

    private record Served(String host, boolean http2) {}

    private SandboxAuthority(KeyPair key, X509Certificate certificate) throws GeneralSecurityException {
        this.key = key;
        this.leafKey = pair();
        this.certificate = certificate;
    }

    private SandboxAuthority() throws GeneralSecurityException {
        this.key = pair();
        this.leafKey = pair();
        var name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "OpenShell").addRDN(BCStyle.CN, "OpenShell Sandbox CA").build();
        this.certificate = signed(name, name, key, LIFE, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    /**
     * Makes a new authority with a key of its own.
     *
     * @return the authority
     * @throws GeneralSecurityException when this Java cannot make keys or certificates
     */
    public static SandboxAuthority create() throws GeneralSecurityException {
        return new SandboxAuthority();
    }

    /**
     * What {@link #restore} needs, the key among it.
     *
     * @return bytes that must be kept from everybody but the agent
     */
    public byte[] secret() throws GeneralSecurityException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (byte[] part : List.of(key.getPrivate().getEncoded(), certificate.getEncoded())) {
                out.writeInt(part.length);
                out.write(part);
            }
        } catch (IOException impossible) {
            throw new GeneralSecurityException("the key cannot be kept", impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * The authority whose {@link #secret} this is.
     *
     * @throws GeneralSecurityException when it is no such secret
     */
    public static SandboxAuthority restore(byte[] secret) throws GeneralSecurityException {
        try (var in = new DataInputStream(new ByteArrayInputStream(secret))) {
            byte[] key = part(in, secret.length);
            byte[] certificate = part(in, secret.length);
            var known = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
            var own = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key));
            return new SandboxAuthority(new KeyPair(known.getPublicKey(), own), known);
        } catch (IOException malformed) {
            throw new GeneralSecurityException("not what was kept of an authority", malformed);
        }
    }

    private static byte[] part(DataInputStream in, int most) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) {
            throw new IOException("a part is " + length + " bytes long");
        }
        return in.readNBytes(length);
    }

    /**
     * The certificate programs of the sandbox have to believe.
     *
     * @return the certificate, without any key
     */
    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * Looks for a certificate that was made before.
     *
     * @param host a host name or address literal
     * @param http2 whether HTTP/2 is what will be spoken
     * @return what to answer a client with, if it is here already
     */
    public Optional<SslContext> known(String host, boolean http2) {
        synchronized (serving) {
            return Optional.ofNullable(serving.get(new Served(host, http2)));
        }
    }

    /**
     * Makes a certificate for a host that will be spoken to in HTTP/1.1, or finds the one that was made before.
     *
     * @param host a host name or address literal
     * @return what to answer a client with
     * @throws GeneralSecurityException when it cannot be made
     */
    public SslContext serving(String host) throws GeneralSecurityException {
        return serving(host, false);
    }

    /**
     * Makes a certificate for a host, or finds the one that was made before.
     *
     * @param host a host name or address literal
     * @param http2 whether HTTP/2 is what will be spoken
     * @return what to answer a client with
     * @throws GeneralSecurityException when it cannot be made
     */
    public SslContext serving(String host, boolean http2) throws GeneralSecurityException {
        var found = known(host, http2);
        if (found.isPresent()) {
            return found.get();
        }
        var made = context(leaf(host), http2 ? Alpn.HTTP2 : Alpn.HTTP1);
        synchronized (serving) {
            var first = serving.putIfAbsent(new Served(host, http2), made);
            if (serving.size() > MOST) {
                serving.remove(serving.keySet().iterator().next());
            }
            return first == null ? made : first;
        }
    }

    private SslContext context(X509Certificate leaf, ApplicationProtocolConfig spoken) throws GeneralSecurityException {
        try {
            return SslContextBuilder.forServer(leafKey.getPrivate(), leaf, certificate)
                    .sslProvider(SslProvider.JDK)
                    .applicationProtocolConfig(spoken)
                    .build();
        } catch (IOException unusable) {
            throw new GeneralSecurityException("the certificate cannot be used", unusable);
        }
    }

    private X509Certificate leaf(String host) throws GeneralSecurityException {
        var name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "OpenShell")
                .addRDN(BCStyle.CN, host.length() <= LONGEST_NAME ? host : "a host with a long name").build();
        int kind = IpLiteral.parse(host).isPresent() ? GeneralName.iPAddress : GeneralName.dNSName;
        var issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        return signed(issuer, name, leafKey, LEAF_LIFE, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(kind, host)));
            builder.addExtension(Extension.authorityKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(key.getPublic()));
        });
    }

    /** Says what a certificate is for. */
    private interface Purpose {
        void add(X509v3CertificateBuilder builder) throws IOException, GeneralSecurityException;
    }

    private X509Certificate signed(X500Name issuer, X500Name subject, KeyPair of, Duration life, Purpose purpose)
            throws GeneralSecurityException {
        var now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(issuer, new BigInteger(127, random).setBit(126),
                Date.from(now.minus(CLOCKS_DIFFER)), Date.from(now.plus(life)), subject, of.getPublic());
        try {
            purpose.add(builder);
            builder.addExtension(Extension.subjectKeyIdentifier, false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(of.getPublic()));
            return new JcaX509CertificateConverter().getCertificate(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
        } catch (IOException | OperatorCreationException impossible) {
            throw new GeneralSecurityException("the certificate cannot be made", impossible);
        }
    }

    private KeyPair pair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }
}
