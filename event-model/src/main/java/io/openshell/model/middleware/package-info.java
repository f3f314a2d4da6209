/** What a policy's middlewares do to the requests they see: how they are configured, and the one that is built in. */
@NullMarked
package io.openshell.model.middleware;

import org.jspecify.annotations.NullMarked;
