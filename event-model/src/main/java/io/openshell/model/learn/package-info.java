/** Learning from denials: groups of them, the rules they suggest, and what there is to say against such a rule. */
@NullMarked
package io.openshell.model.learn;

import org.jspecify.annotations.NullMarked;
