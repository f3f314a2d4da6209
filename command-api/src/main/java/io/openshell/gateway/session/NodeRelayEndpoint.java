package io.openshell.gateway.session;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.control.v1.NodeRelayGrpcService;
import io.openshell.wire.control.v1.RelayHello;

/** The agents' side of relays. */
public final class NodeRelayEndpoint implements RpcGroup {

    private final RelayBroker broker;

    /** Hands agents over to those who wait for them. */
    public NodeRelayEndpoint(RelayBroker broker) {
        this.broker = broker;
    }

    @Override
    public void addTo(RpcTable table) {
        table.twoWay(NodeRelayGrpcService.Open, this::open);
    }

    private void open(Exchange<AgentFrame, GatewayFrame> exchange) {
        exchange.request().endHandler(early -> exchange.end());
        exchange.request().handler(first -> {
            // Nothing more is read until the waiting side has taken over.
            exchange.request().pause();
            exchange.request().endHandler(null);
            try {
                if (!first.hasHello()) {
                    throw Refusal.invalid("the first frame must be hello");
                }
                RelayHello hello = first.getHello();
                broker.claim(hello.getRelayId(), hello.getNodeId(), exchange);
            } catch (Refusal refused) {
                exchange.fail(refused);
            }
        });
    }
}
