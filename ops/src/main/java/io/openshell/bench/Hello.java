package io.openshell.bench;

/** The smallest program, to see what a JVM costs by itself. */
public final class Hello {
    private Hello() {}

    /** Says hello. */
    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
