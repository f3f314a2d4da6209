package io.openshell.model;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Keeps the model pure: same input, same answer, on every machine and at every time. */
class ImportRulesTest {
    private static final JavaClasses MODEL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.openshell.model");

    // Writing into memory is the one use of streams: hashing needs a canonical encoding.
    private static final DescribedPredicate<JavaClass> MEMORY_STREAMS = belongToAnyOf(
            java.io.ByteArrayOutputStream.class, java.io.DataOutputStream.class, java.io.OutputStream.class,
            java.io.IOException.class, java.io.UncheckedIOException.class, java.io.Serializable.class);

    private static final DescribedPredicate<JavaClass> ADDRESSES = belongToAnyOf(
            InetAddress.class, java.net.Inet4Address.class, java.net.Inet6Address.class, java.net.UnknownHostException.class);
    private static final Set<String> LOOKUPS = Set.of(
            "getByName", "getAllByName", "getLocalHost", "getHostName", "getCanonicalHostName", "isReachable");

    @Test
    void theModelUsesOnlyThePlatformNullnessMarksAndItself() {
        // Logging, Kafka, the network stack and everything else outside the platform fail here.
        classes().should().onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "io.openshell.model..")).check(MODEL);
    }

    @Test
    void theModelReadsNoClock() {
        nothingMayTouch(belongToAnyOf(Clock.class, java.util.Date.class, java.util.Calendar.class)).check(MODEL);
        noClasses().should().callMethodWhere(named("now").and(DescribedPredicate.not(ownedByModel()))).check(MODEL);
        noClasses().should().callMethodWhere(onSystem()).check(MODEL);
    }

    @Test
    void theModelDrawsNoRandomNumbers() {
        nothingMayTouch(belongToAnyOf(Random.class, ThreadLocalRandom.class, RandomGenerator.class,
                java.util.SplittableRandom.class, java.security.SecureRandom.class, UUID.class)).check(MODEL);
        noClasses().should().callMethod(Math.class, "random").check(MODEL);
    }

    @Test
    void theModelOpensNothingStartsNothingAndLooksUpNoNames() {
        nothingMayTouch(resideInAnyPackage("java.nio.channels..", "java.nio.file..", "java.util.logging..", "java.sql..")).check(MODEL);
        nothingMayTouch(resideInAnyPackage("java.net..").and(DescribedPredicate.not(ADDRESSES))).check(MODEL);
        noClasses().should().callMethodWhere(lookingUpNames()).check(MODEL);
        nothingMayTouch(resideInAnyPackage("java.io..").and(DescribedPredicate.not(MEMORY_STREAMS))).check(MODEL);
        nothingMayTouch(belongToAnyOf(Thread.class, ProcessBuilder.class, Runtime.class, java.util.concurrent.Executors.class)).check(MODEL);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        SlicesRuleDefinition.slices().matching("io.openshell.model.(*)..").should().beFreeOfCycles().check(MODEL);
    }

    @Test
    void theRulesSeeTheWholeModel() {
        assertThat(MODEL.stream().map(c -> c.getPackageName()).distinct()).contains("io.openshell.model", "io.openshell.model.egress",
                "io.openshell.model.isolation", "io.openshell.model.node", "io.openshell.model.policy", "io.openshell.model.sandbox");
        // Control: the same rule finds a clock where there is one.
        JavaClasses impure = new ClassFileImporter().importClasses(ReadsTheClock.class);
        assertThat(noClasses().should().callMethodWhere(named("now")).evaluate(impure).hasViolation()).isTrue();
        assertThat(noClasses().should().callMethodWhere(onSystem()).evaluate(impure).hasViolation()).isTrue();
    }

    private static ArchRule nothingMayTouch(DescribedPredicate<? super JavaClass> types) {
        return noClasses().should().dependOnClassesThat(types);
    }

    private static DescribedPredicate<JavaMethodCall> named(String method) {
        return DescribedPredicate.describe("named " + method, call -> call.getTarget().getName().equals(method));
    }

    private static DescribedPredicate<JavaMethodCall> lookingUpNames() {
        return DescribedPredicate.describe("that look up names", call -> call.getTargetOwner().isAssignableTo(InetAddress.class)
                && LOOKUPS.contains(call.getTarget().getName()));
    }

    private static DescribedPredicate<JavaMethodCall> onSystem() {
        // Copying between arrays is the one thing of that class that depends on nothing outside.
        return DescribedPredicate.describe("of System", call -> call.getTargetOwner().isEquivalentTo(System.class)
                && !call.getTarget().getName().equals("arraycopy"));
    }

    private static DescribedPredicate<JavaAccess<?>> ownedByModel() {
        return DescribedPredicate.describe("of the model", call -> call.getTargetOwner().getPackageName().startsWith("io.openshell.model"));
    }

    private static final class ReadsTheClock {
        static String read() {
            return Instant.now() + "" + LocalDateTime.now() + System.nanoTime();
        }
    }
}
