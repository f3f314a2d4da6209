@NullMarked
package io.openshell.bench.scale;

import org.jspecify.annotations.NullMarked;
