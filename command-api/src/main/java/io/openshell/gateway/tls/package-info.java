/** Certificates of a gateway on one machine. */
@NullMarked
package io.openshell.gateway.tls;

import org.jspecify.annotations.NullMarked;
