package io.openshell.agent.isolation.descriptors;

import io.openshell.agent.runtime.TrustFiles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The workload's environment, built from nothing. Pure. */
public final class Environment {
    /** Where programs are looked for. */
    public static final String PATH = "/sandbox/.local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String PROXY = "http://10.200.0.1:3128";
    private static final String DIRECT = "127.0.0.1,localhost,::1";
    /**
     * Read by curl and its like, also when a proxy is named on the command line. Loopback by number goes to the proxy, which
     * refuses and records it: whoever means a server of the sandbox itself writes localhost.
     */
    private static final String DIRECT_BY_NAME = "localhost,::1";

    private Environment() {}

    /**
     * Our values, then the user's over them, except the ones that say which sandbox this is.
     *
     * @param trust whether the sandbox has certificates of its own to believe
     */
    public static TreeMap<String, String> of(String sandboxId, String hostname, boolean tty, Map<String, String> user, boolean trust) {
        TreeMap<String, String> e = new TreeMap<>();
        e.put("PATH", PATH);
        e.put("HOME", "/sandbox");
        e.put("USER", "sandbox");
        e.put("LOGNAME", "sandbox");
        e.put("SHELL", "/bin/sh");
        e.put("TERM", tty ? "xterm-256color" : "dumb");
        e.put("LANG", "C.UTF-8");
        e.put("HOSTNAME", hostname);
        for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "grpc_proxy")) {
            e.put(name, PROXY);
        }
        e.put("NO_PROXY", DIRECT);
        e.put("no_proxy", DIRECT_BY_NAME);
        e.put("NODE_USE_ENV_PROXY", "1");
        if (trust) {
            certificates(e);
        }
        e.putAll(user);
        e.put("OPENSHELL_SANDBOX", "1");
        e.put("OPENSHELL_SANDBOX_ID", sandboxId);
        return e;
    }

    /** Every program family asks for its certificates in its own way. */
    private static void certificates(TreeMap<String, String> e) {
        String authority = TrustFiles.DIRECTORY + "/" + TrustFiles.AUTHORITY_FILE;
        String bundle = TrustFiles.DIRECTORY + "/" + TrustFiles.BUNDLE_FILE;
        e.put("NODE_EXTRA_CA_CERTS", authority);
        e.put("DENO_CERT", authority);
        for (String name : List.of("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "AWS_CA_BUNDLE",
                "CARGO_HTTP_CAINFO", "PIP_CERT")) {
            e.put(name, bundle);
        }
        e.put("JAVA_TOOL_OPTIONS", "-Djavax.net.ssl.trustStore=" + TrustFiles.DIRECTORY + "/" + TrustFiles.JAVA_FILE
                + " -Djavax.net.ssl.trustStoreType=JKS -Dhttp.proxyHost=10.200.0.1 -Dhttp.proxyPort=3128"
                + " -Dhttps.proxyHost=10.200.0.1 -Dhttps.proxyPort=3128 -Dhttp.nonProxyHosts=localhost|127.*|[::1]"
                // Maven looks at the properties above only when it is told to.
                + " -Daether.connector.http.useSystemProperties=true");
    }

    /** As {@code NAME=value}. */
    public static List<String> lines(Map<String, String> environment) {
        return environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }
}
