/** The vault: secrets of providers, sealed in the log, opened only in this process. */
@NullMarked
package io.openshell.gateway.vault;

import org.jspecify.annotations.NullMarked;
