package io.openshell.cli.client;

import io.openshell.wire.control.v1.Attestation;
import io.openshell.wire.control.v1.GetAttestationRequest;

/** Calls about what seals a sandbox. Apart from {@link Rpc}, so that other commands do not load their messages. */
public final class IsolationRpc {
    public static final Rpc<GetAttestationRequest, Attestation> GET_ATTESTATION =
            new Rpc<>("/openshell.control.v1.Isolation/GetAttestation", Attestation.parser());

    private IsolationRpc() {}
}
