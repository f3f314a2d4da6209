package io.openshell.agent.capture;

import io.openshell.agent.linux.NetlinkWriter;

/**
 * The messages that make a sandbox's network namespace, which leads nowhere, take in every packet: routes that give all addresses to
 * loopback, and a table that holds each packet until the agent has seen it and then refuses it. What is the sandbox's own passes
 * untouched; streams to the synthetic addresses of policy DNS come to the agent's listener. Pure.
 *
 * <p>The table is no part of the seal: without it, or with any part of it gone, packets still have nowhere to go.
 */
final class CaptureTable {
    /** Where policy DNS answers and captured streams arrive. In a range no program takes for an address of the network. */
    static final byte[] OWN_ADDRESS = {127, 0, 0, 53};

    /** The listener of captured streams. Below 1024, so that no workload takes it while no agent is there. */
    static final int STREAM_PORT = 128;

    static final int NAMES_PORT = 53;

    private static final String TABLE = "openshell";
    private static final String SEE = "see";
    private static final String REFUSE = "refuse";
    private static final String TAKE = "take";
    private static final byte[] SANDBOX = {10, (byte) 200, 0, 1};
    private static final byte[] SYNTHETIC = {(byte) 198, 18, 0, 0};
    private static final byte[] SYNTHETIC_MASK = {(byte) 255, (byte) 255, (byte) 252, 0};
    private static final byte[] LOOPBACK6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final byte[] MARK = NetlinkWriter.own(1);

    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;
    private static final int TABLES = 10 << 8;
    private static final int NEW_TABLE = TABLES;
    private static final int DELETE_TABLE = TABLES | 2;
    private static final int NEW_CHAIN = TABLES | 3;
    private static final int NEW_RULE = TABLES | 6;
    private static final int BOTH_FAMILIES = 1;
    private static final int HOOK_IN = 0;
    private static final int HOOK_OUT = 3;
    private static final int DROP = 0;
    private static final int ACCEPT = 1;

    private static final int TCP_RESET = 1;
    private static final int UNREACHABLE = 2;
    private static final int NO_PORT = 1;

    private static final int META_MARK = 3;
    private static final int META_FAMILY = 15;
    private static final int META_PROTOCOL = 16;
    private static final byte TCP = 6;
    private static final byte INET = 2;
    private static final byte INET6 = 10;
    private static final byte[] V4_LOOPBACK = {127};

    private static final int NEW_ROUTE = 24;
    /** Among the sandbox's own addresses: for its programs there is still no way out to be seen. */
    private static final int LOCAL_TABLE = 255;
    /** Queue 0, one queue, go on without a reader, padding: two bytes each; agents run on little-endian machines only. */
    private static final byte[] BORROWED_QUEUE = {0, 0, 1, 0, 1, 0, 0, 0};

    /** How the kernel is told to hold a packet. */
    enum Holding {
        /** In the table's own words. */
        NATIVE,
        /** In those of the older tables, for kernels that were built without the others. */
        BORROWED
    }

    private final NetlinkWriter out = new NetlinkWriter();

    private CaptureTable() {}

    /** The message that takes away the table an earlier agent made. Taking away is slow, so a new namespace is spared it. */
    static byte[] noTable() {
        CaptureTable t = new CaptureTable();
        t.out.message(BATCH_BEGIN, 0).netfilter(0, 10);
        t.named(NEW_TABLE, NetlinkWriter.CREATE);
        t.named(DELETE_TABLE, NetlinkWriter.ACK);
        t.out.message(BATCH_END, 0).netfilter(0, 10);
        return t.out.bytes();
    }

    /** The table, where there is none. */
    static byte[] table(Holding holding) {
        CaptureTable t = new CaptureTable();
        t.out.message(BATCH_BEGIN, 0).netfilter(0, 10);
        t.named(NEW_TABLE, NetlinkWriter.CREATE);
        t.chain(SEE, HOOK_OUT, 0, DROP);
        t.chain(REFUSE, HOOK_OUT, 10, DROP);
        t.chain(TAKE, HOOK_IN, -150, ACCEPT);
        t.rule(SEE, 0).family(INET).destination4(V4_LOOPBACK).verdict(ACCEPT).endRule();
        t.rule(SEE, 0).family(INET).destination4(SANDBOX).verdict(ACCEPT).endRule();
        t.rule(SEE, 0).family(INET6).payload(24, 16).equal(LOOPBACK6).verdict(ACCEPT).endRule();
        t.rule(SEE, 0).synthetic().verdict(ACCEPT).endRule();
        t.rule(SEE, 0).load(MARK).expression("meta").out.number(2, META_MARK).number(3, 1);
        t.endExpression().hold(holding).endRule();
        t.rule(REFUSE, 0).meta(META_MARK).other(MARK).verdict(ACCEPT).endRule();
        t.rule(REFUSE, 0).meta(META_PROTOCOL).equal(TCP).reject(TCP_RESET, 0).endRule();
        t.rule(REFUSE, 0).reject(UNREACHABLE, NO_PORT).endRule();
        t.rule(TAKE, NetlinkWriter.ACK).synthetic().divert().verdict(ACCEPT).endRule();
        t.out.message(BATCH_END, 0).netfilter(0, 10);
        return t.out.bytes();
    }

