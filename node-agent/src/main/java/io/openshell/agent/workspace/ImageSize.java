package io.openshell.agent.workspace;

import java.util.ArrayList;
import java.util.List;

/**
 * How large an image has to be so that what was asked for can be written into it. The file system's own tables are added: one inode for
 * every 4 KiB, so that files never run out before space does, its journal, and what the kernel keeps back for itself. Pure.
 *
 * @param blocks of the image, 4 KiB each
 * @param journalMebibytes of its journal; 0 for none, which the smallest have no room for
 */
record ImageSize(long blocks, int journalMebibytes) {
    private static final int BLOCK_BYTES = 4096;
    private static final int INODE_BYTES = 256;
    private static final long MIB = 1L << 20;
    private static final long SMALLEST_BYTES = 8 * MIB;
    private static final long SMALL_BYTES = 256 * MIB;
    private static final long GROUP_BLOCKS = 32_768;
    /** Superblock, its copies and group descriptors, the root's blocks; with a reserve for rounding. */
    private static final long FIXED_BLOCKS = 96;
    /** The kernel keeps one fiftieth back, 4,096 blocks at most (ext4's reserved clusters). */
    private static final long MOST_KEPT_BACK = 4_096;

    /** For so many usable bytes. */
    static ImageSize of(long usable) {
        int journal = usable < SMALLEST_BYTES ? 0 : usable < SMALL_BYTES ? 4 : 16;
        long wanted = Math.ceilDiv(usable, BLOCK_BYTES) + journal * MIB / BLOCK_BYTES + FIXED_BLOCKS;
        // One part in sixteen is inodes, which come in whole blocks for each group; two bitmaps and a descriptor for each group.
        long tables = wanted / 15 + (wanted / GROUP_BLOCKS + 1) * 16;
        long all = wanted + tables;
        return new ImageSize(all + Math.min(MOST_KEPT_BACK, all / 49 + 1), journal);
    }

    /** For the program that makes the file system. What it could write as zeros is zero in a new file. */
    List<String> options() {
        List<String> options = new ArrayList<>(List.of("-b", "" + BLOCK_BYTES, "-i", "" + BLOCK_BYTES, "-I", "" + INODE_BYTES, "-m", "0",
                "-E", "nodiscard,lazy_itable_init=1,lazy_journal_init=1"));
        options.addAll(journalMebibytes == 0 ? List.of("-O", "^resize_inode,^has_journal")
                : List.of("-O", "^resize_inode", "-J", "size=" + journalMebibytes));
        return options;
    }

    long bytes() {
        return blocks * BLOCK_BYTES;
    }
}
