"""Open the network that a command was asked for, and say aloud what should be known of it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from milan.errors import UsageError
from milan.surfaces.cli.console import asides, note
from milan.surfaces.cli.parsing import channel_values, latent_shape, unit_group

if TYPE_CHECKING:
    from milan.networks import Latents, Network

__all__ = ["along_asked", "images_asked", "open_asked", "reopen_asked"]


def open_asked(
    model: str,
    *,
    device: str,
    weights: Path | None = None,
    name: str | None = None,
    size: int | None = None,
    mean: str | None = None,
    std: str | None = None,
    latents: str | None = None,
    latent_size: str | None = None,
    limit: int | None = None,
    seed: int = 0,
) -> "Network":
    """Open a network from the options that commands share; with latents, a generator for `limit` of them."""
    from milan.networks import open_generator, open_network

    if latents is None:
        if latent_size is not None:
            raise UsageError("--latent-size is the shape of drawn latents: it goes with --latents N")
        network = open_network(
            model,
            weights=weights,
            name=name,
            size=None if size is None else (size, size),
            mean=channel_values(mean, "--mean"),
            std=channel_values(std, "--std"),
            device=device,
        )
    else:
        for option, value in (("--size", size), ("--mean", mean), ("--std", std)):
            if value is not None:
                raise UsageError(f"{option} is about pictures that go in: with --latents leave it out")
        network = open_generator(
            model,
            _latents(latents, latent_size, limit),
            latent_shape=latent_shape(latent_size),
            seed=seed,
            weights=weights,
            name=name,
            device=device,
        )
    for line in network.notes:
        note(line)
    return network


def along_asked(
    network: "Network",
    files: Sequence[Path] | None,
    groups: Sequence[str] | None,
    layers: Sequence[str] | None,
) -> "Network":
    """The network with the directions of these files and groups; a sole layer may place a matrix."""
    from milan.networks import Directions, read_directions

    sole = layers[0] if layers and len(layers) == 1 else None
    given = [found for file in files or () for found in read_directions(file, network, sole)]
    for group in map(unit_group, groups or ()):
        n_units = network.layer(group.layer).n_units
        given.append(Directions.of_group(group.layer, group.units, n_units))
    return network.with_directions(*given) if given else network


def reopen_asked(
    opening: "Callable[[], Network]",
    files: Sequence[Path] | None,
    groups: Sequence[str] | None,
    layers: Sequence[str] | None,
) -> "Network":
    """The same network, once more and silently, in a worker: what there is to say was said already."""
    asides.quiet = True
    return along_asked(opening(), files, groups, layers)


def images_asked(
    network: "Network",
    images: Path | None,
    *,
    workers: int,
    progress: Callable[[str, int, int], None],
    fresh: bool = False,
) -> Path:
    """The folder of images that was given, or that of the pictures that a generator makes."""
    if images is not None:
        return images
    from milan.uses import generate_pictures

    folder = generate_pictures(network, workers=workers, fresh=fresh, progress=progress)
    note(f"the pictures it made are in {folder}")
    return folder


def _latents(text: str, latent_size: str | None, limit: int | None) -> "Latents | int":
    """So many latents to draw, or those of a file."""
    from milan.networks import Latents

    if text.isdecimal():
        return int(text) if limit is None else min(int(text), limit)
    if latent_size is not None:
        raise UsageError("--latent-size is the shape of drawn latents: a file's have their own")
    read = Latents.read(Path(text))
    return read if limit is None else read.first(limit)
