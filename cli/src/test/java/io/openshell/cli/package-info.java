/** Tests of the command line: real commands against answers from a stand-in gateway on a Unix socket. */
@NullMarked
package io.openshell.cli;

import org.jspecify.annotations.NullMarked;
