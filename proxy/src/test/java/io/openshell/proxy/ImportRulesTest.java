package io.openshell.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ImportRulesTest {
    private static final JavaClasses PROXY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.openshell.proxy");

    @Test
    void proxyKnowsOnlyTheModelAndItsLibraries() {
        classes()
                .should().onlyDependOnClassesThat().resideInAnyPackage(
                        "java..", "javax.crypto..", "javax.net.ssl..", "javax.security.auth.x500..", "io.netty..", "io.vertx..", "org.slf4j..", "org.jspecify..", "org.bouncycastle..",
                        "io.openshell.model..",
                        "io.openshell.proxy..")
                .check(PROXY);
    }

    @Test
    void readingHttpKnowsNothingOfDecisionsOrConnections() {
        classes()
                .that().resideInAPackage("io.openshell.proxy.http")
                .should().onlyDependOnClassesThat().resideInAnyPackage(
                        "java..", "io.netty.buffer..", "io.netty.handler.codec.http2..", "org.jspecify..", "io.openshell.model.http..",
                        "io.openshell.proxy.http..", "io.openshell.proxy.tls..")
                .check(PROXY);
    }

    @Test
    void machineKnowsNoSockets() {
        classes()
                .that().haveSimpleNameStartingWith("Connect")
                .should().onlyDependOnClassesThat().resideOutsideOfPackages("io.netty..", "io.vertx..", "org.slf4j..")
                .check(PROXY);
    }
}
