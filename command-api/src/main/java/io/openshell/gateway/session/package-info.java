/** Byte streams between a caller and a process inside a sandbox. */
@NullMarked
package io.openshell.gateway.session;

import org.jspecify.annotations.NullMarked;
