package io.openshell.cli.command.ops;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.OpsRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.OutputFormat;
import io.openshell.cli.output.TableView;
import io.openshell.wire.control.v1.CheckTopicsRequest;
import io.openshell.wire.control.v1.CheckTopicsResponse;
import io.openshell.wire.control.v1.LogTopic;
import io.openshell.wire.control.v1.TopicSetting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ops topics}: its exit status is 0 only when every topic is as it should be. */
@Command(name = "topics", description = {"Compares the log's topics with what they should be.",
    "The exit status is 1 when one is missing or differs."})
public final class TopicsCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--fix-missing", description = "Create missing topics. Existing ones are never changed.")
    boolean fixMissing;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    TopicsCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        CheckTopicsResponse found = context.session().client().call(
                OpsRpc.TOPICS, CheckTopicsRequest.newBuilder().setCreateMissing(fixMissing).build());
        long wrong = found.getTopicsList().stream().filter(each -> !fits(each)).count();
        if (format != OutputFormat.table) {
            context.printer().document(format, found.getTopicsList().stream().map(TopicsCommand::document).toList());
        } else {
            TableView table = new TableView("TOPIC", "SETTING", "EXPECTED", "ACTUAL", "");
            found.getTopicsList().forEach(topic -> add(table, topic));
            context.printer().data(table.text());
        }
        context.printer().note(wrong == 0
                ? "✓ " + found.getTopicsCount() + " topics are as they should be, brokers: " + found.getBrokers()
                : "! " + wrong + " of " + found.getTopicsCount() + " topics are missing or differ; see ops/runbook/topic-mismatch.md");
        return wrong == 0 ? ExitCodes.OK : ExitCodes.FAILURE;
    }

    private static boolean fits(LogTopic topic) {
        return topic.getPresent() && topic.getSettingsList().stream().allMatch(TopicSetting::getFits);
    }

    private static void add(TableView table, LogTopic topic) {
        if (!topic.getPresent()) {
            table.add(topic.getName(), "", "", "", "missing; --fix-missing creates it");
            return;
        }
        topic.getSettingsList().forEach(each -> table.add(topic.getName(), each.getName(), each.getExpected(), each.getActual(),
                each.getFits() ? "" : "differs"));
    }

    private static Map<String, @Nullable Object> document(LogTopic topic) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("topic", topic.getName());
        document.put("present", topic.getPresent());
        document.put("settings", topic.getSettingsList().stream().map(TopicsCommand::setting).toList());
        return document;
    }

    private static Map<String, @Nullable Object> setting(TopicSetting setting) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", setting.getName());
        document.put("expected", setting.getExpected());
        document.put("actual", setting.getActual());
        document.put("fits", setting.getFits());
        return document;
    }
}
