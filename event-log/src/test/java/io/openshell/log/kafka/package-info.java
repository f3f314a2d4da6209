/** Tests of the log against a real broker in this JVM. */
package io.openshell.log.kafka;
