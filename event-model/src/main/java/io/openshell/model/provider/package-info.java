/** Providers: named sets of credentials that sandboxes may use without seeing them. Holds names and revisions, never a secret. */
@NullMarked
package io.openshell.model.provider;

import org.jspecify.annotations.NullMarked;
