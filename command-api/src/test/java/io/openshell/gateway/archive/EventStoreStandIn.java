package io.openshell.gateway.archive;

import com.eventstore.dbclient.proto.shared.Shared;
import com.eventstore.dbclient.proto.streams.StreamsGrpc;
import com.eventstore.dbclient.proto.streams.StreamsOuterClass.AppendReq;
import com.eventstore.dbclient.proto.streams.StreamsOuterClass.AppendResp;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A stand-in for EventStoreDB: it speaks the appending half of the streams protocol on loopback, in memory. It is not the real server and
 * shows nothing about that one's durability, access lists, clusters or limits.
 */
final class EventStoreStandIn implements AutoCloseable {

    /** One event as it was appended. */
    record Kept(String id, String type, String data, String metadata) {}

    private final Map<String, List<Kept>> streams = new TreeMap<>();
    private final int port;
    private Server server;
    private boolean refusing;

    EventStoreStandIn() throws IOException {
        server = listen(0);
        port = server.getPort();
    }

    private Server listen(int at) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", at)).addService(new Appending()).build().start();
    }

    String connection() {
        return "esdb://127.0.0.1:" + port + "?tls=false";
    }

    synchronized List<Kept> stream(String name) {
        return List.copyOf(streams.getOrDefault(name, List.of()));
    }

    synchronized Map<String, List<Kept>> all() {
        return Map.copyOf(streams);
    }

    /** Forgets everything, like a server that was set up anew. */
    synchronized void forget() {
        streams.clear();
    }

    /** Answers UNAVAILABLE from now on, or no longer. */
    synchronized void refuse(boolean now) {
        refusing = now;
    }

    /** Ends the server, and starts one with the same content on the same port. */
    void restart() throws IOException {
        close();
        server = listen(port);
    }

    @Override
    public void close() {
        try {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Puts an event where it was not expected. */
    synchronized void plant(String stream, Kept event) {
        streams.computeIfAbsent(stream, name -> new ArrayList<>()).add(event);
    }

    private synchronized AppendResp append(AppendReq.Options options, List<Kept> events) {
        List<Kept> stream = streams.getOrDefault(options.getStreamIdentifier().getStreamName().toStringUtf8(), List.of());
        long expected = switch (options.getExpectedStreamRevisionCase()) {
            case REVISION -> options.getRevision();
            case NO_STREAM -> -1;
            case ANY, STREAM_EXISTS, EXPECTEDSTREAMREVISION_NOT_SET -> known(stream, events) ? stream.indexOf(events.getFirst()) - 1 : stream.size() - 1;
        };
        int from = Math.toIntExact(expected + 1);
        int to = from + events.size();
        if (to <= stream.size() && ids(stream.subList(from, to)).equals(ids(events))) {
            return done(to - 1);
        }
        if (from != stream.size()) {
            AppendResp.WrongExpectedVersion.Builder wrong = AppendResp.WrongExpectedVersion.newBuilder();
            if (stream.isEmpty()) {
                wrong.setCurrentNoStream(Shared.Empty.getDefaultInstance());
            } else {
                wrong.setCurrentRevision(stream.size() - 1);
            }
            return AppendResp.newBuilder().setWrongExpectedVersion(wrong).build();
        }
        events.forEach(event -> plant(options.getStreamIdentifier().getStreamName().toStringUtf8(), event));
        return done(to - 1);
    }

    private static boolean known(List<Kept> stream, List<Kept> events) {
        return ids(stream).containsAll(ids(events));
    }

    private static List<String> ids(List<Kept> events) {
        return events.stream().map(Kept::id).toList();
    }

    private static AppendResp done(long revision) {
        return AppendResp.newBuilder().setSuccess(AppendResp.Success.newBuilder()
                .setCurrentRevision(revision).setNoPosition(Shared.Empty.getDefaultInstance())).build();
    }

    private final class Appending extends StreamsGrpc.StreamsImplBase {
        @Override
        public StreamObserver<AppendReq> append(StreamObserver<AppendResp> answer) {
            List<Kept> events = new ArrayList<>();
            return new StreamObserver<>() {
                private AppendReq.Options options = AppendReq.Options.getDefaultInstance();

                @Override
                public void onNext(AppendReq request) {
                    if (request.hasOptions()) {
                        options = request.getOptions();
                    } else {
                        AppendReq.ProposedMessage message = request.getProposedMessage();
                        Shared.UUID id = message.getId();
                        String name = id.hasStructured()
                                ? id.getStructured().getMostSignificantBits() + ":" + id.getStructured().getLeastSignificantBits() : id.getString();
                        events.add(new Kept(name, message.getMetadataOrDefault("type", ""), message.getData().toStringUtf8(),
                                message.getCustomMetadata().toString(StandardCharsets.UTF_8)));
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    // the client went away in the middle of a request: nothing was appended
                }

                @Override
                public void onCompleted() {
                    synchronized (EventStoreStandIn.this) {
                        if (refusing) {
                            answer.onError(Status.UNAVAILABLE.asRuntimeException());
                            return;
                        }
                    }
                    answer.onNext(EventStoreStandIn.this.append(options, events));
                    answer.onCompleted();
                }
            };
        }
    }
}
