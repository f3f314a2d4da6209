/** Tests against brokers that are not ours. */
@NullMarked
package io.openshell.ops.kafka;

import org.jspecify.annotations.NullMarked;
