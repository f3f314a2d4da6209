/** Settings: the known keys and their types, the settings of the gateway as a stream of its own, and which value counts. */
@NullMarked
package io.openshell.model.settings;

import org.jspecify.annotations.NullMarked;
