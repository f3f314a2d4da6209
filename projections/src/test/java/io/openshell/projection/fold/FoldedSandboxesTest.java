package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogRecord;
import io.openshell.model.CommandRejected;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.projection.sandboxes.SandboxChange;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FoldedSandboxesTest {
    final EventFold fold = new EventFold();
    final FoldedSandboxes sandboxes = new FoldedSandboxes(fold);
    final StreamId stream = StreamId.sandbox("w", "demo");
    final Written log = new Written(stream);

    @Test
    void aSandboxIsSeenOnlyOnceItsCreateIsWhole() {
        List<SandboxChange> told = new ArrayList<>();
        sandboxes.onChange(told::add);
        List<LogRecord> create = log.command("c-1", Written.created(stream));
        fold.onRecords(create.subList(0, 2));
        assertThat(sandboxes.find("w", "demo")).isEmpty();
        assertThat(told).isEmpty();
        fold.onRecords(create.subList(2, 3));
        SandboxView view = sandboxes.find("w", "demo").orElseThrow();
        assertThat(told).containsExactly(new SandboxChange.Updated(view));
    }

    @Test
    void aSubscriberFindsInTheViewsWhatItIsTold() {
        List<Optional<SandboxView>> seen = new ArrayList<>();
        sandboxes.onChange(change -> seen.add(sandboxes.find("w", "demo")));
        fold.onRecords(log.command("c-1", Written.created(stream)));
        assertThat(seen).singleElement().satisfies(view -> assertThat(view).isPresent());
    }

    @Test
    void aRecordGivenTwiceIsToldOnce() {
        List<SandboxChange> told = new ArrayList<>();
        sandboxes.onChange(told::add);
        List<LogRecord> create = log.command("c-1", Written.created(stream));
        fold.onRecords(create);
        fold.onRecords(create);
        assertThat(told).hasSize(1);
        assertThat(fold.poisoned()).isEmpty();
    }

    @Test
    void aRemovalIsToldOnceWhateverTheStreamHoldsAfterwards() {
        List<SandboxChange> told = new ArrayList<>();
        fold.onRecords(log.command("c-1", Written.created(stream)));
        String id = sandboxes.find("w", "demo").orElseThrow().id();
        sandboxes.onChange(told::add);
        fold.onRecords(log.command("c-2", new SandboxEvent.DeleteRequested()));
        fold.onRecords(log.command("c-3", new SandboxEvent.SandboxDeleted(id)));
        fold.onRecords(log.command("c-4", refused()));
        assertThat(told).hasSize(2);
        assertThat(told.getLast()).isEqualTo(new SandboxChange.Removed(id));
        assertThat(sandboxes.byId(id)).isEmpty();
    }

    @Test
    void aSubscriberThatFailsIsDroppedAndOthersGoOn() {
        List<SandboxChange> told = new ArrayList<>();
        sandboxes.onChange(change -> {
            throw new IllegalStateException("broken");
        });
        sandboxes.onChange(told::add);
        fold.onRecords(log.command("c-1", Written.created(stream)));
        fold.onRecords(log.command("c-2", new SandboxEvent.DeleteRequested()));
        assertThat(told).hasSize(2);
    }

    @Test
    void aSubscriptionThatIsClosedTwiceTakesNoOtherWithIt() {
        List<SandboxChange> told = new ArrayList<>();
        Consumer<SandboxChange> listener = told::add;
        var first = sandboxes.onChange(listener);
        sandboxes.onChange(listener);
        first.close();
        first.close();
        fold.onRecords(log.command("c-1", Written.created(stream)));
        assertThat(told).hasSize(1);
    }

    @Test
    void sandboxesAreListedByWorkspaceThenName() {
        for (String path : List.of("a-b/one", "a/two", "a/one", "b/one")) {
            StreamId each = StreamId.parse("sandbox/" + path);
            fold.onRecords(new Written(each).command("c-1", Written.created(each)));
        }
        assertThat(paths(Optional.empty(), 0, 10)).containsExactly("a/one", "a/two", "a-b/one", "b/one");
        assertThat(paths(Optional.empty(), 1, 2)).containsExactly("a/two", "a-b/one");
        assertThat(paths(Optional.of("a"), 0, 10)).containsExactly("a/one", "a/two");
    }

    @Test
    void aNodeThatNeverRegisteredIsNotListed() {
        FoldedNodes nodes = new FoldedNodes(fold, sandboxes);
        StreamId known = StreamId.node("known");
        fold.onRecords(new Written(StreamId.node("unknown")).command("c-1", refused()));
        assertThat(nodes.place()).isEmpty();
        assertThat(nodes.whyNoPlace()).isEqualTo("no node has registered yet");
        fold.onRecords(new Written(known).command("c-1", new NodeEvent.NodeRegistered(
                new NodeDescription("h", List.of(), List.of(), ""), "i")));
        assertThat(nodes.nodes()).extracting(node -> node.id()).containsExactly("known");
        assertThat(nodes.place()).contains("known");
        assertThat(nodes.whyNoPlace()).isEmpty();
    }

    private List<String> paths(Optional<String> workspace, int offset, int limit) {
        return sandboxes.list(new SandboxQuery(workspace, Map.of(), offset, limit)).stream()
                .map(view -> view.workspace() + "/" + view.name())
                .toList();
    }

    private static CommandRejected refused() {
        return new CommandRejected("Stop", new Rejection(RejectionCode.SANDBOX_UNKNOWN, "there is no such sandbox"));
    }
}
