/** The past: reads as of a point, searching and comparing histories, incident files, checking and rebuilding views. */
@NullMarked
package io.openshell.gateway.time;

import org.jspecify.annotations.NullMarked;
