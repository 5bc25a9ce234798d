"""The 2017 LSTM study, finding by finding, on the transliterator that ships: docs/lstm-study.md.

python tests/experiments/lstm_study.py TEXT --output local/lstm-study

TEXT is what the network was trained on; only lines that it has not seen are read. Six minutes of one quiet
core. Prints tables as they stand in the docs, and writes figures.json, study.json and the pictures.
"""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool

from milan.distances import DistanceTable
from milan.records import Figure
from milan.statistics import average
from milan.transliteration import Aligned, Transliteration
from milan.transliteration.accuracy import Counts
from milan.transliteration.corpus import Parts, split_lines
from milan.transliteration.latin import latin_words
from milan.transliteration.train import held_out_texts, measure
from milan.uses.text.study import INSIDE, Layer, Sample, Studied, StudyOptions, study, write_report

SUFFIX = "թյուն"
PICTURES = (("t", "ծ"), ("s", "_"))
TEN, TWELVE, TWENTY = 10, 12, 20


class Finding(NamedTuple):
    published: str
    holds: bool
    ours: str


def shares(counts: Counts) -> Figure:
    """Of all characters together, with an interval over sentences."""
    n_texts = len(counts.n)
    drawn = np.random.default_rng(0).multinomial(n_texts, np.full(n_texts, 1 / n_texts), 2000)
    low, high = np.quantile((drawn @ counts.right) / (drawn @ counts.n), [0.025, 0.975])
    return Figure(counts.share, float(low), float(high))


def latin_kept(transliteration: Transliteration, texts: Sequence[Aligned]) -> dict[str, Counts]:
    """Latin words and addresses that come out whole, text by text."""
    restored = transliteration.restore([text.latin for text in texts])
    rows: dict[str, list[tuple[int, int]]] = {"words": [], "addresses": []}
    for text, told in zip(texts, restored, strict=True):
        n = {"words": [0, 0], "addresses": [0, 0]}
        kept = set(told.split())
        for found in re.finditer(r"\S+", text.letters):
            item = found[0]
            if re.fullmatch(r"[A-Za-z]{3,}", item) or "://" in item or "@" in item or item.startswith("www."):
                kind = "words" if item.isalpha() else "addresses"
                n[kind][0] += item in kept
                n[kind][1] += 1
        for kind, row in n.items():
            rows[kind].append((row[0], row[1]))
    return {kind: Counts(*np.array(row).T) for kind, row in rows.items()}


def figures(parts: Parts, transliteration: Transliteration) -> dict[str, Figure]:
    found = {
        f"{name}: {kind}": shares(counts)
        for name, right in measure(parts, transliteration).items()
        for kind, counts in right._asdict().items()
    }
    test = held_out_texts(parts.test, latin_words().test, transliteration.rules)
    kept = latin_kept(transliteration, test)
    return found | {f"network: Latin {kind} kept whole": shares(counts) for kind, counts in kept.items()}


def best_of(studied: Studied, pair: int, layer: Layer, direction: int | None, n: int = TEN) -> Figure:
    """Mean excess of the best units, with an interval over them."""
    units = studied.units_of(pair, layer, direction)[:n]
    return average(studied.tables[layer].excess[pair, units])


def told(studied: Studied, layer: Layer, pair: int, unit: int) -> str:
    """`unit 270: .94 (null .38; n 2474/39000)`."""
    table = studied.tables[layer]
    return (
        f"{layer} {unit}: {table.distance[pair, unit]:.3f} (null {table.null[:, pair, unit].mean():.3f}, "
        f"n {table.n_is[pair]} / {table.n_other[pair]})"
    )


def lines_into_hidden(studied: Studied, pair: int) -> tuple[float, float]:
    """Mean |weight x activation| from the ten best units a direction into the twelve best dense ones."""
    hidden = studied.units_of(pair, "hidden")[:TWELVE]
    weights = studied.transliteration.network.state_dict()["hidden.0.weight"].numpy()
    carried = np.abs(weights[hidden] * studied.means["lstm"][pair])
    forward, backward = (
        float(carried[:, studied.units_of(pair, "lstm", way)[:TEN]].mean()) for way in (0, 1)
    )
    return forward, backward


