package io.openshell.cli.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The commands below a command. {@link CommandTree} adds those a command line can mean. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Group {
    /** In the order in which help lists them. */
    Class<?>[] value();
}
