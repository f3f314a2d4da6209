package io.openshell.cli.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
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
import io.openshell.wire.control.v1.VerifyProgress;
import io.openshell.wire.control.v1.VerifyViewsRequest;

/** Calls about the past. Apart from {@link Rpc}, so that other commands do not load their messages. */
public final class TimelineRpc {
    public static final Rpc<DescribePointRequest, PointDescription> DESCRIBE = of("DescribePoint", PointDescription.parser());
    public static final Rpc<SearchHistoryRequest, SearchHistoryAnswer> SEARCH =
            of("SearchHistory", SearchHistoryAnswer.parser());
    public static final Rpc<DiffSandboxRequest, DiffSandboxResponse> DIFF = of("DiffSandbox", DiffSandboxResponse.parser());
    public static final Rpc<ExportReplayRequest, ReplayRecord> EXPORT = of("ExportReplay", ReplayRecord.parser());
    public static final Rpc<VerifyViewsRequest, VerifyProgress> VERIFY = of("VerifyViews", VerifyProgress.parser());
    public static final Rpc<RebuildHistoryRequest, RebuildProgress> REBUILD = of("RebuildHistory", RebuildProgress.parser());

    private TimelineRpc() {}

    private static <Q extends MessageLite, R extends MessageLite> Rpc<Q, R> of(String method, Parser<R> parser) {
        return new Rpc<>("/openshell.control.v1.Timeline/" + method, parser);
    }
}
