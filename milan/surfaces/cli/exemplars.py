"""`milan exemplars`: one shard of the pass, for any scheduler."""

from pathlib import Path
from typing import Annotated

import typer

from milan.surfaces.cli.console import print_json, progress_bars, resumable, stdout
from milan.surfaces.cli.network import along_asked, images_asked, open_asked
from milan.surfaces.cli.options import (
    AsJson,
    BatchSize,
    DatasetLimit,
    Device,
    DirectionFiles,
    Images,
    InputMean,
    InputSize,
    InputStd,
    LatentSize,
    LatentsOrCount,
    LayerNames,
    MeasureOn,
    Model,
    NetworkName,
    Pictures,
    Quantile,
    Seed,
    Selection,
    Signed,
    TopK,
    UnitGroups,
    Weights,
    Workers,
)
from milan.surfaces.cli.ready import check_inputs

__all__ = ["exemplars"]


@resumable("the shard's state is saved every few seconds")
def exemplars(
    model: Model,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Where the shard's state goes.", show_default=False)
    ],
    shard: Annotated[str, typer.Option(help="Which part of the images, such as 3/64.")] = "1/1",
    images: Images = None,
    latents: LatentsOrCount = None,
    latent_size: LatentSize = None,
    layer: LayerNames = None,
    directions: DirectionFiles = None,
    groups: UnitGroups = None,
    weights: Weights = None,
    name: NetworkName = None,
    size: InputSize = None,
    mean: InputMean = None,
    std: InputStd = None,
    limit: DatasetLimit = None,
    measure_on: MeasureOn = None,
    top: TopK = 15,
    quantile: Quantile = 0.99,
    selection: Selection = 2048,
    signed: Signed = False,
    pictures: Pictures = None,
    batch_size: BatchSize = 32,
    workers: Workers = 2,
    seed: Seed = 0,
    device: Device = "cpu",
    as_json: AsJson = False,
) -> None:
    """Find the exemplars of one shard of the images; `milan merge` puts the shards together.

    milan exemplars torchvision:resnet50 --images photos/ --shard 3/64 -o shard-3.safetensors
    """
    check_inputs(images, measure_on, latents=latents)
    from milan.exemplars import ExemplarSettings, Shard
    from milan.records import PicturePolicy
    from milan.uses import DescribeOptions, find_shard

    part = Shard.parse(shard)
    options = DescribeOptions(
        layers=tuple(layer or ()),
        limit=limit,
        measure_on=measure_on,
        exemplars=ExemplarSettings(
            k=top, quantile=quantile, batch_size=batch_size, n_selected=selection, signed=signed
        ),
        pictures=PicturePolicy(pictures) if pictures else None,
        workers=workers,
        seed=seed,
    )
    network = open_asked(
        model, weights=weights, name=name, size=size, mean=mean, std=std, device=device,
        latents=latents, latent_size=latent_size, limit=limit, seed=seed,
    )  # fmt: skip
    network = along_asked(network, directions, groups, layer)
    with progress_bars(quiet=as_json) as progress:
        folder = images_asked(network, images, workers=workers, progress=progress)
        state = find_shard(network, folder, output, part, options, progress)
    if as_json:
        print_json(
            {
                "state": str(output),
                "shard": str(part),
                "batches": int(state.done.sum()),
                "skipped": [
                    {"image": path, "reason": why}
                    for path, why in sorted((skip.path, skip.reason) for skip in state.skipped)
                ],
            }
        )
    else:
        stdout.print(
            f"shard {part}: {int(state.done.sum())} batches, {len(state.skipped)} images skipped: {output}"
        )
