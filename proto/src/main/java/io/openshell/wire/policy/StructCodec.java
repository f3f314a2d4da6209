package io.openshell.wire.policy;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.openshell.model.policy.ConfigValue;
import java.util.SortedMap;
import java.util.TreeMap;

/** Free-form configuration values and their messages. */
final class StructCodec {
    private StructCodec() {}

    static ConfigValue.Fields decode(Struct struct) {
        SortedMap<String, ConfigValue> fields = new TreeMap<>();
        struct.getFieldsMap().forEach((name, value) -> fields.put(name, value(value)));
        return new ConfigValue.Fields(fields);
    }

    static Struct encode(ConfigValue.Fields fields) {
        Struct.Builder struct = Struct.newBuilder();
        fields.values().forEach((name, value) -> struct.putFields(name, value(value)));
        return struct.build();
    }

    private static ConfigValue value(Value value) {
        return switch (value.getKindCase()) {
            case NULL_VALUE, KIND_NOT_SET -> new ConfigValue.Nothing();
            case BOOL_VALUE -> new ConfigValue.Flag(value.getBoolValue());
            case NUMBER_VALUE -> new ConfigValue.Number(value.getNumberValue());
            case STRING_VALUE -> new ConfigValue.Text(value.getStringValue());
            case STRUCT_VALUE -> decode(value.getStructValue());
            case LIST_VALUE -> new ConfigValue.Items(value.getListValue().getValuesList().stream().map(StructCodec::value).toList());
        };
    }

    private static Value value(ConfigValue value) {
        Value.Builder message = Value.newBuilder();
        return switch (value) {
            case ConfigValue.Nothing nothing -> message.setNullValue(NullValue.NULL_VALUE).build();
            case ConfigValue.Flag flag -> message.setBoolValue(flag.value()).build();
            case ConfigValue.Number number -> message.setNumberValue(number.value()).build();
            case ConfigValue.Text text -> message.setStringValue(text.value()).build();
            case ConfigValue.Fields fields -> message.setStructValue(encode(fields)).build();
            case ConfigValue.Items items -> {
                ListValue.Builder list = ListValue.newBuilder();
                items.values().forEach(item -> list.addValues(value(item)));
                yield message.setListValue(list).build();
            }
        };
    }
}
