/** Private kernel namespaces and the loopback network inside them. */
@NullMarked
package io.openshell.agent.isolation.namespaces;

import org.jspecify.annotations.NullMarked;
