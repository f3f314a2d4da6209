package io.openshell.cli.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.openshell.wire.control.v1.BringTreeRequest;
import io.openshell.wire.control.v1.BuildImageRequest;
import io.openshell.wire.control.v1.ExplainRequest;
import io.openshell.wire.control.v1.Explanation;
import io.openshell.wire.control.v1.FollowMainRequest;
import io.openshell.wire.control.v1.GetHistoryRequest;
import io.openshell.wire.control.v1.GetLogStatusRequest;
import io.openshell.wire.control.v1.GetLogStatusResponse;
import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.control.v1.WhatIfRequest;
import io.openshell.wire.control.v1.WhatIfResponse;
import io.openshell.wire.control.v1.SkipPoisonRequest;
import io.openshell.wire.control.v1.SkipPoisonResponse;
import io.openshell.wire.sandbox.v1.GetGatewayConfigRequest;
import io.openshell.wire.sandbox.v1.GetGatewayConfigResponse;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.control.v1.SourceProgress;
import io.openshell.wire.v1.ApproveAllDraftChunksRequest;
import io.openshell.wire.v1.ApproveAllDraftChunksResponse;
import io.openshell.wire.v1.ApproveDraftChunkRequest;
import io.openshell.wire.v1.ApproveDraftChunkResponse;
import io.openshell.wire.v1.ClearDraftChunksRequest;
import io.openshell.wire.v1.ClearDraftChunksResponse;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxResponse;
import io.openshell.wire.v1.EditDraftChunkRequest;
import io.openshell.wire.v1.EditDraftChunkResponse;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.openshell.wire.v1.GetDraftHistoryRequest;
import io.openshell.wire.v1.GetDraftHistoryResponse;
import io.openshell.wire.v1.GetDraftPolicyRequest;
import io.openshell.wire.v1.GetDraftPolicyResponse;
import io.openshell.wire.v1.GetGatewayInfoRequest;
import io.openshell.wire.v1.GetGatewayInfoResponse;
import io.openshell.wire.v1.GetSandboxLogsRequest;
import io.openshell.wire.v1.GetSandboxLogsResponse;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.GetSandboxPolicyStatusResponse;
import io.openshell.wire.v1.GetSandboxRequest;
import io.openshell.wire.v1.HealthRequest;
import io.openshell.wire.v1.HealthResponse;
import io.openshell.wire.v1.ListSandboxPoliciesRequest;
import io.openshell.wire.v1.ListSandboxPoliciesResponse;
import io.openshell.wire.v1.ListSandboxesRequest;
import io.openshell.wire.v1.ListSandboxesResponse;
import io.openshell.wire.v1.RejectDraftChunkRequest;
import io.openshell.wire.v1.RejectDraftChunkResponse;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.SandboxStreamEvent;
import io.openshell.wire.v1.StartSandboxRequest;
import io.openshell.wire.v1.StopSandboxRequest;
import io.openshell.wire.v1.UndoDraftChunkRequest;
import io.openshell.wire.v1.UndoDraftChunkResponse;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import io.openshell.wire.v1.WatchSandboxRequest;

/**
 * One call of the API.
 *
 * @param path service and method
 * @param answers reads one answer
 */
