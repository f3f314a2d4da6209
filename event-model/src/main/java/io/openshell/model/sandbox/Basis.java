package io.openshell.model.sandbox;

/** What a sandbox stands on: where its files come from and how much of its node it may use. */
public record Basis(SandboxSource source, Shares shares) {

    /** The host's own files and the node's usual shares. */
    public static final Basis USUAL = new Basis(new SandboxSource.Host(), Shares.USUAL);
}
