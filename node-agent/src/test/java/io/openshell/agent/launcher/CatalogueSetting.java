package io.openshell.agent.launcher;

import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SandboxRuntime;
import io.openshell.model.policy.FilesystemPolicy;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where the sandboxes of the catalogue run, and by which paths its files are known inside. */
public interface CatalogueSetting extends AutoCloseable {
    /** On the host's files; skips the test where nothing can be sealed. */
    static CatalogueSetting onTheHost() throws IOException {
        SandboxFixture fixture = new SandboxFixture();
        SandboxFixture.assumeKernel(fixture.runtime);
        return fixture;
    }

    /** In containers; skips the test where there is no engine for it. */
    static CatalogueSetting inContainers() throws IOException {
        return ContainerSetting.ofEnvironment();
    }

    /** Runs them; its host runtime knows what this machine can do. */
    SandboxRuntime runtime();

    /** Where the agent keeps them. */
    Path state();

    /** What they are made from. */
    SandboxSource source();

    /** A directory that the policy lists as read-only; its file {@code f} may be written by everybody, as far as its mode says. */
    String readOnly();

    /** A directory that the policy lists as writable. */
    String writable();

    /** Another one. */
    String alsoWritable();

    /** A directory with a file {@code f} that the policy does not list. */
    String unlisted();

    /** A copy of {@code id} that belongs to root and sets the user id, in the read-only directory. */
    String setUserIdProgram() throws IOException, InterruptedException;

    /** What the first process of a sandbox is called. */
    String firstProcess();

    /** Whether the program is there inside. */
    boolean has(String program);

    /** How this machine sees a file that the sandbox sees by this path. */
    Path seen(RunningSandbox box, String path);

    /** Lists the three directories and nothing else. */
    default PolicyDocument policy() {
        return PolicyDocument.empty().withFilesystem(
                new FilesystemPolicy(true, List.of(readOnly()), List.of(writable(), alsoWritable())));
    }

    /** Starts one from this setting's source, with these shares. */
    default LaunchOutcome launch(LaunchRequest request, Shares shares) {
        return runtime().launch(request.with(new io.openshell.model.sandbox.Basis(source(), shares)));
    }

    @Override
    void close() throws IOException;
}