public record Rpc<Q extends MessageLite, R extends MessageLite>(String path, Parser<R> answers) {
    public static final Rpc<HealthRequest, HealthResponse> HEALTH = api("Health", HealthResponse.parser());
    public static final Rpc<GetGatewayInfoRequest, GetGatewayInfoResponse> GATEWAY_INFO =
            api("GetGatewayInfo", GetGatewayInfoResponse.parser());
    public static final Rpc<CreateSandboxRequest, SandboxResponse> CREATE = api("CreateSandbox", SandboxResponse.parser());
    public static final Rpc<GetSandboxRequest, SandboxResponse> GET = api("GetSandbox", SandboxResponse.parser());
    public static final Rpc<ListSandboxesRequest, ListSandboxesResponse> LIST =
            api("ListSandboxes", ListSandboxesResponse.parser());
    public static final Rpc<DeleteSandboxRequest, DeleteSandboxResponse> DELETE =
            api("DeleteSandbox", DeleteSandboxResponse.parser());
    public static final Rpc<StopSandboxRequest, SandboxResponse> STOP = api("StopSandbox", SandboxResponse.parser());
    public static final Rpc<StartSandboxRequest, SandboxResponse> START = api("StartSandbox", SandboxResponse.parser());
    public static final Rpc<ExecSandboxRequest, ExecSandboxEvent> EXEC = api("ExecSandbox", ExecSandboxEvent.parser());
    public static final Rpc<WatchSandboxRequest, SandboxStreamEvent> WATCH =
            api("WatchSandbox", SandboxStreamEvent.parser());
    public static final Rpc<GetSandboxLogsRequest, GetSandboxLogsResponse> LOGS =
            api("GetSandboxLogs", GetSandboxLogsResponse.parser());
    public static final Rpc<GetSandboxConfigRequest, GetSandboxConfigResponse> CONFIG =
            api("GetSandboxConfig", GetSandboxConfigResponse.parser());
    public static final Rpc<GetGatewayConfigRequest, GetGatewayConfigResponse> GATEWAY_CONFIG =
            api("GetGatewayConfig", GetGatewayConfigResponse.parser());
    public static final Rpc<UpdateConfigRequest, UpdateConfigResponse> UPDATE_CONFIG =
            api("UpdateConfig", UpdateConfigResponse.parser());
    public static final Rpc<GetSandboxPolicyStatusRequest, GetSandboxPolicyStatusResponse> POLICY_STATUS =
            api("GetSandboxPolicyStatus", GetSandboxPolicyStatusResponse.parser());
    public static final Rpc<ListSandboxPoliciesRequest, ListSandboxPoliciesResponse> POLICIES =
            api("ListSandboxPolicies", ListSandboxPoliciesResponse.parser());
    public static final Rpc<FollowMainRequest, ExecSandboxEvent> FOLLOW_MAIN =
            control("FollowMain", ExecSandboxEvent.parser());
    public static final Rpc<GetHistoryRequest, HistoryEntry> HISTORY = control("GetHistory", HistoryEntry.parser());
    public static final Rpc<GetDraftPolicyRequest, GetDraftPolicyResponse> DRAFTS =
            api("GetDraftPolicy", GetDraftPolicyResponse.parser());
    public static final Rpc<ApproveDraftChunkRequest, ApproveDraftChunkResponse> APPROVE_DRAFT =
            api("ApproveDraftChunk", ApproveDraftChunkResponse.parser());
    public static final Rpc<RejectDraftChunkRequest, RejectDraftChunkResponse> REJECT_DRAFT =
            api("RejectDraftChunk", RejectDraftChunkResponse.parser());
    public static final Rpc<ApproveAllDraftChunksRequest, ApproveAllDraftChunksResponse> APPROVE_DRAFTS =
            api("ApproveAllDraftChunks", ApproveAllDraftChunksResponse.parser());
    public static final Rpc<EditDraftChunkRequest, EditDraftChunkResponse> EDIT_DRAFT =
            api("EditDraftChunk", EditDraftChunkResponse.parser());
    public static final Rpc<UndoDraftChunkRequest, UndoDraftChunkResponse> UNDO_DRAFT =
            api("UndoDraftChunk", UndoDraftChunkResponse.parser());
    public static final Rpc<ClearDraftChunksRequest, ClearDraftChunksResponse> CLEAR_DRAFTS =
            api("ClearDraftChunks", ClearDraftChunksResponse.parser());
    public static final Rpc<GetDraftHistoryRequest, GetDraftHistoryResponse> DRAFT_HISTORY =
            api("GetDraftHistory", GetDraftHistoryResponse.parser());
    public static final Rpc<ExplainRequest, Explanation> EXPLAIN = review("Explain", Explanation.parser());
    public static final Rpc<WhatIfRequest, WhatIfResponse> WHAT_IF = review("WhatIf", WhatIfResponse.parser());

    private static <Q extends MessageLite, R extends MessageLite> Rpc<Q, R> review(String method, Parser<R> parser) {
        return new Rpc<>("/openshell.control.v1.PolicyReview/" + method, parser);
    }

    public static final Rpc<GetLogStatusRequest, GetLogStatusResponse> LOG_STATUS =
            new Rpc<>("/openshell.control.v1.Ops/GetLogStatus", GetLogStatusResponse.parser());
    public static final Rpc<SkipPoisonRequest, SkipPoisonResponse> SKIP_POISON =
            new Rpc<>("/openshell.control.v1.Ops/SkipPoison", SkipPoisonResponse.parser());

    public static final Rpc<BuildImageRequest, SourceProgress> BUILD_IMAGE =
            new Rpc<>("/openshell.control.v1.Images/BuildImage", SourceProgress.parser());
    public static final Rpc<BringTreeRequest, SourceProgress> BRING_TREE =
            new Rpc<>("/openshell.control.v1.Images/BringTree", SourceProgress.parser());

    private static <Q extends MessageLite, R extends MessageLite> Rpc<Q, R> api(String method, Parser<R> parser) {
        return new Rpc<>("/openshell.v1.OpenShell/" + method, parser);
    }

    private static <Q extends MessageLite, R extends MessageLite> Rpc<Q, R> control(String method, Parser<R> parser) {
        return new Rpc<>("/openshell.control.v1.Control/" + method, parser);
    }
}
