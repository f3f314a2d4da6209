package io.openshell.log;

/** Hears how long deciding takes. Called on the deciding loop's thread; must not block or throw. */
public interface DeciderTimes {
    /** For those who do not want to know. */
    DeciderTimes IGNORED = new DeciderTimes() {
        @Override
        public void decided(int commands, long nanos) {}

        @Override
        public void committed(int events, long nanos) {}
    };

    /** A batch was decided, in so many nanoseconds. */
    void decided(int commands, long nanos);

    /** Its events were written and count, in so many nanoseconds. */
    void committed(int events, long nanos);
}
