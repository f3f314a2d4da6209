package io.openshell.agent.doctor;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The program behind {@code openshell doctor}. Writes one line per finding for the command line to show: state, layer, what was seen, what
 * it costs, what to do, separated by tabs. Ends with 0 when sandboxes can run and with 1 when not.
 */
public final class DoctorMain {
    private DoctorMain() {}

    public static void main(String[] args) {
        List<Finding> findings = examine();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        findings.forEach(finding -> out.println(line(finding)));
        out.flush();
        System.exit(findings.stream().anyMatch(finding -> finding.state() == Finding.State.MISSING) ? 1 : 0);
    }

    static List<Finding> examine() {
        try {
            List<Finding> findings = new ArrayList<>(Checkup.of(MachineLook.look()));
            if (findings.stream().noneMatch(finding -> finding.state() == Finding.State.MISSING)) {
                findings.add(Trial.run());
            }
            return findings;
        } catch (LinkageError e) {
            return List.of(Finding.missing("platform", "the kernel could not be asked: " + e, "no sandbox can run",
                    "use Linux on x86-64 or arm64 with the GNU C library"));
        }
    }

    static String line(Finding finding) {
        return String.join("\t", List.of(finding.state().name(), finding.layer(), finding.seen(), finding.cost(), finding.remedy()).stream()
                .map(text -> text.replaceAll("\\s+", " ")).toList());
    }
}
