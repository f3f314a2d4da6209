package io.openshell.agent.identity;

import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Netlink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks the kernel for the socket of the exact connection, then looks for its holders among the sandbox's processes only. */
public final class SocketOwnerLookup implements CallerLookup, AutoCloseable {
    private static final int FEW_LOOKS = 256;

    private static final int TCP = 6;
    private static final int UDP = 17;

    private final int initPid;
    private final ExecutableHashes hashes = new ExecutableHashes();
    private final RecentHolders recent = new RecentHolders();
    private volatile int lastLooks;
    private int diagFd;

    /**
     * @param diagFd look-up socket opened in the sandbox's network namespace; closed with this object
     * @param initPid the sandbox's PID 1 as the agent sees it
     */
    public SocketOwnerLookup(int diagFd, int initPid) {
        this.diagFd = diagFd;
        this.initPid = initPid;
    }

    @Override
    public CallerResult find(InetSocketAddress workload, InetSocketAddress proxy) {
        return find(TCP, workload, proxy);
    }

    @Override
    public CallerResult findDatagram(InetSocketAddress workload, InetSocketAddress remote) {
        return find(UDP, workload, remote);
    }

    private CallerResult find(int protocol, InetSocketAddress workload, InetSocketAddress remote) {
        try {
            return find(protocol, workload, remote, false);
        } catch (LaterException impossible) {
            return new CallerResult.Unknown("look-up failed: too many open files to search");
        }
    }

    @Override
    public Optional<CallerResult> findSoon(InetSocketAddress workload, InetSocketAddress proxy) {
        if (lastLooks > FEW_LOOKS) {
            return Optional.empty();
        }
        try {
            return Optional.of(find(TCP, workload, proxy, true));
        } catch (LaterException later) {
            return Optional.empty();
        }
    }

    private CallerResult find(int protocol, InetSocketAddress workload, InetSocketAddress remote, boolean soon)
            throws LaterException {
        try {
            OptionalLong inode = inode(protocol, workload, remote);
            if (inode.isEmpty() || inode.getAsLong() == 0) {
                return new CallerResult.Unknown("no such connection");
            }
            try (SandboxProcesses processes = new SandboxProcesses(initPid, soon ? FEW_LOOKS : Integer.MAX_VALUE)) {
                return owner(processes, inode.getAsLong(), soon);
            }
        } catch (IOException | KernelException e) {
            return new CallerResult.Unknown("look-up failed: " + e.getMessage());
        }
    }

    private synchronized OptionalLong inode(int protocol, InetSocketAddress workload, InetSocketAddress remote) throws IOException {
        if (diagFd < 0 || !workload.getAddress().getClass().equals(remote.getAddress().getClass())) {
            throw new IOException("not a connection of a running sandbox");
        }
        return Netlink.inode(diagFd, protocol, workload, remote);
    }

    private CallerResult owner(SandboxProcesses processes, long inode, boolean soon) throws IOException, LaterException {
        List<SandboxProcesses.Holder> holders = processes.holders(inode, recent.guesses());
        lastLooks = processes.looked();
        if (holders.isEmpty()) {
            return new CallerResult.Unknown("no process holds the connection");
        }
        recent.found(holders.getFirst());
        Program owner = processes.program(holders.getFirst().pid());
        for (var other : holders.subList(1, holders.size())) {
            if (!processes.program(other.pid()).isAlike(owner)) {
                return new CallerResult.Ambiguous("several programs hold the connection");
            }
        }
        List<Integer> pids = owner.pids();
        Map<String, String> sha256 = new HashMap<>();
        for (int i = 0; i < pids.size(); i++) {
            String path = owner.path(i);
            Optional<String> hash = hash(processes, pids.get(i), path, soon);
            if (hash.isEmpty()) {
                return new CallerResult.IntegrityChanged(path);
            }
            sha256.put(path, hash.get());
        }
        // The process may have become another program, or ended and lent its number, while its file was read.
        if (!processes.program(owner.pid()).equals(owner) || !processes.holds(holders.getFirst(), inode)) {
            return new CallerResult.Unknown("the program changed during the look-up");
        }
        return new CallerResult.Found(owner.pid(), owner.executable(), owner.ancestors(), processes.commandLinePaths(pids), sha256);
    }

    private Optional<String> hash(SandboxProcesses processes, int pid, String path, boolean soon) throws IOException, LaterException {
        if (!soon) {
            return hashes.sha256(path, processes.link(pid), () -> processes.mark(pid));
        }
        Optional<String> known = hashes.known(path, () -> processes.mark(pid));
        if (known.isEmpty()) {
            throw new LaterException();
        }
        return known;
    }

    @Override
    public synchronized void close() {
        Fd.close(diagFd);
        diagFd = -1;
    }
}
