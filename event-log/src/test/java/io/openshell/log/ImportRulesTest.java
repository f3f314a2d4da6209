package io.openshell.log;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ImportRulesTest {
    private final JavaClasses classes =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.openshell.log");

    @Test
    void thePortsKnowNoBroker() {
        noClasses()
                .that().resideInAPackage("io.openshell.log")
                .should().dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "kafka..", "scala..", "io.openshell.log.kafka..", "org.slf4j..")
                .check(classes);
    }

    @Test
    void onlyTheEmbeddedBrokerTouchesTheBrokersInternals() {
        noClasses()
                .that().doNotHaveSimpleName("EmbeddedBroker")
                .should().dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.metadata..", "org.apache.kafka.server..", "scala..")
                .check(classes);
    }

    @Test
    void theLogKnowsNoOtherModule() {
        noClasses()
                .should().dependOnClassesThat()
                .resideInAnyPackage("io.openshell.model..", "io.openshell.wire..", "io.openshell.projection..")
                .check(classes);
    }
}
