"""An edited network on disk: weights that load again, what was done, and the way back."""

import csv
import json
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

from safetensors.torch import load_file, save_file
from torch import Tensor

from milan.ablation import TestImages
from milan.errors import DataError, NetworkError, UsageError
from milan.networks import Network, bake, open_network
from milan.networks.edited import EDIT_FILE, WEIGHTS_FILE, read_edited
from milan.uses.edit.card import card_of
from milan.uses.edit.report import EditReport

__all__ = ["require_writable", "undo_edit", "write_edit"]

_UNDO_FILE = "undo.safetensors"


def write_edit(network: Network, report: EditReport, inputs: TestImages, folder: Path) -> None:
    """Write the edited weights with everything that is known of the edit into a new folder.

    `model.safetensors` loads into the plain architecture, and the folder opens as `edited:FOLDER`;
    `undo.safetensors` holds the tensors that were changed, as they were; `edit.json` is the report,
    `README.md` a card for people, `predictions.csv` each test image before and after. `inputs` are some
    images on which baked and edited outputs are compared. Written aside and renamed: a folder that is there
    is whole. DataError when it is there already.
    """
    require_writable(folder)
    weights = bake(network, report.chosen.edits, next(inputs.inputs(network, 32)))
    original = {name: tensor.cpu() for name, tensor in network.module.state_dict().items()}
    changed = {name: tensor for name, tensor in original.items() if not _equal(tensor, weights[name])}
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        save_file(weights, aside / WEIGHTS_FILE)
        save_file({name: tensor.contiguous() for name, tensor in changed.items()}, aside / _UNDO_FILE)
        document = json.dumps(report.as_dict(), indent=2, ensure_ascii=False, default=str)
        (aside / EDIT_FILE).write_text(document + "\n", encoding="utf8")
        (aside / "README.md").write_text(card_of(report, folder), encoding="utf8")
        _write_predictions(report, aside / "predictions.csv")
        aside.chmod(0o755)  # a temporary folder is its maker's alone
        if folder.exists():
            folder.rmdir()
        os.replace(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def require_writable(folder: Path) -> None:
    """Raise DataError where something but an empty folder is already, or no folder can be made."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise DataError(f"{folder} is there already: give another folder, or remove it")
    above = next(place for place in folder.absolute().parents if place.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise DataError(f"{folder} cannot be made, as {above} cannot be written to: give another folder")


def undo_edit(folder: Path, output: Path) -> None:
    """Write the weights as they were before an edit; they are the very ones, by their hash.

    NetworkError for a folder that `milan edit` did not write, or whose files were changed since.
    """
    edited = read_edited(folder)
    if output.exists():
        raise UsageError(f"{output} is there already: give another file")
    try:
        weights = {**load_file(edited.weights), **load_file(folder / _UNDO_FILE)}
    except (OSError, ValueError) as problem:
        raise NetworkError(f"{folder}: weights cannot be read ({problem})") from problem
    aside = output.with_name(f".{output.stem}.part.safetensors")  # readers tell files by their suffix
    save_file(weights, aside)
    restored = open_network(edited.spec, weights=aside).weights_hash
    if restored != edited.edit["network"]["weights_hash"]:
        aside.unlink()
        raise NetworkError(
            f"{folder}: these are no longer the files that milan edit wrote; nothing is undone"
        )
    os.replace(aside, output)


def _equal(one: Tensor, other: Tensor) -> bool:
    return bool((one == other).all())


def _write_predictions(report: EditReport, file: Path) -> None:
    with file.open("w", encoding="utf8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["set", "image", "right_before", "right_after"])
        for tested in report.sets:
            columns = (tested.paths, tested.right_before.tolist(), tested.right_after.tolist())
            rows.writerows((tested.name, path, int(b), int(a)) for path, b, a in zip(*columns, strict=True))
