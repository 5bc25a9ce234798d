"""Do descriptions name a known truth? The bars of docs/planted.md, with intervals, and whether each is met.

    python tests/benchmarks/planted.py [--units N] [--images N] [--seed N] [--captioner NAME]

Five minutes on two quiet cores.
"""

import argparse

from milan.records import Figure
from milan.uses.evaluate import PlantedOptions, PlantedReport, evaluate_planted
from milan.uses.evaluate.options import EXEMPLARS_ALONE, LIKELIHOOD_ALONE, NETWORK_PRIOR

PRIORS = {EXEMPLARS_ALONE: "language prior", NETWORK_PRIOR: "network prior"}
BASELINES = ("constant", "most frequent", "shuffled")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--units", type=int, default=120)
    asked.add_argument("--images", type=int, default=1500)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--captioner", default="default")
    given = asked.parse_args()
    options = PlantedOptions(
        n_units=given.units, n_images=given.images, seed=given.seed, captioner=given.captioner
    )
    reports = evaluate_planted(options)
    for report in reports:
        print(f"\n{report.network}: {report.voice}, {report.n_images} scenes, {report.seconds:.0f} s")
        for group in (scores.group for scores in report.ways[0].scores):
            found = report.ways[0].of(group)
            if found is not None:
                print(
                    f"  {group:24} {found.n_units:4d}  named {shown(found.named)}  partly {found.partly:.2f}"
                )
    print_bars(reports[0])


def print_bars(report: PlantedReport) -> None:
    first = report.ways[0]
    print("\nbars")
    for group, least in (("single concepts", 0.90), ("live", 0.75)):
        scores = first.of(group)
        if scores is not None:
            bar(f"{group} named, at least {least:.2f}", scores.named, scores.named.value >= least)
    unseen = first.of("unseen concepts")
    for way in report.ways:
        theirs = way.of("unseen concepts")
        if way.name in BASELINES and unseen is not None and theirs is not None:
            above = unseen.named.low > theirs.named.high
            bar(f"unseen concepts named, above {way.name} ({theirs.named.value:.2f})", unseen.named, above)
    for gain in report.gains:
        if gain.of in PRIORS and gain.over == LIKELIHOOD_ALONE and gain.figure in ("top1", "top10"):
            above = gain.difference.low > 0
            bar(f"PMI, {PRIORS[gain.of]}, over likelihood alone, {gain.figure}", gain.difference, above)
        elif gain.over == EXEMPLARS_ALONE:
            print(f"        the whole range over exemplars alone, {gain.figure}: {shown(gain.difference)}")
    auroc = None if report.faithfulness is None else report.faithfulness.auroc
    if auroc is not None:
        bar("right against shuffled by faithfulness, AUROC at least .95", auroc, auroc.value >= 0.95)


def bar(what: str, figure: Figure, is_met: bool) -> None:
    print(f"  {'met ' if is_met else 'MISS'}  {what}: {shown(figure)}")


def shown(figure: Figure) -> str:
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


if __name__ == "__main__":
    main()
