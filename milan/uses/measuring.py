"""What a simulator finds in the images that measure, read once for all layers."""

from collections.abc import Callable, Iterable, Sequence

from milan.describe import FEWEST_MEASURED, Presence, Simulator, read_patches
from milan.records import LayerExemplars, Measured
from milan.uses.views import Views

__all__ = ["images_of", "read_measured"]

Progress = Callable[[str, int, int], None]


def read_measured(
    layers: Sequence[LayerExemplars],
    views: Views,
    simulator: Simulator,
    workers: int,
    progress: Progress,
) -> Presence:
    """Read the measured images of all layers that have enough of them."""
    images = images_of((layer.measured for layer in layers), FEWEST_MEASURED)
    patches = read_patches(
        images,
        views.open,
        simulator.encoder,
        workers=workers,
        progress=lambda done, total: progress("reading measured images", done, total),
    )
    return Presence(patches, simulator.encoder, simulator.bank)


def images_of(samples: Iterable[Measured], fewest: int) -> list[str]:
    """Images of samples, of those that are large enough to be used."""
    large = (sample.images for sample in samples if len(sample.images) >= fewest)
    return sorted({image for images in large for image in images})
