/** The kernel as this agent sees it: raw calls, structures and netlink; the only package that touches the native binding. */
@NullMarked
package io.openshell.agent.linux;

import org.jspecify.annotations.NullMarked;
