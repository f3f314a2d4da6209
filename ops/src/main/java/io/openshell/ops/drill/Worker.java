package io.openshell.ops.drill;

import com.google.protobuf.MessageLite;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxRequest;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.StartSandboxRequest;
import io.openshell.wire.v1.StopSandboxRequest;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One user: creates, stops, starts and deletes sandboxes of its own and sets policies, at any gateway, and asks again under
 * the same command id whenever it got no answer. One thread.
 */
final class Worker implements Runnable {

    private static final Duration CALL = Duration.ofSeconds(12);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int NAMES = 6;
    /** After these it is not known what became of the command. */
    private static final Set<RpcCode> NO_ANSWER =
            Set.of(RpcCode.UNAVAILABLE, RpcCode.DEADLINE_EXCEEDED, RpcCode.CANCELLED, RpcCode.INTERNAL, RpcCode.UNKNOWN);

    private final int number;
    private final Fleet fleet;
    private final Ledger ledger;
    private final SplittableRandom random;
    private final BooleanSupplier over;

    Worker(int number, Fleet fleet, Ledger ledger, long seed, BooleanSupplier over) {
        this.number = number;
        this.fleet = fleet;
        this.ledger = ledger;
        this.random = new SplittableRandom(seed + number);
        this.over = over;
    }

    @Override
    public void run() {
        while (!over.getAsBoolean()) {
            String name = "w" + number + "-" + random.nextInt(NAMES);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> ask(Rpc.CREATE, CreateSandboxRequest.newBuilder()
                        .setName(name).setSpec(SandboxSpec.newBuilder().addCommand("sleep")).build(), name);
                case 3 -> ask(Rpc.STOP, StopSandboxRequest.newBuilder().setName(name).build(), name);
                case 4 -> ask(Rpc.START, StartSandboxRequest.newBuilder().setName(name).build(), name);
                case 5 -> ask(Rpc.DELETE, DeleteSandboxRequest.newBuilder().setName(name).build(), name);
                default -> ask(Rpc.UPDATE_CONFIG, UpdateConfigRequest.newBuilder()
                        .setName(name)
                        .setPolicy(PolicyCodec.encode(BuiltInPolicies.community()))
                        .putAnnotations("n", Integer.toString(random.nextInt())).build(), name);
            }
        }
    }

    private <Q extends MessageLite, R extends MessageLite> void ask(Rpc<Q, R> rpc, Q request, String name) {
        String id = UUID.randomUUID().toString();
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE.toNanos()) {
            try {
                fleet.client(random.nextInt(fleet.size()), Map.of("openshell-command-id", id)).call(rpc, request, CALL);
                acknowledged(id, rpc, name, begun, true);
                return;
            } catch (RpcException e) {
                if (!NO_ANSWER.contains(e.code())) {
                    acknowledged(id, rpc, name, begun, false);
                    return;
                }
                ledger.retried();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
        ledger.gaveUp();
    }

    private void acknowledged(String id, Rpc<?, ?> rpc, String name, long begun, boolean accepted) {
        ledger.acknowledged(id, new Ledger.Acknowledged(
                "sandbox/default/" + name, rpc.path().substring(rpc.path().lastIndexOf('/') + 1), accepted),
                System.nanoTime() - begun);
    }
}
