"""(b) Does a network that never saw a face have fewer units for faces, and do descriptions tell?

    python tests/experiments/faces.py --work DIR [--seed 0 ...] [--json FILE] [--threads 2]

For each seed two classifiers learn from the same pictures in the same order: as they are, and with every face
blurred (seed 0's ship). Both are described on the same other pictures, whose faces are seen, and audited with
the shipped question file on people and faces. Truth: a unit sees faces when these drive it more than anything
else does (area under the ROC curve of at least .9 on test pictures, between its strongest response within the
face and its strongest response anywhere in pictures without). Over seeds, figures are means with Student's t
intervals, differences are paired by seed.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peaks import area, peaks
from shortcut import over_seeds

import milan
from milan.networks import Network, open_network
from milan.records import Figure, UnitId
from milan.scenes.classifier import read_folder
from milan.scenes.faces import CLASSES, SIZE
from milan.scenes.faces.folders import FACES_FILE, MANNERS, write_folders
from milan.scenes.faces.pictures import PEOPLE
from milan.scenes.faces.train import train_twins
from milan.statistics.shares import Share, share
from milan.uses.audit import AuditedCatalog, audit_catalogs, open_questions

SPEC = "milan.scenes.faces.network:faces_classifier"
LAYERS = tuple(f"stages.{number}" for number in range(6))
SHIPPED = Path(__file__).parents[2] / "data" / "experiments" / "faces"
SEES = 0.9
"""Area from which a unit counts as one that sees faces."""
QUESTIONS = "people-and-faces"
ANY_FACE = ("people", "people's faces", "faces and heads of anyone")
"""Concepts of the file that a face may be called by; a fourth row counts units that answer to any of them."""
ANY = "any of the three"
RIGHT: Mapping[str, str] = {
    ": see faces": "units that see faces",
    ": above chance": "units above chance on faces",
}
"""What makes an answer right, at the end of a row's name, and the row of all units of which it is true."""


def run(seed: int, work: Path) -> dict[str, Any]:
    """The whole experiment for one seed, as a record."""
    folder = work / f"seed-{seed}"
    if not (folder / FACES_FILE).exists():
        write_folders(folder, seed)
    shipped = SHIPPED / f"seed-{seed}"
    networks = shipped if shipped.exists() else folder / "networks"
    if not all((networks / manner / "card.json").exists() for manner in MANNERS):
        train_twins(folder, networks, seed)
    twins = {}
    for manner in MANNERS:
        weights = networks / manner / "model.safetensors"
        network = open_network(SPEC, weights=weights, size=(SIZE, SIZE))
        milan.describe_network(
            network,
            folder / "described",
            folder / f"{manner}.db",
            milan.DescribeOptions(layers=LAYERS, workers=1),
        )
        card = json.loads((networks / manner / "card.json").read_text(encoding="utf-8"))
        twins[manner] = {"accuracy": card["accuracy_on_test_pictures"], "areas": areas(network, folder)}
    report = audit_catalogs([folder / f"{manner}.db" for manner in MANNERS], open_questions(QUESTIONS))
    for manner, audited in zip(MANNERS, report.catalogs, strict=True):
        twins[manner]["answers"] = answering(audited)
    return {"seed": seed, "twins": twins, "changes": [change.as_dict() for change in report.changes]}


def areas(network: Network, folder: Path) -> dict[str, dict[str, float]]:
    """Of each unit, `layer/index`: how well it tells heads of people, and smileys, from what is no face."""
    test = folder / "test" / "original"
    pictures = read_folder(test, CLASSES).pictures.transpose(0, 2, 3, 1)
    lines = (folder / FACES_FILE).read_text(encoding="utf-8").splitlines()
    known = {line["image"]: line for line in map(json.loads, lines)}
    files = [path for name in CLASSES for path in sorted((test / name).glob("*.png"))]
    shown = [known.get(path.relative_to(folder).as_posix()) for path in files]
    layers = [network.layer(name) for name in LAYERS]
    found = peaks(network, layers, pictures, [[tuple(line["box"])] if line else [] for line in shown])
    is_head = np.array([line is not None and line["face"] in PEOPLE for line in shown])
    is_smiley = np.array([line is not None and line["face"] not in PEOPLE for line in shown])
    none = ~(is_head | is_smiley)
    return {
        f"{layer.name}/{unit}": {
            kind: area(found.inside[layer.name][which, unit], found.everywhere[layer.name][none, unit])
            for kind, which in (("heads", is_head), ("smileys", is_smiley), ("all", ~none))
        }
        for layer in layers
        for unit in range(layer.n_units)
    }


