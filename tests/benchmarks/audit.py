"""How long an audit of a large catalog takes, once it is loaded: all questions that ship, of 100,000 units.

    python tests/benchmarks/audit.py --units 100000 --repeats 20

The catalog is made first (minutes): layers of 5,000 units, phrases of the bank with vectors of the packaged
sentence encoder, faithfulness and shuffled counts by chance. An audit is timed from what `Catalog.said`
answered to counts, chances and the units behind each; nothing is remembered from one repeat to the next,
neither words nor vectors.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from captioner.files import data_file
from captioner.sentences import sentence_encoder
from milan.catalog import Catalog
from milan.describe import embed_phrases
from milan.records import (
    Candidate,
    Description,
    Faithfulness,
    Figure,
    LayerExemplars,
    Measured,
    Provenance,
    ShuffledFaithfulness,
    UnitStatus,
)
from milan.uses.audit import ask, questions_of

UNITS_A_LAYER = 5000


def layer_of(name: str, n_units: int) -> LayerExemplars:
    """A layer with one exemplar a unit."""
    nothing = [Measured((), *np.zeros((2, 0, n_units), np.float32)) for _ in range(2)]
    return LayerExemplars(
        name,
        ("a.jpg",),
        np.zeros(n_units, np.float32),
        (UnitStatus.PENDING,) * n_units,
        np.zeros((n_units, 1), np.int64),
        np.ones((n_units, 1), np.float32),
        np.ones((n_units, 1, 1, 1), np.float16),
        np.ones((n_units, 1), np.float32),
        *nothing,
    )


def make_catalog(path: Path, n_units: int) -> None:
    """Describe units by phrases of the bank, a few of them often and most seldom."""
    bank = [line.split("\t")[0] for line in data_file("captioner/bank.tsv").read_text("utf-8").splitlines()]
    rng = np.random.default_rng(0)
    provenance = Provenance("bench", "w", {}, "d", {}, {})
    sizes = [min(UNITS_A_LAYER, n_units - start) for start in range(0, n_units, UNITS_A_LAYER)]
    names = [f"layer{number}" for number in range(len(sizes))]
    with Catalog.open(path, create=True, fresh=True) as catalog:
        catalog.add_network("bench", provenance, names)
        for name, size in zip(names, sizes, strict=True):
            catalog.store_layer("bench", layer_of(name, size), provenance, {})
            version = catalog.start_description("bench", name, {}, {})
            reached = rng.normal(0.25, 0.12, size)
            chosen = (len(bank) * rng.random(size) ** 1.5).astype(int)
            found = [
                describe(unit, bank[at], float(value))
                for unit, (at, value) in enumerate(zip(chosen, reached, strict=True))
            ]
            catalog.store_descriptions(version, found)
            counts = np.bincount(np.clip(200 + rng.normal(0, 20, 10**6), 0, 399).astype(int), minlength=400)
            catalog.store_shuffled(version, ShuffledFaithfulness(tuple(counts.tolist())))
            catalog.finish_description(version)
        catalog.index_meanings(embed_phrases)


def describe(unit: int, phrase: str, reached: float) -> Description:
    """Words that reach a correlation."""
    figure = Figure(reached, reached - 0.05, reached + 0.05)
    status = UnitStatus.DESCRIBED if reached >= 0.15 else UnitStatus.INCONSISTENT
    stated = Faithfulness(1000, figure, figure, figure, figure)
    return Description(unit, status, 0.5, (Candidate(phrase, 1.0, -1.0, -2.0, "bank"),), faithfulness=stated)


def main() -> None:
    """Make the catalog, then load and audit it again and again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--units", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--catalog", type=Path, help="where it is, or is to be made and kept")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.catalog or Path(folder) / "large.db"
        if not path.exists():
            make_catalog(path, asked.units)
        size = path.stat().st_size / 1e6
        questions, encoder = questions_of(()), sentence_encoder()
        loading, asking, working = [], [], []
        for _ in range(asked.repeats + 1):
            start = time.perf_counter()
            with Catalog.open(path) as catalog:
                said = catalog.said()
            loading.append(time.perf_counter() - start)
            encoder._known.clear()
            start, busy = time.perf_counter(), time.process_time()
            found = ask(said, questions, embed_phrases)
            asking.append(time.perf_counter() - start)
            working.append(time.process_time() - busy)
    n_answers = sum(one.n for one in found.found)
    n_sure = sum(one.n_sure or 0 for one in found.found)
    print(f"{len(said):,} units, {len(said.phrases):,} phrases, {size:.0f} MB")
    print(f"{len(questions.concepts)} concepts, {n_answers:,} answers, {n_sure:,} of them sure")
    for name, seconds in (("loading", loading), ("asking", asking), ("asking, processor", working)):
        values = np.array(seconds[1:])  # the first warms up
        draws = np.random.default_rng(0).choice(values, (2000, len(values)))
        low, high = np.quantile(np.median(draws, axis=1), [0.025, 0.975])
        print(
            f"{name}: median {np.median(values):.3f} s [{low:.3f}, {high:.3f}] (95 % by bootstrap over "
            f"{len(values)} repeats), slowest {values.max():.3f} s"
        )


if __name__ == "__main__":
    main()
