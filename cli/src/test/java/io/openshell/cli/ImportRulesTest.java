package io.openshell.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ImportRulesTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.openshell.cli");

    @Test
    void nothingOfTheGatewayOrTheAgentIsUsed() {
        noClasses().should().dependOnClassesThat()
                .resideInAnyPackage("io.openshell.gateway..", "io.openshell.agent..", "io.openshell.log..",
                        "io.openshell.projection..", "io.openshell.proxy..").check(OURS);
    }

    @Test
    void onlyLiveSessionsUseVertx() {
        noClasses().that().doNotHaveSimpleName("LiveSession").and().doNotHaveSimpleName("Attachment")
                .should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "io.netty..").check(OURS);
    }

    /** The launcher script gives Vert.x to these commands only. */
    @Test
    void onlyCreateAndExecAttach() {
        noClasses().that().doNotHaveSimpleName("SandboxCreateCommand").and().doNotHaveSimpleName("SandboxExecCommand")
                .and().doNotHaveSimpleName("Attachment").and().doNotHaveSimpleName("LiveInput").and().doNotHaveSimpleName("LiveSession")
                .should().dependOnClassesThat().haveSimpleName("Attachment").orShould().dependOnClassesThat()
                .haveSimpleName("LiveSession").check(OURS);
    }

    @Test
    void onlyConfigReadsTheEnvironment() {
        noClasses().that().resideOutsideOfPackage("io.openshell.cli.config")
                .should().callMethod(System.class, "getenv").orShould().callMethod(System.class, "getenv", String.class)
                .check(OURS);
    }
}
