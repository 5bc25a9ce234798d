"""Scenes of the planted benchmark on disk, and the networks whose units are known on them."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float16, UInt8
from PIL import Image
from torch import nn

import milan.scenes
from milan.networks import Network, Preprocessing
from milan.records import content_key
from milan.records.files import shipped_file
from milan.scenes import Scene, concepts
from milan.scenes.planted import (
    GRID,
    PlantedNetwork,
    PlantedUnit,
    SceneTruth,
    UnitKind,
    content_of,
    drawings_in,
    fit_heads,
    plan_units,
    planted_scenes,
    redrawn,
    signal,
    vocabulary,
)
from milan.uses.cache import cache_dir
from milan.uses.evaluate.options import PlantedOptions

__all__ = ["Benchmark", "Subject", "open_benchmark"]

_TRAINABLE = (UnitKind.CONCEPT, UnitKind.TEXTURE, UnitKind.COLOUR, UnitKind.OR, UnitKind.SPURIOUS)
"""Kinds that a linear head can learn: they say something of each place alone."""
_SIZE = (224, 224)
_DONE = "main_objects.json"


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A network whose units are known."""

    network: Network
    layer: str
    units: tuple[PlantedUnit, ...]
    """What each unit of the layer responds to."""


@dataclass(frozen=True, slots=True, eq=False)
class Benchmark:
    """Everything that a run is measured on."""

    units: tuple[PlantedUnit, ...]
    folder: Path
    """Scenes as PNG files."""
    signals: Float16[np.ndarray, "image unit row column"]
    """Maps before noise, in the order of the files."""
    main_objects: dict[str, str]
    """File name to the name of its largest object."""
    seed: int

    def constructed(self) -> Subject:
        """The network that looks its maps up."""
        contents = [content_of(picture) for picture in self.pictures()]
        module = PlantedNetwork(self._noisy(), contents)
        preprocessing = Preprocessing(_SIZE, _SIZE, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
        return Subject(_network("planted", module, preprocessing), "units", self.units)

    def trained(self) -> Subject | None:
        """Heads that were fitted to the masks and hold in scenes apart; None when none does."""
        chosen = [at for at, unit in enumerate(self.units) if unit.kind in _TRAINABLE]
        fitted = fit_heads(list(self.pictures()), self.signals[:, chosen])
        if not fitted.kept:
            return None
        units = tuple(replace(self.units[chosen[at]], noise=0.0) for at in fitted.kept)
        return Subject(_network("heads", fitted.module, Preprocessing.from_size(_SIZE)), "heads", units)

    def pictures(self) -> Iterator[UInt8[np.ndarray, "height width 3"]]:
        """All scenes in the order of the files."""
        for name in sorted(self.main_objects):
            with Image.open(self.folder / name) as picture:
                yield np.asarray(picture)

    def _noisy(self) -> Float16[np.ndarray, "image unit row column"]:
        """The maps as the network emits them; a dead unit has no noise."""
        rng = np.random.default_rng((self.seed, 1))
        levels = np.array([unit.noise for unit in self.units], np.float32)[:, None, None]
        maps = np.empty_like(self.signals)
        for number, of_image in enumerate(self.signals):
            noise = rng.standard_normal(of_image.shape, dtype=np.float32)
            maps[number] = of_image + levels * noise
        return maps


def open_benchmark(options: PlantedOptions, progress: Callable[[str, int, int], None]) -> Benchmark:
    """Render the scenes of a run, or find them in the cache.

    The cache's key holds the code and the tables that draw them. DataError for a folder of drawings that
    has none.
    """
    style = redrawn if options.drawings is None else drawings_in(options.drawings)
    rng = np.random.default_rng(options.seed)
    emoji = ((key, concept.symbol) for key, concept in concepts().items() if concept.kind == "emoji")
    drawn = [key for key, symbol in emoji if style(symbol) is not None]
    units = plan_units(options.n_units, vocabulary(rng, drawn), rng)
    root = cache_dir() / "planted"
    folder = root / _key(options)
    if not (folder / _DONE).is_file():
        aside = root / f"{folder.name}.part"
        shutil.rmtree(aside, ignore_errors=True)
        (aside / "scenes").mkdir(parents=True)
        scenes = planted_scenes(units, options.n_images, options.seed, style)
        _write(aside, units, scenes, lambda done: progress("scenes", done, options.n_images))
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    main_objects = json.loads((folder / _DONE).read_text(encoding="utf-8"))
    return Benchmark(units, folder / "scenes", np.load(folder / "signals.npy"), main_objects, options.seed)


def _network(name: str, module: nn.Module, preprocessing: Preprocessing) -> Network:
    return Network(name, name, module.eval().requires_grad_(False), preprocessing, torch.device("cpu"))


def _write(
    folder: Path, units: tuple[PlantedUnit, ...], scenes: Iterator[Scene], progress: Callable[[int], None]
) -> None:
    signals: list[Float16[np.ndarray, "unit row column"]] = []
    main_objects: dict[str, str] = {}
    for number, scene in enumerate(scenes):
        name = f"{number:05d}.png"
        Image.fromarray(scene.picture).save(folder / "scenes" / name, compress_level=1)
        main_objects[name] = _main_object(scene)
        truth = SceneTruth(scene)
        signals.append(np.stack([signal(unit, truth) for unit in units]).astype(np.float16))
        progress(number + 1)
    np.save(folder / "signals.npy", np.stack(signals))
    (folder / _DONE).write_text(json.dumps(main_objects), encoding="utf-8")


def _main_object(scene: Scene) -> str:
    """The name of the largest thing in the picture; of its background where nothing lies on it."""
    things = [item for item in scene.objects if item.kind != "background"] or list(scene.objects)
    largest = max(things, key=lambda item: int(np.count_nonzero(item.mask)))
    return concepts()[largest.concept].name


def _key(options: PlantedOptions) -> str:
    """What the scenes depend on: choices, drawings, and all of our own code and tables behind them."""
    digest = hashlib.sha256()
    rooms = Path(milan.scenes.__file__).parent
    files = [*sorted(rooms.rglob("*.py")), shipped_file("planted/synonyms.tsv")]
    for file in [*files, *(sorted(options.drawings.rglob("*.png")) if options.drawings else [])]:
        digest.update(file.read_bytes())
    return content_key([digest.hexdigest(), options.n_units, options.n_images, options.seed, GRID])
