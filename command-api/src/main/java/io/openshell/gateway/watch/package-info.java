/** Live feeds of a sandbox's status and log lines. */
@NullMarked
package io.openshell.gateway.watch;

import org.jspecify.annotations.NullMarked;
