package io.openshell.proxy;

import io.openshell.proxy.http.Authority;
import io.openshell.proxy.http.HttpUrl;
import java.util.regex.Pattern;

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

    /** A request in absolute form. */
    record Forward(String method, Authority authority, String path) implements Ask {
        private static final Pattern CREDENTIAL = Pattern.compile(
                "openshell:resolve:env:[A-Za-z0-9_]+|[A-Za-z0-9_.~%-]+OPENSHELL-RESOLVE-ENV-[A-Za-z0-9_]+");

        static Forward of(String method, HttpUrl url) {
            return new Forward(method, url.authority(), CREDENTIAL.matcher(url.path()).replaceAll("[CREDENTIAL]"));
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
