"""What descriptions of a text network's units are worth, beside words that know little of them.

    milan text extract hf:DIR --texts en_ewt-ud-dev.conllu -o activations/
    python tests/benchmarks/text_units.py activations/ en_ewt-ud-dev.conllu [--layer NAME] [--units 384]

Faithfulness is the correlation with the unit on words of the measuring side, of the best phrase, said or held
back, averaged over units and the same units negated. The most frequent phrase, and the constant one that
follows all units best on the exemplar side, are given with whichever sign fits each unit: a lead that own
phrases do not have. Intervals are over units, differences over pairs.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

from milan.describe.explanation import standardised
from milan.describe.text import LEVEL, Samples, TextDescriber, TextSettings
from milan.describe.text.choosing import Chooser
from milan.statistics import average, pearson
from milan.texts import Activations, read_annotated


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("activations", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--layer", action="append")
    parser.add_argument("--units", type=int, default=384)
    asked = parser.parse_args()
    text = read_annotated(asked.text)
    opened = Activations.open(asked.activations, asked.text)
    settings = TextSettings()
    rows = opened.rows_of(text.sentences)
    samples = Samples.of(text.sentences, rows >= 0, settings.n_selected, settings.n_measured)
    describer = TextDescriber(text, samples, settings)
    n_words = f"{len(samples.selected)} words choose, {len(samples.measured)} measure"
    print(f"{len(describer.properties)} properties, {n_words}")
    for layer in asked.layer or opened.layers:
        matrix = np.asarray(opened.layers[layer][:, : asked.units], np.float32)
        selected, measured = (
            np.concatenate([matrix[rows[words]], -matrix[rows[words]]], 1)
            for words in (samples.selected, samples.measured)
        )
        described(layer, describer, selected, measured)


def described(layer: str, describer: TextDescriber, selected: np.ndarray, measured: np.ndarray) -> None:
    found = describer.describe(selected, measured, range(selected.shape[1]))
    own = np.array([said.faithfulness.mean.value for said in found.descriptions])
    together = np.array(
        [said.explanation_faithfulness.mean.value if said.explanation else 0.0 for said in found.descriptions]
    )
    follows = Chooser(describer.properties, describer.settings).follow(standardised(selected))
    constant = describer.properties.choice(int(abs(follows).mean(axis=1).argmax()))
    most = Counter(choice.phrase for choice in found.choices).most_common(1)[0][0]
    frequent = next(choice for choice in found.choices if choice.phrase == most)
    others = np.random.default_rng(0).permutation(len(own))
    shuffled = describer.shuffled(found.choices, measured)
    n_units = len(own) // 2
    print(f"\n{layer}: {n_units} units, both ends")
    for name, value in (
        ("own phrase", own),
        ("own explanation", together),
        ("shuffled", worth(describer, [found.choices[other] for other in others], measured)),
        (f"most frequent: {most}", abs(worth(describer, [frequent] * len(own), measured))),
        (f"constant: {constant.phrase}", abs(worth(describer, [constant] * len(own), measured))),
    ):
        mean = average(value)
        ahead = average(own - value)
        beside = f"own phrase ahead by {ahead.value:.3f} [{ahead.low:.3f}, {ahead.high:.3f}]"
        print(f"  {name:50} {mean.value:.3f} [{mean.low:.3f}, {mean.high:.3f}]; {beside}")
    chance = shuffled.chance_of(LEVEL)
    level = next(at for at in np.arange(0, 1, 0.005) if shuffled.chance_of(at) < 1 / 16)
    print(f"  said (at {LEVEL}): {(own >= LEVEL).mean():.3f}; of shuffled ones would be said {chance:.3f}")
    print(f"  level at which one shuffled in 16 is said: {level:.3f}")
    print("  different phrases:", len({choice.phrase for choice in found.choices}))
    for at in np.argsort(-own)[:8]:
        unit = f"{at % n_units}{' lowered' if at >= n_units else ''}"
        print(f"    {unit}: {found.choices[at].phrase} {own[at]:.2f}")


def worth(describer: TextDescriber, choices: list, measured: np.ndarray) -> np.ndarray:
    """Correlations with phrases given to units."""
    shown = np.concatenate(
        [describer.measurer.present(choices[at : at + 64]) for at in range(0, len(choices), 64)], 1
    )
    return pearson(shown, measured)


if __name__ == "__main__":
    main()
