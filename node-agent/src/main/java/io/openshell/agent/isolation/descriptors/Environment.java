package io.openshell.agent.isolation.descriptors;

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

    /** Our values, then the user's over them, except the ones that say which sandbox this is. */
    public static TreeMap<String, String> of(String sandboxId, String hostname, boolean tty, Map<String, String> user) {
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
        e.putAll(user);
        e.put("OPENSHELL_SANDBOX", "1");
        e.put("OPENSHELL_SANDBOX_ID", sandboxId);
        return e;
    }

    /** As {@code NAME=value}. */
    public static List<String> lines(Map<String, String> environment) {
        return environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }
}
