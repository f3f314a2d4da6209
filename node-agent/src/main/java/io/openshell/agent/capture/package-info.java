/** Sees what a sandbox's programs try without asking the proxy: where to, by whom, and nothing of it gets out. */
@NullMarked
package io.openshell.agent.capture;

import org.jspecify.annotations.NullMarked;
