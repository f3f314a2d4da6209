/** User, groups, capabilities and no_new_privs. */
@NullMarked
package io.openshell.agent.isolation.capabilities;

import org.jspecify.annotations.NullMarked;
