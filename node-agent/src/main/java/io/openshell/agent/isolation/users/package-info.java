/** What this agent is to the kernel, root or an ordinary user in a user namespace, and which user ids it can therefore give away. */
@NullMarked
package io.openshell.agent.isolation.users;

import org.jspecify.annotations.NullMarked;
