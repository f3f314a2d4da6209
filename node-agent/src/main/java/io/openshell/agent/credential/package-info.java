/** Where a node gets the credentials of its sandboxes from. */
@NullMarked
package io.openshell.agent.credential;

import org.jspecify.annotations.NullMarked;
