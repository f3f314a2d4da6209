package io.openshell.agent.runtime;

import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.SandboxSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One runtime for sandboxes that stand on files of the host, another for those from images. The source decides, which is
 * part of the request and so of the log: the same sandbox is always run by the same one.
 *
 * @param host knows the directories of all sandboxes
 * @param containers empty when the operator wants none
 */
public record SourcedRuntime(SandboxRuntime host, Optional<? extends SandboxRuntime> containers) implements SandboxRuntime {

    @Override
    public String name() {
        return containers.map(c -> host.name() + "+" + c.name()).orElse(host.name());
    }

    @Override
    public List<String> offers() {
        List<String> all = new ArrayList<>(host.offers());
        containers.ifPresent(c -> all.addAll(c.offers()));
        return all;
    }

    @Override
    public void onOffersChanged(Consumer<String> reasons) {
        host.onOffersChanged(reasons);
        containers.ifPresent(c -> c.onOffersChanged(reasons));
    }

    @Override
    public void onPauses(Consumer<String> sandboxIds) {
        host.onPauses(sandboxIds);
        containers.ifPresent(c -> c.onPauses(sandboxIds));
    }

    @Override
    public List<LayerReport> preflight() {
        return host.preflight();
    }

    @Override
    public LaunchOutcome launch(LaunchRequest request) {
        return switch (request.basis().source()) {
            case SandboxSource.Host h -> host.launch(request);
            case SandboxSource.Rootfs r -> host.launch(request);
            case SandboxSource.Image i -> containers.<LaunchOutcome>map(c -> c.launch(request)).orElseGet(
                    () -> new LaunchOutcome.Failed(LaunchOutcome.Failed.ENGINE, "this node runs no container images; its operator has turned them off"));
        };
    }

    @Override
    public Optional<KeptRun> kept(String sandboxId) {
        return host.kept(sandboxId);
    }

    @Override
    public AdoptOutcome adopt(LaunchRequest request) {
        return switch (request.basis().source()) {
            case SandboxSource.Host h -> host.adopt(request);
            case SandboxSource.Rootfs r -> host.adopt(request);
            case SandboxSource.Image i -> containers.<AdoptOutcome>map(c -> c.adopt(request)).orElseGet(
                    () -> new AdoptOutcome.NotAdopted("this node runs no container images; its operator has turned them off"));
        };
    }

    @Override
    public void removeLeftovers(String sandboxId) {
        containers.ifPresent(c -> c.removeLeftovers(sandboxId));
        host.removeLeftovers(sandboxId);
    }

    @Override
    public void purge(String sandboxId) {
        containers.ifPresent(c -> c.purge(sandboxId));
        host.purge(sandboxId);
    }
}
