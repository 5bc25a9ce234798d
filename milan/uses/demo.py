"""The demo: a real pretrained network described on pictures that ship with installed packages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from milan.catalog import Catalog, Unit, export
from milan.networks import open_network
from milan.scenes import SceneSettings, stream_scenes
from milan.uses.build import describe_network
from milan.uses.options import DescribeOptions

__all__ = ["DemoResult", "demo_pictures", "run_demo"]

NETWORK = "builtin:efficientnet-lite0"
MIDDLE, LAST, OUTPUTS = "blocks.4", "bn2", "classifier"
SOME_OUTPUTS = frozenset((*range(256, 320), *range(896, 1000)))  # of 1,000: animals, signs, dishes, fruit
SOME_LAST = frozenset(range(320))  # of 1,280
CROPS = 9  # of each photograph
SCENES = 300  # of each kind: with the crops, 200 are measured
CROWDED = SceneSettings()
CLOSE = SceneSettings(max_objects=2, kinds=("emoji",), scale=(0.45, 0.8))
PICTURE_SIDE = 256

# scikit-image's photographs that ship inside its wheel, and scikit-learn's two
PHOTOGRAPHS = (
    "astronaut",
    "brick",
    "camera",
    "cat",
    "coffee",
    "coins",
    "grass",
    "gravel",
    "hubble_deep_field",
    "immunohistochemistry",
    "moon",
    "page",
    "retina",
    "rocket",
    "text",
)


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo made."""

    folder: Path
    catalog: Path
    gallery: Path
    surest: tuple[Unit, ...]
    """The units whose words are most surely faithful, no phrase twice."""
    n_described: int


def run_demo(
    folder: Path, *, progress: Callable[[str, int, int], None], workers: int = 2, seed: int = 0
) -> DemoResult:
    """Make the pictures, describe three layers of EfficientNet-Lite0, write catalog and gallery.

    Run again, it goes on where it was; the folder may be deleted at any time.
    """
    pictures = folder / "pictures"
    catalog = folder / "units.db"
    _write_pictures(pictures, seed, progress)
    network = open_network(NETWORK)
    options = DescribeOptions(
        layers=(MIDDLE, LAST, OUTPUTS),
        units={LAST: SOME_LAST, OUTPUTS: SOME_OUTPUTS},
        workers=workers,
        seed=seed,
    )
    describe_network(network, pictures, catalog, options, progress=progress)
    gallery = folder / "gallery"
    with Catalog.open(catalog) as store:
        export(store, "html", gallery)
        described = [unit for unit in store.units() if unit.phrase is not None]
    return DemoResult(folder, catalog, gallery / "index.html", tuple(_surest(described)), len(described))


def demo_pictures(seed: int) -> Iterator[tuple[str, Image.Image]]:
    """Named pictures: crops of bundled photographs, then rendered scenes."""
    import skimage.data
    from sklearn.datasets import load_sample_image

    photographs = {name: getattr(skimage.data, name)() for name in PHOTOGRAPHS}
    photographs["motorcycle"] = skimage.data.stereo_motorcycle()[0]  # type: ignore[no-untyped-call]
    photographs |= {name: load_sample_image(f"{name}.jpg") for name in ("china", "flower")}
    draws = np.random.default_rng(seed)
    for name, pixels in photographs.items():
        whole = Image.fromarray(pixels).convert("RGB")
        yield f"photographs/{name}.jpg", _shrunk(whole)
        for number in range(CROPS):
            yield f"photographs/{name}-{number:02d}.jpg", _crop(whole, draws)
    for kind, settings in (("crowded", CROWDED), ("close", CLOSE)):
        for number, scene in enumerate(stream_scenes(seed, SCENES, settings)):
            yield f"scenes/{kind}-{number:03d}.jpg", Image.fromarray(scene.picture)


def _write_pictures(folder: Path, seed: int, progress: Callable[[str, int, int], None]) -> None:
    total = (CROPS + 1) * (len(PHOTOGRAPHS) + 3) + 2 * SCENES
    if folder.is_dir() and sum(1 for _ in folder.rglob("*.jpg")) == total:
        return
    for number, (name, picture) in enumerate(demo_pictures(seed)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, quality=90)
        progress("pictures", number + 1, total)


def _crop(whole: Image.Image, draws: np.random.Generator) -> Image.Image:
    """A square part of a photograph, a third of its shorter side or more."""
    side = int(min(whole.size) * draws.uniform(0.35, 0.85))
    left = int(draws.integers(0, whole.width - side + 1))
    top = int(draws.integers(0, whole.height - side + 1))
    return _shrunk(whole.crop((left, top, left + side, top + side)))


def _shrunk(picture: Image.Image) -> Image.Image:
    picture.thumbnail((PICTURE_SIDE, PICTURE_SIDE), Image.Resampling.LANCZOS)
    return picture


def _surest(described: list[Unit], count: int = 18) -> Iterator[Unit]:
    said: set[str] = set()

    def order(unit: Unit) -> tuple[float, float, str]:
        # the lower end: a figure that rests on one picture is not sure, however high
        trust = unit.faithfulness.mean.low if unit.faithfulness is not None else 0.0
        return -trust, -unit.candidates[0].score, str(unit.id)

    for unit in sorted(described, key=order):
        if unit.phrase is not None and unit.phrase not in said and len(said) < count:
            said.add(unit.phrase)
            yield unit