def answering(audited: AuditedCatalog) -> dict[str, dict[str, list[str]]]:
    """Units, `layer/index`, that are said to answer to each concept, and those that answer surely."""
    rows: dict[str, dict[str, list[str]]] = {}
    for concept in ANY_FACE:
        found = [answer for layer in audited.of(concept) for answer in layer.answers]
        rows[concept] = {
            "said": [_place(answer.answer.unit) for answer in found],
            "surely": [_place(answer.answer.unit) for answer in found if answer.is_sure],
        }
    rows[ANY] = {
        how: sorted({unit for row in rows.values() for unit in row[how]}) for how in ("said", "surely")
    }
    return rows


def _place(unit: UnitId) -> str:
    return f"{unit.layer}/{unit.index}"


def sees_faces(unit: Mapping[str, float]) -> bool:
    """Whether heads, or smileys, or both together drive a unit more than anything else."""
    return max(unit.values()) >= SEES


def counts(twin: Mapping[str, Any]) -> dict[str, float]:
    """What is stated of one network: accuracy in percent, numbers of units, precision and recall."""
    sees = {unit for unit, of in twin["areas"].items() if sees_faces(of)}
    rows = {f"accuracy, faces {shown}": 100 * right for shown, right in twin["accuracy"].items()}
    rows["units that see faces"] = len(sees)
    for concept, found in twin["answers"].items():
        for how, units in found.items():
            rows[f"{concept}, {how}"] = len(units)
            rows[f"{concept}, {how}: see faces"] = len(sees.intersection(units))
    return rows


def summary(found: Mapping[str, list[dict[str, float]]]) -> dict[str, dict[str, Figure]]:
    """Of each network, and of the blurred less the original: all counts over seeds, given seed by seed."""
    pairs = list(zip(found["original"], found["blurred"], strict=True))
    less = [{name: blurred[name] - own[name] for name in own} for own, blurred in pairs]
    return {
        manner: {name: over_seeds([row[name] for row in rows]) for name in rows[0]}
        for manner, rows in {**found, "blurred less original": less}.items()
    }


def rates(found: Mapping[str, list[dict[str, float]]]) -> dict[str, dict[str, Share]]:
    """Of each network: of the units that are called so, those that see faces, and of these those called so.

    Units of all seeds together, with Wilson's intervals.
    """
    rows: dict[str, dict[str, Share]] = {}
    for manner, of in found.items():
        total = {name: int(sum(row[name] for row in of)) for name in of[0]}
        rows[manner] = {}
        for ending, all_right in RIGHT.items():
            for name in (name.removesuffix(ending) for name in total if name.endswith(ending)):
                right = total[name + ending]
                rows[manner][f"{name}{ending}, precision"] = share(right, total[name])
                rows[manner][f"{name}{ending}, recall"] = share(right, total[all_right])
    return rows


def tell(found: Mapping[str, list[dict[str, float]]], records: object, file: Path | None) -> None:
    """Print all figures; write them to a file, with the records of the seeds."""
    figures = {"counts": summary(found), "rates": rates(found)}
    for rows in figures.values():
        for manner, row in rows.items():
            print(manner)
            for name, figure in row.items():
                print(f"  {name:52} {figure.value:7.2f} [{figure.low:.2f}, {figure.high:.2f}]")
    if file:
        stated = {
            kind: {
                manner: {name: figure._asdict() for name, figure in row.items()}
                for manner, row in rows.items()
            }
            for kind, rows in figures.items()
        }
        file.write_text(json.dumps({**stated, "seeds": records}, indent=1), encoding="utf-8")


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
        file = given.work / f"seed-{seed}.json"
        record = json.loads(file.read_text("utf-8")) if file.exists() else run(seed, given.work)
        file.write_text(json.dumps(record, indent=1), encoding="utf-8")
        records.append(record)
        print(f"seed {seed}", flush=True)
    found = {manner: [counts(record["twins"][manner]) for record in records] for manner in MANNERS}
    tell(found, records, given.json)


if __name__ == "__main__":
    main()
