/** Environment and files of the client: gateways, the active one, the sandbox last used. The only place that reads the environment. */
@NullMarked
package io.openshell.cli.config;

import org.jspecify.annotations.NullMarked;
