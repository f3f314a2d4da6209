package io.openshell.agent.session;

import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.Subscription;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A process of this machine behind the session port; keeps all output and counts what its listeners have taken. */
final class ScriptedProcess implements ProcessSession {

    private record Piece(OutputListener.Stream stream, byte[] data) {}

    final Process process;
    final AtomicLong delivered = new AtomicLong();
    final List<Integer> signals = new CopyOnWriteArrayList<>();
    final List<String> sizes = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final List<Piece> retained = new ArrayList<>();
    private final List<OutputListener> listeners = new ArrayList<>();
    private boolean ended;

    ScriptedProcess(ProcessBuilder builder) throws IOException {
        process = builder.start();
        Thread out = pump(process.getInputStream(), OutputListener.Stream.STDOUT);
        Thread err = pump(process.getErrorStream(), OutputListener.Stream.STDERR);
        Thread.ofVirtual().start(() -> end(out, err));
    }

    private Thread pump(InputStream from, OutputListener.Stream stream) {
        return Thread.ofPlatform().daemon().start(() -> {
            byte[] buffer = new byte[65_536];
            try {
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    deliver(new Piece(stream, java.util.Arrays.copyOf(buffer, n)));
                }
            } catch (IOException closed) {
                return; // the process was killed while its output was read
            }
        });
    }

    private synchronized void deliver(Piece piece) {
        retained.add(piece);
        for (OutputListener listener : List.copyOf(listeners)) {
            listener.onOutput(piece.stream(), piece.data().clone());
            delivered.addAndGet(piece.data().length);
        }
    }

    private void end(Thread... pumps) {
        try {
            for (Thread pump : pumps) {
                pump.join();
            }
            int code = process.waitFor();
            synchronized (this) {
                ended = true;
                listeners.forEach(OutputListener::onEnd);
            }
            exit.complete(code);
        } catch (InterruptedException e) {
            exit.completeExceptionally(e);
        }
    }

    @Override
    public void writeInput(byte[] bytes, int offset, int length) {
        try {
            process.getOutputStream().write(bytes, offset, length);
            process.getOutputStream().flush();
        } catch (IOException closed) {
            return; // dropped, as the port says
        }
    }

    @Override
    public void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized Subscription attach(OutputListener listener) {
        for (Piece piece : retained) {
            listener.onOutput(piece.stream(), piece.data().clone());
            delivered.addAndGet(piece.data().length);
        }
        if (ended) {
            listener.onEnd();
        } else {
            listeners.add(listener);
        }
        return () -> detach(listener);
    }

    private synchronized void detach(OutputListener listener) {
        listeners.remove(listener);
    }

    synchronized int listening() {
        return listeners.size();
    }

    @Override
    public void resize(int cols, int rows) {
        sizes.add(cols + "x" + rows);
    }

    @Override
    public void signal(int signo) {
        signals.add(signo);
        if (signo == 9) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.toHandle().destroyForcibly();
        } else {
            // Through the handle, because the process itself would close its streams under their readers.
            process.toHandle().destroy();
        }
    }

    @Override
    public CompletionStage<Integer> exit() {
        return exit.copy();
    }

    @Override
    public boolean tty() {
        return false;
    }
}
