/** The root view a sandbox gets, as a list of steps and their application. */
@NullMarked
package io.openshell.agent.isolation.mounts;

import org.jspecify.annotations.NullMarked;
