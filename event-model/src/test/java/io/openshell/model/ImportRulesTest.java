package io.openshell.model.policy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

class ImportRulesTest {
    private static final JavaClasses MODEL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.openshell.model");

    @Test
    void theModelUsesOnlyThePlatformNullnessMarksAndItself() {
        classes().should().onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "io.openshell.model..")).check(MODEL);
    }

    @Test
    void theModelReadsNoClockAndNoEnvironment() {
        noClasses().should().dependOnClassesThat().belongToAnyOf(java.time.Clock.class)
                .orShould().callMethod(System.class, "currentTimeMillis").orShould().callMethod(System.class, "nanoTime")
                .orShould().callMethod(java.time.Instant.class, "now").orShould().callMethod(System.class, "getenv")
                .orShould().callMethod(System.class, "getenv", String.class).check(MODEL);
    }

    @Test
    void theModelOpensNothingAndLooksUpNoNames() {
        noClasses().should().dependOnClassesThat(resideInAnyPackage("java.net.http..", "java.nio.channels..", "java.nio.file..",
                        "java.util.logging..", "java.sql.."))
                .orShould().dependOnClassesThat().belongToAnyOf(java.net.Socket.class, java.net.ServerSocket.class,
                        java.net.DatagramSocket.class, java.net.URL.class, java.net.NetworkInterface.class)
                .orShould().callMethod(java.net.InetAddress.class, "getByName", String.class)
                .orShould().callMethod(java.net.InetAddress.class, "getAllByName", String.class)
                .orShould().callMethod(java.net.InetAddress.class, "getLocalHost")
                .orShould().callMethod(java.net.InetAddress.class, "getHostName").check(MODEL);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        SlicesRuleDefinition.slices().matching("io.openshell.model.(*)..").should().beFreeOfCycles().check(MODEL);
    }
}
