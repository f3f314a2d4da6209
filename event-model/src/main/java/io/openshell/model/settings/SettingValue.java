package io.openshell.model.settings;

/** The value of a setting. */
public sealed interface SettingValue {

    /** As people write it. */
    String text();

    /** Yes or no. */
    record Flag(boolean on) implements SettingValue {
        @Override
        public String text() {
            return Boolean.toString(on);
        }
    }

    /** One word of a few. */
    record Word(String word) implements SettingValue {
        @Override
        public String text() {
            return word;
        }
    }
}
