package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;

class LeftTransactionsTest {
    private final KafkaSettings settings = BrokerFixture.shared();
    private final String run = UUID.randomUUID().toString();

    @Test
    void aTransactionOfNobodyInTheGroupIsEndedAndItsOwnerCannotCommitIt() throws Exception {
        try (Admin admin = Admin.create(ClientProperties.admin(settings));
                var lost = producer(KafkaDeciderLoop.GROUP + "-" + run);
                var foreign = producer("somebody-" + run)) {
            open(lost);
            open(foreign);

            assertThat(new LeftTransactions(admin, KafkaDeciderLoop.GROUP).end()).contains(KafkaDeciderLoop.GROUP + "-" + run);

            foreign.commitTransaction();
            assertThatThrownBy(lost::commitTransaction)
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
            assertThat(new LeftTransactions(admin, KafkaDeciderLoop.GROUP).end()).doesNotContain(KafkaDeciderLoop.GROUP + "-" + run);
        }
    }

    private KafkaProducer<String, byte[]> producer(String id) {
        return new KafkaProducer<>(ClientProperties.transactional(settings, id));
    }

    private void open(KafkaProducer<String, byte[]> producer) throws Exception {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(Topics.ACTIVITY, "left-" + run, new byte[1])).get(10, TimeUnit.SECONDS);
    }
}
