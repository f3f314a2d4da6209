/** Credentials of one sandbox: what its proxy may fill in, where, and what must never leave unfilled. */
@NullMarked
package io.openshell.proxy.credential;

import org.jspecify.annotations.NullMarked;
