/** Tests of strict HTTP/1 reading. */
@NullMarked
package io.openshell.proxy.http;

import org.jspecify.annotations.NullMarked;
