package io.openshell.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.openshell.gateway.grpc.Commands;
import io.openshell.log.CommandLog;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.projection.CommandBus;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ImportRulesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.openshell.gateway");

    @Test
    void callsKnowNeitherKafkaNorTheKernelNorAnAgent() {
        noClasses().that().resideInAnyPackage("..gateway.auth..", "..gateway.grpc..", "..gateway.session..",
                        "..gateway.tls..", "..gateway.query..", "..gateway.time..", "..gateway.watch..", "..gateway.config..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "org.apache.kafka..", "jnr..", "io.openshell.agent..", "io.openshell.proxy..", "io.openshell.cli..")
                .check(CLASSES);
    }

    @Test
    void theEventStoresClientIsKnownInOnePlace() {
        noClasses().that().doNotHaveFullyQualifiedName("io.openshell.gateway.archive.EventStoreStreams")
                .should().dependOnClassesThat().resideInAnyPackage("com.eventstore..", "io.grpc..")
                .check(CLASSES);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        slices().matching("io.openshell.gateway.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void whatLooksAtThePastCannotActOnIt() {
        JavaClasses ours = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.openshell");
        // What a node agent acts on is folded from records, and records come from the log's own readers only.
        noClasses().that().resideOutsideOfPackage("io.openshell.log.kafka..")
                .should().callConstructor(LogRecord.class, Position.class, Instant.class, String.class, byte[].class)
                .check(ours);
        noClasses().that().resideOutsideOfPackage("io.openshell.agent..")
                .should().dependOnClassesThat().resideInAPackage("io.openshell.agent.desired..").check(ours);
        // And an incident file or a view of the past has no way to a record, a command or an agent.
        noClasses().that().resideInAnyPackage("io.openshell.wire.replay..", "io.openshell.projection.past..", "..gateway.time..")
                .should().dependOnClassesThat().resideInAnyPackage("io.openshell.agent..", "io.openshell.projection.fold..")
                .orShould().dependOnClassesThat().areAssignableTo(CommandBus.class)
                .orShould().dependOnClassesThat().areAssignableTo(CommandLog.class)
                .orShould().dependOnClassesThat().areAssignableTo(Commands.class)
                .check(ours);
        noClasses().that().resideInAPackage("io.openshell.agent..")
                .should().dependOnClassesThat().resideInAnyPackage("io.openshell.wire.replay..", "io.openshell.projection..")
                .orShould().dependOnClassesThat().haveSimpleNameStartingWith("Replay").check(ours);
    }
}
