package io.openshell.log.kafka;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The loopback ports of a broker. Ports that were picked are remembered beside its data, so that clients configured
 * with them survive a restart; when one was taken meanwhile, new ones are picked.
 */
record BrokerPorts(int client, int controller) {
    private static final String FILE = "broker.ports";

    /** Given ports as they are, zeros as remembered or picked. */
    static BrokerPorts choose(Path directory, int client, int controller) throws BrokerStartFailed, IOException {
        BrokerPorts remembered = remembered(directory);
        int c = client != 0 ? demand(client) : pick(remembered.client(), 0);
        int q = controller != 0 ? demand(controller) : pick(remembered.controller(), c);
        BrokerPorts chosen = new BrokerPorts(c, q);
        chosen.remember(directory);
        return chosen;
    }

    private static int demand(int port) throws BrokerStartFailed {
        if (!isFree(port)) {
            throw new BrokerStartFailed(
                    BrokerStartFailed.Reason.PORT_IN_USE, "Port " + port + " on 127.0.0.1, given for the log's broker, is in use.");
        }
        return port;
    }

    private static int pick(int wish, int not) throws IOException {
        if (wish != 0 && wish != not && isFree(wish)) {
            return wish;
        }
        while (true) {
            try (ServerSocket any = new ServerSocket()) {
                any.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                if (any.getLocalPort() != not) {
                    return any.getLocalPort();
                }
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            // As the broker does it: connections of the last run in TIME_WAIT do not count.
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** What was chosen last, zeros when nothing was. */
    static BrokerPorts remembered(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return new BrokerPorts(0, 0);
        }
        Properties p = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            p.load(in);
        }
        try {
            return new BrokerPorts(port(p, "client"), port(p, "controller"));
        } catch (NumberFormatException damaged) {
            return new BrokerPorts(0, 0); // only a preference: picking anew is always right
        }
    }

    private static int port(Properties p, String key) {
        int port = Integer.parseInt(p.getProperty(key, "0"));
        return port > 0 && port < 65_536 ? port : 0;
    }

    private void remember(Path directory) throws IOException {
        Properties p = new Properties();
        p.setProperty("client", Integer.toString(client));
        p.setProperty("controller", Integer.toString(controller));
        try (Writer out = Files.newBufferedWriter(directory.resolve(FILE))) {
            p.store(out, null);
        }
    }
}
