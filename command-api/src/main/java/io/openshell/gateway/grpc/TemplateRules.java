package io.openshell.gateway.grpc;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Shares;
import io.openshell.wire.v1.SandboxTemplate;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Image and limits of a template, there and back. Pure; every violation is a {@link Refusal}. */
final class TemplateRules {

    private static final int LONGEST_REFERENCE = 512;
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@+-]*");
    private static final Pattern ROOTFS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?)(m|k|K|Ki|M|Mi|G|Gi|T|Ti)?");
    private static final Map<String, BigDecimal> FACTORS = Map.of(
            "m", new BigDecimal("0.001"),
            "k", BigDecimal.valueOf(1_000),
            "K", BigDecimal.valueOf(1_000),
            "Ki", BigDecimal.valueOf(1L << 10),
            "M", BigDecimal.valueOf(1_000_000),
            "Mi", BigDecimal.valueOf(1L << 20),
            "G", BigDecimal.valueOf(1_000_000_000),
            "Gi", BigDecimal.valueOf(1L << 30),
            "T", BigDecimal.valueOf(1_000_000_000_000L),
            "Ti", BigDecimal.valueOf(1L << 40));
    private static final long LEAST_MEMORY = 16L << 20;
    private static final long LEAST_DISK = 1L << 20;
    private static final long LEAST_CPU_MILLIS = 10;
    private static final long MOST_CPU_MILLIS = 1_000_000;
    private static final int LEAST_PROCESSES = 8;
    private static final int MOST_PROCESSES = 4_194_304;

    private TemplateRules() {}

    /** What a template says of files and shares. */
    static Basis basis(SandboxTemplate template) {
        return new Basis(source(template.getImage()), shares(template.getResources()));
    }

    /** As {@link #basis(SandboxTemplate)}, with an image for a template that names none. */
    static Basis basis(SandboxTemplate template, String defaultImage) {
        boolean silent = template.getImage().isEmpty();
        return new Basis(source(silent ? defaultImage : template.getImage()), shares(template.getResources()));
    }

    /** The template that says the same. */
    static SandboxTemplate template(Basis basis) {
        SandboxTemplate.Builder template = SandboxTemplate.newBuilder().setImage(basis.source().text());
        Struct.Builder limits = Struct.newBuilder();
        Shares shares = basis.shares();
        put(limits, "cpu", shares.cpuMillis() + "m", shares.cpuMillis());
        put(limits, "memory", bytes(shares.memoryBytes()), shares.memoryBytes());
        put(limits, "pids", Integer.toString(shares.processes()), shares.processes());
        put(limits, "disk", bytes(shares.diskBytes()), shares.diskBytes());
        if (limits.getFieldsCount() > 0) {
            template.setResources(Struct.newBuilder()
                    .putFields("limits", Value.newBuilder().setStructValue(limits).build()));
        }
        return template.build();
    }

    private static void put(Struct.Builder limits, String name, String text, long value) {
        if (value > 0) {
            limits.putFields(name, Value.newBuilder().setStringValue(text).build());
        }
    }

    /** In the largest binary unit that says it exactly. */
    private static String bytes(long value) {
        for (String unit : List.of("Ti", "Gi", "Mi", "Ki")) {
            long factor = FACTORS.get(unit).longValue();
            if (value % factor == 0) {
                return value / factor + unit;
            }
        }
        return Long.toString(value);
    }

    private static SandboxSource source(String text) {
        SandboxSource source = SandboxSource.of(text);
        boolean fits = switch (source) {
            case SandboxSource.Host h -> true;
            case SandboxSource.Image i -> text.length() <= LONGEST_REFERENCE && REFERENCE.matcher(text).matches();
            case SandboxSource.Rootfs r -> ROOTFS.matcher(r.name()).matches();
        };
        if (!fits) {
            throw Refusal.invalid("the template's image is neither an image reference nor rootfs:NAME");
        }
        return source;
    }

    private static Shares shares(Struct resources) {
        Shares shares = Shares.USUAL;
        for (Map.Entry<String, Value> group : resources.getFieldsMap().entrySet()) {
            if (!group.getKey().equals("limits")) {
                throw Refusal.precondition("resources may hold limits; '" + shortened(group.getKey()) + "' is not served");
            }
            for (Map.Entry<String, Value> each : group.getValue().getStructValue().getFieldsMap().entrySet()) {
                shares = with(shares, each.getKey(), text(each.getValue()));
            }
        }
        return shares;
    }

    private static Shares with(Shares s, String name, String text) {
        return switch (name) {
            case "cpu" -> new Shares(
                    between(name, millis(text), LEAST_CPU_MILLIS, MOST_CPU_MILLIS), s.memoryBytes(), s.processes(), s.diskBytes());
            case "memory" -> new Shares(
                    s.cpuMillis(), between(name, amount(name, text), LEAST_MEMORY, Long.MAX_VALUE), s.processes(), s.diskBytes());
            case "pids" -> new Shares(s.cpuMillis(), s.memoryBytes(),
                    (int) between(name, amount(name, text), LEAST_PROCESSES, MOST_PROCESSES), s.diskBytes());
            case "disk", "ephemeral-storage" -> new Shares(s.cpuMillis(), s.memoryBytes(), s.processes(),
                    between(name, amount(name, text), LEAST_DISK, Long.MAX_VALUE));
            default -> throw Refusal.precondition("no node limits '" + shortened(name) + "'; limits are cpu, memory, pids and disk");
        };
    }

    private static long between(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw Refusal.invalid("the limit " + name + " must be " + least + " at least" + (most == Long.MAX_VALUE ? "" : " and " + most + " at most")
                    + (name.equals("cpu") ? ", in thousandths of a processor" : ""));
        }
        return value;
    }

    private static long millis(String text) {
        return number("cpu", text).movePointRight(3).longValue();
    }

    private static long amount(String name, String text) {
        return number(name, text).longValue();
    }

    private static BigDecimal number(String name, String text) {
        Matcher quantity = QUANTITY.matcher(text);
        if (!quantity.matches()) {
            throw Refusal.invalid("the limit " + name + " is written like 500m, 2, 512Mi or 1Gi, not '" + shortened(text) + "'");
        }
        BigDecimal number = new BigDecimal(quantity.group(1));
        BigDecimal all = quantity.group(2) == null ? number : number.multiply(FACTORS.get(quantity.group(2)));
        if (all.compareTo(BigDecimal.valueOf(Long.MAX_VALUE / 1_000)) > 0) {
            throw Refusal.invalid("the limit " + name + " is too large");
        }
        return all;
    }

    private static String text(Value value) {
        return value.hasNumberValue()
                ? BigDecimal.valueOf(value.getNumberValue()).stripTrailingZeros().toPlainString()
                : value.getStringValue();
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "...";
    }
}
