"""What free text of a language model is worth, beside text of other units and the units' descriptions.

    milan describe activations/ --texts TEXT.conllu --catalog units.db --units 0-19 --explainer hf:DIR
    python tests/benchmarks/free_text.py units.db [more.db ...]

Means over ends of units that were measured, with intervals over them; leads over pairs. Phrases that end as
the answer of a worked example does (`past tense`) are counted: copying says nothing of a unit.
"""

import argparse
from collections import Counter
from pathlib import Path

from milan.catalog import Catalog
from milan.explainers.prompts import EXAMPLES
from milan.records import FreeText
from milan.statistics import average


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("catalogs", type=Path, nargs="+")
    written: list[FreeText] = []
    for path in parser.parse_args().catalogs:
        with Catalog.open(path) as catalog:
            written += [own for unit in catalog.units() for own in unit.free_texts.values()]
    measured = [own for own in written if own.scores is not None]
    print(f"{len(written)} ends of units, {len(measured)} measured")
    for figure, chance in (("simulation", 0.0), ("detection", 0.5), ("auc", 0.5)):
        own = [getattr(one.scores, figure).value for one in measured]
        print(f"{figure}: {shown(own)} (chance {chance})")
        both = [one for one in measured if one.shuffled is not None]
        if both:
            others = [getattr(one.shuffled, figure).value for one in both]
            leads = [getattr(one.scores, figure).value - getattr(one.shuffled, figure).value for one in both]
            print(f"  shuffled: {shown(others)}; ahead of it by {shown(leads)} ({len(both)} pairs)")
    described = [one for one in measured if one.description is not None]
    if described:
        values = [one.description.value for one in described]
        behind = [one.description.value - one.scores.simulation.value for one in described]
        print(f"description over the same words: {shown(values)}; ahead of simulation by {shown(behind)}")
    counts = Counter(one.phrase for one in written)
    endings = tuple(" ".join(example.split()[-2:]) for example in EXAMPLES)
    copied = sum(one.phrase.endswith(endings) for one in written)
    print(
        f"{len(counts)} different phrases, {copied} end like an example; most often: {counts.most_common(3)}"
    )


def shown(values: list[float]) -> str:
    mean = average(values)
    return f"{mean.value:.3f} [{mean.low:.3f}, {mean.high:.3f}]"


if __name__ == "__main__":
    main()
