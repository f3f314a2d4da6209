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
}
