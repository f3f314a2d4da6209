/** Rules proposed because of denials, and what people decide about them. */
@NullMarked
package io.openshell.gateway.learn;

import org.jspecify.annotations.NullMarked;
