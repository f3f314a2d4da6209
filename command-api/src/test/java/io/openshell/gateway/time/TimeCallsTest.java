package io.openshell.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.gateway.TestGateway;
import io.openshell.gateway.TestGateway.Answer;
import io.openshell.model.Event;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.projection.past.ViewsCheck;
import io.openshell.wire.control.v1.DescribePointRequest;
import io.openshell.wire.control.v1.DiffSandboxRequest;
import io.openshell.wire.control.v1.DiffSandboxResponse;
import io.openshell.wire.control.v1.ExportReplayRequest;
import io.openshell.wire.control.v1.PointDescription;
import io.openshell.wire.control.v1.RebuildHistoryRequest;
import io.openshell.wire.control.v1.RebuildProgress;
import io.openshell.wire.control.v1.ReplayRecord;
import io.openshell.wire.control.v1.SearchHistoryAnswer;
import io.openshell.wire.control.v1.SearchHistoryRequest;
import io.openshell.wire.control.v1.TimelineGrpcClient;
import io.openshell.wire.control.v1.VerifyProgress;
import io.openshell.wire.control.v1.VerifyViewsRequest;
import io.openshell.wire.replay.ReplaySteps;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxRequest;
import io.openshell.wire.v1.GetSandboxRequest;
import io.openshell.wire.v1.ListSandboxesRequest;
import io.openshell.wire.v1.ListSandboxesResponse;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.SandboxSpec;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeCallsTest {
    private static final String LONG_AGO = "2001-01-01T00:00:00Z";

    @TempDir
    Path folder;

    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = new TestGateway(folder, Duration.ofSeconds(10));
        gateway.call(OpenShellGrpcClient.CreateSandbox, CreateSandboxRequest.newBuilder()
                .setName("demo").setSpec(SandboxSpec.newBuilder().addCommand("sleep")).build());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private <Q, S> Answer<S> asOf(String point, ServiceMethod<S, Q> method, Q request) {
        return TestGateway.get(gateway.client().request(gateway.socket(), method)
                .compose(call -> {
                    call.headers().set("openshell-as-of", point);
                    return TestGateway.ask(call, request);
                }));
    }

    @Test
    void aReadIsAnsweredFromThePastWhenItIsAskedAboutIt() {
        ListSandboxesRequest list = ListSandboxesRequest.getDefaultInstance();
        Answer<ListSandboxesResponse> now = gateway.call(OpenShellGrpcClient.ListSandboxes, list);
        assertThat(now.messages().get(0).getSandboxesCount()).isEqualTo(1);
        Answer<ListSandboxesResponse> then = asOf(LONG_AGO, OpenShellGrpcClient.ListSandboxes, list);
        assertThat(then.status()).isEqualTo(GrpcStatus.OK);
        assertThat(then.messages().get(0).getSandboxesCount()).isZero();
        GetSandboxRequest get = GetSandboxRequest.newBuilder().setName("demo").build();
        assertThat(asOf(LONG_AGO, OpenShellGrpcClient.GetSandbox, get).status()).isEqualTo(GrpcStatus.NOT_FOUND);
    }

    @Test
    void aPointThatIsNoneIsRefused() {
        ListSandboxesRequest list = ListSandboxesRequest.getDefaultInstance();
        assertThat(asOf("yesterday", OpenShellGrpcClient.ListSandboxes, list).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(asOf("2031-01-01T00:00:00Z", OpenShellGrpcClient.ListSandboxes, list).status()).isEqualTo(GrpcStatus.OUT_OF_RANGE);
    }

    @Test
    void aCallThatWritesIsNotDoneWhenThePastIsMeant() {
        DeleteSandboxRequest delete = DeleteSandboxRequest.newBuilder().setName("demo").build();
        int before = gateway.ports.commands.size();
        Answer<?> refused = asOf(LONG_AGO, OpenShellGrpcClient.DeleteSandbox, delete);
        assertThat(refused.status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(refused.message()).contains("cannot be asked about the past");
        assertThat(gateway.ports.commands).hasSize(before);
        assertThat(gateway.call(OpenShellGrpcClient.DeleteSandbox, delete).status()).isEqualTo(GrpcStatus.OK);
    }

    @Test
    void aPointIsDescribedByPhasesAndNodes() {
        DescribePointRequest request = DescribePointRequest.getDefaultInstance();
        PointDescription now = gateway.call(TimelineGrpcClient.DescribePoint, request).messages().get(0);
        assertThat(now.getSandboxesMap()).isEqualTo(Map.of("Provisioning", 1));
        assertThat(asOf(LONG_AGO, TimelineGrpcClient.DescribePoint, request).messages().get(0).getSandboxesMap()).isEmpty();
    }

    @Test
    void aDifferenceOfANameThatWasNeverUsedIsNotFound() {
        Answer<DiffSandboxResponse> none = gateway.call(TimelineGrpcClient.DiffSandbox, DiffSandboxRequest.newBuilder()
                .setName("demo").setFrom(LONG_AGO).setTo("2002-01-01T00:00:00Z").build());
        assertThat(none.status()).isEqualTo(GrpcStatus.NOT_FOUND);
    }

    private void write(String name, String actor, Event... events) {
        for (Event event : events) {
            gateway.log.write(StreamId.sandbox("default", name), actor, event);
        }
    }

    private static SandboxEvent.SandboxRequested requested(String name) {
        return new SandboxEvent.SandboxRequested(new SandboxRequest("id-" + name, name, "default", Map.of(), Map.of(),
                new SandboxRequest.Launch(List.of("sh"), false, Map.of("TOKEN", "secret-value"), "")));
    }

    @Test
    void aSearchFindsWhatItsFiltersName() {
        write("one", "ada", requested("one"), new SandboxEvent.StopRequested(1));
        write("two", "bob", requested("two"));
        assertThat(search(SearchHistoryRequest.newBuilder().setAllSandboxes(true))).hasSize(3);
        assertThat(search(SearchHistoryRequest.newBuilder().setName("one"))).hasSize(2);
        List<SearchHistoryAnswer> bobs = search(SearchHistoryRequest.newBuilder().setAllSandboxes(true).setActor("bob"));
        assertThat(bobs).singleElement().satisfies(answer -> {
            assertThat(answer.getEntry().getEventId()).isEqualTo("sandbox/default/two@1");
            assertThat(answer.getEntry().getTime().getSeconds()).isEqualTo(2);
            assertThat(answer.getEntry().getLogTime().getSeconds()).isEqualTo(1_002);
            assertThat(answer.getEntry().getBodyJson()).contains("TOKEN").doesNotContain("secret-value");
        });
        assertThat(gateway.call(TimelineGrpcClient.SearchHistory, SearchHistoryRequest.newBuilder().setAllSandboxes(true)
                .setPageToken("what").build()).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    private List<SearchHistoryAnswer> search(SearchHistoryRequest.Builder request) {
        Answer<SearchHistoryAnswer> answer = gateway.call(TimelineGrpcClient.SearchHistory, request.build());
        assertThat(answer.status()).as(answer.message()).isEqualTo(GrpcStatus.OK);
        return answer.messages();
    }

    @Test
    void anAnswerOfManyPagesIsWhole() {
        for (int i = 0; i < 1_203; i++) {
            write("many", "ada", new SandboxEvent.StopRequested(i));
        }
        assertThat(search(SearchHistoryRequest.newBuilder().setName("many")).stream().map(each -> each.getEntry().getVersion()))
                .hasSize(1_203).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aLimitEndsWithATokenThatGoesOn() {
        for (int i = 0; i < 5; i++) {
            write("one", "ada", new SandboxEvent.StopRequested(i));
        }
        List<SearchHistoryAnswer> first = search(SearchHistoryRequest.newBuilder().setName("one").setLimit(3));
        assertThat(first).hasSize(4);
        String token = first.get(3).getNextPageToken();
        List<SearchHistoryAnswer> rest = search(SearchHistoryRequest.newBuilder().setName("one").setLimit(3).setPageToken(token));
        assertThat(rest.stream().map(each -> each.getEntry().getVersion())).containsExactly(4L, 5L);
        assertThat(search(SearchHistoryRequest.newBuilder().setName("one").setLimit(5))).as("nothing is left").hasSize(5);
    }

    @Test
    void aFollowerGetsThePastOnceAndThenWhatHappens() throws Exception {
        write("one", "ada", requested("one"), new SandboxEvent.StopRequested(1));
        BlockingQueue<Long> versions = new LinkedBlockingQueue<>();
        GrpcClientRequest<SearchHistoryRequest, SearchHistoryAnswer> call =
                TestGateway.get(gateway.client().request(gateway.socket(), TimelineGrpcClient.SearchHistory));
        call.response().onSuccess(response -> response.handler(answer -> versions.add(answer.getEntry().getVersion())));
        call.end(SearchHistoryRequest.newBuilder().setName("one").setFollow(true).build());
        assertThat(versions.poll(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(versions.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
        for (long next = 3; next < 50; next++) {
            write("two", "ada", new SandboxEvent.StopRequested(next));
            write("one", "ada", new SandboxEvent.StopRequested(next));
            assertThat(versions.poll(10, TimeUnit.SECONDS)).isEqualTo(next);
        }
        call.cancel();
    }

    @Test
    void anIncidentFileHoldsTheEventsWithoutPrivateValues() {
        write("one", "ada", requested("one"), new SandboxEvent.SandboxAssigned("n1", 1));
        Answer<ReplayRecord> answer = gateway.call(TimelineGrpcClient.ExportReplay,
                ExportReplayRequest.newBuilder().addNames("one").build());
        assertThat(answer.status()).isEqualTo(GrpcStatus.OK);
        assertThat(answer.messages().get(0).getHeader().getStreamsList()).containsExactly("sandbox/default/one");
        assertThat(answer.messages().toString()).doesNotContain("secret-value");
        ReplaySteps steps = new ReplaySteps();
        for (ReplayRecord record : answer.messages().subList(1, 3)) {
            assertThat(steps.next(record.getEvent()).problems()).isEmpty();
        }
        assertThat(answer.messages().get(1).getEvent().getMaskedList()).containsExactly("environment");
        assertThat(gateway.call(TimelineGrpcClient.ExportReplay, ExportReplayRequest.newBuilder().addNames("none").build()).status())
                .isEqualTo(GrpcStatus.NOT_FOUND);
        assertThat(gateway.call(TimelineGrpcClient.ExportReplay, ExportReplayRequest.getDefaultInstance()).status())
                .isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    @Test
    void aCheckTellsTheFirstDivergence() {
        write("one", "ada", requested("one"));
        VerifyProgress equal = verify();
        assertThat(equal.getDivergence()).isEmpty();
        assertThat(equal.getEqualList()).hasSize(2);
        gateway.finding = new ViewsCheck.Finding(1, 1, Optional.of("sandbox/default/one at version 1: otherwise"));
        assertThat(verify().getDivergence()).isEqualTo("sandbox/default/one at version 1: otherwise");
    }

    private VerifyProgress verify() {
        Answer<VerifyProgress> told = gateway.call(TimelineGrpcClient.VerifyViews, VerifyViewsRequest.getDefaultInstance());
        assertThat(told.status()).as(told.message()).isEqualTo(GrpcStatus.OK);
        VerifyProgress last = told.messages().getLast();
        assertThat(last.getDone()).isTrue();
        return last;
    }

    @Test
    void aRebuildTellsHowFarItIs() {
        write("one", "ada", requested("one"));
        Answer<RebuildProgress> answer =
                gateway.call(TimelineGrpcClient.RebuildHistory, RebuildHistoryRequest.getDefaultInstance());
        assertThat(answer.status()).isEqualTo(GrpcStatus.OK);
        assertThat(answer.messages()).last().isEqualTo(RebuildProgress.newBuilder().setDone(1).setTotal(1).build());
        assertThat(search(SearchHistoryRequest.newBuilder().setName("one"))).hasSize(1);
    }
}