    /** The route that gives every IPv4 address to loopback; what is sent has the sandbox's address. */
    static byte[] route4() {
        byte[] header = {INET, 0, 0, 0, (byte) LOCAL_TABLE, 3, (byte) 254, 2, 0, 0, 0, 0};
        return new NetlinkWriter().message(NEW_ROUTE, NetlinkWriter.ACK | NetlinkWriter.CREATE | NetlinkWriter.REPLACE)
                .fixed(header).ownNumber(4, 1).attribute(7, SANDBOX).bytes();
    }

    /** The same for IPv6. */
    static byte[] route6() {
        byte[] header = {INET6, 0, 0, 0, (byte) LOCAL_TABLE, 3, 0, 2, 0, 0, 0, 0};
        return new NetlinkWriter().message(NEW_ROUTE, NetlinkWriter.ACK | NetlinkWriter.CREATE | NetlinkWriter.REPLACE)
                .fixed(header).ownNumber(4, 1).bytes();
    }

    private void named(int type, int flags) {
        out.message(type, flags).netfilter(BOTH_FAMILIES, 0).text(1, TABLE);
    }

    private void chain(String name, int hook, int priority, int policy) {
        out.message(NEW_CHAIN, NetlinkWriter.CREATE).netfilter(BOTH_FAMILIES, 0).text(1, TABLE).text(3, name);
        out.nest(4).number(1, hook).number(2, priority).end().number(5, policy).text(7, "filter");
    }

    private CaptureTable rule(String chain, int flags) {
        out.message(NEW_RULE, NetlinkWriter.CREATE | NetlinkWriter.APPEND | flags).netfilter(BOTH_FAMILIES, 0);
        out.text(1, TABLE).text(2, chain).nest(4);
        return this;
    }

    private void endRule() {
        out.end();
    }

    private CaptureTable expression(String name) {
        out.nest(1).text(1, name).nest(2);
        return this;
    }

    private CaptureTable endExpression() {
        out.end().end();
        return this;
    }

    private CaptureTable meta(int key) {
        expression("meta").out.number(2, key).number(1, 1);
        return endExpression();
    }

    private CaptureTable payload(int offset, int length) {
        expression("payload").out.number(1, 1).number(2, 1).number(3, offset).number(4, length);
        return endExpression();
    }

    private CaptureTable equal(byte... value) {
        return compared(0, value);
    }

    private CaptureTable other(byte[] value) {
        return compared(1, value);
    }

    private CaptureTable compared(int operator, byte[] value) {
        expression("cmp").out.number(1, 1).number(2, operator).nest(3).attribute(1, value).end();
        return endExpression();
    }

    private CaptureTable masked(byte[] mask) {
        expression("bitwise").out.number(1, 1).number(2, 1).number(3, mask.length);
        out.nest(4).attribute(1, mask).end().nest(5).attribute(1, new byte[mask.length]).end();
        return endExpression();
    }

    private CaptureTable family(byte family) {
        return meta(META_FAMILY).equal(family);
    }

    /** The first bytes of the destination. */
    private CaptureTable destination4(byte[] start) {
        return payload(16, start.length).equal(start);
    }

    private CaptureTable synthetic() {
        return family(INET).payload(16, 4).masked(SYNTHETIC_MASK).equal(SYNTHETIC).meta(META_PROTOCOL).equal(TCP);
    }

    private CaptureTable load(byte[] value) {
        return load(1, value);
    }

    private CaptureTable load(int register, byte... value) {
        expression("immediate").out.number(1, register).nest(2).attribute(1, value).end();
        return endExpression();
    }

    private CaptureTable verdict(int code) {
        expression("immediate").out.number(1, 0).nest(2).nest(2).number(1, code).end().end();
        return endExpression();
    }

    private CaptureTable reject(int kind, int code) {
        expression("reject").out.number(1, kind).attribute(2, (byte) code);
        return endExpression();
    }

    /** Held in queue 0; when nobody reads that, it goes on to the next chain. */
    private CaptureTable hold(Holding holding) {
        switch (holding) {
            case NATIVE -> expression("queue").out.attribute(1, (byte) 0, (byte) 0).attribute(2, (byte) 0, (byte) 1)
                    .attribute(3, (byte) 0, (byte) 1);
            case BORROWED -> expression("target").out.text(1, "NFQUEUE").number(2, 3).attribute(3, BORROWED_QUEUE);
        }
        return endExpression();
    }

    /** Given to the listener of streams, whose connections then have the address that was asked for. */
    private CaptureTable divert() {
        load(1, OWN_ADDRESS).load(2, (byte) (STREAM_PORT >> 8), (byte) STREAM_PORT);
        expression("tproxy").out.number(1, INET).number(2, 1).number(3, 2);
        return endExpression();
    }
}
