package io.openshell.projection;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ImportRulesTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.openshell.projection");

    @Test
    void theFoldsKnowTheLogOnlyByItsPorts() {
        noClasses()
                .should().dependOnClassesThat()
                .resideInAnyPackage("io.openshell.log.kafka..", "org.apache.kafka..", "kafka..")
                .check(classes);
    }

    @Test
    void theFoldsKnowNobodyWhoReadsThem() {
        noClasses()
                .should().dependOnClassesThat()
                .resideInAnyPackage(
                        "io.openshell.gateway..", "io.openshell.agent..", "io.openshell.proxy..", "io.openshell.cli..",
                        "io.vertx..", "io.netty..", "io.grpc..")
                .check(classes);
    }

    @Test
    void generatedMessagesAreReadByTheCodecsOnly() {
        noClasses()
                .that().doNotHaveFullyQualifiedName("io.openshell.projection.logs.ActivityLine")
                .and().haveNameNotMatching(".*\\.fold\\.(SnapshotCodec|StoredCommands)(\\$1)?")
                .should().dependOnClassesThat()
                .resideInAnyPackage("com.google.protobuf..", "io.openshell.wire.events.v1..", "io.openshell.wire.v1..")
                .check(classes);
    }

    @Test
    void whatReadersAreGivenDoesNotKnowTheFold() {
        noClasses()
                .that().resideOutsideOfPackage("io.openshell.projection.fold..")
                .should().dependOnClassesThat().resideInAPackage("io.openshell.projection.fold..")
                .check(classes);
    }
}
