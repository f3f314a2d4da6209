/** The log on Kafka: the broker inside the process, the topics, the deciding loop and the followers. */
@NullMarked
package io.openshell.log.kafka;

import org.jspecify.annotations.NullMarked;
