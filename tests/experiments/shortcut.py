"""(c) A classifier whose training pictures said their class: does pruning by description help?

    python tests/experiments/shortcut.py --work DIR [--seed 0 ...] [--json FILE] [--threads 2]

For each seed: draw the pictures, train (seed 0's network ships), check that the shortcut is there at all,
describe the units on the validation pictures, edit by the words, test. What is there already in DIR is used
again. Over seeds, figures are means with Student's t intervals.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from reading import QUERY, SPEC, areas, readers, table
from scipy import stats

import milan
from milan.catalog import Catalog
from milan.errors import DataError
from milan.networks import Network, open_network
from milan.records import Figure
from milan.scenes.classifier import accuracy, read_folder, train_classifier
from milan.scenes.shortcut import CLASSES, SIZE
from milan.scenes.shortcut.folders import SPLITS, WORDS_FILE, Sizes, write_folders
from milan.scenes.shortcut.train import save
from milan.uses.edit import EditData, EditOptions, edit_network

QUERIES = ("text", "word", "letter", "number", "sign", "writing")
"""What is asked of the descriptions: kinds of writing, chosen before any of these seeds was looked at."""
LAYERS = ("stages.?",)
N_STAGES = 6
SHIPPED = Path(__file__).parents[2] / "data" / "experiments" / "shortcut"
LEAST_LOSS = 0.15
"""A classifier that loses less from clean to adversarial pictures took no shortcut: void."""


def run(
    seed: int, work: Path, sizes: Sizes | None = None, n_epochs: int = 18, options: EditOptions | None = None
) -> dict[str, Any]:
    """The whole experiment for one seed, as a record; void seeds are described and, where they can be,
    edited too.
    """
    folder = work / f"seed-{seed}"
    if not (folder / WORDS_FILE).exists():
        write_folders(folder, seed, sizes)
    network = open_network(SPEC, weights=_weights(seed, folder, n_epochs, sizes), size=(SIZE, SIZE))
    accuracies = {split: accuracy(network.module, read_folder(folder / split, CLASSES)) for split in SPLITS}
    lost = accuracies["clean-test"] - accuracies["adversarial-test"]
    catalog = folder / "units.db"
    milan.describe_network(
        network, folder / "validation", catalog, milan.DescribeOptions(layers=LAYERS, workers=1)
    )
    found = readers(catalog, _areas(network, folder), folder, QUERY)
    data = EditData(
        folder / "validation",
        folder / "clean-validation",
        {"clean-test": folder / "clean-test", "adversarial": folder / "adversarial-test"},
    )
    with Catalog.open(catalog) as opened:
        try:
            report = edit_network(network, opened, data, options or EditOptions(QUERIES), workers=1).as_dict()
        except DataError:  # a network that took no shortcut has no unit that is said to read
            if lost >= LEAST_LOSS:
                raise
            report = {"units": [], "n_candidates": 0, "sets": []}
    return {
        "seed": seed,
        "accuracy": accuracies,
        "lost": lost,
        "void": lost < LEAST_LOSS,
        "reading": table(found),
        "units": [asdict(reader) for reader in found],
        "edit": report,
    }


def _weights(seed: int, folder: Path, n_epochs: int, sizes: Sizes | None) -> Path:
    """The shipped network of the seed, or one that is trained now."""
    shipped = SHIPPED / f"seed-{seed}" / "model.safetensors"
    if shipped.exists() and sizes is None:
        return shipped
    file = folder / "network" / "model.safetensors"
    if not file.exists():
        network = train_classifier(read_folder(folder / "train", CLASSES), len(CLASSES), seed, n_epochs)
        accuracies = {split: accuracy(network, read_folder(folder / split, CLASSES)) for split in SPLITS}
        save(network, accuracies, {"n_epochs": n_epochs, "seed": seed}, file.parent)
    return file


def _areas(network: Network, folder: Path) -> Any:
    return areas(network, [network.layer(f"stages.{number}") for number in range(N_STAGES)], folder)


def over_seeds(values: Sequence[float]) -> Figure:
    """Mean with Student's 95 % interval; a single value has none."""
    mean = float(np.mean(values))
    if len(values) < 2:
        return Figure(mean, float("nan"), float("nan"))
    half = float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values))
    return Figure(mean, mean - half, mean + half)


def summary(records: Sequence[Mapping[str, Any]]) -> dict[str, Figure]:
    """What is stated: losses, gains, and the edit less each control at each number of units, in points."""
    rows: dict[str, list[float]] = {}

    def add(name: str, value: float) -> None:
        rows.setdefault(name, []).append(100 * value)

    for record in records:
        add("clean test before", record["accuracy"]["clean-test"])
        add("adversarial test before", record["accuracy"]["adversarial-test"])
        add("lost from clean to adversarial", record["lost"])
        n = len(record["edit"]["units"])
        rows.setdefault("units switched off", []).append(n)
        rows.setdefault("candidates", []).append(record["edit"]["n_candidates"])
        for tested in record["edit"]["sets"]:
            add(f"{tested['name']}: change by the edit", tested["change"]["value"])
            if tested["retrained"] is not None:
                before = tested["before"]["value"]
                add(f"{tested['name']}: change by DFR", tested["retrained"]["accuracy"]["value"] - before)
            for arm in tested["arms"]:
                if arm["difference"] is None:
                    continue
                for at in {arm["n_units"], "chosen n"} if arm["n_units"] == n else {arm["n_units"]}:
                    add(f"{tested['name']}: edit less {arm['name']} at {at}", arm["difference"]["value"])
    return {name: over_seeds(values) for name, values in rows.items()}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--work", type=Path, required=True, help="folder for pictures, networks and catalogs")
    asked.add_argument("--seed", type=int, action="append", help="again for more; default 0")
    asked.add_argument("--json", type=Path)
    asked.add_argument("--threads", type=int, default=2)
    given = asked.parse_args()
    torch.set_num_threads(given.threads)
    records = []
    for seed in given.seed or [0]:
        record = run(seed, given.work)
        records.append(record)
        said = ", ".join(f"{name} {value:.3f}" for name, value in record["accuracy"].items())
        print(f"seed {seed}: {said}{'  VOID' if record['void'] else ''}", flush=True)
        (given.work / f"seed-{seed}.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
    figures = summary([record for record in records if not record["void"]])
    for name, figure in figures.items():
        print(f"  {name:60} {figure.value:7.2f} [{figure.low:.2f}, {figure.high:.2f}]")
    if given.json:
        named = {name: figure._asdict() for name, figure in figures.items()}
        given.json.write_text(json.dumps({"figures": named, "seeds": records}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
