"""Rankings of planted units, their null, and the speed of average precision.

    python tests/benchmarks/probes.py                        # all three, minutes
    python tests/benchmarks/probes.py --part ranking --seeds 0 1 2
    python tests/benchmarks/probes.py --part null --small --permutations 100
    python tests/benchmarks/probes.py --part average-precision

20,000 tokens, a quarter of them held out, 3,072 units of which 240 follow one of 12 classes
(`milan.probes.planted`). Bars: held-out accuracy of the probe .75; of the first 240 units 230 planted, of the
first 120 all, no dead unit before a planted one; standardising, training and ranking together 3 s of one
thread; the same order when columns are rescaled; of 20 permutations of the labels at most 2 yield a unit at
a false discovery rate of 5 %; average precision 20 times faster than one class and unit at a time, equal to
1e-9. The penalty is the default, chosen on a workload of seed 100.
"""

import argparse
import time

import numpy as np
from sklearn.metrics import average_precision_score

from milan.probes import (
    RANKERS,
    Labelled,
    PermutationNull,
    Planted,
    PlantedPlan,
    Probe,
    average_precision,
    plant_units,
    ranker,
)
from milan.statistics.paired import share
from milan.statistics.shares import share as wilson

TEST_SHARE = 0.25
SMALL = PlantedPlan(n_tokens=1200, n_units=120, n_planted=24, n_dead=2)


def divided(planted: Planted, seed: int) -> tuple[Labelled, Labelled]:
    """Tokens to learn from and tokens held out."""
    tokens = Labelled(planted.matrix, planted.labels, int(planted.labels.max()) + 1)
    order = np.random.default_rng(seed + 1000).permutation(len(tokens))
    n_test = round(TEST_SHARE * len(tokens))
    return tokens.at(np.sort(order[n_test:])), tokens.at(np.sort(order[:n_test]))


def ranking(seed: int) -> None:
    """The probe's bars, and what other rankers find."""
    planted = plant_units(seed)
    train, test = divided(planted, seed)
    clock, start = time.perf_counter(), time.process_time()
    probe = Probe.train(train)
    found = probe.ranking()
    taken, passed = time.process_time() - start, time.perf_counter() - clock
    right = share(probe.right(test))
    hits = [int(np.isin(found.order[:n], planted.units).sum()) for n in (60, 120, 240, 480)]
    first_dead, last = found.places[planted.dead].min(), found.places[planted.units].max()
    print(
        f"seed {seed}: lca {taken:.2f} s of processor ({passed:.1f} s), accuracy {right.value:.3f} "
        f"[{right.low:.3f}, {right.high:.3f}], planted among the first 60/120/240/480: {hits}, "
        f"first dead unit at {first_dead}, last planted at {last}, {found.n_ranked} with weight, "
        f"l1 {probe.penalty.l1}, l2 {probe.penalty.l2}"
    )
    factor = np.exp(np.random.default_rng(seed).uniform(-5, 5, train.n_units)).astype(np.float32)
    again = Probe.train(Labelled(train.matrix * factor, train.labels, train.n_classes)).ranking()
    same = np.array_equal(again.order[:480], found.order[:480])
    shifted = int(np.abs(again.places - found.places)[found.order[:480]].max())
    print(f"  rescaled columns: first 480 the same {same}, largest shift of a place {shifted}")
    for name in RANKERS:
        if name != "lca":
            start = time.process_time()
            order = ranker(name)(train).ranking.order
            hits = [int(np.isin(order[:n], planted.units).sum()) for n in (120, 240)]
            print(f"  {name}: {time.process_time() - start:.2f} s, planted among the first 120/240: {hits}")


def null(name: str, seed: int, n: int, plan: PlantedPlan) -> int:
    """Each of some permutations as if it were the labels, held against 20 of the others, as by default.

    Prints how many yield a unit at 5 %, and answers it.
    """
    train, _ = divided(plant_units(seed, plan), seed)
    rng = np.random.default_rng(seed + 7)
    rank = ranker(name)
    drawn = np.stack([rank(train.labelled(rng.permutation(train.labels))).scores for _ in range(n)])
    yields = []
    for at in range(n):
        others = rng.choice(np.delete(np.arange(n), at), 20, replace=False)
        against = PermutationNull.of(drawn[others])
        yields.append(int((against.false_discovery(drawn[at]) <= 0.05).sum()))
    n_any = sum(map(bool, yields))
    found = PermutationNull.of(drawn[:20]).false_discovery(rank(train).scores) <= 0.05
    print(
        f"{name}, seed {seed}: {n_any} of {n} permutations yield a unit at 5 %, {sum(yields)} units in all, "
        f"{max(yields)} at most; the true labels {found.sum()}",
        flush=True,
    )
    return n_any


def calibration(name: str, seeds: list[int], n: int, plan: PlantedPlan) -> None:
    """The share of permutations that yield any unit, over all seeds."""
    n_any = sum(null(name, seed, n, plan) for seed in seeds)
    found = wilson(n_any, n * len(seeds))
    print(
        f"{name}: {n_any} of {n * len(seeds)}: {found.value:.3f} [{found.low:.3f}, {found.high:.3f}]",
        flush=True,
    )


def precision(n_plain: int) -> None:
    """All units and classes at once against one at a time."""
    train, _ = divided(plant_units(0), 0)
    start = time.process_time()
    found = average_precision(train)
    ours = time.process_time() - start
    units = np.random.default_rng(0).choice(train.n_units, n_plain, replace=False)
    start = time.process_time()
    plain = np.array(
        [
            [average_precision_score(train.labels == label, train.matrix[:, unit]) for unit in units]
            for label in range(train.n_classes)
        ]
    )
    theirs = (time.process_time() - start) * train.n_units / n_plain
    apart = np.abs(found[:, units] - plain).max()
    print(
        f"average precision of {train.n_units} units, {train.n_classes} classes: {ours:.2f} s; one at a "
        f"time {theirs:.0f} s (from {n_plain} units): {theirs / ours:.0f} x; apart {apart:.1e}"
    )


def main() -> None:
    """Run the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--part", choices=["ranking", "null", "average-precision"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--ranker", choices=list(RANKERS), help="for the null; default lca and class_mean_z")
    parser.add_argument("--permutations", type=int, default=40, help="of the labels, for each seed")
    parser.add_argument("--small", action="store_true", help="the null of 1,200 tokens and 120 units only")
    parser.add_argument("--plain", type=int, default=24, help="units that one at a time is timed over")
    asked = parser.parse_args()
    if asked.part in (None, "ranking"):
        for seed in asked.seeds:
            ranking(seed)
    if asked.part in (None, "average-precision"):
        precision(asked.plain)
    if asked.part in (None, "null"):
        for name in [asked.ranker] if asked.ranker else ["class_mean_z", "lca"]:
            calibration(name, asked.seeds, asked.permutations, SMALL if asked.small else PlantedPlan())


if __name__ == "__main__":
    main()
