package io.openshell.wire;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Keeps codecs to translating: the generated stubs next to them may know the network, they may not. */
class ImportRulesTest {
    private static final JavaClasses CODECS = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.openshell.wire.events", "io.openshell.wire.policy")
            .that(com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage("io.openshell.wire.events.v1..")));

    @Test
    void codecsUseOnlyThePlatformTheModelMessagesAndYaml() {
        classes().should().onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "com.google.protobuf..",
                "com.fasterxml.jackson..", "org.yaml.snakeyaml..", "io.openshell.model..", "io.openshell.wire..")).check(CODECS);
    }

    @Test
    void codecsOpenNothingAndReadNoClock() {
        noClasses().should().dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.channels..", "java.nio.file..", "java.sql.."))
                .orShould().dependOnClassesThat().belongToAnyOf(java.time.Clock.class, java.util.Random.class, Thread.class)
                .orShould().callMethod(java.time.Instant.class, "now").orShould().callMethod(System.class, "currentTimeMillis")
                .orShould().callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "getenv", String.class).check(CODECS);
    }

    @Test
    void theEventCodecsUseThePolicyCodecsAndNotTheOtherWayRound() {
        SlicesRuleDefinition.slices().matching("io.openshell.wire.(*)..").should().beFreeOfCycles().check(CODECS);
    }
}