def beyond_all(table: DistanceTable) -> tuple[Bool[np.ndarray, "pair unit"], float]:
    """What exceeds all units of all shufflings, and the chance of that."""
    floor = 1 / (1 + len(table.null))
    return table.chance <= floor + 1e-9, floor


def by_direction(studied: Studied, read: str, output: str, backward: bool, published: str) -> Finding:
    pair = studied.pair(read, output)
    sides = [best_of(studied, pair, "lstm", way) for way in (0, 1)]
    thick = lines_into_hidden(studied, pair)
    won = sides[1].low > sides[0].high if backward else sides[0].low > sides[1].high
    best = studied.units_of(pair, "lstm")[0]
    ours = (
        f"ten best units exceed the null by {shown(sides[0])} (from the start) and {shown(sides[1])} "
        f"(from the end); lines into the dense layer carry {thick[0]:.3f} and {thick[1]:.3f}; best "
        f"{told(studied, 'lstm', pair, best)}"
    )
    return Finding(published, won, ours)


def hidden_pushes(studied: Studied) -> Finding:
    """How many of the twelve best dense units add to or take from each letter that t can be."""
    pair = studied.pair("t", "ծ")
    hidden = studied.units_of(pair, "hidden")[:TWELVE]
    vocabulary = studied.sample.vocabulary
    weights = studied.transliteration.network.state_dict()["outputs.weight"].numpy()
    up = {}
    for letter in "ծցտթ":
        carried = weights[vocabulary.outputs.index(letter), hidden] * studied.means["hidden"][pair, hidden]
        up[letter] = int((carried > 0).sum())
    holds = up["ծ"] == up["ց"] == TWELVE and up["տ"] == up["թ"] == 0
    ours = ", ".join(f"{letter} {count}" for letter, count in up.items())
    return Finding(
        "t→ծ: all twelve dense units push ծ and ց up, տ and թ down",
        holds,
        f"of {TWELVE}, so many push up: {ours}",
    )


def confident_internals(studied: Studied) -> Iterator[Finding]:
    inner = [layer for layer in INSIDE if layer != "lstm"]
    pair = studied.pair("t", "ծ")
    of_pair = {layer: best_of(studied, pair, layer, None).value for layer in inner}
    of_all = {
        layer: float(np.mean([best_of(studied, n, layer, None).value for n in range(len(studied.pairs))]))
        for layer in inner
    }
    for name, values in (("t→ծ", of_pair), (f"all {len(studied.pairs)} pairs", of_all)):
        order = sorted(values, key=lambda layer: -values[layer])
        ours = ", ".join(f"{layer} {values[layer]:.3f}" for layer in order)
        yield Finding(f"{name}: cell inputs tell most of all internals", order[0] == "cell_input", ours)


def serving_several(studied: Studied) -> Iterator[Finding]:
    """One unit that reads from the start for s→_ and h→_, and how many of the best units two pairs share."""
    table = studied.tables["lstm"]
    half = table.distance.shape[1] // 2
    pairs = [studied.pair(read, output) for read, output in (("s", "_"), ("h", "_"))]
    unit = int(table.excess[pairs, :half].min(0).argmax())
    ranks = [studied.units_of(pair, "lstm", 0).index(unit) + 1 for pair in pairs]
    best = [set(studied.units_of(pair, "lstm", 0)[:TWENTY]) for pair in pairs]
    shared, by_chance = len(best[0] & best[1]), TWENTY**2 / half
    also = [told(studied, "lstm", studied.pair(*name), unit) for name in (("h", "հ"), ("o", "օ"))]
    found, floor = beyond_all(table)
    yield Finding(
        "one unit that reads from the start serves s→_ and h→_ (and h→հ, o→օ)",
        bool(found[pairs, unit].all()) and max(ranks) <= TEN,
        f"{told(studied, 'lstm', pairs[0], unit)}, rank {ranks[0]}; "
        f"{told(studied, 'lstm', pairs[1], unit)}, rank {ranks[1]}; {'; '.join(also)}; "
        f"the twenty best of both pairs share {shared} ({by_chance:.1f} by chance)",
    )
    n_units, n_pairs = found.sum(1), found.sum(0)
    yield Finding(
        "many units take part in a decision, most units in several",
        bool(np.median(n_units) > TWELVE and np.median(n_pairs) > 1),
        f"beyond every unit in every shuffling (p = {floor:.2f}): of {2 * half} units "
        f"{int(np.median(n_units))} a pair (median, {n_units.min()} to {n_units.max()}), of "
        f"{len(studied.pairs)} pairs {int(np.median(n_pairs))} a unit",
    )


