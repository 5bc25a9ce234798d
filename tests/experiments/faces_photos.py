"""(b) on photographs: units for faces in a network's last stage, learnt with faces or with faces blurred.

    python tests/experiments/faces_photos.py --data DIR --work DIR [--seed 0 ...] [--json FILE]

The last stage (blocks.6) of EfficientNet-Lite0 begins anew and learns which words are true of photographs,
once from the originals and once with every face blurred that a Haar cascade finds: same first weights, same
order. What lies before it stays as ImageNet made it, from photographs with faces. Both are described on other
photographs, whose faces are seen, and audited. On a third part of the photographs a unit responds to faces as
far as it responds more strongly within them than anywhere in photographs of which nothing says that they show
people (area under the ROC curve).
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import timm
import torch
import torch.nn.functional as F
from faces import QUESTIONS, answering, tell
from jaxtyping import Float, UInt8
from peaks import area, peaks
from photos_with_faces import FACES_CLASS, Photo, Taught, blurred, read_photos, taught
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

import milan
from milan.networks import Network, open_network
from milan.records import Figure
from milan.statistics import separation
from milan.uses.audit import audit_catalogs, open_questions

SPEC = "builtin:efficientnet-lite0"
STAGE = 6
LAYER = f"blocks.{STAGE}"
N_UNITS = 320
MANNERS = ("original", "blurred")
SEES = 0.9
_BATCH = 32
_LEARNING_RATE = 2e-3


def run(seed: int, photos: Sequence[Photo], work: Path, n_epochs: int) -> dict[str, Any]:
    """Train, describe and audit both for one seed."""
    folder = work / f"seed-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    twins: dict[str, dict[str, Any]] = {}
    for manner in MANNERS:
        weights = folder / f"{manner}.safetensors"
        if not weights.exists():
            learn(photos, manner, work, seed, n_epochs, weights)
        network = open_network(SPEC, weights=weights)
        milan.describe_network(
            network,
            work / "described",
            folder / f"{manner}.db",
            milan.DescribeOptions(layers=(LAYER,), workers=1),
        )
        twins[manner] = responses(network, photos)
    report = audit_catalogs([folder / f"{manner}.db" for manner in MANNERS], open_questions(QUESTIONS))
    for manner, audited in zip(MANNERS, report.catalogs, strict=True):
        twins[manner]["answers"] = answering(audited)
    return {"seed": seed, "twins": twins, "changes": [change.as_dict() for change in report.changes]}


def learn(photos: Sequence[Photo], manner: str, work: Path, seed: int, n_epochs: int, file: Path) -> None:
    """Train the last stage on what the frozen stages before it answer, and write the whole network."""
    known = [photo for photo in photos if photo.split == "train"]
    words = taught(known)
    torch.manual_seed(seed)
    stage = timm.create_model("tf_efficientnet_lite0", pretrained=False).blocks[STAGE]
    fit(stage, nn.Linear(N_UNITS, len(words.words)), before_last(known, work)[manner], words, seed, n_epochs)
    module: Any = open_network(SPEC).module
    module.blocks[STAGE] = stage.eval()
    save_file({name: value.contiguous() for name, value in module.state_dict().items()}, file)


def fit(
    stage: nn.Module,
    head: nn.Module,
    inputs: Float[Tensor, "photo 192 7 7"],
    told_of: Taught,
    seed: int,
    n_epochs: int,
) -> None:
    """Train in place: a loss for every word that a photograph's source tells of."""
    n_batches = len(inputs) // _BATCH
    parameters = [*stage.parameters(), *head.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=_LEARNING_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _LEARNING_RATE, total_steps=n_epochs * n_batches
    )
    shuffler = np.random.default_rng(seed)
    true, known = torch.from_numpy(told_of.true), torch.from_numpy(told_of.known).float()
    stage.train()
    for _ in range(n_epochs):
        order = shuffler.permutation(len(inputs))
        for start in range(0, n_batches * _BATCH, _BATCH):
            chosen = order[start : start + _BATCH]
            logits = head(stage(inputs[chosen].float()).mean(dim=(2, 3)))
            loss = F.binary_cross_entropy_with_logits(
                logits, true[chosen], weight=known[chosen], reduction="sum"
            )
            optimizer.zero_grad()
            (loss / known[chosen].sum()).backward()
            optimizer.step()
            schedule.step()


