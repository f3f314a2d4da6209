/** Tests of finding a connection's owner. */
@NullMarked
package io.openshell.agent.identity;

import org.jspecify.annotations.NullMarked;
