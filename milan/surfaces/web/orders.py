"""What a page may ask to be run, and the command line that it becomes."""

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import UploadFile
from pydantic import BaseModel, Field

from milan.catalog import Catalog
from milan.errors import CatalogBusy, CatalogError, DataError, UnknownName, UsageError
from milan.places import CatalogPlace
from milan.surfaces.web.guard import Guard
from milan.surfaces.web.runner import Run, Runner

__all__ = ["Order", "Orders", "is_being_written"]

MOST_FOLDERS = 200
_NAMED = re.compile(r"(builtin|torchvision|timm):\w[\w.-]*")
"""Networks that are opened by name alone."""
_HUB = re.compile(r"hf:\w[\w.-]*(/\w[\w.-]*)?")
_Short = Annotated[str, Field(max_length=500)]


class Order(BaseModel):
    """What the form sends; empty where nothing was said."""

    network: _Short = ""
    """How the network is opened, as on a command line."""
    weights: UploadFile | None = None
    """A `.safetensors` file of its weights, or instead of it a whole `.pt2`."""
    images: _Short = ""
    """A folder, relative to the one that the server was given."""
    texts: UploadFile | None = None
    """A text instead, as a file; or pasted."""
    pasted: str = Field("", max_length=200_000)
    layers: _Short = ""
    """Names or patterns, with blanks between."""
    name: _Short = ""
    limit: int | None = Field(None, ge=1)
    exemplars_only: bool = False
    token: str = ""


@dataclass(frozen=True, slots=True)
class Orders:
    """Takes orders, and hands them to who runs them."""

    root: Path
    """Images of runs lie below it."""
    runner: Runner

    def folders(self) -> list[str]:
        """Folders right below the root, to choose from."""
        found = sorted(
            path.name for path in self.root.iterdir() if path.is_dir() and not path.name.startswith(".")
        )
        return found[:MOST_FOLDERS]

    def start(self, order: Order, guard: Guard) -> Run:
        """Run what was ordered when its turn comes.

        UsageError for an order that cannot be understood, or that only this machine may give; UnknownName for
        a folder that is not below the root.
        """
        folder = Path(tempfile.mkdtemp(prefix="milan-run-"))
        try:
            spec, options = _network(order, guard, folder)
            data, title = self._data(order, folder)
            options += data
            options += [f"--layer={layer}" for layer in order.layers.split()]
            options += [f"--name={order.name.strip()}"] if order.name.strip() else []
            options += [f"--limit={order.limit}"] if order.limit else []
            options += ["--exemplars-only"] if order.exemplars_only else []
            arguments = ["describe", *options, "--", spec]
            return self.runner.start(arguments, f"{Path(spec).name} on {title}", folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _data(self, order: Order, folder: Path) -> tuple[list[str], str]:
        """Images or a text, as options; and what they are called."""
        has_file = order.texts is not None and bool(order.texts.filename)
        if sum((bool(order.images.strip()), has_file, bool(order.pasted.strip()))) != 1:
            raise UsageError("give a folder of images, or a text: one of them")
        if order.images.strip():
            return [f"--images={self._inside(order.images.strip())}"], order.images.strip()
        kind = ".txt"
        if has_file and order.texts is not None:
            kind = Path(order.texts.filename or "").suffix.lower()
            if kind not in (".txt", ".conllu"):
                raise UsageError(f"a text is a .txt or .conllu file, got {order.texts.filename!r}")
            _keep(order.texts, folder / f"text{kind}")
        else:
            (folder / "text.txt").write_text(order.pasted.replace("\r\n", "\n"), "utf-8")
        return [f"--texts={folder / f'text{kind}'}"], "a text"

    def _inside(self, given: str) -> Path:
        """A folder below the root, wherever links lead; UnknownName with the nearest."""
        root = self.root.resolve()
        found = None if "\0" in given else (root / given).resolve()
        if found is None or not found.is_relative_to(root) or not found.is_dir():
            raise UnknownName("folder of images", given, self.folders(), f"Folders are below {root.name}/.")
        return found


def is_being_written(catalog: CatalogPlace) -> bool:
    """Whether another process, or this server itself, is writing to a catalog just now."""
    try:
        Catalog.check(catalog)
    except CatalogBusy:
        return True
    except (CatalogError, DataError):
        return False  # the run will say what is wrong
    return False


def _network(order: Order, guard: Guard, folder: Path) -> tuple[str, list[str]]:
    """The network's spec, with the option that names its weights."""
    spec, file = order.network.strip(), order.weights
    if file is None or not file.filename:
        if not spec:
            raise UsageError("name a network, such as torchvision:resnet18, or upload a .pt2 file")
        return _allowed(spec, guard), []
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", Path(file.filename).stem).strip(".-") or "network"
    kind = Path(file.filename).suffix.lower()
    if kind == ".pt2":
        if spec:
            raise UsageError(f"a .pt2 file is a whole network: leave {spec!r} out")
        if not guard.is_loopback:
            raise UsageError("a .pt2 file can run code: only this machine's own pages take one")
        return str(_keep(file, folder / f"{stem}.pt2")), []
    if kind != ".safetensors":
        raise UsageError(f"weights are a .safetensors file, a whole network is a .pt2; got {file.filename!r}")
    if not spec:
        raise UsageError("say which network the weights are of, such as timm:resnet18")
    return _allowed(spec, guard), [f"--weights={_keep(file, folder / f'{stem}.safetensors')}"]


def _allowed(spec: str, guard: Guard) -> str:
    """From other machines, only networks that are opened by name: all else runs or reads what lies here."""
    named = _NAMED.fullmatch(spec) is not None
    hub = _HUB.fullmatch(spec) is not None and not Path(spec.removeprefix("hf:")).exists()
    if not guard.is_loopback and not named and not hub:
        raise UsageError(
            "from other machines networks are builtin:NAME, torchvision:NAME, timm:NAME or hf:OWNER/NAME; "
            f"got {spec!r}"
        )
    return spec


def _keep(file: UploadFile, where: Path) -> Path:
    with where.open("wb") as kept:
        shutil.copyfileobj(file.file, kept)
    if not where.stat().st_size:
        raise DataError(f"{file.filename!r} is empty")
    return where
