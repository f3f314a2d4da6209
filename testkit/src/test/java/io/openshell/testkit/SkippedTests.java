package io.openshell.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Says at the end of a build which tests of which module were skipped, and why. This module is tested last, so the reports
 * of all others are there already; its own are noted as they happen.
 */
public final class SkippedTests implements TestExecutionListener {

    private static final Path REPORTS = Path.of("target", "surefire-reports");

    private static final List<String> OWN = Collections.synchronizedList(new ArrayList<>());

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        OWN.add(line("testkit", test.getLegacyReportingName(), reason));
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            OWN.add(line("testkit", test.getLegacyReportingName(),
                    result.getThrowable().map(t -> String.valueOf(t.getMessage())).orElse("no reason given")));
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        TreeSet<String> all = all();
        all.forEach(System.out::println);
        System.out.println(all.size() + " tests or test classes skipped in all modules");
    }

    /** A line for each that was skipped so far. */
    static TreeSet<String> all() {
        TreeSet<String> all = new TreeSet<>(List.copyOf(OWN));
        try (Stream<Path> modules = Files.list(Path.of("..").toAbsolutePath().normalize())) {
            modules.filter(module -> !module.endsWith("testkit") && Files.isDirectory(module.resolve(REPORTS)))
                    .forEach(module -> all.addAll(of(module)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static List<String> of(Path module) {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> reports = Files.list(module.resolve(REPORTS))) {
            for (Path report : reports.filter(r -> r.getFileName().toString().matches("TEST-.*\\.xml")).toList()) {
                var document = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(report.toFile());
                NodeList skipped = document.getElementsByTagName("skipped");
                for (int i = 0; i < skipped.getLength(); i++) {
                    Element why = (Element) skipped.item(i);
                    Element test = (Element) why.getParentNode();
                    lines.add(line(module.getFileName().toString(),
                            test.getAttribute("classname") + "." + test.getAttribute("name"), reason(why)));
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("a test report of " + module + " cannot be read", e);
        }
    }

    /** In a report it is an attribute or, with a trace below it, the text. */
    private static String reason(Element why) {
        String message = why.getAttribute("message");
        return message.isEmpty() ? why.getTextContent().strip().replaceFirst("^[A-Za-z0-9_.]+Exception: ", "") : message;
    }

    private static String line(String module, String test, String reason) {
        return "SKIPPED " + module + " " + test + ": " + reason.lines().findFirst().orElse("no reason given");
    }
}
