/** Policy DNS without sockets: questions read, answers written, and which synthetic address stands for which name. */
@NullMarked
package io.openshell.proxy.dns;

import org.jspecify.annotations.NullMarked;
