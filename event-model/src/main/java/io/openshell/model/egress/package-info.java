/** Pure egress decisions: which caller may reach which host, and which resolved addresses are acceptable. */
@NullMarked
package io.openshell.model.egress;

import org.jspecify.annotations.NullMarked;
