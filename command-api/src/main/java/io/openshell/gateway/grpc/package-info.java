/** The gateway's listeners, its calls and how refusals reach a caller. */
@NullMarked
package io.openshell.gateway.grpc;

import org.jspecify.annotations.NullMarked;