def suffix_cells(studied: Studied) -> Iterator[Finding]:
    cells = studied.suffixes["cell"]
    on, off = int(cells.found.argmax()), int(cells.found.argmin())
    yield Finding(
        f"a cell is on, and another off, within the suffix {SUFFIX}",
        cells.figure.low > cells.by_letter or cells.figure.high < -cells.by_letter,
        f"cell {on}: r {cells.held_out[on]:+.3f}; cell {off}: r {cells.held_out[off]:+.3f}; the better one, "
        f"{cells.best}: {shown(cells.figure)} on held-out sentences, the input letter alone "
        f"{cells.by_letter:.3f}; {cells.n_inside} characters inside",
    )
    pair, half = studied.pair("t", "թ"), len(cells.found) // 2
    ranks = {
        unit: studied.units_of(pair, "cell", unit // half).index(unit) + 1
        for unit in dict.fromkeys((on, off))
    }
    yield Finding(
        "the suffix cell is among the ten best cells of its direction for t→թ",
        ranks[cells.best] <= TEN,
        "; ".join(f"{told(studied, 'cell', pair, unit)}, rank {rank}" for unit, rank in ranks.items()),
    )


def findings(studied: Studied) -> list[Finding]:
    return [
        by_direction(
            studied, "t", "ծ", True, "t→ծ: units that read from the end tell it best (s comes next)"
        ),
        hidden_pushes(studied),
        *confident_internals(studied),
        by_direction(
            studied, "s", "_", False, "s→_: units that read from the start tell it best (t came before)"
        ),
        *serving_several(studied),
        *suffix_cells(studied),
    ]


def shown(figure: Figure) -> str:
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("text", type=Path)
    asked.add_argument("--output", type=Path, required=True)
    asked.add_argument("--sentences", type=int, default=5000)
    asked.add_argument("--repeats", type=int, default=20)
    asked.add_argument("--image", default="svg")
    given = asked.parse_args()
    torch.set_num_threads(1)
    transliteration = Transliteration.open("hy")
    lines = [line for line in given.text.read_text(encoding="utf-8").splitlines() if line.strip()]
    parts = split_lines(lines)
    sample = Sample.of(parts.test, transliteration.rules, given.sentences)
    studied = study(
        transliteration, sample, StudyOptions(repeats=given.repeats, suffix=SUFFIX, drawn=PICTURES)
    )
    told_all = findings(studied)
    print(f"\n{len(sample.texts)} sentences, {sample.n_positions} characters, {len(studied.pairs)} pairs\n")
    for finding in told_all:
        print(f"| {finding.published} | {'yes' if finding.holds else 'no'} | {finding.ours} |")
    write_report(studied, given.output, PICTURES, given.image)
    measured = figures(parts, transliteration)
    for name, figure in measured.items():
        print(f"| {name} | {100 * figure.value:.2f} [{100 * figure.low:.2f}, {100 * figure.high:.2f}] |")
    kept = {"accuracy": {name: figure._asdict() for name, figure in measured.items()}}
    kept["findings"] = [finding._asdict() for finding in told_all]
    (given.output / "figures.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
