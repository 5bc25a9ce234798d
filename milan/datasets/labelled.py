"""Images in a folder for each class, and which output of a network each class is."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import numpy as np
from jaxtyping import Int64

from milan.datasets.manifest import Manifest
from milan.errors import DataError, UnknownName

__all__ = ["LabelledImages", "read_classes"]

_IMAGENET = 1000


@dataclass(frozen=True, slots=True, eq=False)
class LabelledImages:
    """Images with the output that should be highest for each."""

    manifest: Manifest
    labels: Int64[np.ndarray, " image"]
    """Output of the network, by position in the manifest."""
    classes: Mapping[str, int]
    """Output by folder name, sorted."""

    @classmethod
    def read(
        cls,
        folder: Path,
        n_outputs: int,
        *,
        outputs: Mapping[str, int] | None = None,
        limit: int | None = None,
    ) -> Self:
        """Read `folder/class/*.jpg` for a network of so many outputs.

        `outputs` says which output a folder's name stands for. Without it, names that are all numbers are
        outputs; as many folders as outputs are taken in sorted order; and for 1,000 outputs names and
        WordNet ids of ImageNet's classes are known. `limit` draws so many images. Raises DataError for
        images outside
        class folders and labels that do not fit, UnknownName for a folder that `outputs` does not name.
        """
        manifest = Manifest.scan(folder, limit=limit)
        of_images = [path.split("/")[0] if "/" in path else "" for path in manifest.paths]
        if "" in of_images:
            outside = manifest.paths[of_images.index("")]
            raise DataError(
                f"{folder}: {outside} lies in no class folder; labelled images are DIR/class/*.jpg"
            )
        names = sorted({*of_images, *_folders(folder)} if limit is None else set(_folders(folder)))
        known = _outputs_of(names, n_outputs, outputs, folder)
        labels = np.array([known[name] for name in of_images], np.int64)
        return cls(manifest, labels, {name: known[name] for name in sorted(set(of_images))})

    def __len__(self) -> int:
        return len(self.labels)


def read_classes(file: Path) -> dict[str, int]:
    """Outputs by folder name, from JSON (`{"cat": 3}`) or lines of `name<tab>output` (or a comma).

    Raises DataError naming the line that cannot be used.
    """
    try:
        text = file.read_text(encoding="utf8")
    except (OSError, UnicodeDecodeError) as problem:
        raise DataError(f"{file}: cannot be read as classes ({problem})") from problem
    if file.suffix == ".json":
        try:
            found = json.loads(text)
        except json.JSONDecodeError as problem:
            raise DataError(f"{file}, line {problem.lineno}: not JSON ({problem.msg})") from problem
        pairs = list(found.items()) if isinstance(found, dict) else []
        rows = [(at, [str(name), str(value)]) for at, (name, value) in enumerate(pairs, start=1)]
    else:
        separator = "\t" if "\t" in text else ","
        lines = csv.reader(text.splitlines(), delimiter=separator)
        rows = [(at, row) for at, row in enumerate(lines, start=1) if row]
    classes: dict[str, int] = {}
    for at, row in rows:
        if len(row) != 2 or not re.fullmatch(r"\s*[0-9]+\s*", row[1]):
            raise DataError(f"{file}, line {at}: expected a folder's name and an output from 0, got {row}")
        classes[row[0].strip()] = int(row[1])
    if not classes:
        raise DataError(
            f'{file} names no classes; write lines of name<tab>output, or JSON {{"name": output}}'
        )
    return classes


def _folders(folder: Path) -> list[str]:
    return [place.name for place in folder.iterdir() if place.is_dir() and not place.name.startswith(".")]


def _outputs_of(
    names: Sequence[str], n_outputs: int, given: Mapping[str, int] | None, folder: Path
) -> Mapping[str, int]:
    if given is not None:
        for name in names:
            if name not in given:
                raise UnknownName(
                    "class", name, given, f"{folder}/{name} is not named in the file of classes."
                )
        known = {name: given[name] for name in names}
    elif all(name.isdecimal() for name in names):
        known = {name: int(name) for name in names}
    elif len(names) == n_outputs:
        known = {name: output for output, name in enumerate(names)}
    else:
        known = _imagenet(names) if n_outputs == _IMAGENET else {}
    missing = [name for name in names if name not in known]
    if missing:
        raise DataError(
            f"{folder} has {len(names)} class folders, the network {n_outputs} outputs, and nothing "
            f"says which output {missing[0]!r} is: give --classes FILE with lines of name<tab>output"
        )
    beyond = [name for name in names if known[name] >= n_outputs]
    if beyond:
        raise DataError(
            f"{folder}: class {beyond[0]!r} stands for output {known[beyond[0]]}, "
            f"but the network has outputs 0 to {n_outputs - 1}"
        )
    return known


def _imagenet(names: Sequence[str]) -> dict[str, int]:
    """Outputs of ImageNet's classes, by WordNet id (n02123045) or a name of theirs."""
    info: Any = import_module("timm.data").ImageNetInfo()  # heavy, and for ImageNet alone
    known: dict[str, int] = {}
    for output, synset in enumerate(info.label_names()):
        known[synset] = output
        for name in info.index_to_description(output, detailed=False).split(","):
            known.setdefault(_plain(name), output)
    return {name: known[key] for name in names for key in (name, _plain(name)) if key in known}


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().lower()
