/** Which process owns a connection that reached a sandbox's proxy. */
@NullMarked
package io.openshell.agent.identity;

import org.jspecify.annotations.NullMarked;
