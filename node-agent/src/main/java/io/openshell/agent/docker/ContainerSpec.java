package io.openshell.agent.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Volume;
import io.openshell.agent.launcher.ContainerEntry;
import io.openshell.agent.launcher.ContainerEntry.Home;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.model.sandbox.Shares;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The container of one sandbox: no network but loopback, no capability, no new privileges, an image that cannot be
 * written, and as its first process one that only waits and collects.
 *
 * @param init program and arguments of the first process
 * @param initFile host file of that program; empty when the image has it
 */
record ContainerSpec(String image, String name, Map<String, String> labels, Home home, List<String> init, String initFile) {
    private static final String NOBODY = ContainerEntry.FIRST_PROCESS_UID + ":" + ContainerEntry.FIRST_PROCESS_UID;
    /** Where the first process's program is seen when the host provides it. */
    static final String INIT_INSIDE = "/run/openshell-init";

    private static final List<String> OWN_ETC = List.of("passwd", "group", "hosts", "resolv.conf");

    ContainerSpec {
        labels = Map.copyOf(labels);
        init = List.copyOf(init);
    }

    CreateContainerCmd applyTo(CreateContainerCmd command) {
        return command.withName(name)
                .withHostName(home.hostname())
                .withLabels(labels)
                .withUser(NOBODY)
                .withEnv(home.marks())
                .withWorkingDir("/")
                .withEntrypoint(init)
                .withCmd(List.of())
                .withHostConfig(host());
    }

    private HostConfig host() {
        Shares shares = home.shares();
        HostConfig host = HostConfig.newHostConfig()
                .withNetworkMode("none")
                .withIpcMode("private")
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withReadonlyRootfs(true)
                .withSysctls(sysctls())
                .withRestartPolicy(RestartPolicy.noRestart())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                // Owned by the workload, since some engines put the mode of the image's directory back.
                .withTmpFs(Map.of("/tmp", "rw,nosuid,nodev,exec,mode=1777,uid=" + home.uid() + ",gid=" + home.uid()
                        + ",size=" + shares.diskBytes()))
                .withBinds(binds());
        if (shares.memoryBytes() > 0) {
            host.withMemory(shares.memoryBytes()).withMemorySwap(shares.memoryBytes());
        }
        if (shares.processes() > 0) {
            host.withPidsLimit((long) shares.processes());
        }
        if (shares.cpuMillis() > 0) {
            host.withNanoCPUs(shares.cpuMillis() * 1_000_000);
        }
        return host;
    }

    /** An engine that knows no IPv6 network takes the loopback address away as well, which programs ask for by the name localhost. */
    private static Map<String, String> sysctls() {
        return Files.isDirectory(Path.of("/proc/sys/net/ipv6")) ? Map.of("net.ipv6.conf.all.disable_ipv6", "0") : Map.of();
    }

    private List<Bind> binds() {
        List<Bind> binds = new ArrayList<>();
        binds.add(new Bind(home.workspace().toString(), new Volume("/sandbox"), AccessMode.rw));
        binds.add(readOnly(home.trust(), TrustFiles.DIRECTORY));
        OWN_ETC.forEach(file -> binds.add(readOnly(home.etc().resolve(file), "/etc/" + file)));
        if (!initFile.isEmpty()) {
            binds.add(readOnly(Path.of(initFile), INIT_INSIDE));
        }
        return binds;
    }

    private static Bind readOnly(Path host, String inside) {
        return new Bind(host.toString(), new Volume(inside), AccessMode.ro);
    }
}
