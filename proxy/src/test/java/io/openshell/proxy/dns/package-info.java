/** Tests of policy DNS without sockets. */
@NullMarked
package io.openshell.proxy.dns;

import org.jspecify.annotations.NullMarked;
