package io.openshell.bench.scale;

import java.util.List;

/**
 * How much is measured.
 *
 * @param live how many sandboxes are up while launches are measured, in rising order
 * @param own as many of them are this process's at most, for it may have only so many open files; the others belong to another one
 * @param dense at which of these numbers memory is looked at
 * @param rounds launches measured at each
 * @param atOnce launches asked for at the same time
 * @param leaks launches and removals after which nothing may be left
 * @param programs runs of each program inside and outside
 */
record ScalePlan(List<Integer> live, int own, int dense, int rounds, int atOnce, int leaks, int programs) {
    static ScalePlan quick() {
        return new ScalePlan(List.of(1, 50), 50, 50, 30, 60, 60, 10);
    }

    static ScalePlan full() {
        return new ScalePlan(List.of(1, 200, 2_000), 1_200, 200, 200, 300, 1_000, 50);
    }
}
