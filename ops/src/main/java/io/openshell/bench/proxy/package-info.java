/** Measures the egress proxy: a load client inside a sandbox, the same one beside other proxies, and a server for all of them. */
@NullMarked
package io.openshell.bench.proxy;

import org.jspecify.annotations.NullMarked;
