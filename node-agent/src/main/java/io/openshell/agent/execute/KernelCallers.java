package io.openshell.agent.execute;

import io.openshell.agent.identity.CallerLookup;
import io.openshell.agent.identity.CallerResult;
import io.openshell.model.egress.Caller;
import io.openshell.model.egress.ReasonCode;
import io.openshell.proxy.CallerIdentification;
import io.openshell.proxy.Identified;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers the proxy from what the kernel says about a sandbox's sockets. */
public record KernelCallers(CallerLookup lookup) implements CallerIdentification {

    @Override
    public CompletionStage<Identified> identify(InetSocketAddress workload, InetSocketAddress proxy) {
        return CompletableFuture.completedStage(identified(lookup.find(workload, proxy)));
    }

    @Override
    public Optional<Identified> identifySoon(InetSocketAddress workload, InetSocketAddress proxy) {
        return lookup.findSoon(workload, proxy).map(KernelCallers::identified);
    }

    @Override
    public CompletionStage<Identified> identifyDatagram(InetSocketAddress workload, InetSocketAddress proxy) {
        return CompletableFuture.completedStage(identified(lookup.findDatagram(workload, proxy)));
    }

    /** In the words of the proxy. */
    static Identified identified(CallerResult found) {
        return switch (found) {
            case CallerResult.Found f ->
                new Identified.Known(
                        f.pid(), new Caller(f.executable(), f.ancestors(), f.commandLinePaths()), f.sha256());
            case CallerResult.Unknown u -> new Identified.Unknown(ReasonCode.IDENTITY_UNKNOWN, u.reason());
            case CallerResult.Ambiguous a -> new Identified.Unknown(ReasonCode.IDENTITY_AMBIGUOUS, a.reason());
            case CallerResult.IntegrityChanged c -> new Identified.Unknown(
                    ReasonCode.INTEGRITY_CHANGED, c.path() + " is not the file it was when it was first seen");
        };
    }
}
