package io.openshell.log.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Ends the transactions that members of the deciding group left open when they died: readers and their successor would wait
 * behind them for the transaction timeout, and for as long again until the cluster looks for transactions past it. A member
 * that is alive but no longer in the group may be hit too; its commit would be refused anyway, and it begins anew. One thread.
 */
final class LeftTransactions {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Admin admin;
    private final String group;

    /** Members are named in the group as their transactions are: after the group. */
    LeftTransactions(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    /**
     * Ends those that are open now; blocks for three seconds at the most.
     *
     * @return the names of the dead members whose transactions were ended
     * @throws KafkaException when the log does not tell or does not do it
     */
    Collection<String> end() {
        Set<String> open = await(admin.listTransactions(new ListTransactionsOptions()
                        .filterStates(Set.of(TransactionState.ONGOING)).timeoutMs((int) LIMIT.toMillis())).all()).stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith(group + "-"))
                .collect(Collectors.toSet());
        if (open.isEmpty()) {
            return open;
        }
        // Asked for second: who joined meanwhile and began to decide must not be taken for dead.
        open.removeAll(members());
        if (!open.isEmpty()) {
            await(admin.fenceProducers(open, new FenceProducersOptions().timeoutMs((int) LIMIT.toMillis())).all());
        }
        return open;
    }

    private Set<String> members() {
        return await(admin.describeConsumerGroups(List.of(group)).all()).get(group).members().stream()
                .map(MemberDescription::groupInstanceId)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    private static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("transactions that were left open are not ended", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e); // sets the interrupt again
        }
    }
}
