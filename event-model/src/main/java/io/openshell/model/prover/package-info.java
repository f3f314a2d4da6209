/** What a change of a policy opens: the new ways by which programs reach credentials and addresses they could not reach before. */
@NullMarked
package io.openshell.model.prover;

import org.jspecify.annotations.NullMarked;
