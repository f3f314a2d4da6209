/** Carries plans out: launches, proxies, halts, one sandbox at a time and many beside each other. */
@NullMarked
package io.openshell.agent.execute;

import org.jspecify.annotations.NullMarked;
