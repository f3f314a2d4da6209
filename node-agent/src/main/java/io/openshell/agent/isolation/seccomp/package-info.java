/** The system call filter as data with reasons, and its compiler. */
@NullMarked
package io.openshell.agent.isolation.seccomp;

import org.jspecify.annotations.NullMarked;
