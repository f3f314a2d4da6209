/** What programs in a sandbox are told about its policy, and the rules they ask for. */
@NullMarked
package io.openshell.agent.advise;

import org.jspecify.annotations.NullMarked;
