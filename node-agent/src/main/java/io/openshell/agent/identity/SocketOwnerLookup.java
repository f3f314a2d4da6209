package io.openshell.agent.identity;

import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Netlink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Asks the kernel for the socket of the exact connection, then looks for its holders among the sandbox's processes only. */
public final class SocketOwnerLookup implements CallerLookup, AutoCloseable {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private final SandboxProcesses processes;
    private final ExecutableHashes hashes = new ExecutableHashes();
    private int diagFd;

    private record Program(int pid, String executable, List<String> ancestors, List<Integer> chain) {
        Set<String> names() {
            Set<String> all = new LinkedHashSet<>(ancestors);
            all.add(executable);
            return all;
        }
    }

    /**
     * @param diagFd look-up socket opened in the sandbox's network namespace; closed with this object
     * @param initPid the sandbox's PID 1 as the agent sees it
     */
    public SocketOwnerLookup(int diagFd, int initPid) {
        this.diagFd = diagFd;
        this.processes = new SandboxProcesses(initPid);
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
            OptionalLong inode = inode(protocol, workload, remote);
            if (inode.isEmpty() || inode.getAsLong() == 0) {
                return new CallerResult.Unknown("no such connection");
            }
            List<Integer> holders = processes.holders(inode.getAsLong());
            if (holders.isEmpty()) {
                return new CallerResult.Unknown("no process holds the connection");
            }
            List<Program> programs = new ArrayList<>();
            for (int pid : holders) {
                programs.add(program(pid));
            }
            Program owner = programs.getFirst();
            if (programs.stream().anyMatch(p -> !p.executable().equals(owner.executable()) || !p.names().equals(owner.names()))) {
                return new CallerResult.Ambiguous("several programs hold the connection");
            }
            return hashed(owner, inode.getAsLong());
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

    private Program program(int pid) throws IOException {
        List<Integer> chain = processes.ancestors(pid);
        List<String> ancestors = new ArrayList<>();
        for (int p : chain) {
            ancestors.add(executable(p));
        }
        return new Program(pid, executable(pid), ancestors, chain);
    }

    private String executable(int pid) throws IOException {
        String path = Files.readSymbolicLink(processes.exe(pid)).toString();
        if (!path.startsWith("/") || path.endsWith(" (deleted)")) {
            throw new IOException("a program has no file any more");
        }
        return path;
    }

    private CallerResult hashed(Program owner, long inode) throws IOException {
        Map<String, String> sha256 = new HashMap<>();
        List<Integer> pids = new ArrayList<>(List.of(owner.pid()));
        pids.addAll(owner.chain());
        for (int pid : pids) {
            String path = executable(pid);
            Path link = processes.exe(pid);
            Optional<String> hash = hashes.sha256(path, link);
            if (hash.isEmpty()) {
                return new CallerResult.IntegrityChanged(path);
            }
            sha256.put(path, hash.get());
        }
        // the process may have become another program, or ended and lent its number, while its file was read
        if (!program(owner.pid()).equals(owner) || !processes.holders(inode).contains(owner.pid())) {
            return new CallerResult.Unknown("the program changed during the look-up");
        }
        return new CallerResult.Found(owner.pid(), owner.executable(), owner.ancestors(), processes.commandLinePaths(pids), sha256);
    }

    @Override
    public synchronized void close() {
        Fd.close(diagFd);
        diagFd = -1;
    }
}
