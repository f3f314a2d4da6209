package io.openshell.proxy;

import io.openshell.model.egress.HttpRequest;
import io.openshell.proxy.http.Authority;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.RequestHead;
import java.net.InetAddress;
import java.util.List;

/** What one connection asks for, in the words of replies and log lines; a query is never part of it. */
sealed interface Ask {
    /** Where the traffic would go. */
    Authority authority();

    /** The activity of the log line. */
    String activity();

    /** The target of the log line. */
    String target();

    /** The start of a detail text. */
    String words();

    /** A CONNECT. */
    record Tunnel(Authority authority) implements Ask {
        @Override
        public String activity() {
            return "NET:OPEN";
        }

        @Override
        public String target() {
            return authority.display();
        }

        @Override
        public String words() {
            return "CONNECT " + authority.display();
        }
    }

    /**
     * A connection that came without asking, to an address of policy DNS.
     *
     * @param authority the name the address stands for, or the address when it stands for none
     * @param pinned where it may really go
     * @param unmapped why it can go nowhere; empty when it can
     */
    record Captured(Authority authority, List<InetAddress> pinned, String unmapped) implements Ask {
        public Captured {
            pinned = List.copyOf(pinned);
        }

        @Override
        public String activity() {
            return "NET:OPEN";
        }

        @Override
        public String target() {
            return authority.display();
        }

        @Override
        public String words() {
            return "connection to " + authority.display();
        }
    }

    /**
     * A request in a tunnel.
     *
     * @param method the method
     * @param authority where the tunnel goes
     * @param secure whether the tunnel carries TLS
     * @param path the canonical path as it may be shown; empty when it could not be read
     * @param query the query as it may be recorded
     */
    record Inner(String method, Authority authority, boolean secure, String path, String query) implements Ask {
        @Override
        public String activity() {
            return "HTTP:" + method;
        }

        @Override
        public String target() {
            return method + (secure ? " https://" : " http://") + authority.display() + path;
        }

        @Override
        public String words() {
            return method + " " + authority.display() + path;
        }
    }

    /**
     * A request in absolute form.
     *
     * @param method the method
     * @param authority where it goes
     * @param path the canonical path as it may be shown
     * @param request what rules see
     * @param otherProtocol whether it wants to go on in HTTP/2
     */
    record Forward(String method, Authority authority, String path, HttpRequest request, boolean otherProtocol)
            implements Ask {
        static Forward of(RequestHead head, HttpUrl url) {
            var request = new HttpRequest(
                    head.method(), Redaction.of(url.path()), Redaction.of(url.query()), RequestGate.plainKind(head));
            return new Forward(head.method(), url.authority(), Redaction.of(url.path()), request, head.wants("h2c"));
        }

        @Override
        public String activity() {
            return "HTTP:" + method;
        }

        @Override
        public String target() {
            return method + " http://" + authority.display() + path;
        }

        @Override
        public String words() {
            return method + " " + authority.display() + path;
        }
    }
}
