package io.openshell.agent.linux;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ImportRulesTest {
    private final JavaClasses agent = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.openshell.agent");

    @Test
    void onlyTheLinuxPackageTouchesTheNativeBinding() {
        noClasses().that().resideOutsideOfPackage("io.openshell.agent.linux..").should().dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai.jffi..").check(agent);
    }

    @Test
    void thePortKnowsNoImplementation() {
        noClasses().that().resideInAPackage("io.openshell.agent.runtime..").should().dependOnClassesThat()
                .resideInAnyPackage("io.openshell.agent.launcher..", "io.openshell.agent.linux..", "io.openshell.agent.isolation..").check(agent);
    }

    @Test
    void sealedThreadsStartNoThreadsOfTheJdk() {
        noClasses().that().resideInAnyPackage("io.openshell.agent.isolation..", "io.openshell.agent.linux..").should().dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder").check(agent);
    }

    @Test
    void plansArePure() {
        noClasses().that().resideInAPackage("io.openshell.agent.plan..").should().dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.util.concurrent..", "java.time..", "org.slf4j..",
                        "io.vertx..", "io.netty..", "org.apache.kafka..", "io.openshell.log..", "io.openshell.proxy..",
                        "io.openshell.wire..").check(agent);
        noClasses().that().resideInAPackage("io.openshell.agent.plan..").should().dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random").orShould().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis").check(agent);
    }

    @Test
    void whatIsWantedIsFoldedWithoutIoClockOrKafka() {
        noClasses().that().resideInAPackage("io.openshell.agent.desired..").should().dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.time..", "io.vertx..", "io.netty..",
                        "org.apache.kafka..", "io.openshell.log.kafka..").check(agent);
        noClasses().that().resideInAPackage("io.openshell.agent.desired..").should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis").check(agent);
    }

    @Test
    void doingAndTellingKnowNoKafka() {
        noClasses().that().resideInAnyPackage("io.openshell.agent.execute..", "io.openshell.agent.report..").should()
                .dependOnClassesThat().resideInAnyPackage("org.apache.kafka..", "io.openshell.log.kafka..").check(agent);
    }

    @Test
    void theExecutorKnowsRuntimesOnlyByTheirPort() {
        noClasses().that().resideInAPackage("io.openshell.agent.execute..").should().dependOnClassesThat()
                .resideInAnyPackage("io.openshell.agent.launcher..", "io.openshell.agent.linux..", "io.openshell.agent.isolation..")
                .check(agent);
    }
}
