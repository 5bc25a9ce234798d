"""A folder with edited weights, which is a network like any other: `edited:DIR`."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from milan.errors import NetworkError, one_line
from milan.networks.preprocessing import Preprocessing

__all__ = ["EDIT_FILE", "SCHEME", "WEIGHTS_FILE", "EditedFolder", "read_edited"]

SCHEME = "edited:"
EDIT_FILE = "edit.json"
WEIGHTS_FILE = "model.safetensors"


class EditedFolder(NamedTuple):
    """What such a folder says of its network."""

    spec: str
    """The plain architecture's."""
    weights: Path
    preprocessing: Preprocessing
    edit: dict[str, Any]
    """Everything that was written of the edit."""


def read_edited(folder: Path) -> EditedFolder:
    """Read what `milan edit` wrote; NetworkError for a folder that it did not write."""
    file = folder / EDIT_FILE
    if not file.is_file():
        raise NetworkError(
            f"{folder} is no edited network: it has no {EDIT_FILE}. Make one: milan edit --help"
        )
    try:
        edit = json.loads(file.read_text(encoding="utf8"))
        network = edit["network"]
        spec, preprocessing = str(network["spec"]), Preprocessing.from_dict(network["preprocessing"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise NetworkError(f"{file} cannot be read as an edit: {one_line(problem)}") from problem
    return EditedFolder(spec, folder / WEIGHTS_FILE, preprocessing, edit)
