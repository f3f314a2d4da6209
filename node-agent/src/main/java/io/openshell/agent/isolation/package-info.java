/** The ordered plan of everything that is put around a sandbox, compiled before any thread is sealed. */
@NullMarked
package io.openshell.agent.isolation;

import org.jspecify.annotations.NullMarked;