def before_last(photos: Sequence[Photo], work: Path) -> dict[str, Float[Tensor, "photo 192 7 7"]]:
    """What the stages before the last answer to each of the twins; kept, since all seeds start from it."""
    file = work / "before-last.safetensors"
    if not file.exists():
        original = _answered([photo.picture for photo in photos])
        has_face = torch.tensor([bool(photo.faces) for photo in photos])
        twin = original.clone()
        twin[has_face] = _answered([blurred(photo) for photo in photos if photo.faces])
        save_file({"original": original, "blurred": twin}, file)
    return load_file(file)


@torch.inference_mode()
def _answered(pictures: Sequence[UInt8[np.ndarray, "224 224 3"]]) -> Float[Tensor, "photo 192 7 7"]:
    network = open_network(SPEC)
    module: Any = network.module
    parts = []
    for start in range(0, len(pictures), _BATCH):
        batch = [network.preprocessing.to_input(picture) for picture in pictures[start : start + _BATCH]]
        stem = module.bn1(module.conv_stem(torch.from_numpy(np.stack(batch))))
        parts.append(module.blocks[:STAGE](stem).half())
    return torch.cat(parts)


def responses(network: Network, photos: Sequence[Photo]) -> dict[str, Any]:
    """Of each unit: how well faces of test photographs tell themselves apart, with an interval."""
    test = [photo for photo in photos if photo.split == "test"]
    found = peaks(
        network,
        [network.layer(LAYER)],
        np.stack([photo.picture for photo in test]),
        [photo.faces for photo in test],
    )
    has_face = np.array([bool(photo.faces) for photo in test])
    is_caltech = np.array([FACES_CLASS in photo.words for photo in test])
    is_empty = np.array([not photo.shows_people for photo in test])
    inside, everywhere = found.inside[LAYER], found.everywhere[LAYER]
    rows = {}
    for unit in range(N_UNITS):
        without = everywhere[is_empty, unit]
        rows[f"{LAYER}/{unit}"] = {
            "area": list(separation(inside[has_face, unit].astype(float), without.astype(float))),
            "caltech": area(everywhere[is_caltech, unit], without),
        }
    return {"areas": rows}


def counts(twin: Mapping[str, Any]) -> dict[str, float]:
    """What is stated of one network: numbers of units."""
    areas = {unit: Figure(*of["area"]) for unit, of in twin["areas"].items()}
    sees = {unit for unit, figure in areas.items() if figure.value >= SEES}
    above = {unit for unit, figure in areas.items() if figure.low > 0.5}
    rows: dict[str, float] = {"units that see faces": len(sees), "units above chance on faces": len(above)}
    for concept, found in twin["answers"].items():
        for how, units in found.items():
            rows[f"{concept}, {how}"] = len(units)
            rows[f"{concept}, {how}: see faces"] = len(sees.intersection(units))
            rows[f"{concept}, {how}: above chance"] = len(above.intersection(units))
    return rows


def cascade_errors(photos: Sequence[Photo]) -> str:
    """How often the cascade finds a face where Caltech's labels know one, and where they know none."""
    labelled = [photo for photo in photos if photo.source == "caltech101"]
    faces = [bool(photo.faces) for photo in labelled if FACES_CLASS in photo.words]
    others = [bool(photo.faces) for photo in labelled if FACES_CLASS not in photo.words]
    return (
        f"the cascade finds {sum(faces)} of {len(faces)} faces of Caltech, and one in {sum(others)} of its "
        f"{len(others)} other photographs"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder with manifests/ and the archives"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for photographs, networks, catalogs")
    parser.add_argument("--seed", type=int, action="append", help="again for more; default 0")
    parser.add_argument("--n-epochs", type=int, default=6)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    given.work.mkdir(parents=True, exist_ok=True)
    photos = read_photos(given.data, given.work)
    for source in sorted({photo.source for photo in photos}):
        own = [photo for photo in photos if photo.source == source]
        print(f"{source}: {len(own)} photographs, {sum(bool(photo.faces) for photo in own)} with faces")
    print(cascade_errors(photos), flush=True)
    for photo in photos:
        if photo.split == "described":
            path = given.work / "described" / f"{photo.name.replace('/', '-')}.png"
            path.parent.mkdir(exist_ok=True)
            if not path.exists():
                Image.fromarray(photo.picture).save(path, compress_level=1)
    records = []
    for seed in given.seed or [0]:
        file = given.work / f"seed-{seed}.json"
        record = (
            json.loads(file.read_text("utf-8"))
            if file.exists()
            else run(seed, photos, given.work, given.n_epochs)
        )
        file.write_text(json.dumps(record, indent=1), encoding="utf-8")
        records.append(record)
    found = {manner: [counts(record["twins"][manner]) for record in records] for manner in MANNERS}
    tell(found, records, given.json)


if __name__ == "__main__":
    main()
