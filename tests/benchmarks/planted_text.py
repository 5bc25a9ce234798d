"""How many planted text units are described right, beside baselines that know little of the units.

    python tests/benchmarks/planted_text.py [--text FILE.conllu] [--each 10] [--seeds 0 1 2]

Right is a unit whose phrase says all that was planted and nothing else, in the planted words or by a phrase
that is true of exactly the same words; of two planted things also one whose explanation has both as its
heaviest phrases; and a dead unit of which nothing is said. Intervals are over units.
"""

import argparse
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

from milan.describe.text import Samples, TextDescriber, TextSettings
from milan.describe.text.planted import Kind, PlantedUnit, plant_text_units, write_text
from milan.statistics import share
from milan.texts import Annotated, read_annotated


class Outcome(NamedTuple):
    unit: PlantedUnit
    phrase: str | None
    """What is said, or None."""
    together: tuple[str, ...]
    """The heaviest phrases of its explanation, as many as things were planted."""
    same_words: bool
    """Whether the phrase is true of exactly the planted words."""
    best: str
    """Said or held back."""

    def is_right(self, phrase: str | None) -> bool:
        if self.unit.kind is Kind.DEAD:
            return phrase is None
        return phrase is not None and self.unit.is_said_by(phrase.split(", or "))

    @property
    def right(self) -> bool:
        explained = len(self.together) > 1 and self.unit.is_said_by(self.together)
        return self.is_right(self.phrase) or (self.phrase is not None and (self.same_words or explained))


def described(text: Annotated, each: int, seed: int, settings: TextSettings) -> list[Outcome]:
    """What is said of planted units, on the side on which they were planted."""
    planted = plant_text_units(text, each, seed)
    samples = Samples.of(
        text.sentences, np.ones(len(text.sentences), bool), settings.n_selected, settings.n_measured
    )
    describer = TextDescriber(text, samples, settings)
    matrix = planted.matrix * np.array([unit.sign for unit in planted.units], np.float32)
    found = describer.describe(matrix[samples.selected], matrix[samples.measured], range(len(planted.units)))
    shown = describer.properties.present(found.choices)
    outcomes = []
    for at, (unit, own) in enumerate(zip(planted.units, found.descriptions, strict=True)):
        terms = own.explanation.terms if own.explanation else ()
        outcomes.append(
            Outcome(
                unit,
                None if unit.kind is Kind.DEAD and np.ptp(matrix[:, at]) == 0 else own.phrase,
                tuple(term.phrase for term in terms if term.weight > 0)[: len(unit.phrases)],
                np.array_equal(shown[:, at], planted.held[samples.selected, at]),
                own.candidates[0].phrase,
            )
        )
    return outcomes


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", type=Path)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    asked = parser.parse_args()
    text = write_text(3000) if asked.text is None else read_annotated(asked.text)
    found = [one for seed in asked.seeds for one in described(text, asked.each, seed, TextSettings())]
    print(f"{len(text.sentences)} words, {len(found)} units, seeds {asked.seeds}")
    live = [one for one in found if one.unit.kind is not Kind.DEAD]
    most = Counter(one.phrase for one in live if one.phrase).most_common(1)[0][0]
    shuffled = np.random.default_rng(0).permutation(len(live))
    for name, right in (
        ("described", [one.right for one in found]),
        ("described, live units", [one.right for one in live]),
        (f"most frequent phrase ({most})", [one.is_right(most) for one in live]),
        ("constant (nothing)", [one.is_right(None) for one in live]),
        ("shuffled", [one.is_right(live[other].phrase) for one, other in zip(live, shuffled, strict=True)]),
    ):
        value, low, high = share(np.array(right))
        print(f"{name:60} {value:.3f} [{low:.3f}, {high:.3f}]")
    by_kind: dict[Kind, list[bool]] = defaultdict(list)
    for one in found:
        by_kind[one.unit.kind].append(one.right)
        if not one.right:
            truth = " + ".join(min(own) for own in one.unit.phrases)
            print(f"  wrong: {truth}: {one.phrase or f'nothing ({one.best})'}")
    for kind, right in by_kind.items():
        print(f"  {kind:25} {sum(right)} of {len(right)}")


if __name__ == "__main__":
    main()
