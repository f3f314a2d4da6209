/** The one form of a request path that rules, previews and the proxy share. */
@NullMarked
package io.openshell.model.http;

import org.jspecify.annotations.NullMarked;
