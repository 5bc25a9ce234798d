"""Who makes the pass over the images: this process, others of this machine, or Ray's actors."""

from typing import TYPE_CHECKING, Annotated

import typer

from milan.errors import UsageError
from milan.surfaces.cli.options import RUN

if TYPE_CHECKING:
    from milan.engines import Engine

__all__ = [
    "Address",
    "CpusPerWorker",
    "DecodersOrWorkers",
    "EngineName",
    "GpusPerWorker",
    "Shards",
    "engine_asked",
]

WORKERS = "Workers elsewhere"

DecodersOrWorkers = Annotated[
    int,
    typer.Option(min=1, help="Threads that decode images; with --engine, its workers.", rich_help_panel=RUN),
]
EngineName = Annotated[
    str | None,
    typer.Option(
        help="Who makes the pass over the images, in shards: local (--workers processes of this machine) "
        "or ray (--workers actors, anywhere). Default: this process alone.",
        rich_help_panel=WORKERS,
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        help="The Ray cluster: auto for the one that this machine belongs to, or HOST:PORT. Default: one "
        "that is started here for the run.",
        rich_help_panel=WORKERS,
    ),
]
CpusPerWorker = Annotated[
    int,
    typer.Option(
        min=1,
        help="Cores, and threads, of each worker; the result is that of one pass with as many.",
        rich_help_panel=WORKERS,
    ),
]
GpusPerWorker = Annotated[
    float,
    typer.Option(
        min=0,
        help="GPUs of each of Ray's workers, such as 1 or .5; with --device cuda.",
        rich_help_panel=WORKERS,
    ),
]
Shards = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Parts of the images, each worked on and saved as a whole. Default: 8 a worker.",
        rich_help_panel=WORKERS,
    ),
]


def engine_asked(
    name: str | None, address: str | None, workers: int, cpus: int, gpus: float, shards: int | None
) -> "Engine | None":
    """The engine of these options; UsageError for those that go with another one."""
    if name not in (None, "local", "ray"):
        raise UsageError(f"--engine is local or ray, got {name!r}")
    if name != "ray" and (address is not None or gpus):
        option = "--address" if address is not None else "--gpus-per-worker"
        raise UsageError(f"{option} is for Ray's workers: it goes with --engine ray")
    if name is None:
        if shards is not None or cpus != 1:
            option = "--shards" if shards is not None else "--cpus-per-worker"
            raise UsageError(f"{option} is for several workers: it goes with --engine local or ray")
        return None
    from milan.engines import Engine, EngineKind

    return Engine(
        kind=EngineKind(name), workers=workers, cpus=cpus, gpus=gpus, address=address, shards=shards
    )
