/** WebSocket frames as a relay must understand them, without sockets and without decisions. */
@NullMarked
package io.openshell.proxy.websocket;

import org.jspecify.annotations.NullMarked;
