package io.openshell.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ImportRulesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.openshell.gateway");

    @Test
    void callsKnowNeitherKafkaNorTheKernelNorAnAgent() {
        noClasses().that().resideInAnyPackage("..gateway.auth..", "..gateway.grpc..", "..gateway.session..",
                        "..gateway.tls..", "..gateway.query..", "..gateway.watch..", "..gateway.config..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "org.apache.kafka..", "jnr..", "io.openshell.agent..", "io.openshell.proxy..", "io.openshell.cli..")
                .check(CLASSES);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        slices().matching("io.openshell.gateway.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
